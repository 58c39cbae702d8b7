//! Messages made to hurt: large, deep, endless, and the corpus with its bytes changed at random. Nothing panics, and
//! nothing takes more than its share of time.

use std::fs;
use std::time::{Duration, Instant};

use chenqing::post::incoming::read;
use data_encoding::BASE64;

use super::corpus::{explained, messages};

/// More than any of these takes without optimisation on a busy machine, less than anything that grows with its square.
const PATIENCE: Duration = Duration::from_secs(20);

/// The beginning of what is signed in one piece, up to its content; all lengths told by end marks that never come.
const SIGNED: &[u8] = b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01\x31\x00\
    \x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80";

/// A part of this type.
fn wrapped(kind: &str, bytes: &[u8]) -> String {
    let text = BASE64.encode(bytes);
    format!("Content-Type: application/{kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}\r\n")
}

/// A part signed so many times over.
fn signed(times: usize) -> String {
    (0..times).fold("Content-Type: text/plain\r\n\r\nx".to_owned(), |inner, _| {
        let length = u32::try_from(inner.len()).unwrap().to_be_bytes();
        wrapped("pkcs7-mime", &[SIGNED, &[0x04, 0x84], &length, inner.as_bytes()].concat())
    })
}

/// A winmail.dat whose only property is this compressed rich text, of the greatest length that can be said.
fn winmail(packed: &[u8]) -> Vec<u8> {
    let rich = [&[0; 4][..], &[0xFF; 4], b"LZFu", &[0; 4], packed].concat();
    let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let value = [&number(1)[..], b"\x02\x01\x09\x10", &number(1), &number(rich.len()), &rich, &[0; 3]].concat();
    [b"\x78\x9F\x3E\x22\0\0\x01\x03\x90\x06\0", &number(value.len())[..], &value, &[0; 2]].concat()
}

#[test]
fn large_and_deep_messages_take_their_share_of_time() {
    let head = "From: a@example.org\r\nSubject: x\r\n";
    let mixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    let part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n";
    let html = "Content-Type: text/html\r\n\r\n";
    for (what, message) in [
        ("ten megabytes of text", format!("{head}\r\n{}", "a line of the text\r\n".repeat(500_000))),
        ("empty lines", format!("{head}\r\n{}", "\r\n".repeat(2_000_000))),
        ("an endless header", format!("{head}X-A: {}\r\n\r\nx", "a\r\n b".repeat(1_000_000))),
        ("a hundred thousand fields", format!("{head}{}\r\nx", "X-A: b\r\n".repeat(100_000))),
        ("lines that are no fields", format!("{head}{}\r\nx", "nothing\r\nX-A: b\r\n".repeat(50_000))),
        ("ten thousand parts", format!("{head}{mixed}{}--b--\r\n", part.repeat(10_000))),
        ("a hundred thousand parts", format!("{head}{mixed}{}--b--\r\n", part.repeat(100_000))),
        (
            "parts within parts",
            (0..10_000).fold(head.to_owned(), |s, n| {
                s + &format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")
            }),
        ),
        ("messages within messages", format!("{head}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(50_000))),
        (
            "boundaries that never come",
            format!("{head}{mixed}{}", "--b\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\n".repeat(10_000)),
        ),
        ("half of encoded words", format!("Subject: {}\r\n\r\nx", "=?utf-8?q?".repeat(6_000))),
        ("many encoded words", format!("Subject: {}\r\n\r\nx", "=?utf-8?q?=E8=B7=AF?= ".repeat(2_500))),
        ("brackets", format!("From: {}\r\n\r\nx", "<(\"".repeat(20_000))),
        ("addresses", format!("From: {}\r\n\r\nx", "a@example.org, ".repeat(4_000))),
        ("elements within elements", format!("{head}{html}{}", "<div><b>".repeat(100_000))),
        ("tables within tables", format!("{head}{html}{}", "<table><tr><td>".repeat(20_000))),
        ("formatting never closed", format!("{head}{html}{}", "<b><i><u><font>x<p>".repeat(20_000))),
        ("signs of smaller than", format!("{head}{html}{}", "<".repeat(1_000_000))),
        ("beginnings of uuencoded files", format!("{head}\r\n{}", "begin 644 a\r\n#86)C\r\n".repeat(50_000))),
        ("signed within signed", format!("{head}{}", signed(20))),
        (
            "pieces within pieces",
            format!("{head}{}", wrapped("pkcs7-mime", &[SIGNED, &[0x24, 0x80].repeat(2_000_000)].concat())),
        ),
        ("many signed parts", format!("{head}{mixed}{}--b--\r\n", format!("--b\r\n{}", signed(1)).repeat(20_000))),
        (
            "rich text that swells",
            format!("{head}{}", wrapped("ms-tnef", &winmail(&b"\xFF\0\x0F\0\x1F".repeat(2_000_000)))),
        ),
        (
            "groups within groups",
            format!(
                "{head}{}",
                wrapped("ms-tnef", &winmail(&[&b"\0{\\rtf1 {"[..], &b"\0{{{{{{{{".repeat(400_000)].concat()))
            ),
        ),
        ("quotation", format!("{head}\r\n{}", "On 2026 a@example.org wrote:\r\n\r\n> x\r\n".repeat(30_000))),
    ] {
        let started = Instant::now();
        let read = read(message.as_bytes());
        let folded = chenqing::post::incoming::fold(&read.text);
        assert!(folded.iter().map(|piece| piece.text.len()).sum::<usize>() == read.text.len(), "{what}");
        assert!(started.elapsed() < PATIENCE, "{what} took {:?}", started.elapsed());
        if !message.starts_with("Subject") {
            assert!(read.from.is_some() || what == "brackets", "{what}");
        }
    }
}

#[test]
fn the_corpus_with_its_bytes_changed_is_read_all_the_same() {
    // A generator of its own, so that every run changes the same bytes.
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below.max(1) as u64).unwrap()
    };
    let corpus: Vec<Vec<u8>> = messages().iter().map(|path| fs::read(path).unwrap()).collect();
    let started = Instant::now();
    for _round in 0..40 {
        for message in &corpus {
            let mut bytes = message.clone();
            for _change in 0..=next(8) {
                let at = next(bytes.len());
                match next(5) {
                    0 if !bytes.is_empty() => bytes[at] = u8::try_from(next(256)).unwrap(),
                    1 => bytes.truncate(at),
                    2 => bytes.insert(at, b"\r\n\0=?-<>\"(;:"[next(12)]),
                    3 if !bytes.is_empty() => {
                        drop(bytes.drain(at..(at + next(40)).min(message.len()).min(bytes.len()).max(at)))
                    }
                    _ => {
                        let other = &corpus[next(corpus.len())];
                        let from = next(other.len());
                        let piece = &other[from..(from + next(200)).min(other.len())];
                        bytes.splice(at..at, piece.iter().copied());
                    }
                }
            }
            explained(&bytes);
        }
        if started.elapsed() > Duration::from_secs(10) {
            break;
        }
    }
}
