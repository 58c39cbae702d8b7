//! Values with parameters: `Content-Type`, `Content-Disposition`. Parameters come by RFC 2231 (in pieces, with charset),
//! with RFC 2047 words in quotation marks, and as raw bytes above ASCII.

use std::collections::BTreeMap;

use super::{charset, transfer, words};

/// A value and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Valued {
    /// The value in lower case, `text/plain`.
    pub value: String,
    params: BTreeMap<String, Vec<u8>>,
    /// Those of RFC 2231, put together and decoded.
    extended: BTreeMap<String, String>,
}

impl Valued {
    /// A parameter as text.
    #[must_use]
    pub fn get(&self, name: &str, hint: Option<&str>) -> Option<String> {
        let extended = self.extended.get(name).cloned();
        extended.or_else(|| self.params.get(name).map(|raw| words::decode(raw, hint))).filter(|text| !text.is_empty())
    }

    /// A parameter as it stands.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.params.get(name).map(Vec::as_slice).filter(|raw| !raw.is_empty())
    }

    /// A parameter in lower case, for comparing.
    #[must_use]
    pub fn word(&self, name: &str) -> String {
        let raw = self.params.get(name).map(|raw| String::from_utf8_lossy(raw).trim().to_ascii_lowercase());
        raw.or_else(|| self.extended.get(name).map(|text| text.to_ascii_lowercase())).unwrap_or_default()
    }
}

/// Reads a value with its parameters.
#[must_use]
pub fn read(bytes: &[u8]) -> Valued {
    let mut rest = bytes;
    let head = until(rest, b";");
    let mut value = String::from_utf8_lossy(head).to_ascii_lowercase();
    value.retain(|c| !c.is_whitespace() && c != '"');
    if let Some(at) = value.find('(') {
        value.truncate(at);
    }
    rest = &rest[head.len()..];
    let mut valued = Valued { value, ..Valued::default() };
    let mut pieces: BTreeMap<String, BTreeMap<u32, (Vec<u8>, bool)>> = BTreeMap::new();
    for _ in 0..200 {
        rest = rest.strip_prefix(b";").unwrap_or(rest).trim_ascii_start();
        if rest.is_empty() {
            break;
        }
        let name = until(rest, b"=;");
        let after = &rest[name.len()..];
        let Some(after) = after.strip_prefix(b"=") else {
            rest = after;
            continue;
        };
        let (raw, used) = given(after.trim_ascii_start());
        rest = &after.trim_ascii_start()[used..];
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        match piece(&name) {
            Some((name, number, coded)) => {
                pieces.entry(name.to_owned()).or_default().entry(number).or_insert((raw, coded));
            }
            None => {
                valued.params.entry(name).or_insert(raw);
            }
        }
    }
    for (name, pieces) in pieces {
        valued.extended.insert(name, joined(pieces));
    }
    valued
}

/// What stands before one of `ends`, which in quotation marks count for nothing.
fn until<'a>(bytes: &'a [u8], ends: &[u8]) -> &'a [u8] {
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            _ if !quoted && ends.contains(byte) => return &bytes[..at],
            _ => {}
        }
    }
    // A quotation mark that is never closed: as if there were none.
    let end = bytes.iter().position(|b| ends.contains(b)).filter(|_| quoted).unwrap_or(bytes.len());
    &bytes[..end]
}

/// A parameter's value and the bytes it takes, up to the next semicolon.
fn given(bytes: &[u8]) -> (Vec<u8>, usize) {
    if bytes.first() == Some(&b'"') {
        let (mut value, mut at) = (Vec::new(), 1);
        while let Some(&byte) = bytes.get(at) {
            match (byte, bytes.get(at + 1)) {
                (b'"', _) => {
                    let skipped = bytes[at..].iter().position(|b| *b == b';').unwrap_or(bytes.len() - at);
                    return (value, at + skipped);
                }
                // Only these are escaped; elsewhere a backslash is half of a Big5 character or a path's.
                (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                    value.push(next);
                    at += 2;
                    continue;
                }
                _ => value.push(byte),
            }
            at += 1;
        }
        let end = bytes.iter().position(|b| *b == b';').unwrap_or(bytes.len());
        return (bytes[1..end.max(1)].to_vec(), end);
    }
    let end = bytes.iter().position(|b| *b == b';').unwrap_or(bytes.len());
    (bytes[..end].trim_ascii().to_vec(), end)
}

/// `name*0*` as name, number and whether it is coded; none for a plain name.
fn piece(name: &str) -> Option<(&str, u32, bool)> {
    let (name, rest) = name.split_once('*')?;
    if rest.is_empty() {
        return Some((name, 0, true));
    }
    let (number, coded) = rest.strip_suffix('*').map_or((rest, false), |number| (number, true));
    Some((name, number.parse().ok().filter(|n| *n < 1000)?, coded))
}

fn joined(pieces: BTreeMap<u32, (Vec<u8>, bool)>) -> String {
    let (mut label, mut bytes, mut first) = (None, Vec::new(), true);
    for (raw, coded) in pieces.into_values() {
        let mut raw = raw.as_slice();
        if coded && first {
            let mut marks = raw.iter().enumerate().filter(|(_, b)| **b == b'\'').map(|(at, _)| at);
            if let (Some(one), Some(two)) = (marks.next(), marks.next()) {
                label = Some(String::from_utf8_lossy(&raw[..one]).into_owned()).filter(|label| !label.is_empty());
                raw = &raw[two + 1..];
            }
        }
        first = false;
        bytes.extend(if coded { transfer::percent(raw) } else { raw.to_vec() });
    }
    match label {
        Some(label) => words::one_line(&charset::decode(&bytes, Some(&label))),
        // Some senders put encoded words into pieces.
        None => words::decode(&bytes, None),
    }
}
