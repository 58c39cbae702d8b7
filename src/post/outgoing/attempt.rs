//! One attempt to send one claimed letter: find the reader, put the letter into words (or take the words it was frozen
//! in), hand it over. What became of it is recorded by the caller.

use std::sync::{Mutex, PoisonError};

use lettre::Address;

use super::frozen::{Frozen, FrozenFile, message_id};
use super::smtp::Session;
use super::{links, message, recipient};
use crate::domain::letter::{Letter, Locale};
use crate::domain::time::Moment;
use crate::error::Error;
use crate::letters::FilesByLink;
use crate::post::Post;
use crate::post::address::{self, Thread};
use crate::post::trouble::{Failure, Trouble};
use crate::store::attachments::{self, Attachment, Carrier};
use crate::store::letters::{self, LetterRow};

/// Letters that carry more bytes than this go one at a time, whatever the number of connections: memory stays bounded.
const HEAVY: i64 = 2 << 20;
static HEAVY_ONE: Mutex<()> = Mutex::new(());

/// Why an attempt ended without a letter sent.
#[derive(Debug)]
pub enum Stop {
    /// Something to record with the letter.
    Trouble(Failure),
    /// Nothing can or may be recorded (the database is away, another node has the claim): the claim runs out by itself.
    Leave(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Trouble(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) | Error::Contended(_) | Error::Conflict => Self::Leave(error),
            other => Self::Trouble(Trouble::Unreadable.with(other.to_string())),
        }
    }
}

/// What is ready to be handed over.
pub struct Ready {
    to: Address,
    frozen: Frozen,
}

/// Finds the reader and the words. The address comes along even when the rest fails, so that it can be masked.
pub fn prepare(post: &Post, row: &LetterRow, claim: &str, now: Moment) -> (String, Result<Ready, Stop>) {
    match recipient::of(post, row) {
        Err(stop) => (String::new(), Err(stop)),
        Ok(reader) => {
            let address = reader.address.to_string();
            let frozen = match frozen(post, row) {
                Ok(Some(frozen)) => Ok(frozen),
                Ok(None) => freeze(post, row, claim, &reader.name, now),
                Err(e) => Err(e.into()),
            };
            (address, frozen.map(|frozen| Ready { to: reader.address, frozen }))
        }
    }
}

/// Hands a letter over.
pub fn send(post: &Post, session: &mut Session, row: &LetterRow, ready: &Ready, now: Moment) -> Result<(), Stop> {
    let heavy = ready.frozen.size() > HEAVY;
    let _alone = heavy.then(|| HEAVY_ONE.lock().unwrap_or_else(PoisonError::into_inner));
    let mut files: Vec<(&FrozenFile, Vec<u8>)> = Vec::new();
    for file in &ready.frozen.files {
        let bytes = post.files.get(&file.sha256).map_err(|e| Trouble::FileMissing.with(e.to_string()))?;
        files.push((file, bytes));
    }
    let bytes = message::build(&ready.frozen, &post.from, &ready.to, files, post.signer())
        .map_err(|e| Trouble::Unreadable.with(e))?;
    let returns_to = post.addresses.returns_to(&post.keys, row.id)?.and_then(|address| address.parse().ok());
    let from = returns_to.as_ref().unwrap_or(&post.from.email);
    Ok(post.transport.send(session, row.id, (from, &ready.to), &bytes, now)?)
}

fn frozen(post: &Post, row: &LetterRow) -> Result<Option<Frozen>, Error> {
    let read = |text: String| {
        serde_json::from_str(&text)
            .map_err(|_| Error::internal(format!("what letter {} was frozen to cannot be read", row.id)))
    };
    row.frozen(&post.keys)?.map(read).transpose()
}

/// Puts a letter into words and keeps them.
fn freeze(post: &Post, row: &LetterRow, claim: &str, name: &str, now: Moment) -> Result<Frozen, Stop> {
    let letter = row.letter()?;
    let locale = Locale::parse(&row.locale).unwrap_or(Locale::ZhTw);
    let mut context = post.face.context(locale, &post.zone);
    context.recipient_name = (!name.is_empty()).then(|| name.to_owned());
    context.link = Some(links::of(row, &letter, &post.keys, &post.public_url, locale)?);
    context.query_code = row.query_code(&post.keys)?;
    let is_reply = matches!(letter, Letter::Reply { .. });
    let files = match row.reply_id {
        Some(reply) if is_reply => post.store.read(|db| attachments::of(db, Carrier::Reply(reply)))?,
        _ => Vec::new(),
    };
    let by_link = travelling(&files) > post.max_letter_bytes;
    if let (true, Some(reply)) = (by_link, row.reply_id) {
        let (url, until) = links::to_files(post, reply, locale, now)?;
        context.files = Some(FilesByLink { url, until });
    }
    let words = post.letters.render(&letter, &context).map_err(|e| Trouble::Unreadable.with(e))?;
    let domain = post.from.email.domain();
    let fixed = match &row.message_id {
        Some(fixed) => fixed.clone(),
        // A row of the time before Message-IDs were fixed when letters were written.
        None => letters::new_message_id()?,
    };
    let first = post.store.read(|db| letters::first_of_thread(db, row))?;
    let frozen = Frozen {
        message_id: message_id(&fixed, domain),
        thread: first.map(|first| message_id(&first, domain)),
        reply_to: reply_to(post, row)?,
        mark: Some(address::mark(&post.keys, row.id)?),
        date: now,
        locale,
        automatic: !is_reply,
        subject: words.subject,
        text: words.text,
        html: words.html,
        files: if by_link { Vec::new() } else { files.into_iter().map(FrozenFile::from).collect() },
    };
    let text = serde_json::to_string(&frozen).map_err(Error::internal)?;
    let (id, claim, keys, message_id) = (row.id, claim.to_owned(), post.keys.clone(), frozen.message_id.clone());
    post.store.write(move |db| letters::freeze(db, &keys, id, &claim, &message_id, &text))?;
    Ok(frozen)
}

/// Where a petitioner's answer goes; staff answer to the mailbox.
fn reply_to(post: &Post, row: &LetterRow) -> Result<Option<String>, Error> {
    let thread = match (row.party_id, row.case_id, row.submission_id) {
        (Some(_), Some(case), _) => Thread::Case(case),
        (Some(_), None, Some(submission)) => Thread::Submission(submission),
        _ => return Ok(None),
    };
    post.addresses.reply_to(&post.keys, thread)
}

/// Bytes that files take on their way: base 64, in lines.
fn travelling(files: &[Attachment]) -> i64 {
    files.iter().map(|file| file.size / 57 * 78 + 78).sum()
}
