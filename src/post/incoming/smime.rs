//! S/MIME in one piece (RFC 8551): what was signed is taken out and read in the place of its part. Signatures are not
//! verified: who wrote is told by the relays that we trust. What is encrypted stays a file.

mod content;

use super::header::{self, line_at};
use super::text;
use super::tree::{self, Part, Tree};
use content::Content;

/// Signed contents within one another, or beside one another, that are opened.
const LAYERS: usize = 8;

/// A message whose signed contents stand open.
pub struct Open {
    /// Its bytes, where they are others than those that came.
    pub bytes: Option<Vec<u8>>,
    /// Its parts.
    pub tree: Tree,
    /// Something in it is signed.
    pub signed: bool,
    /// Something in it is encrypted.
    pub encrypted: bool,
}

/// Opens what is signed in the message that begins at `from`.
#[must_use]
pub fn open(bytes: &[u8], from: usize) -> Open {
    let tree = tree::read(bytes, from);
    let kind = |kind: &str| tree.parts.iter().any(|part| part.kind.value == kind);
    let (signed, encrypted) = (kind("multipart/signed"), kind("multipart/encrypted"));
    let mut open = Open { bytes: None, tree, signed, encrypted };
    let (mut at, mut layers) = (0, 0);
    while let Some(part) = open.tree.parts.get(at) {
        let here = open.bytes.as_deref().unwrap_or(bytes);
        match (layers < LAYERS && is_wrapped(part)).then(|| content::read(&text::decoded(here, part))).flatten() {
            // A document that was signed is no message: it stays a file with its signature.
            Some(Content::Signed(inner)) if !is_entity(&inner) => at += 1,
            Some(Content::Signed(inner)) => {
                let whole = in_place(here, part, &inner);
                open.tree = tree::read(&whole, from);
                // A message that is nothing but signed stays one whose parts were cut.
                (open.bytes, open.signed, layers) = (Some(whole), true, layers + 1);
                // What was signed may itself be wrapped.
            }
            Some(Content::Encrypted) => (open.encrypted, at) = (true, at + 1),
            None => at += 1,
        }
    }
    open
}

/// Whether it says in a header of its own what it is, as what a mail program signs does.
fn is_entity(inner: &[u8]) -> bool {
    let mut head = Vec::new();
    let body = header::read(inner, 0, &|_| false).body.min(inner.len());
    fields(&inner[..body], true, &mut head);
    head.split(|byte| *byte == b'\n')
        .any(|line| line.get(..13).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type:")))
}

/// By its type, or by its name where the type says nothing.
fn is_wrapped(part: &Part) -> bool {
    match part.kind.value.as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => !part.multipart,
        "application/octet-stream" => {
            let name = part.disposition.get("filename", None).or_else(|| part.kind.get("name", None));
            name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7m"))
        }
        _ => false,
    }
}

/// The message with the entity `inner` in the place of a part. Of the header of the part all stays but what tells of its
/// content; of that of the entity nothing else counts, so that no sender comes in by it.
fn in_place(bytes: &[u8], part: &Part, inner: &[u8]) -> Vec<u8> {
    let body = header::read(inner, 0, &|_| false).body.min(inner.len());
    let mut whole = Vec::with_capacity(bytes.len() + inner.len());
    whole.extend_from_slice(&bytes[..part.head]);
    fields(&bytes[part.head..part.body.start], false, &mut whole);
    fields(&inner[..body], true, &mut whole);
    whole.extend_from_slice(b"\r\n");
    whole.extend_from_slice(&inner[body..]);
    whole.extend_from_slice(&bytes[part.body.end..]);
    whole
}

/// The fields of a header that tell of its content, or the others.
fn fields(head: &[u8], of_content: bool, out: &mut Vec<u8>) {
    let (mut at, mut wanted) = (0, false);
    while at < head.len() {
        let (line, next) = line_at(head, at);
        if header::is_end(line) {
            break;
        }
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let content = line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
            wanted = content == of_content;
        }
        if wanted {
            out.extend_from_slice(line);
            out.extend_from_slice(b"\r\n");
        }
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::is_entity;

    #[test]
    fn only_what_says_what_it_is_is_read_as_a_message() {
        for entity in [
            "Content-Type: text/plain\r\n\r\nx",
            "X-Own: a\r\ncontent-type: text/html\r\n\r\n<p>x</p>",
            "X-Own: a\r\n    \r\nContent-Type: text/plain\r\n\r\nx",
        ] {
            assert!(is_entity(entity.as_bytes()), "{entity}");
        }
        for document in
            ["%PDF-1.7\n1 0 obj", "Note: the first line\r\nand more", "a;b\r\n\r\nContent-Type: text/plain", ""]
        {
            assert!(!is_entity(document.as_bytes()), "{document}");
        }
    }
}
