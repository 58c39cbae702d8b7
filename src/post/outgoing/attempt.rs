//! The steps of one attempt to send one claimed letter: read what it needs, put it into words (or take the words it was
//! frozen in), hand it over. The caller takes the letters of a round through them together, keeps new words before they
//! are sent, and records what became of each.

use std::sync::{Mutex, PoisonError};

use lettre::Address;

use super::frozen::{Frozen, FrozenFile, message_id};
use super::recipient::{self, Reader};
use super::smtp::Session;
use super::{links, message};
use crate::domain::letter::{Letter, Locale};
use crate::domain::time::Moment;
use crate::error::Error;
use crate::letters::FilesByLink;
use crate::post::Post;
use crate::post::address::{self, Thread};
use crate::post::trouble::{Failure, Trouble};
use crate::store::attachments::{self, Attachment, Carrier};
use crate::store::letters::{self, LetterRow, SealedWords};
use crate::store::{Db, replies};

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

/// What a letter needs of the database, read for a whole round at once.
pub struct Gathered {
    reader: Reader,
    thread: Option<String>,
    files: Vec<Attachment>,
    /// Of the reply whose files it carries.
    nonce: Option<String>,
}

impl Gathered {
    /// Where the letter goes; to be masked where it could be read.
    pub fn address(&self) -> String {
        self.reader.address.to_string()
    }
}

/// What is ready to be handed over.
pub struct Ready {
    to: Address,
    frozen: Frozen,
}

/// Reads what the letter needs. Of one that was put into words before, only its reader may have changed.
pub fn gather(db: &mut Db, post: &Post, row: &LetterRow) -> Result<Gathered, Stop> {
    let reader = recipient::of(db, &post.keys, row)?;
    if row.frozen_sealed.is_some() {
        return Ok(Gathered { reader, thread: None, files: Vec::new(), nonce: None });
    }
    let thread = letters::first_of_thread(db, row)?;
    let reply = row.reply_id.filter(|_| matches!(row.letter(), Ok(Letter::Reply { .. })));
    let carrier = match reply {
        Some(reply) => Some(Carrier::Reply(reply)),
        None if row.staff_id.is_none() => None,
        None => matches!(row.letter(), Ok(Letter::SavedReport(_))).then_some(Carrier::Letter(row.id)),
    };
    let files = carrier.map_or(Ok(Vec::new()), |carrier| attachments::of(db, carrier))?;
    // Whether the files travel shows when the letter is in words, which travel too.
    let with_files = reply.filter(|_| !files.is_empty());
    let nonce = with_files.map(|reply| replies::get(db, reply)).transpose()?.map(|reply| reply.nonce);
    Ok(Gathered { reader, thread, files, nonce })
}

/// The letter in words: those it was frozen in, or new ones, which come along sealed so that they can be kept.
pub fn words(
    post: &Post,
    row: &LetterRow,
    gathered: Gathered,
    now: Moment,
) -> Result<(Ready, Option<SealedWords>), Stop> {
    if let Some(text) = row.frozen(&post.keys)? {
        let unreadable = |_| Error::internal(format!("what letter {} was frozen to cannot be read", row.id));
        let frozen = serde_json::from_str(&text).map_err(unreadable)?;
        return Ok((Ready { to: gathered.reader.address, frozen }, None));
    }
    let to = gathered.reader.address.clone();
    let frozen = put(post, row, gathered, now)?;
    let text = serde_json::to_string(&frozen).map_err(Error::internal)?;
    let sealed = letters::seal_words(&post.keys, row.id, &frozen.message_id, &text)?;
    Ok((Ready { to, frozen }, Some(sealed)))
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

/// Puts a letter into words for the first time.
fn put(post: &Post, row: &LetterRow, gathered: Gathered, now: Moment) -> Result<Frozen, Stop> {
    let letter = row.letter()?;
    let locale = Locale::parse(&row.locale).unwrap_or(Locale::ZhTw);
    let Gathered { reader, thread, files, nonce } = gathered;
    let mut context = post.face.context(locale, &post.zone);
    context.recipient_name = (!reader.name.is_empty()).then_some(reader.name);
    context.link = Some(links::of(row, &letter, &post.keys, &post.public_url, locale)?);
    context.query_code = row.query_code(&post.keys)?;
    let mut words = post.letters.render(&letter, &context).map_err(|e| Trouble::Unreadable.with(e))?;
    let mut by_link = false;
    if let (Some(nonce), Some(reply)) = (nonce, row.reply_id)
        && travelling(&files) + message::travelling(&words) > post.max_letter_bytes
    {
        let (url, until) = links::to_files(post, reply, nonce, locale, now)?;
        context.files = Some(FilesByLink { url, until });
        words = post.letters.render(&letter, &context).map_err(|e| Trouble::Unreadable.with(e))?;
        by_link = true;
    }
    let domain = post.from.email.domain();
    let fixed = match &row.message_id {
        Some(fixed) => fixed.clone(),
        // A row of the time before Message-IDs were fixed when letters were written.
        None => letters::new_message_id()?,
    };
    Ok(Frozen {
        message_id: message_id(&fixed, domain),
        thread: thread.map(|first| message_id(&first, domain)),
        reply_to: reply_to(post, row)?,
        mark: Some(address::mark(&post.keys, row.id)?),
        date: now,
        locale,
        automatic: !matches!(letter, Letter::Reply { .. }),
        subject: words.subject,
        text: words.text,
        html: words.html,
        files: if by_link { Vec::new() } else { files.into_iter().map(FrozenFile::from).collect() },
    })
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
