//! Letters caught in a folder, for the demonstration's page: the list, and one letter as a mail program would show it.
//! An id is the name of a letter's file and nothing else; no path gets in.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use super::folder::ENDING;
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// Bytes that hold a letter's headers.
const HEAD: u64 = 1 << 15;

/// A letter in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Names it for [`open`].
    pub id: String,
    /// The moment on it.
    pub date: Option<Moment>,
    /// To whom.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
}

/// A letter opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// As in the list.
    pub caught: Caught,
    /// Every header, in order, decoded where it is text.
    pub headers: Vec<(String, String)>,
    /// The text part.
    pub text: String,
    /// The HTML part, a whole document: to be shown in a sandboxed frame.
    pub html: String,
    /// The files it carries.
    pub files: Vec<CaughtFile>,
}

/// A file that a caught letter carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaughtFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// The name by which the HTML part shows it.
    pub content_id: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The newest letters, newest first, or the page of them after the one with id `before`. A folder that does not exist
/// yet holds none.
///
/// # Errors
/// `Unavailable` when the folder cannot be read.
pub fn list(folder: &Path, before: Option<&str>, limit: usize) -> Result<Vec<Caught>> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|e| unreadable(&e))?,
    };
    let mut ids: Vec<String> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| unreadable(&e))?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).filter(|id| is_id(id));
        if let (Some(id), true) = (id, path.extension().is_some_and(|ending| ending == ENDING)) {
            ids.push(id.to_owned());
        }
    }
    ids.retain(|id| before.is_none_or(|before| id.as_str() < before));
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(limit);
    let mut caught = Vec::with_capacity(ids.len());
    for id in ids {
        let mut head = Vec::new();
        let file = fs::File::open(folder.join(format!("{id}.{ENDING}"))).map_err(|e| unreadable(&e))?;
        file.take(HEAD).read_to_end(&mut head).map_err(|e| unreadable(&e))?;
        if let Some(message) = MessageParser::default().parse_headers(&head) {
            caught.push(summary(id, &message));
        }
    }
    Ok(caught)
}

/// One letter.
///
/// # Errors
/// `NotFound` when there is no letter of this id; `Unavailable` when it cannot be read.
pub fn open(folder: &Path, id: &str) -> Result<Opened> {
    let bytes = source(folder, id)?;
    let message = MessageParser::default().parse(&bytes).ok_or(Error::NotFound)?;
    let headers = message.headers().iter().map(|header| {
        let name = header.name.as_str().to_owned();
        let text = header.value.as_text().map(str::to_owned).or_else(|| header.value.as_address().and_then(named));
        let raw = bytes.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
        let value =
            text.unwrap_or_else(|| String::from_utf8_lossy(raw).split_whitespace().collect::<Vec<_>>().join(" "));
        (name, value)
    });
    let files = message.attachments().map(|part| CaughtFile {
        name: part.attachment_name().unwrap_or("file").to_owned(),
        media_type: part
            .content_type()
            .map_or_else(String::new, |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())),
        content_id: part.content_id().map(str::to_owned),
        bytes: part.contents().to_vec(),
    });
    Ok(Opened {
        headers: headers.collect(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        files: files.collect(),
        caught: summary(id.to_owned(), &message),
    })
}

/// An address as a person reads it: the name decoded, the address behind it.
fn named(address: &mail_parser::Address<'_>) -> Option<String> {
    let first = address.first()?;
    let mailbox = first.address()?;
    Some(first.name().map_or_else(|| mailbox.to_owned(), |name| format!("{name} <{mailbox}>")))
}

/// One letter as it travelled.
///
/// # Errors
/// As for [`open`].
pub fn source(folder: &Path, id: &str) -> Result<Vec<u8>> {
    fs::read(path(folder, id)?).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound,
        _ => unreadable(&e),
    })
}

fn path(folder: &Path, id: &str) -> Result<PathBuf> {
    if is_id(id) { Ok(folder.join(format!("{id}.{ENDING}"))) } else { Err(Error::NotFound) }
}

/// Letters, digits and dashes: no dot, no separator.
fn is_id(id: &str) -> bool {
    (1..=80).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn summary(id: String, message: &Message<'_>) -> Caught {
    let to = message.to().and_then(Address::first).and_then(|to| to.address()).unwrap_or_default();
    Caught {
        id,
        date: message.date().map(|date| Moment(date.to_timestamp().saturating_mul(1_000_000))),
        to: to.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
    }
}

fn unreadable(e: &std::io::Error) -> Error {
    Error::Unavailable(format!("the folder of caught letters cannot be read: {e}"))
}
