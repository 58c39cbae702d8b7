//! Letters: rows before they are mail. An act inserts one; the outbox claims it, freezes what it will say on the first
//! claim, sends it, and records the outcome under the same claim.

mod again;
mod outbox;
mod thread;

use diesel::prelude::*;

use super::schema::letters;
use super::{Db, nudge};
use crate::domain::delivery::LetterState;
use crate::domain::letter::Letter;
use crate::domain::link::Link;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::Keys;

pub use again::{bounced, copy, retry};
pub use outbox::{Outcome, SealedWords, claim, freeze, record, release, seal_words};
pub use thread::{by_message_id, first_of_thread, new_message_id};

/// The column label of the query code that a letter carries.
const SECRET: &str = "letter.secret";
/// The column label of an address that is this letter's alone.
const TO: &str = "letter.to";
/// The column label of the frozen letter.
const FROZEN: &str = "letter.frozen";

/// Whom a letter is for; the address is looked up when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A petitioner.
    Party(i64),
    /// A member of staff.
    Staff(i64),
}

/// A letter that an act owes.
#[derive(Clone, Debug)]
pub struct NewLetter<'a> {
    /// What it says.
    pub letter: &'a Letter,
    /// For whom.
    pub to: Recipient,
    /// `zh-TW` or `en`.
    pub locale: &'a str,
    /// The case it is about.
    pub case_id: Option<i64>,
    /// The submission it is about.
    pub submission_id: Option<i64>,
    /// The reply it carries.
    pub reply_id: Option<i64>,
    /// The one link in it.
    pub link: Option<Link>,
    /// A query code to print in it.
    pub query_code: Option<&'a str>,
    /// Goes on paper, posted by staff.
    pub by_post: bool,
}

/// A row of `letters`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = letters)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct LetterRow {
    pub id: i64,
    pub kind: String,
    pub case_id: Option<i64>,
    pub submission_id: Option<i64>,
    pub reply_id: Option<i64>,
    pub party_id: Option<i64>,
    pub staff_id: Option<i64>,
    pub locale: String,
    pub data: String,
    pub link: Option<String>,
    pub secret_sealed: Option<Vec<u8>>,
    pub state: LetterState,
    pub attempts: i64,
    pub next_try_at: Option<Moment>,
    pub claim: Option<String>,
    pub message_id: Option<String>,
    pub frozen_sealed: Option<Vec<u8>>,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
    pub error: Option<String>,
    /// An address for this letter alone, sealed; otherwise it goes to its reader's.
    pub to_sealed: Option<Vec<u8>>,
    /// Since when it is tried, when that is not since it was written: staff had it sent again.
    pub tried_from: Option<Moment>,
}

impl LetterRow {
    /// What it says, as data.
    ///
    /// # Errors
    /// `Internal` when the stored data are not a letter.
    pub fn letter(&self) -> Result<Letter> {
        serde_json::from_str(&self.data).map_err(|e| Error::internal(format!("letter {}: {e}", self.id)))
    }

    /// The link it carries.
    ///
    /// # Errors
    /// `Internal` when the stored link is not one.
    pub fn link(&self) -> Result<Option<Link>> {
        let read = |text| serde_json::from_str(text).map_err(|e| Error::internal(format!("letter {}: {e}", self.id)));
        self.link.as_deref().map(read).transpose()
    }

    /// The query code it carries.
    ///
    /// # Errors
    /// `Internal` when the seal does not open.
    pub fn query_code(&self, keys: &Keys) -> Result<Option<String>> {
        self.secret_sealed.as_deref().map(|sealed| keys.open(SECRET, sealed)).transpose()
    }

    /// The address that is this letter's alone.
    ///
    /// # Errors
    /// `Internal` when the seal does not open.
    pub fn own_address(&self, keys: &Keys) -> Result<Option<String>> {
        self.to_sealed.as_deref().map(|sealed| keys.open(TO, sealed)).transpose()
    }

    /// The frozen letter, as the outbox wrote it.
    ///
    /// # Errors
    /// `Internal` when the seal does not open.
    pub fn frozen(&self, keys: &Keys) -> Result<Option<String>> {
        self.frozen_sealed.as_deref().map(|sealed| keys.open(FROZEN, sealed)).transpose()
    }
}

/// Stores a letter to be sent at once (or posted by staff); its id.
///
/// # Errors
/// Of the database or the keys.
pub fn insert(db: &mut Db, keys: &Keys, new: &NewLetter<'_>, now: Moment) -> Result<i64> {
    let json = |e: serde_json::Error| Error::internal(e);
    let (party, staff) = match new.to {
        Recipient::Party(id) => (Some(id), None),
        Recipient::Staff(id) => (None, Some(id)),
    };
    let (state, next_try_at) =
        if new.by_post { (LetterState::ToPost, None) } else { (LetterState::Waiting, Some(now)) };
    let secret = new.query_code.map(|code| keys.seal(SECRET, code)).transpose()?;
    let link = new.link.as_ref().map(serde_json::to_string).transpose().map_err(json)?;
    if next_try_at.is_some() {
        nudge::owed();
    }
    Ok(diesel::insert_into(letters::table)
        .values((
            letters::kind.eq(new.letter.code()),
            letters::case_id.eq(new.case_id),
            letters::submission_id.eq(new.submission_id),
            letters::reply_id.eq(new.reply_id),
            letters::party_id.eq(party),
            letters::staff_id.eq(staff),
            letters::locale.eq(new.locale),
            letters::data.eq(serde_json::to_string(new.letter).map_err(json)?),
            letters::link.eq(link),
            letters::secret_sealed.eq(secret),
            letters::state.eq(state),
            letters::attempts.eq(0_i64),
            letters::next_try_at.eq(next_try_at),
            letters::message_id.eq(new_message_id()?),
            letters::created_at.eq(now),
        ))
        .returning(letters::id)
        .get_result(db)?)
}

/// Reads a letter.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<LetterRow> {
    Ok(letters::table.find(id).get_result(db)?)
}

/// The letters of a case, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<LetterRow>> {
    Ok(letters::table.filter(letters::case_id.eq(case_id)).order(letters::id).load(db)?)
}

/// Letters in a state, newest first, a page after the one with id `before`.
///
/// # Errors
/// Of the database.
pub fn in_state(db: &mut Db, state: LetterState, before: Option<i64>, limit: i64) -> Result<Vec<LetterRow>> {
    Ok(letters::table
        .filter(letters::state.eq(state).and(letters::id.lt(before.unwrap_or(i64::MAX))))
        .order(letters::id.desc())
        .limit(limit)
        .load(db)?)
}

/// Sets the state of a letter outside an attempt (posted, cancelled, tried again at `next_try_at`).
///
/// # Errors
/// Of the database; `Conflict` when it is no longer in `from`.
pub fn set_state(
    db: &mut Db,
    id: i64,
    from: LetterState,
    to: LetterState,
    next_try_at: Option<Moment>,
    sent_at: Option<Moment>,
) -> Result<()> {
    let changed = diesel::update(letters::table.filter(letters::id.eq(id).and(letters::state.eq(from))))
        .set((letters::state.eq(to), letters::next_try_at.eq(next_try_at), letters::sent_at.eq(sent_at)))
        .execute(db)?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Cancels what still waits to be sent for a submission: its address was corrected.
///
/// # Errors
/// Of the database.
pub fn cancel_for_submission(db: &mut Db, submission_id: i64) -> Result<()> {
    diesel::update(
        letters::table.filter(letters::submission_id.eq(submission_id).and(letters::state.eq(LetterState::Waiting))),
    )
    .set((letters::state.eq(LetterState::Cancelled), letters::next_try_at.eq(None::<Moment>)))
    .execute(db)?;
    Ok(())
}

/// The receipt of a case: the letter that carries its query code.
///
/// # Errors
/// `NotFound`.
pub fn receipt(db: &mut Db, case_id: i64) -> Result<LetterRow> {
    Ok(letters::table
        .filter(letters::case_id.eq(case_id).and(letters::secret_sealed.is_not_null()))
        .order(letters::id)
        .first(db)?)
}
