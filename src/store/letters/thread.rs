//! Message-IDs of letters, and the thread that the letters of a matter are.

use diesel::prelude::*;

use super::LetterRow;
use crate::error::Result;
use crate::keys::random_word;
use crate::store::Db;
use crate::store::schema::{cases, letters};

/// The part before the @ of a new letter's Message-ID. It is fixed when the letter is written; the sender's domain joins
/// it when the letter is frozen.
///
/// # Errors
/// `Internal` when the system gives no random bytes.
pub fn new_message_id() -> Result<String> {
    Ok(format!("letter.{}", random_word::<10>()?))
}

/// The letter of a Message-ID, with its angle brackets: what an answer names.
///
/// # Errors
/// Of the database.
pub fn by_message_id(db: &mut Db, message_id: &str) -> Result<Option<LetterRow>> {
    Ok(letters::table.filter(letters::message_id.eq(message_id)).first(db).optional()?)
}

/// The Message-ID, as it is stored, of the first letter about the same case (or its submission) to the same reader; `None`
/// when this is the first.
///
/// # Errors
/// Of the database.
pub fn first_of_thread(db: &mut Db, letter: &LetterRow) -> Result<Option<String>> {
    let submission = match (letter.submission_id, letter.case_id) {
        (Some(id), _) => Some(id),
        (None, Some(case)) => cases::table.find(case).select(cases::submission_id).first(db)?,
        (None, None) => None,
    };
    let mut query = letters::table.filter(letters::id.lt(letter.id)).order(letters::id).into_boxed();
    query = match (letter.party_id, letter.staff_id) {
        (Some(id), _) => query.filter(letters::party_id.eq(id)),
        (None, Some(id)) => query.filter(letters::staff_id.eq(id)),
        (None, None) => return Ok(None),
    };
    query = match (submission, letter.case_id) {
        (Some(submission), Some(case)) => {
            query.filter(letters::submission_id.eq(submission).or(letters::case_id.eq(case)))
        }
        (Some(submission), None) => query.filter(letters::submission_id.eq(submission)),
        (None, Some(case)) => query.filter(letters::case_id.eq(case)),
        (None, None) => return Ok(None),
    };
    Ok(query.select(letters::message_id).first::<Option<String>>(db).optional()?.flatten())
}
