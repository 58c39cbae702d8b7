//! Incoming mail, the pure half: bytes become a [`Read`], a `Read` and what is known of the world become the facts that
//! [`crate::domain::incoming::decide`] decides on. Generous in reading: nothing a stranger sends makes it fail, and what
//! was cut or mended is said in the notes. No clock, no database, no network.

mod address;
mod attached;
mod auth;
mod automatic;
mod bounce;
mod charset;
pub mod facts;
mod fold;
mod header;
mod html;
mod limits;
mod params;
mod text;
mod tnef;
mod transfer;
mod tree;
mod words;

use jiff::Timestamp;

pub use address::Mailbox;
pub use attached::Attachment;
pub use fold::{Piece, Role, fold, written};
pub use header::Fields;
pub use html::safe_html;

use crate::domain::incoming::{Automatic, Bounce, Sign};
use crate::domain::time::Moment;

/// The header that our own letters carry, by how its name begins.
const OWN_MARK: &str = "x-chenqing";

/// A message as it was read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The header as it stands, for what needs it in order.
    pub fields: Fields,
    /// The sender's address: From, else Sender, Return-Path, Reply-To.
    pub from: Option<String>,
    /// The sender's name; empty when there is none.
    pub from_name: String,
    /// Every address in From.
    pub senders: Vec<Mailbox>,
    /// Sender.
    pub sender: Option<Mailbox>,
    /// Where answers go when the sender says so; else to `from`.
    pub reply_to: Option<String>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Addresses that the last server delivered to.
    pub delivered_to: Vec<String>,
    /// Subject, one line; empty when there is none.
    pub subject: String,
    /// Date, as its sender says.
    pub date: Option<Moment>,
    /// Message-ID without brackets.
    pub message_id: Option<String>,
    /// In-Reply-To, without brackets.
    pub in_reply_to: Vec<String>,
    /// References, without brackets, the oldest first.
    pub references: Vec<String>,
    /// The envelope's sender; `""` for the null path.
    pub return_path: Option<String>,
    /// The text that a person reads.
    pub text: String,
    /// The HTML as it came: never to be shown but through [`safe_html`].
    pub html: Option<String>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// It is automatic mail of this kind; our own letters by their domain are known to [`facts`] only.
    pub automatic: Option<Automatic>,
    /// What spoke for automatic mail.
    pub signs: Vec<Sign>,
    /// It reports on delivery.
    pub bounce: Option<Bounce>,
    /// `report-type` of a `multipart/report`.
    pub report_type: String,
    /// METHOD of a calendar's part.
    pub calendar_method: Option<String>,
    /// It carries the header of our own letters.
    pub own_mark: bool,
    /// What was cut or mended: keys of messages.
    pub notes: Vec<&'static str>,
}

/// Reads a message, whatever it is.
#[must_use]
pub fn read(bytes: &[u8]) -> Read {
    let mut notes = Vec::new();
    let mut note = |is: bool, key: &'static str| {
        if is {
            notes.push(key);
        }
    };
    note(bytes.len() > limits::MESSAGE, "mail-note-cut");
    let bytes = &bytes[..bytes.len().min(limits::MESSAGE)];
    let unix;
    // Old machines end lines with CR alone.
    let bytes = if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        unix = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect::<Vec<u8>>();
        unix.as_slice()
    } else {
        bytes
    };
    let tree = tree::read(bytes, beginning(bytes));
    note(tree.cut, "mail-note-parts-cut");
    note(tree.cut_header, "mail-note-header-cut");
    note(tree.broken_header, "mail-note-header-broken");
    note(tree.broken_parts, "mail-note-parts-broken");
    let Some(root) = tree.parts.first() else { return Read { notes, ..Read::default() } };
    let hint = tree.parts.iter().find_map(|part| part.kind.get("charset", None)).filter(|label| charset::known(label));
    let hint = hint.as_deref();
    let mut read = headed(root.fields.clone(), hint);

    let mut words = text::choose(bytes, &tree);
    note(words.cut, "mail-note-text-cut");
    let files = attached::collect(bytes, &tree, &words.files, hint);
    note(files.cut, "mail-note-files-cut");
    let (text, blocks) = transfer::uuencoded(&words.text);
    read.text = if text.trim().is_empty() { files.text.unwrap_or_default() } else { text.trim_end().to_owned() };
    read.attachments = files.files;
    for block in blocks {
        let number = read.attachments.len() + 1;
        read.attachments.push(Attachment::new(&block.name, "", block.bytes, number));
    }
    read.html = words.html.take();
    if root.kind.value == "multipart/report" {
        read.report_type = root.kind.word("report-type");
    } else if root.kind.value == "message/disposition-notification" {
        read.report_type = "disposition-notification".to_owned();
    }
    if read.report_type.is_empty() && root.kind.value == "multipart/report" {
        let has = |kind: &str| tree.parts.iter().any(|part| part.kind.value == kind);
        read.report_type = if has("message/disposition-notification") { "disposition-notification" } else { "delivery-status" }.to_owned();
    }
    read.calendar_method = calendar(bytes, &tree);
    read.bounce = bounce::find(bytes, &tree, &read, &root.fields);
    (read.automatic, read.signs) = automatic::judge(&read, &root.fields);
    read.notes = notes;
    read
}

/// Where the header begins: after a byte order mark, empty lines, and the first line that mbox files put there.
fn beginning(bytes: &[u8]) -> usize {
    let mut at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    for _ in 0..100 {
        if at >= bytes.len() {
            break;
        }
        let (line, next) = header::line_at(bytes, at);
        let mbox = (line.starts_with(b"From ") || line.starts_with(b">From ")) && !line.starts_with(b"From :");
        if !line.trim_ascii().is_empty() && !mbox {
            break;
        }
        at = next;
    }
    at
}

/// What the header says.
fn headed(fields: Fields, hint: Option<&str>) -> Read {
    let list = |name: &str| -> Vec<Mailbox> {
        fields.all(name).flat_map(|value| address::list(value, hint)).take(limits::ADDRESSES).collect()
    };
    let senders = list("from");
    let sender = list("sender").into_iter().next();
    let reply_to = list("reply-to").into_iter().next().map(|mailbox| mailbox.address);
    let return_path = fields.text("return-path").map(|path| path.trim_matches(['<', '>', ' ']).to_owned());
    let path = return_path.as_deref().and_then(address::cleaned);
    let first = senders.first().or(sender.as_ref()).cloned();
    let from = first.as_ref().map(|mailbox| mailbox.address.clone()).or(path).or_else(|| reply_to.clone());
    let from_name = match &first {
        Some(mailbox) => mailbox.name.clone(),
        // A From without an address is a name at least.
        None => fields.get("from").map(|value| words::decode(value, hint)).map(|name| name.trim_matches(['"', '<', '>', ' ']).to_owned()).unwrap_or_default(),
    };
    let delivered = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];
    let read = Read {
        from,
        from_name,
        sender,
        reply_to,
        to: list("to"),
        cc: list("cc"),
        delivered_to: delivered.iter().flat_map(|name| list(name)).map(|mailbox| mailbox.address).collect(),
        subject: fields.get("subject").map(|value| words::decode(value, hint)).unwrap_or_default(),
        date: fields.all("date").chain(fields.all("resent-date")).find_map(date),
        message_id: fields.get("message-id").and_then(|value| ids(value).into_iter().next()),
        in_reply_to: fields.get("in-reply-to").map(ids).unwrap_or_default(),
        references: fields.get("references").map(ids).unwrap_or_default(),
        own_mark: fields.0.iter().any(|field| field.name.starts_with(OWN_MARK)),
        senders,
        return_path,
        ..Read::default()
    };
    Read { fields, ..read }
}

/// Message-IDs of a value; those without brackets count when nothing else is there.
fn ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let mut found: Vec<String> = Vec::new();
    for piece in text.split('<').skip(1).take(limits::IDS) {
        let id: String = piece.split('>').next().unwrap_or_default().split_whitespace().collect();
        if !id.is_empty() && id.len() <= 998 {
            found.push(id);
        }
    }
    if found.is_empty() {
        found.extend(text.split_whitespace().filter(|word| word.contains('@')).take(limits::IDS).map(|w| w.trim_matches(['>', '"', ',']).to_owned()));
    }
    found
}

/// A date as mail has it, with what mail programs make of it; none that lies outside the years of e-mail.
fn date(value: &[u8]) -> Option<Moment> {
    let text = words::one_line(&String::from_utf8_lossy(value));
    let parsed = mail_parser::DateTime::parse_rfc822(&spelled(&text)).map(|date| date.to_timestamp());
    let parsed = parsed.or_else(|| text.parse::<Timestamp>().ok().map(Timestamp::as_second));
    let seconds = parsed.filter(|seconds| (0..=7_258_118_400).contains(seconds))?;
    Timestamp::from_second(seconds).ok().map(Moment::from_jiff)
}

/// A date in the words that the parser knows: no weekday, a space between day, month and year, seconds, a zone as an
/// offset, the names of zones that Taiwan's mail has.
fn spelled(text: &str) -> String {
    let text = text.split_once(',').filter(|(day, _)| !day.chars().any(|c| c.is_ascii_digit())).map_or(text, |(_, rest)| rest);
    let text = text.split('(').next().unwrap_or(text);
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    // `18-Sep-2026`, and the C library's `Fri Sep 18 09:30:00 2026`.
    if let Some(first) = words.first().filter(|w| w.contains('-') && w.chars().any(|c| c.is_ascii_alphabetic())).cloned() {
        words.splice(0..1, first.split('-').map(str::to_owned).collect::<Vec<_>>());
    }
    let is_word = |word: Option<&String>| word.is_some_and(|w| w.chars().all(|c| c.is_ascii_alphabetic()));
    if is_word(words.first()) && !is_word(words.get(1)) {
        let second = 1.min(words.len().saturating_sub(1));
        words.swap(0, second);
    } else if is_word(words.first()) && is_word(words.get(1)) {
        words.remove(0);
        if words.len() > 3 && words[2].contains(':') {
            let at = words.iter().position(|w| w.len() == 4 && w.chars().all(|c| c.is_ascii_digit()));
            if let Some(at) = at {
                let year = words.remove(at);
                words.insert(2, year);
            }
            words.swap(0, 1);
        }
    }
    if let Some(year) = words.get_mut(2).filter(|y| y.len() < 4)
        && let Ok(short) = year.parse::<u32>()
    {
        // RFC 5322, 4.3: two digits below 50 are of this century, three are counted from 1900.
        *year = (if short < 50 { short + 2000 } else { short + 1900 }).to_string();
    }
    if let Some(time) = words.get_mut(3) {
        *time = time.replace('.', ":");
        if time.matches(':').count() == 1 {
            time.push_str(":00");
        }
        // Fractions of seconds.
        if time.matches(':').count() > 2 {
            *time = time.split(':').take(3).collect::<Vec<_>>().join(":");
        }
    }
    if let Some(mark) = words.get(4).map(|w| w.to_ascii_uppercase()).filter(|w| w == "AM" || w == "PM") {
        words.remove(4);
        if let Some((hour, rest)) = words[3].split_once(':')
            && let Ok(hour) = hour.parse::<u32>()
        {
            words[3] = format!("{:02}:{rest}", hour % 12 + if mark == "PM" { 12 } else { 0 });
        }
    }
    let zone = words.get(4).map_or("", String::as_str).to_ascii_uppercase();
    let offset = match zone.as_str() {
        "" | "UT" | "UTC" | "GMT" | "Z" => "+0000".to_owned(),
        "CST" | "TST" | "HKT" | "SGT" | "PHT" | "AWST" if words.len() <= 5 => {
            // Taipei's CST; America's senders write an offset.
            "+0800".to_owned()
        }
        "JST" | "KST" => "+0900".to_owned(),
        "EST" | "CDT" => "-0500".to_owned(),
        "EDT" => "-0400".to_owned(),
        "MST" | "PDT" => "-0700".to_owned(),
        "MDT" => "-0600".to_owned(),
        "PST" => "-0800".to_owned(),
        "CET" | "BST" | "MEZ" => "+0100".to_owned(),
        "CEST" | "EET" => "+0200".to_owned(),
        zone => {
            let named = ["GMT", "UTC"].iter().find_map(|name| zone.strip_prefix(name)).unwrap_or(zone);
            let digits: String = named.chars().filter(char::is_ascii_digit).collect();
            let sign = if named.starts_with('-') { '-' } else { '+' };
            match digits.len() {
                1 | 2 => format!("{sign}{digits:0>2}00"),
                3 | 4 => format!("{sign}{digits:0>4}"),
                _ => "+0000".to_owned(),
            }
        }
    };
    words.truncate(4);
    words.push(offset);
    words.join(" ")
}

/// METHOD of the part in the language of calendars that a program sent to be answered or to answer.
fn calendar(bytes: &[u8], tree: &tree::Tree) -> Option<String> {
    let part = tree.parts.iter().find(|part| part.kind.value == "text/calendar" && part.disposition.value != "attachment")?;
    let method = part.kind.word("method");
    let method = if method.is_empty() {
        let data = text::decoded(bytes, part);
        let text = String::from_utf8_lossy(&data[..data.len().min(4096)]).to_ascii_lowercase();
        text.lines().find_map(|line| line.trim().strip_prefix("method:").map(|m| m.trim().to_owned()))?
    } else {
        method
    };
    (method != "publish").then_some(method)
}

#[cfg(test)]
mod tests;
