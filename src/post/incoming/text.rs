//! What a person reads as the message: of alternatives the plain one when it says something, text parts in their order,
//! HTML laid out as text where there is nothing else. Whatever is not chosen is an attachment.

use super::tree::{Part, Tree};
use super::{charset, html, limits, transfer};
use crate::files::types::is_text;

/// The text of a message, its HTML, and the parts that are neither.
#[derive(Default)]
pub struct Words {
    /// Plain text.
    pub text: String,
    /// HTML as it came.
    pub html: Option<String>,
    /// Parts that are files.
    pub files: Vec<usize>,
    /// Something was longer than what is kept.
    pub cut: bool,
}

/// What words are chosen from.
struct From<'a> {
    bytes: &'a [u8],
    tree: &'a Tree,
    /// The charset of parts that declare none.
    hint: Option<&'a str>,
}

/// A piece of what is read, in order.
enum Piece {
    Plain(String),
    Html(String),
    /// HTML that says the same as a plain piece.
    Twin(String),
}

/// Chooses the words of a tree.
#[must_use]
pub fn choose(bytes: &[u8], tree: &Tree, hint: Option<&str>) -> Words {
    let mut words = Words::default();
    let mut pieces = Vec::new();
    if !tree.parts.is_empty() {
        collect(&From { bytes, tree, hint }, 0, &mut words, &mut pieces);
    }
    let mut shown = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Plain(text) => join(&mut words.text, &text),
            Piece::Html(html) => {
                join(&mut words.text, &html::to_text(&html));
                shown.push(html);
            }
            Piece::Twin(html) => shown.push(html),
        }
    }
    if !shown.is_empty() {
        let html = shown.join("\n");
        words.cut |= html.len() > limits::HTML;
        words.html = Some(cut(html, limits::HTML));
    }
    words.cut |= words.text.len() > limits::TEXT;
    words.text = tidy(&cut(std::mem::take(&mut words.text), limits::TEXT));
    words
}

/// Depth is bounded where the tree is read.
fn collect(from: &From<'_>, number: usize, words: &mut Words, pieces: &mut Vec<Piece>) {
    let part = &from.tree.parts[number];
    if !part.multipart {
        match body(from, number) {
            Some(piece) => pieces.push(piece),
            None => words.files.push(number),
        }
        return;
    }
    if part.kind.value != "multipart/alternative" {
        for child in &part.children {
            collect(from, *child, words, pieces);
        }
        return;
    }
    let (mut plain, mut rich) = (Vec::new(), Vec::new());
    for child in &part.children {
        let mut found = Vec::new();
        collect(from, *child, words, &mut found);
        let said = found.iter().any(|piece| matches!(piece, Piece::Plain(text) if says_something(text)));
        let html = found.iter().any(|piece| matches!(piece, Piece::Html(_)));
        if html && (!said || !plain.is_empty()) {
            rich.extend(found);
        } else if said {
            // Of several plain ones the last is the richest that its sender could write.
            plain = found;
        } else if plain.is_empty() {
            plain = found;
        }
    }
    let plain_says = plain.iter().any(|piece| matches!(piece, Piece::Plain(text) if says_something(text)));
    if plain_says || rich.is_empty() {
        pieces.extend(plain);
        pieces.extend(rich.into_iter().map(|piece| match piece {
            Piece::Html(html) => Piece::Twin(html),
            other => other,
        }));
    } else {
        pieces.extend(rich);
    }
}

/// Some senders' plain alternative only says that there is another.
fn says_something(text: &str) -> bool {
    let text = text.trim();
    let lower = text.chars().take(400).collect::<String>().to_lowercase();
    let excuse = ["html", "mime"].iter().any(|word| lower.contains(word))
        && ["view", "support", "client", "reader", "enable", "瀏覽", "檢視", "支援", "閱讀"]
            .iter()
            .any(|w| lower.contains(w));
    !(text.is_empty() || excuse && text.chars().count() < 200)
}

/// The text of a part that is read; none for a file.
fn body(from: &From<'_>, number: usize) -> Option<Piece> {
    let From { bytes, tree, hint } = from;
    let part = &tree.parts[number];
    let kind = kind(part, tree.parts.len() == 1);
    if !matches!(kind, "text/plain" | "text/html") {
        return None;
    }
    let named = part.disposition.raw("filename").is_some()
        || part.kind.raw("name").is_some()
        || part.disposition.get("filename", None).is_some()
        || part.kind.get("name", None).is_some();
    let attached = part.disposition.value == "attachment" || (named && part.disposition.value != "inline");
    // A named inline text is a file, unless it is all there is.
    if number != 0 && (attached || named) {
        return None;
    }
    let raw = decoded(bytes, part);
    // Declared text whose bytes are an image or an archive.
    if raw.len() > 64 && !is_text(&raw) && infer::get(&raw).is_some_and(|kind| !kind.mime_type().starts_with("text/")) {
        return None;
    }
    let label = part.kind.get("charset", None);
    let text = if kind == "text/html" {
        charset::decode(&raw, label.or_else(|| html::declared_charset(&raw)).as_deref().or(*hint))
    } else {
        charset::decode(&raw, label.as_deref().or(*hint))
    };
    let text = newlines(&text);
    if kind == "text/html" {
        return Some(Piece::Html(text));
    }
    if part.kind.word("format") == "flowed" {
        return Some(Piece::Plain(unflow(&text, part.kind.word("delsp") == "yes")));
    }
    Some(Piece::Plain(text))
}

/// The media type that a part is read as.
fn kind(part: &Part, alone: bool) -> &str {
    match part.kind.value.as_str() {
        "" | "text" | "plain" | "text/" | "plain/text" | "text/ascii" | "text/utf-8" | "txt" => "text/plain",
        "text/html" | "html" | "text/xhtml" | "application/xhtml+xml" => "text/html",
        // Its boundary never came: what stands there is text.
        kind if kind.starts_with("multipart/") => "text/plain",
        // No media type at all.
        kind if alone && !kind.contains('/') => "text/plain",
        kind => kind,
    }
}

/// A part's bytes without their transfer encoding.
#[must_use]
pub fn decoded(bytes: &[u8], part: &Part) -> Vec<u8> {
    let raw = &bytes[part.body.clone()];
    let encoding = part.fields.text("content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    let encoding = encoding.split([';', '(', ' ']).next().unwrap_or_default().trim_matches('"');
    match encoding {
        "base64" | "base-64" | "b64" | "b" => transfer::base64_body(raw),
        "quoted-printable" | "quotedprintable" | "quoted_printable" | "qp" | "q" => transfer::quoted_printable(raw),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => {
            let text = String::from_utf8_lossy(raw);
            transfer::uuencoded(&text).1.into_iter().next().map_or_else(|| raw.to_vec(), |file| file.bytes)
        }
        _ => raw.to_vec(),
    }
}

/// LF for every way lines end.
fn newlines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Flowed lines put together again (RFC 3676).
#[must_use]
pub fn unflow(text: &str, delete_space: bool) -> String {
    let mut paragraphs: Vec<(usize, String)> = Vec::new();
    let mut flowing = false;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        let flows = content.ends_with(' ') && !signature;
        let piece = if flows && delete_space { &content[..content.len() - 1] } else { content };
        match paragraphs.last_mut() {
            Some((before, paragraph)) if flowing && *before == depth && !signature => paragraph.push_str(piece),
            _ => paragraphs.push((depth, piece.to_owned())),
        }
        flowing = flows;
    }
    let quoted = |(depth, text): &(usize, String)| {
        if *depth == 0 { text.clone() } else { format!("{} {text}", ">".repeat((*depth).min(20))) }
    };
    paragraphs.iter().map(quoted).collect::<Vec<_>>().join("\n")
}

fn join(out: &mut String, more: &str) {
    let more = more.trim_matches('\n');
    if more.trim().is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push_str(if out.ends_with('\n') { "" } else { "\n" });
    }
    out.push_str(more);
}

fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// Without control characters, and without empty lines around it.
fn tidy(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let start = text.len() - text.trim_start_matches(['\n', '\u{feff}']).len();
    text[start..].trim_end().to_owned()
}
