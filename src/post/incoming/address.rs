//! Addresses of a header field: names, angle brackets, comments, groups, encoded words, what people and programs write
//! instead; domains beyond ASCII in their written form.

use serde::Serialize;

use super::{limits, words};

/// An address with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// The name, decoded; empty when there is none.
    pub name: String,
    /// The address, its domain in lower case.
    pub address: String,
}

/// The addresses of a value; groups are opened.
#[must_use]
pub fn list(value: &[u8], hint: Option<&str>) -> Vec<Mailbox> {
    let mut found = Vec::new();
    for item in items(value) {
        if found.len() >= limits::ADDRESSES {
            break;
        }
        found.extend(one(&item, hint));
    }
    found
}

/// One entry, cut into what it is made of.
#[derive(Default)]
struct Item {
    /// Words outside brackets.
    outside: Vec<u8>,
    /// Quoted words among them: any place of theirs in `outside` is the name's.
    quoted: bool,
    angle: Option<Vec<u8>>,
    comment: Vec<u8>,
}

/// The entries of a value. Commas, semicolons and the colons of groups part them, outside quotation marks, brackets,
/// comments and encoded words.
fn items(value: &[u8]) -> Vec<Item> {
    let (mut items, mut item, mut at) = (Vec::new(), Item::default(), 0);
    while let Some(&byte) = value.get(at) {
        match byte {
            b'"' => {
                let (text, next) = quoted(value, at + 1);
                // "local part"@domain keeps its quotation marks.
                if value.get(next) == Some(&b'@') {
                    item.outside.push(b'"');
                    item.outside.extend(text);
                    item.outside.push(b'"');
                } else {
                    item.quoted = true;
                    item.outside.extend(text);
                }
                at = next;
                continue;
            }
            b'(' => {
                let (text, next) = comment(value, at + 1);
                item.comment.extend(text);
                at = next;
                continue;
            }
            b'<' => {
                let end = memchr::memchr2(b'>', b',', &value[at..]).map_or(value.len(), |end| at + end);
                item.angle = Some(value[at + 1..end].to_vec());
                at = end + usize::from(value.get(end) == Some(&b'>'));
                continue;
            }
            b'=' if value[at..].starts_with(b"=?") => {
                let next = encoded(value, at);
                item.outside.extend_from_slice(&value[at..next]);
                at = next;
                continue;
            }
            b',' | b';' => items.push(std::mem::take(&mut item)),
            // The name of a group; a colon within an address (mailto:, a host's port) is none.
            b':' if item.angle.is_none() && !item.outside.contains(&b'@') && !item.outside.ends_with(b"mailto") => {
                item = Item::default()
            }
            _ => item.outside.push(byte),
        }
        at += 1;
        if items.len() > limits::ADDRESSES * 2 {
            break;
        }
    }
    items.push(item);
    items
}

fn quoted(value: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut text, mut at) = (Vec::new(), from);
    while let Some(&byte) = value.get(at) {
        match (byte, value.get(at + 1)) {
            (b'"', _) => return (text, at + 1),
            (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                text.push(next);
                at += 1;
            }
            _ => text.push(byte),
        }
        at += 1;
    }
    // Never closed: the brackets of the address still count.
    match memchr::memchr(b'<', &value[from..]) {
        Some(bracket) => (value[from..from + bracket].to_vec(), from + bracket),
        None => (text, value.len()),
    }
}

fn comment(value: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut text, mut at, mut depth) = (Vec::new(), from, 1);
    while let Some(&byte) = value.get(at) {
        at += 1;
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\\' => {}
            _ => text.push(byte),
        }
        if depth == 0 {
            break;
        }
    }
    (text, at)
}

/// Where an encoded word ends, which may hold commas and brackets against the rules.
fn encoded(value: &[u8], at: usize) -> usize {
    let window = &value[at..value.len().min(at + 2000)];
    let mut marks = window.iter().enumerate().skip(2).filter(|(_, b)| **b == b'?').map(|(at, _)| at);
    let third = marks.next().and_then(|_| marks.next());
    let end = third.and_then(|third| memchr::memmem::find(&window[third + 1..], b"?=").map(|end| third + 1 + end + 2));
    end.map_or(at + 2, |end| at + end)
}

fn one(item: &Item, hint: Option<&str>) -> Option<Mailbox> {
    let outside = words::decode(&item.outside, hint);
    if let Some(angle) = &item.angle {
        let angle = words::decode(angle, hint);
        let name = if outside.is_empty() { words::decode(&item.comment, hint) } else { outside };
        let address = cleaned(&angle).or_else(|| name.split_whitespace().find_map(cleaned))?;
        return Some(Mailbox { name: named(&name, &address), address });
    }
    // No brackets: the word with an @ is the address, what else stands there the name.
    let word = outside.split_whitespace().find(|word| word.contains('@')).and_then(cleaned);
    let address = word.or_else(|| cleaned(&outside.split_whitespace().collect::<String>()))?;
    let rest: Vec<&str> = outside.split_whitespace().filter(|word| !word.contains('@')).collect();
    let name = if rest.is_empty() { words::decode(&item.comment, hint) } else { rest.join(" ") };
    Some(Mailbox { name: named(&name, &address), address })
}

/// A name without the quotation marks that programs leave in it; none when it is but the address again.
fn named(name: &str, address: &str) -> String {
    let name = name.trim().trim_matches(['"', '\'']).trim();
    if name.eq_ignore_ascii_case(address) { String::new() } else { name.to_owned() }
}

/// An address: something, one @, a domain; `mailto:` and source routes go.
#[must_use]
pub fn cleaned(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>', '\'', ' ', ',', ';', '.']);
    let text = text.strip_prefix('[').map_or(text, |text| text.trim_end_matches(']'));
    let text = text.strip_prefix("mailto:").or_else(|| text.strip_prefix("MAILTO:")).unwrap_or(text);
    let text = match text.split_once(':') {
        Some((route, address)) if route.starts_with('@') => address,
        _ => text,
    };
    let (user, domain) = text.rsplit_once('@')?;
    // Letters of any script, but no punctuation of Chinese: it stands around an address in a sentence.
    let other = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',');
    let plain = |part: &str| !part.chars().any(|c| other(c) || !(c.is_ascii() || c.is_alphanumeric()));
    let user_fits =
        user.starts_with('"') && user.ends_with('"') && user.len() > 2 || (plain(user) && !user.contains('@'));
    let fits = !user.is_empty() && user_fits && !domain.is_empty() && plain(domain) && text.len() <= 320;
    fits.then(|| format!("{user}@{}", domain.to_lowercase()))
}
