//! winmail.dat: what Outlook packs a message into when it believes that the other side is Outlook too (MS-OXTNEF). A small
//! reader of the attachments with their long names, and of the body: as plain text or HTML, or failing that as rich text.
//! Lengths that lie end the reading.

use super::{charset, html, rtf};

/// What a winmail.dat holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Names and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// The body as plain text.
    pub text: Option<String>,
}

const SIGNATURE: u32 = 0x223E_9F78;
const ATTACHMENT: u8 = 2;
const BODY: u16 = 0x800C;
const MESSAGE_PROPERTIES: u16 = 0x9003;
const CODE_PAGE: u16 = 0x9007;
const ATTACHMENT_DATA: u16 = 0x800F;
const ATTACHMENT_TITLE: u16 = 0x8010;
const ATTACHMENT_RENDERING: u16 = 0x9002;
const ATTACHMENT_PROPERTIES: u16 = 0x9005;

const PR_BODY: u16 = 0x1000;
const PR_BODY_HTML: u16 = 0x1013;
const PR_RTF_COMPRESSED: u16 = 0x1009;
const PR_ATTACH_DATA: u16 = 0x3701;
const PR_ATTACH_FILENAME: u16 = 0x3704;
const PR_ATTACH_LONG_FILENAME: u16 = 0x3707;
const PR_DISPLAY_NAME: u16 = 0x3001;

/// Reads a winmail.dat; none when it is not one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Opened> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.u32()? != SIGNATURE {
        return None;
    }
    reader.take(2)?;
    let mut opened = Opened::default();
    let mut file: Option<(String, Vec<u8>)> = None;
    let mut page: Option<String> = None;
    let mut rich: Option<Vec<u8>> = None;
    while let Some((level, attribute, data)) = attribute(&mut reader) {
        match (level, attribute) {
            (_, CODE_PAGE) => page = Reader { bytes: data, at: 0 }.u32().map(code_page),
            (_, BODY) => opened.text = Some(charset::decode(data, page.as_deref())),
            (_, MESSAGE_PROPERTIES) => {
                for (id, value) in properties(data, page.as_deref()) {
                    match id {
                        PR_BODY => opened.text = Some(value.text()),
                        PR_RTF_COMPRESSED => rich = Some(value.bytes),
                        PR_BODY_HTML => opened.text = opened.text.take().or_else(|| Some(html::to_text(&value.text()))),
                        _ => {}
                    }
                }
            }
            (ATTACHMENT, ATTACHMENT_RENDERING) => opened.files.extend(file.replace(Default::default())),
            (ATTACHMENT, ATTACHMENT_TITLE) => {
                let file = file.get_or_insert_default();
                if file.0.is_empty() {
                    file.0 = charset::decode(data, page.as_deref());
                }
            }
            (ATTACHMENT, ATTACHMENT_DATA) => file.get_or_insert_default().1 = data.to_vec(),
            (ATTACHMENT, ATTACHMENT_PROPERTIES) => {
                let file = file.get_or_insert_default();
                let mut long = false;
                for (id, value) in properties(data, page.as_deref()) {
                    match id {
                        PR_ATTACH_LONG_FILENAME => (file.0, long) = (value.text(), true),
                        PR_ATTACH_FILENAME | PR_DISPLAY_NAME if !long && file.0.is_empty() => file.0 = value.text(),
                        PR_ATTACH_DATA if file.1.is_empty() => file.1 = value.bytes,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    opened.files.extend(file);
    opened.files.retain(|(name, data)| !(name.is_empty() && data.is_empty()));
    let tidy = |text: String| text.replace("\r\n", "\n").trim_end().to_owned();
    opened.text = opened.text.map(tidy).filter(|text| !text.trim().is_empty());
    opened.text = opened.text.or_else(|| rich.and_then(|rich| rtf::text_of_packed(&rich)).map(tidy));
    Some(opened)
}

fn attribute<'a>(reader: &mut Reader<'a>) -> Option<(u8, u16, &'a [u8])> {
    let level = *reader.take(1)?.first()?;
    let id = reader.u32()?;
    let length = usize::try_from(reader.u32()?).ok()?;
    let data = reader.take(length)?;
    reader.take(2);
    Some((level, (id & 0xFFFF) as u16, data))
}

/// The label of a Windows code page.
pub fn code_page(number: u32) -> String {
    match number {
        950 => "big5".to_owned(),
        936 => "gbk".to_owned(),
        932 => "shift_jis".to_owned(),
        949 => "euc-kr".to_owned(),
        65001 => "utf-8".to_owned(),
        other => format!("windows-{other}"),
    }
}

/// A property's value.
struct Value {
    bytes: Vec<u8>,
    wide: bool,
    page: Option<String>,
}

impl Value {
    fn text(&self) -> String {
        let label = if self.wide { Some("utf-16le") } else { self.page.as_deref() };
        charset::decode(&self.bytes, label).trim_end_matches('\0').to_owned()
    }
}

/// The properties with values of variable length; the others are passed over.
fn properties(bytes: &[u8], page: Option<&str>) -> Vec<(u16, Value)> {
    let mut reader = Reader { bytes, at: 0 };
    let mut found = Vec::new();
    let number = reader.u32().unwrap_or(0).min(2_000);
    for _ in 0..number {
        if property(&mut reader, page, &mut found).is_none() {
            break;
        }
    }
    found
}

fn property(reader: &mut Reader<'_>, page: Option<&str>, found: &mut Vec<(u16, Value)>) -> Option<()> {
    let kind = reader.u16()?;
    let id = reader.u16()?;
    if id >= 0x8000 {
        reader.take(16)?;
        if reader.u32()? == 0 {
            reader.take(4)?;
        } else {
            let length = usize::try_from(reader.u32()?).ok()?;
            reader.take(padded(length)?)?;
        }
    }
    let many = kind & 0x1000 != 0;
    let fixed = match kind & 0x0FFF {
        0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        0x000D | 0x001E | 0x001F | 0x0102 => None,
        _ => return None,
    };
    let number = if many || fixed.is_none() { reader.u32()? } else { 1 };
    for _ in 0..number.min(1_000) {
        match fixed {
            Some(length) => {
                reader.take(length)?;
            }
            None => {
                let length = usize::try_from(reader.u32()?).ok()?;
                let data = reader.take(padded(length)?)?;
                // An object begins with the identifier of its interface.
                let data = data.get(if kind == 0x000D { 16 } else { 0 }..length).unwrap_or_default();
                found.push((
                    id,
                    Value { bytes: data.to_vec(), wide: kind & 0x0FFF == 0x001F, page: page.map(str::to_owned) },
                ));
            }
        }
    }
    Some(())
}

fn padded(length: usize) -> Option<usize> {
    length.checked_add(3).map(|length| length & !3)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}
