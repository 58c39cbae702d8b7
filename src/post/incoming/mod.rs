//! Incoming mail. The pure half: bytes become a [`Read`], a `Read` and what is known of the world become the facts that
//! [`crate::domain::incoming::decide`] decides on. Generous in reading: nothing a stranger sends makes it fail, and what
//! was cut or mended is said in the notes. No clock, no database, no network. [`intake`] stands on both: it takes what lies
//! in the ledger in, with the facts that only the database and the keys know ([`look_up`]).

mod address;
mod attached;
mod auth;
mod automatic;
mod bounce;
mod charset;
mod date;
pub mod facts;
mod fold;
mod folder;
mod header;
mod html;
pub mod imap;
pub mod intake;
mod known;
mod limits;
mod params;
mod rtf;
mod smime;
mod text;
mod tnef;
mod transfer;
mod tree;
mod words;

pub use address::Mailbox;
pub use attached::Attachment;
pub use fold::{Piece, Role, fold, written};
pub use header::Fields;
pub use html::safe_html;
pub use known::{Lesson, Looked, look_up};

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
    /// The mark of our own letters in the one that came back.
    pub returned_mark: Option<String>,
    /// `report-type` of a `multipart/report`.
    pub report_type: String,
    /// METHOD of a calendar's part.
    pub calendar_method: Option<String>,
    /// It carries the header of our own letters.
    pub own_mark: bool,
    /// Something in it is encrypted, and stays so.
    pub encrypted: bool,
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
    let open = smime::open(bytes, beginning(bytes));
    let (bytes, tree) = (open.bytes.as_deref().unwrap_or(bytes), open.tree);
    note(tree.cut, "mail-note-parts-cut");
    note(tree.cut_header, "mail-note-header-cut");
    note(tree.broken_header, "mail-note-header-broken");
    note(tree.broken_parts, "mail-note-parts-broken");
    note(open.signed, "mail-note-signed");
    note(open.encrypted, "mail-note-encrypted");
    let Some(root) = tree.parts.first() else { return Read { notes, ..Read::default() } };
    let hint = hint(bytes, &tree);
    let hint = hint.as_deref();
    let mut read = headed(root.fields.clone(), hint);
    read.encrypted = open.encrypted;

    let mut words = text::choose(bytes, &tree, hint);
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
        read.report_type =
            if has("message/disposition-notification") { "disposition-notification" } else { "delivery-status" }
                .to_owned();
    }
    read.calendar_method = calendar(bytes, &tree);
    read.bounce = bounce::find(bytes, &tree, &read, &root.fields);
    read.returned_mark = read.bounce.as_ref().and_then(|_| bounce::returned_mark(bytes, &tree));
    (read.automatic, read.signs) = automatic::judge(&read, &root.fields);
    read.notes = notes;
    read
}

/// The charset of bytes above ASCII that declare none: what a part declares, else an encoded word of the header, else
/// what the body looks like.
fn hint(bytes: &[u8], tree: &tree::Tree) -> Option<String> {
    let root = tree.parts.first()?;
    let declared =
        tree.parts.iter().filter_map(|part| part.kind.get("charset", None)).find(|label| charset::known(label));
    let in_words = || ["subject", "from"].iter().find_map(|name| root.fields.get(name).and_then(words::label));
    let bodies = || {
        tree.parts.iter().filter(|part| !part.multipart).find_map(|part| charset::looked_at(&bytes[part.body.clone()]))
    };
    declared.or_else(|| in_words().filter(|label| charset::known(label))).or_else(|| bodies().map(str::to_owned))
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
        None => fields
            .get("from")
            .map(|value| words::decode(value, hint))
            .map(|name| name.trim_matches(['"', '<', '>', ' ']).to_owned())
            .unwrap_or_default(),
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
        date: fields.all("date").chain(fields.all("resent-date")).find_map(date::read),
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
        found.extend(
            text.split_whitespace()
                .filter(|word| word.contains('@'))
                .take(limits::IDS)
                .map(|w| w.trim_matches(['>', '"', ',']).to_owned()),
        );
    }
    found
}

/// METHOD of the part in the language of calendars that a program sent to be answered or to answer.
fn calendar(bytes: &[u8], tree: &tree::Tree) -> Option<String> {
    let part =
        tree.parts.iter().find(|part| part.kind.value == "text/calendar" && part.disposition.value != "attachment")?;
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
