//! Files that come with a form: how many, how large, and what they are, told from their bytes. What is wanted is kept in
//! the file store before the act that refers to it, under a lease that keeps the collector away.

use serde_json::{Value, json};

use super::forms::{Form, Upload};
use crate::app::App;
use crate::config::Attachments;
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, FieldError, Message, Result};
use crate::store::attachments::{StoredFile, lease};

/// How a kind of file is known: its short name, endings of names, media type, and whether bytes are of it.
type Kind = (&'static str, &'static [&'static str], &'static str, fn(&[u8]) -> bool);

const KINDS: &[Kind] = &[
    ("pdf", &["pdf"], "application/pdf", |b| b.starts_with(b"%PDF-")),
    ("jpg", &["jpg", "jpeg"], "image/jpeg", |b| b.starts_with(&[0xFF, 0xD8, 0xFF])),
    ("png", &["png"], "image/png", |b| b.starts_with(b"\x89PNG\r\n\x1a\n")),
    ("gif", &["gif"], "image/gif", |b| b.starts_with(b"GIF87a") || b.starts_with(b"GIF89a")),
    ("webp", &["webp"], "image/webp", |b| b.starts_with(b"RIFF") && b.get(8..12) == Some(b"WEBP")),
    ("heic", &["heic", "heif"], "image/heic", |b| is_box(b, &[b"heic", b"heix", b"mif1", b"msf1", b"hevc"])),
    ("txt", &["txt"], "text/plain", is_text),
    ("doc", &["doc"], "application/msword", is_ole),
    ("xls", &["xls"], "application/vnd.ms-excel", is_ole),
    ("ppt", &["ppt"], "application/vnd.ms-powerpoint", is_ole),
    ("docx", &["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", |b| is_zip(b, b"word/")),
    ("xlsx", &["xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", |b| is_zip(b, b"xl/")),
    ("pptx", &["pptx"], "application/vnd.openxmlformats-officedocument.presentationml.presentation", |b| is_zip(b, b"ppt/")),
    ("odt", &["odt"], "application/vnd.oasis.opendocument.text", |b| is_zip(b, b"opendocument.text")),
    ("ods", &["ods"], "application/vnd.oasis.opendocument.spreadsheet", |b| is_zip(b, b"opendocument.spreadsheet")),
    ("odp", &["odp"], "application/vnd.oasis.opendocument.presentation", |b| is_zip(b, b"opendocument.presentation")),
    ("mp3", &["mp3"], "audio/mpeg", |b| b.starts_with(b"ID3") || matches!(b, [0xFF, x, ..] if x & 0xE0 == 0xE0 && *x != 0xFF)),
    ("mp4", &["mp4", "m4v"], "video/mp4", |b| is_box(b, &[b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"])),
    ("mov", &["mov"], "video/quicktime", |b| is_box(b, &[b"qt  "])),
    ("zip", &["zip"], "application/zip", |b| b.starts_with(b"PK\x03\x04") || b.starts_with(b"PK\x05\x06")),
];

fn is_box(bytes: &[u8], brands: &[&[u8; 4]]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && brands.iter().any(|brand| bytes.get(8..12) == Some(&brand[..]))
}

fn is_ole(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
}

/// A zip that names such a part: names stand uncompressed in it.
fn is_zip(bytes: &[u8], part: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && bytes.windows(part.len()).any(|window| window == part)
}

/// Text in any encoding people here use: no control characters but those of lines and tabs.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b >= 0x20 || matches!(b, b'\t' | b'\n' | b'\r' | 0x0C)) && !is_markup(bytes)
}

/// What a browser might run if it were shown: no plain text for us.
fn is_markup(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_lowercase();
    ["<!doctype html", "<html", "<script", "<svg", "<?xml"].iter().any(|mark| head.trim_start().starts_with(mark))
}

/// The media type of a file whose name and bytes agree on one of the `allowed` kinds.
///
/// # Errors
/// The message that says what is wrong with it.
pub fn sniff(name: &str, bytes: &[u8], allowed: &[String]) -> std::result::Result<&'static str, Message> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if bytes.is_empty() {
        return Err(Message::new("attachment-empty").with("name", name));
    }
    let kind = KINDS
        .iter()
        .find(|(code, endings, ..)| allowed.iter().any(|a| a == code) && endings.contains(&ending.as_str()))
        .ok_or_else(|| Message::new("attachment-type").with("name", name).with("types", listed(allowed, "zh-TW")))?;
    if (kind.3)(bytes) { Ok(kind.2) } else { Err(Message::new("attachment-type-lies").with("name", name)) }
}

/// Checks the files of a field and keeps them; `already` files are there.
///
/// # Errors
/// `Invalid` on the field; `Unavailable` when the disk does not take them.
pub fn keep(app: &App, form: &Form, field: &'static str, already: usize, now: Moment) -> Result<Vec<StoredFile>> {
    let rules = &app.config.attachments;
    let uploads: Vec<&Upload> = form.files.iter().filter(|upload| upload.field == field).collect();
    let mut wrong: Vec<Message> = Vec::new();
    if already + uploads.len() > rules.max_files {
        wrong.push(Message::new("attachment-too-many").with("max", rules.max_files.to_string()));
    }
    let mut wanted = Vec::new();
    for upload in uploads {
        if upload.too_large {
            let mb = (rules.max_bytes / 1_048_576).to_string();
            wrong.push(Message::new("attachment-too-large").with("name", &upload.name).with("mb", mb));
            continue;
        }
        match sniff(&upload.name, &upload.bytes, &rules.types) {
            Ok(media_type) => wanted.push((upload, media_type)),
            Err(message) => wrong.push(message),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong.into_iter().map(|message| FieldError { field, message }).collect()));
    }
    wanted.into_iter().map(|(upload, media_type)| keep_one(app, upload, media_type, now)).collect()
}

/// The row that protects a file comes before the file: the collector never sees one without the other.
fn keep_one(app: &App, upload: &Upload, media_type: &str, now: Moment) -> Result<StoredFile> {
    let file = StoredFile {
        sha256: crate::keys::sha256(&upload.bytes),
        name: upload.name.clone(),
        media_type: media_type.to_owned(),
        size: i64::try_from(upload.bytes.len()).map_err(Error::internal)?,
    };
    let leased = file.clone();
    app.office.store.write(move |db| lease(db, &leased, now, now.plus_seconds(HOUR)))?;
    app.files.put(&upload.bytes)?;
    Ok(file)
}

/// What forms say of the files they take.
#[must_use]
pub fn limits(rules: &Attachments, locale: &str) -> Value {
    let endings = KINDS.iter().filter(|kind| rules.types.iter().any(|t| t == kind.0)).flat_map(|kind| kind.1.iter());
    json!({
        "attachments_max": rules.max_files,
        "attachment_mb": rules.max_bytes / 1_048_576,
        "attachment_types": listed(&rules.types, locale),
        "attachment_accept": endings.map(|e| format!(".{e}")).collect::<Vec<_>>().join(","),
    })
}

fn listed(types: &[String], locale: &str) -> String {
    let comma = if locale == "en" { ", " } else { "、" };
    types.iter().map(|t| t.to_uppercase()).collect::<Vec<_>>().join(comma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_bytes_must_agree() {
        let allowed: Vec<String> = ["pdf", "jpg", "txt", "docx", "odt"].map(str::to_owned).to_vec();
        for (name, bytes, key) in [
            ("位置圖.PDF", &b"%PDF-1.7 ..."[..], None),
            ("a.jpeg", b"\xFF\xD8\xFF\xE0", None),
            ("a.txt", "路燈不亮\r\n".as_bytes(), None),
            ("a.docx", b"PK\x03\x04....word/document.xml", None),
            ("a.odt", b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text", None),
            ("a.pdf", b"MZ\x90\x00", Some("attachment-type-lies")),
            ("a.docx", b"PK\x03\x04....xl/workbook.xml", Some("attachment-type-lies")),
            ("a.txt", b"<script>alert(1)</script>", Some("attachment-type-lies")),
            ("a.txt", b"\x00\x01", Some("attachment-type-lies")),
            ("a.exe", b"MZ", Some("attachment-type")),
            ("a.png", b"\x89PNG\r\n\x1a\n", Some("attachment-type")),
            ("noending", b"%PDF-", Some("attachment-type")),
            ("a.pdf", b"", Some("attachment-empty")),
        ] {
            assert_eq!(sniff(name, bytes, &allowed).err().map(|m| m.key), key, "{name}");
        }
    }
}
