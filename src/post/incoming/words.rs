//! Header text: RFC 2047 encoded words as they really come, cut through the middle of characters, with raw spaces in
//! them, glued to their neighbours; and bytes above ASCII without any declaration.

use super::charset;
use super::transfer;

/// Bytes of a word's charset label at most.
const LABEL: usize = 60;

/// The text of an unstructured value. `hint` is the charset that the message declares elsewhere, for raw bytes.
#[must_use]
pub fn decode(value: &[u8], hint: Option<&str>) -> String {
    let mut out = String::new();
    let mut run = Run::default();
    let (mut at, mut raw_from, mut ends_known_missing) = (0, 0, false);
    while !ends_known_missing {
        let Some(found) = memchr::memmem::find(&value[at..], b"=?") else { break };
        let start = at + found;
        match word(value, start) {
            Ok((word, end)) => {
                let between = &value[raw_from..start];
                if !between.iter().all(u8::is_ascii_whitespace) || !run.takes(&word) {
                    run.flush(&mut out);
                    if !between.iter().all(u8::is_ascii_whitespace) || out.is_empty() {
                        push_raw(&mut out, between, hint);
                    }
                }
                run.add(word);
                (at, raw_from) = (end, end);
            }
            Err(Broken::NoEnd) => ends_known_missing = true,
            Err(Broken::NoWord) => at = start + 2,
        }
    }
    run.flush(&mut out);
    push_raw(&mut out, &value[raw_from..], hint);
    one_line(&out)
}

/// The charset of the first encoded word of a value.
#[must_use]
pub fn label(value: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(value, b"=?")?;
    word(value, start).ok().map(|(word, _)| String::from_utf8_lossy(word.label).into_owned())
}

/// One line without control characters, trimmed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(
            |c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'),
        )
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.trim().to_owned()
}

fn push_raw(out: &mut String, raw: &[u8], hint: Option<&str>) {
    if !raw.is_empty() {
        let hint = hint.filter(|_| !raw.is_ascii());
        out.push_str(&charset::decode(raw, hint));
    }
}

/// An encoded word.
struct Word<'a> {
    label: &'a [u8],
    base64: bool,
    text: &'a [u8],
}

enum Broken {
    /// This is none; the next may be.
    NoWord,
    /// No word ends after this.
    NoEnd,
}

fn word(value: &[u8], start: usize) -> Result<(Word<'_>, usize), Broken> {
    let rest = &value[start + 2..];
    let first = rest.iter().take(LABEL).position(|b| *b == b'?').ok_or(Broken::NoWord)?;
    let label = &rest[..first];
    if label.is_empty() || label.iter().any(|b| b.is_ascii_whitespace() || *b >= 0x80) {
        return Err(Broken::NoWord);
    }
    let rest = &rest[first + 1..];
    let (base64, mark) = match rest {
        [b'B' | b'b', b'?', ..] => (true, 2),
        [b'Q' | b'q', b'?', ..] => (false, 2),
        _ => return Err(Broken::NoWord),
    };
    let text = &rest[mark..];
    let end = memchr::memmem::find(text, b"?=").ok_or(Broken::NoEnd)?;
    let used = start + 2 + first + 1 + mark + end + 2;
    Ok((Word { label, base64, text: &text[..end] }, used))
}

/// Neighbouring words of one charset, decoded together: senders cut characters in two.
#[derive(Default)]
struct Run {
    label: Vec<u8>,
    bytes: Vec<u8>,
    /// Base64 that does not end on a whole group yet.
    open: Vec<u8>,
}

impl Run {
    fn takes(&self, word: &Word<'_>) -> bool {
        !self.label.is_empty() && self.label.eq_ignore_ascii_case(word.label)
    }

    fn add(&mut self, word: Word<'_>) {
        self.label = word.label.to_vec();
        if word.base64 {
            self.open.extend(word.text.iter().filter(|b| !b.is_ascii_whitespace()));
            if self.open.len().is_multiple_of(4) || self.open.ends_with(b"=") {
                self.close();
            }
        } else {
            self.close();
            self.bytes.extend(transfer::quoted_word(word.text));
        }
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.bytes.extend(transfer::base64(&open));
    }

    fn flush(&mut self, out: &mut String) {
        self.close();
        if !self.label.is_empty() {
            let label = String::from_utf8_lossy(&self.label).into_owned();
            out.push_str(&charset::decode(&self.bytes, Some(&label)));
        }
        *self = Self::default();
    }
}
