//! The messages of the ledger taken in: read outside any transaction, decided by what the database and the keys know of
//! them, and carried out by [`crate::acts::mail_taken_in`]. One that cannot be taken in never stands in the way of others,
//! whatever it does: even when reading it ends the process, its attempts are counted before.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::facts::Own;
use super::known::look_up;
use super::{Attachment, Read, folder, read};
use crate::acts::mail_taken_in::{Taking, claim, put_off, take_in};
use crate::app::App;
use crate::config::Attachments;
use crate::domain::incoming::{DecisionKind, LeftOut, LeftOutWhy, Mail, MessageState, ReportKind, decide};
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, Result};
use crate::files::types::{FileType, Verdict, ending, judge};
use crate::post::Trouble;
use crate::post::mask::mask;
use crate::store::attachments::{StoredFile, lease};
use crate::store::messages;

/// Messages in one run; the next tick takes the rest.
const BATCH: i64 = 200;
/// Files left out that are named at most.
const NAMED: usize = 100;
/// Hours that files are kept while their rows are being written.
const LEASE_HOURS: i64 = 12;

/// Takes in what was dropped into the folder, and every message that waits. Returns how many were taken in.
///
/// # Errors
/// Of the database; what is wrong with one message stands with that message.
pub fn all(app: &App, now: Moment) -> Result<usize> {
    folder::collect(app, now)?;
    let mut taken = 0;
    for id in app.office.store.read(|db| messages::due(db, now, BATCH))? {
        taken += usize::from(one(app, now, id)?.is_some_and(|state| state != MessageState::Waiting));
    }
    Ok(taken)
}

/// Takes one message in, if it waits; what became of it.
///
/// # Errors
/// Of the database, when not even the fault could be laid down.
pub fn one(app: &App, now: Moment, id: i64) -> Result<Option<MessageState>> {
    let Some(row) = claim(&app.office, now, id)? else { return Ok(None) };
    let attempt = catch_unwind(AssertUnwindSafe(|| attempt(app, now, id, &row.sha256)));
    let done = attempt.unwrap_or_else(|_| Err(Error::internal("reading it panicked")));
    match done {
        Ok(state) => Ok(Some(state)),
        Err(e) => {
            tracing::warn!(message = id, error = %e, "a message was not taken in");
            put_off(&app.office, now, id, &e).map(Some)
        }
    }
}

fn attempt(app: &App, now: Moment, id: i64, sha256: &str) -> Result<MessageState> {
    let read = read(&app.files.get(sha256)?);
    let own = Own::of(&app.config);
    let looked = app.office.store.read(|db| look_up(db, &app.office.keys, &own, &read))?;
    let decision = decide(&looked.facts);
    let wants_files = matches!(decision.kind, DecisionKind::NewSubmission | DecisionKind::Append);
    let mut mail = mail_of(&read);
    mail.automatic = looked.facts.automatic;
    let mut files = Vec::new();
    if wants_files {
        (files, mail.left_out) = keep(app, now, &read)?;
    }
    let taking = Taking {
        came_back: came_back(&mail),
        files,
        mail,
        decision,
        letter_id: looked.letter.map(|letter| letter.id),
        learned: looked.lesson.map(|lesson| (lesson.header_ids, lesson.what)),
        suggested: looked.suggested,
    };
    take_in(&app.office, &app.config.mail.incoming, now, id, &taking)
}

/// What of a message stays in the database.
#[must_use]
pub fn mail_of(read: &Read) -> Mail {
    Mail {
        from: read.from.clone(),
        from_name: read.from_name.clone(),
        subject: read.subject.clone(),
        text: read.text.clone(),
        header_id: read.message_id.clone(),
        automatic: read.automatic,
        bounce: read.bounce.clone(),
        left_out: Vec::new(),
    }
}

/// What stands with a letter that came back for good.
fn came_back(mail: &Mail) -> Option<String> {
    let bounce = mail.bounce.as_ref().filter(|b| b.kind == ReportKind::Failed)?;
    let said = bounce.diagnostic.as_deref().or(bounce.status.as_deref()).unwrap_or_default();
    let said = mask(said, bounce.recipient.as_deref().unwrap_or_default());
    Some(format!("{}: {said}", Trouble::Bounced))
}

/// Keeps the files of a message that a case may carry, by the rules of the web form: their number, their size, what they
/// are. The others, given second, stay in the message, where a registrar finds them.
///
/// # Errors
/// `Unavailable` when disk or database do not take them.
pub fn keep(app: &App, now: Moment, read: &Read) -> Result<(Vec<StoredFile>, Vec<LeftOut>)> {
    let rules = &app.config.attachments;
    let mut good: Vec<(&Attachment, FileType)> = Vec::new();
    let mut left_out = Vec::new();
    let mut leave = |file: &Attachment, why| {
        if left_out.len() < NAMED {
            left_out.push(LeftOut { name: file.name.clone(), why });
        }
    };
    for file in &read.attachments {
        match carried(rules, file) {
            Ok(kind) => good.push((file, kind)),
            Err(why) => leave(file, why),
        }
    }
    // Pictures within the text are mostly of signatures.
    good.sort_by_key(|(file, _)| file.inline);
    for (file, _) in good.drain(rules.max_files.min(good.len())..) {
        leave(file, LeftOutWhy::Number);
    }
    let stored: Vec<StoredFile> = good.iter().map(|(file, kind)| stored(file, *kind)).collect();
    if !stored.is_empty() {
        let (leased, until) = (stored.clone(), now.plus_seconds(LEASE_HOURS * HOUR));
        app.office.store.write(move |db| leased.iter().try_for_each(|file| lease(db, file, now, until)))?;
    }
    for (file, _) in good {
        app.files.put(&file.bytes)?;
    }
    Ok((stored, left_out))
}

/// What a file is, if a case may carry it.
///
/// # Errors
/// Why it may not.
pub fn carried(rules: &Attachments, file: &Attachment) -> std::result::Result<FileType, LeftOutWhy> {
    match judge(&file.bytes, &file.name) {
        _ if file.bytes.is_empty() => Err(LeftOutWhy::Empty),
        Verdict::Is(kind) if rules.types.iter().any(|short| short == kind.short) => {
            if file.bytes.len() as u64 <= rules.max_bytes { Ok(kind) } else { Err(LeftOutWhy::Size) }
        }
        _ => Err(LeftOutWhy::Kind),
    }
}

fn stored(file: &Attachment, kind: FileType) -> StoredFile {
    let says_so = ending(&file.name).is_some_and(|end| kind.ends.contains(&end.as_str()));
    StoredFile {
        sha256: file.sha256.clone(),
        name: if says_so { file.name.clone() } else { format!("{}.{}", file.name, kind.short) },
        media_type: kind.media.to_owned(),
        size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
    }
}
