//! The text of a rich text (RTF 1.9.1), which may be HTML in disguise (MS-OXRTFEX). Only what tells the text is read:
//! characters with their code pages, line ends, which groups are no text. One pass, no recursion, bounded output.

mod packed;

use std::collections::BTreeMap;

use super::tnef::code_page;
use super::{charset, html, limits};

/// Groups whose text is not shown, beside those that say so by `\*`.
const HIDDEN: &[&str] = &[
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "filetbl",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "themedata",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "bkmkstart",
    "bkmkend",
];
/// Groups within groups that are told apart; deeper ones count as one.
const DEPTH: usize = 1_000;
/// Fonts whose code page is kept.
const FONTS: usize = 10_000;

/// The text of a compressed rich text; none where there is none.
#[must_use]
pub fn text_of_packed(bytes: &[u8]) -> Option<String> {
    text(&packed::unpacked(bytes)?)
}

/// The text of a rich text; none when it is none, or empty.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.trim_ascii_start();
    if !bytes.starts_with(b"{\\rtf") {
        return None;
    }
    let mut reader = Reader { bytes, now: Group { uc: 1, ..Group::default() }, ..Reader::default() };
    while reader.at < bytes.len() && reader.out.len() + reader.pending.len() < limits::RICH {
        reader.step();
    }
    reader.flush();
    let text = if reader.html { html::to_text(&reader.out) } else { reader.out };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// What holds in a group.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Its text is not shown.
    hidden: bool,
    /// It lists fonts.
    fonts: bool,
    /// It holds markup of the HTML.
    markup: bool,
    /// What stands here is there for readers of rich text alone (`\htmlrtf`).
    not_html: bool,
    /// Bytes that stand for a `\u` to readers who do not know it.
    uc: usize,
    font: i32,
}

#[derive(Default)]
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    groups: Vec<Group>,
    /// Groups beyond [`DEPTH`].
    deeper: usize,
    now: Group,
    /// The next word says what its group is, to readers who know it.
    starred: bool,
    html: bool,
    page: Option<u32>,
    fonts: BTreeMap<i32, u32>,
    /// The font of text that names none.
    first_font: i32,
    /// Bytes to pass over after a `\u`.
    passing: usize,
    /// Bytes of one code page that are not text yet.
    pending: Vec<u8>,
    pending_page: Option<u32>,
    /// The first half of a character beyond the basic plane.
    high: Option<u16>,
    out: String,
}

impl Reader<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        self.at += 1;
        match byte {
            b'{' => {
                if self.groups.len() < DEPTH {
                    self.groups.push(self.now)
                } else {
                    self.deeper += 1
                }
                self.passing = 0;
            }
            b'}' => {
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else if let Some(outer) = self.groups.pop() {
                    self.now = outer;
                }
                self.passing = 0;
            }
            b'\\' => self.control(),
            b'\r' | b'\n' => {}
            other => self.byte(other),
        }
    }

    /// What follows a backslash.
    fn control(&mut self) {
        let Some(&first) = self.bytes.get(self.at) else { return };
        if first.is_ascii_alphabetic() {
            return self.word();
        }
        self.at += 1;
        match first {
            b'\'' => {
                let digits = self.bytes.get(self.at..self.at + 2).and_then(|two| std::str::from_utf8(two).ok());
                if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => self.starred = true,
            b'~' => self.say("\u{A0}"),
            b'_' => self.say("-"),
            b'\r' | b'\n' => self.say("\n"),
            b'\\' | b'{' | b'}' => self.byte(first),
            _ => {}
        }
    }

    fn word(&mut self) {
        let rest = &self.bytes[self.at..];
        let name = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let sign = usize::from(rest.get(name) == Some(&b'-'));
        let digits = rest[name + sign..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[name..name + sign + digits]).ok().and_then(|n| n.parse::<i64>().ok());
        let sign = if digits == 0 { 0 } else { sign };
        self.at += name + sign + digits;
        // One space ends a word and is part of it.
        self.at += usize::from(self.bytes.get(self.at) == Some(&b' '));
        let name = std::str::from_utf8(&rest[..name.min(32)]).unwrap_or_default();
        self.act(name, number);
    }

    fn act(&mut self, name: &str, number: Option<i64>) {
        let starred = std::mem::take(&mut self.starred);
        let small = number.and_then(|n| i32::try_from(n).ok());
        let positive = number.and_then(|n| u32::try_from(n).ok());
        match name {
            "htmltag" if starred && self.html => self.now.markup = true,
            _ if starred => self.now.hidden = true,
            "fonttbl" => (self.now.fonts, self.now.hidden) = (true, true),
            "bin" => self.at = self.at.saturating_add(positive.unwrap_or(0) as usize).min(self.bytes.len()),
            "fromhtml" => self.html = number != Some(0),
            "htmlrtf" => self.now.not_html = number != Some(0),
            "ansicpg" => self.page = positive.filter(|page| *page > 0),
            "f" => self.now.font = small.unwrap_or(0),
            "fcharset" if self.now.fonts => self.font(positive.and_then(of_charset)),
            "cpg" if self.now.fonts => self.font(positive),
            "deff" => (self.first_font, self.now.font) = (small.unwrap_or(0), small.unwrap_or(0)),
            "plain" => self.now.font = self.first_font,
            "uc" => self.now.uc = positive.unwrap_or(1).min(16) as usize,
            "u" => {
                if let Some(number) = number {
                    self.unit(number);
                }
                self.passing = self.now.uc;
            }
            "par" | "line" | "sect" | "page" | "row" => self.say("\n"),
            "tab" | "cell" => self.say("\t"),
            "emdash" => self.say("—"),
            "endash" => self.say("–"),
            "lquote" => self.say("‘"),
            "rquote" => self.say("’"),
            "ldblquote" => self.say("“"),
            "rdblquote" => self.say("”"),
            "bullet" => self.say("•"),
            hidden if HIDDEN.contains(&hidden) => self.now.hidden = true,
            _ => {}
        }
    }

    /// The code page of the font that is being listed.
    fn font(&mut self, page: Option<u32>) {
        if let Some(page) = page
            && self.fonts.len() < FONTS
        {
            self.fonts.insert(self.now.font, page);
        }
    }

    fn shown(&self) -> bool {
        !self.now.hidden && (!self.html || self.now.markup || !self.now.not_html)
    }

    /// A byte in the code page of its font.
    fn byte(&mut self, byte: u8) {
        if self.passing > 0 {
            self.passing -= 1;
        } else if self.shown() {
            let page = self.fonts.get(&self.now.font).copied().or(self.page);
            if page != self.pending_page {
                self.flush();
                self.pending_page = page;
            }
            self.pending.push(byte);
        }
    }

    /// A unit of UTF-16, as `\u` has it: a signed number.
    fn unit(&mut self, number: i64) {
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else { return };
        if !self.shown() {
            return;
        }
        let units = [self.high.take().unwrap_or_default(), unit];
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        self.flush();
        let units = if units[0] == 0 { &units[1..] } else { &units };
        self.out.extend(char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }

    fn say(&mut self, text: &str) {
        if self.shown() {
            self.flush();
            self.out.push_str(text);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            match self.pending_page {
                // Too few to guess from; and guessing for each of a million pieces would take minutes.
                None | Some(1252) if self.pending.len() < ENOUGH_TO_GUESS => {
                    self.out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&self.pending).0);
                }
                page => self.out.push_str(&charset::decode(&self.pending, page.map(code_page).as_deref())),
            }
            self.pending.clear();
        }
    }
}

/// Bytes from which an encoding is guessed where none is told.
const ENOUGH_TO_GUESS: usize = 12;

/// The code page of a font's character set; those that say nothing have none.
fn of_charset(number: u32) -> Option<u32> {
    Some(match number {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
