//! Files that are what they say, and files that lie.

use super::*;

/// A zip with stored entries, as far as a reader of names looks.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in entries {
        bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(content);
    }
    bytes
}

/// A compound file with one stream name somewhere in it.
fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = OLE.to_vec();
    bytes.resize(512, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(1024, 0);
    bytes
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const JPG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0";

#[test]
fn files_are_what_their_bytes_say() {
    let docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b""), ("word/document.xml", b"")]);
    let xlsx = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")]);
    let pptx = zip(&[("ppt/presentation.xml", b""), ("[Content_Types].xml", b"")]);
    let odt = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")]);
    let ods = zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")]);
    let plain = zip(&[("photo.jpg", JPG)]);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let mp4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    let (doc, xls, ppt) = (ole("WordDocument"), ole("Workbook"), ole("PowerPoint Document"));
    for (bytes, name, short) in [
        (PDF, "位置圖.PDF", "pdf"),
        (PNG, "a.png", "png"),
        (JPG, "a.b.jpeg", "jpg"),
        (&heic, "IMG_0001.HEIC", "heic"),
        (&mp4, "a.mp4", "mp4"),
        (&docx, "a.docx", "docx"),
        (&xlsx, "a.xlsx", "xlsx"),
        (&pptx, "a.pptx", "pptx"),
        (&odt, "a.odt", "odt"),
        (&ods, "a.ods", "ods"),
        (&doc, "a.doc", "doc"),
        (&xls, "a.xls", "xls"),
        (&ppt, "a.ppt", "ppt"),
        (&plain, "a.zip", "zip"),
        ("經過如下。\r\n".as_bytes(), "a.txt", "txt"),
        ("\u{FEFF}日期,地點\n".as_bytes(), "a.csv", "csv"),
        (b"<p>not a page, a text", "a.txt", "txt"),
        // They begin as pictures and programs do.
        (b"BMW and its owner stand before the gate every day", "a.txt", "txt"),
        (b"MZ is what the sign at the harbour says", "a.txt", "txt"),
        (PNG, "螢幕截圖", "png"),
        (PNG, "photo.2026-09-18", "png"),
    ] {
        assert_eq!(judge(bytes, name), Verdict::Is(named(short).unwrap()), "{name}");
    }
}

#[test]
fn a_name_that_lies_is_told_from_a_type_nobody_takes() {
    let plain = zip(&[("photo.jpg", JPG)]);
    let installer = ole("Installer");
    for (bytes, name) in [
        (EXE, "report.pdf"),
        (&b"<!doctype html><script>alert(1)</script>"[..], "photo.png"),
        (PNG, "photo.jpg"),
        (&plain, "letter.docx"),
        (&installer, "letter.doc"),
        (b"MZ\x00\x01binary", "a.txt"),
        ("半個字".as_bytes().get(..4).unwrap(), "a.txt"),
        (b"text with a \0 in it", "a.txt"),
        (JPG, "a.csv"),
    ] {
        assert_eq!(judge(bytes, name), Verdict::Lies, "{name}");
    }
    for (bytes, name) in [
        (EXE, "setup.exe"),
        (EXE, "setup"),
        (&b"<html><script>alert(1)</script></html>"[..], "page.html"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "drawing.svg"),
        (b"#!/bin/sh\nrm -rf /\n", "fix.sh"),
        (PDF, "letter.exe"),
        (&installer, "setup.msi"),
        (b"\x00\x01\x02\x03", "data.bin"),
    ] {
        assert_eq!(judge(bytes, name), Verdict::Unknown, "{name}");
    }
}

#[test]
fn every_type_of_the_configuration_can_be_told() {
    for short in crate::config::Config::defaults().unwrap().attachments.types {
        assert!(named(&short).is_some(), "{short}");
    }
}
