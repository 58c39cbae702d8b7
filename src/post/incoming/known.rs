//! What only the database and the keys know of a message: whether the address it came to is one that we signed, whether
//! what it answers or reports on is a letter of ours, whether its writer is a person of that case.

use super::Read;
use super::facts::{Own, facts, number_in};
use crate::domain::incoming::{Facts, Known, SignedReply};
use crate::domain::party::fold_email;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::post::address::{Thread, letter_of, marked, thread_of};
use crate::store::learned_ids::{self, Learned};
use crate::store::letters::{self, LetterRow};
use crate::store::{Db, cases, messages, parties, staff, submissions};

/// References that are looked up at most, the nearest first.
const REFERENCES: usize = 20;
/// Characters of a Message-ID that is learned at most: a line of mail (RFC 5322, 2.1.1).
const LONGEST_ID: usize = 998;

/// The facts of a message, with what the database knows.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The facts.
    pub facts: Facts,
    /// The letter it is about.
    pub letter: Option<LetterRow>,
    /// The case that its subject names.
    pub suggested: Option<i64>,
    /// What it proves by a signature of ours about Message-IDs that are not ours.
    pub lesson: Option<Lesson>,
}

/// Message-IDs that a relay gave letters of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Without brackets.
    pub header_ids: Vec<String>,
    /// What they lead to.
    pub what: Learned,
}

/// Looks everything up.
///
/// # Errors
/// Of the database or the keys.
pub fn look_up(db: &mut Db, keys: &Keys, own: &Own, read: &Read) -> Result<Looked> {
    let mut facts = facts(read, own);
    let recipients = read.to.iter().chain(&read.cc).map(|mailbox| mailbox.address.as_str());
    let addresses: Vec<&str> = recipients.chain(read.delivered_to.iter().map(String::as_str)).collect();
    let proved = proved(db, keys, read, &addresses)?;
    let by_id = of_ids(db, read)?;
    let thread = addresses.iter().find_map(|address| thread_of(keys, address));
    let matter = thread.map(|thread| of_thread(db, thread)).transpose()?.flatten();
    // What a signature proves goes before what anybody may write.
    let lesson = match (&proved, &matter, thread) {
        (Some(letter), _, _) => Some(Learned::Letter(letter.id)),
        (None, Some(_), Some(Thread::Case(id))) => Some(Learned::Case(id)),
        (None, Some(_), Some(Thread::Submission(id))) => Some(Learned::Submission(id)),
        _ => None,
    };
    // A signature of one letter beside the Message-ID of another proves neither.
    let by_signature = match (&proved, &by_id) {
        (Some(proved), Some(Found::Letter(named))) => proved.id == named.id,
        (proved, _) => proved.is_some(),
    };
    let (letter, learned) = match (proved, by_id) {
        (Some(letter), _) | (None, Some(Found::Letter(letter))) => (Some(*letter), None),
        (None, Some(Found::Matter(matter))) => (None, Some(matter)),
        (None, None) => (None, None),
    };
    let named = match &letter {
        Some(letter) => of_letter(db, letter)?,
        None if learned.is_some() => learned,
        None => of_message(db, read)?,
    };
    facts.signed = match &matter {
        Some(Matter { case_id: Some(case_id), .. }) => Some(SignedReply { case_id: *case_id, valid: true }),
        Some(_) => None,
        // It looks like one of ours and is none; what reports on delivery is known by its letter.
        None if facts.signed_unverified && letter.is_none() && facts.bounce.is_none() => {
            Some(SignedReply { case_id: 0, valid: false })
        }
        None => None,
    };
    facts.signed_unverified = false;
    let at = matter.or(named);
    facts.known_message = match (&letter, &at) {
        (Some(_), Some(matter)) => Known::Letter { case_id: matter.case_id },
        (Some(_), None) => Known::Letter { case_id: None },
        // Answers to what is no letter, but known all the same.
        (None, Some(matter)) if facts.signed.is_none() => Known::Letter { case_id: matter.case_id },
        _ if facts.known_message == Known::NotLookedUp => Known::Unknown,
        _ => Known::NoReference,
    };
    if let (Some(letter), Some(bounce)) = (&letter, &facts.bounce) {
        // Its Message-ID alone stands in every answer to it: then whom the letter went to has to be who failed.
        facts.report_proven = by_signature || went_to(db, keys, letter, bounce.recipient.as_deref())?;
    }
    if let Some(matter) = &at {
        facts.to_us = Some(true);
        facts.sender_fits = fits(db, keys, read, matter, letter.as_ref())?;
    }
    let number = number_in(&read.subject).map(|number| number.to_string());
    let suggested = match number {
        Some(number) => found(cases::by_number(db, &number))?.map(|case| case.id),
        None => None,
    };
    // Whoever answers has to be a person of the matter; a report on a letter comes from a mail server.
    let lesson = match lesson.filter(|what| facts.sender_fits || matches!(what, Learned::Letter(_))) {
        Some(what) => Some(Lesson { header_ids: strange_ids(db, read)?, what }).filter(|l| !l.header_ids.is_empty()),
        None => None,
    };
    Ok(Looked { facts, letter, suggested, lesson })
}

/// What a message belongs to.
#[derive(Clone, Debug)]
struct Matter {
    case_id: Option<i64>,
    /// Its petitioner.
    party_id: Option<i64>,
}

impl Matter {
    fn case(id: i64, party_id: i64) -> Self {
        Self { case_id: Some(id), party_id: Some(party_id) }
    }

    fn submission(submission: &submissions::Submission) -> Self {
        Self { case_id: submission.case_id, party_id: Some(submission.party_id) }
    }
}

/// The case or submission of a signed reply address.
fn of_thread(db: &mut Db, thread: Thread) -> Result<Option<Matter>> {
    Ok(match thread {
        Thread::Case(id) => found(cases::get(db, id))?.map(|case| Matter::case(case.id, case.party_id)),
        Thread::Submission(id) => found(submissions::get(db, id))?.map(|s| Matter::submission(&s)),
    })
}

/// The letter of ours that a message is about, as a signature of ours proves: by the address it came back to, or by the
/// mark in what came back.
fn proved(db: &mut Db, keys: &Keys, read: &Read, addresses: &[&str]) -> Result<Option<Box<LetterRow>>> {
    let returned = addresses.iter().find_map(|address| letter_of(keys, address));
    for id in [returned, read.returned_mark.as_deref().and_then(|mark| marked(keys, mark))].into_iter().flatten() {
        if let Some(letter) = found(letters::get(db, id))? {
            return Ok(Some(Box::new(letter)));
        }
    }
    Ok(None)
}

/// What Message-IDs lead to.
enum Found {
    Letter(Box<LetterRow>),
    Matter(Matter),
}

/// What a message is about by what it answers or reports on: our own Message-IDs, or those that relays gave our letters.
fn of_ids(db: &mut Db, read: &Read) -> Result<Option<Found>> {
    for id in references(read) {
        if let Some(letter) = letters::by_message_id(db, &format!("<{id}>"))? {
            return Ok(Some(Found::Letter(Box::new(letter))));
        }
        let matter = match learned_ids::get(db, id)? {
            Some(Learned::Letter(id)) => match found(letters::get(db, id))? {
                Some(letter) => return Ok(Some(Found::Letter(Box::new(letter)))),
                None => None,
            },
            Some(Learned::Case(id)) => of_thread(db, Thread::Case(id))?,
            Some(Learned::Submission(id)) => of_thread(db, Thread::Submission(id))?,
            None => None,
        };
        if let Some(matter) = matter {
            return Ok(Some(Found::Matter(matter)));
        }
    }
    Ok(None)
}

/// Message-IDs of what a message answers or reports on that lead to nothing here: neither ours nor of the ledger.
fn strange_ids(db: &mut Db, read: &Read) -> Result<Vec<String>> {
    let named: Vec<&str> = match &read.bounce {
        Some(bounce) => bounce.original_message_id.as_deref().into_iter().collect(),
        // Of what stands in References only the last is what is answered.
        None if read.in_reply_to.is_empty() => read.references.last().map(String::as_str).into_iter().collect(),
        None => read.in_reply_to.iter().map(String::as_str).take(REFERENCES).collect(),
    };
    let mut strange = Vec::new();
    for id in named {
        let fit = id.len() <= LONGEST_ID && id.bytes().all(|b| b.is_ascii_graphic());
        if fit
            && letters::by_message_id(db, &format!("<{id}>"))?.is_none()
            && learned_ids::get(db, id)?.is_none()
            && messages::by_header_id(db, id)?.is_none()
        {
            strange.push(id.to_owned());
        }
    }
    Ok(strange)
}

/// What a message answers or reports on, the nearest first.
fn references(read: &Read) -> impl Iterator<Item = &str> {
    let reported = read.bounce.iter().filter_map(|bounce| bounce.original_message_id.as_deref());
    let answered = read.in_reply_to.iter().chain(read.references.iter().rev()).map(String::as_str);
    // Nobody's Message-ID has a NUL, which PostgreSQL does not take.
    reported.chain(answered).filter(|id| id.bytes().all(|b| b.is_ascii_graphic())).take(REFERENCES)
}

fn of_letter(db: &mut Db, letter: &LetterRow) -> Result<Option<Matter>> {
    Ok(match (letter.case_id, letter.submission_id) {
        // A notice to staff: its answers are no petitioner's.
        _ if letter.party_id.is_none() => Some(Matter { case_id: letter.case_id, party_id: None }),
        (Some(id), _) => Some(Matter { case_id: Some(id), party_id: letter.party_id }),
        (None, Some(id)) => found(submissions::get(db, id))?.map(|submission| Matter::submission(&submission)),
        (None, None) => None,
    })
}

/// What an earlier message became that this one goes on from.
fn of_message(db: &mut Db, read: &Read) -> Result<Option<Matter>> {
    for id in references(read) {
        match messages::by_header_id(db, id)? {
            Some((Some(case_id), _)) => {
                let case = cases::get(db, case_id)?;
                return Ok(Some(Matter::case(case.id, case.party_id)));
            }
            Some((None, Some(submission))) => {
                return Ok(found(submissions::get(db, submission))?.map(|s| Matter::submission(&s)));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Whether the sender is the petitioner, or somebody whose letter went elsewhere at their wish, or whom a registrar joined
/// to the case before.
fn fits(db: &mut Db, keys: &Keys, read: &Read, matter: &Matter, letter: Option<&LetterRow>) -> Result<bool> {
    let Some(from) = read.from.as_deref() else { return Ok(false) };
    let index = messages::index(keys, from)?;
    if let Some(party_id) = matter.party_id
        && parties::has_email(db, party_id, &index)?
    {
        return Ok(true);
    }
    if letter.map(|letter| is_own_address(keys, letter, from)).transpose()? == Some(true) {
        return Ok(true);
    }
    match matter.case_id {
        Some(case_id) => messages::known_sender(db, case_id, &index),
        None => Ok(false),
    }
}

/// Whether an address is one that was given for this letter alone.
fn is_own_address(keys: &Keys, letter: &LetterRow, address: &str) -> Result<bool> {
    Ok(letter.own_address(keys)?.is_some_and(|own| fold_email(&own) == fold_email(address)))
}

/// Whether the letter went to the recipient that a report names.
fn went_to(db: &mut Db, keys: &Keys, letter: &LetterRow, failed: Option<&str>) -> Result<bool> {
    let Some(failed) = failed else { return Ok(false) };
    if letter.to_sealed.is_some() {
        return is_own_address(keys, letter, failed);
    }
    match (letter.party_id, letter.staff_id) {
        (Some(party), _) => parties::has_email(db, party, &messages::index(keys, failed)?),
        (None, Some(id)) => Ok(fold_email(&staff::get(db, id)?.email) == fold_email(failed)),
        (None, None) => Ok(false),
    }
}

/// What is not there (any more) is none.
fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}
