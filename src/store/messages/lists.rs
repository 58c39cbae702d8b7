//! Messages as lists and questions need them: by state, of a case, of a sender.

use diesel::prelude::*;

use super::MessageRow;
use crate::domain::incoming::MessageState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::lists::COUNTED;
use crate::store::schema::messages;

/// Messages in a state, newest first, a page after the one with id `before`.
///
/// # Errors
/// Of the database.
pub fn in_state(db: &mut Db, state: MessageState, before: Option<i64>, limit: i64) -> Result<Vec<MessageRow>> {
    Ok(messages::table
        .filter(messages::state.eq(state).and(messages::id.lt(before.unwrap_or(i64::MAX))))
        .order(messages::id.desc())
        .limit(limit)
        .load(db)?)
}

/// Every message, newest first, a page after the one with id `before`.
///
/// # Errors
/// Of the database.
pub fn newest(db: &mut Db, before: Option<i64>, limit: i64) -> Result<Vec<MessageRow>> {
    Ok(messages::table
        .filter(messages::id.lt(before.unwrap_or(i64::MAX)))
        .order(messages::id.desc())
        .limit(limit)
        .load(db)?)
}

/// How many messages are in a state, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn count(db: &mut Db, state: MessageState) -> Result<usize> {
    let ids: Vec<i64> =
        messages::table.filter(messages::state.eq(state)).select(messages::id).limit(COUNTED + 1).load(db)?;
    Ok(ids.len())
}

/// Messages that joined a case and stand in its thread, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<MessageRow>> {
    let joined = messages::state.eq(MessageState::Appended).and(messages::text_id.is_not_null());
    Ok(messages::table.filter(messages::case_id.eq(case_id).and(joined)).order(messages::id).load(db)?)
}

/// Messages of a case that do not stand in its thread: the one that opened it, supplements. Oldest first.
///
/// # Errors
/// Of the database.
pub fn beside_thread(db: &mut Db, case_id: i64, submission_id: Option<i64>) -> Result<Vec<MessageRow>> {
    let mut rows: Vec<MessageRow> =
        messages::table.filter(messages::case_id.eq(case_id).and(messages::text_id.is_null())).load(db)?;
    if let Some(submission) = submission_id {
        let opened = messages::submission_id.eq(submission).and(messages::case_id.is_null());
        rows.extend(messages::table.filter(opened).load::<MessageRow>(db)?);
    }
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Messages noted on a letter, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_letter(db: &mut Db, letter_id: i64, limit: i64) -> Result<Vec<MessageRow>> {
    Ok(messages::table.filter(messages::letter_id.eq(letter_id)).order(messages::id).limit(limit).load(db)?)
}

/// How many submissions a sender opened by mail since then.
///
/// # Errors
/// Of the database.
pub fn from_sender_since(db: &mut Db, from_index: &str, since: Moment) -> Result<i64> {
    Ok(messages::table
        .filter(
            messages::from_index
                .eq(from_index)
                .and(messages::stored_at.ge(since))
                .and(messages::state.eq(MessageState::NewSubmission)),
        )
        .count()
        .get_result(db)?)
}

/// Whether a registrar joined a message of this sender to the case before.
///
/// # Errors
/// Of the database.
pub fn known_sender(db: &mut Db, case_id: i64, from_index: &str) -> Result<bool> {
    let by_hand = messages::state.eq(MessageState::Appended).and(messages::decided_by.is_not_null());
    let found: Option<i64> = messages::table
        .filter(messages::case_id.eq(case_id).and(messages::from_index.eq(from_index)).and(by_hand))
        .select(messages::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// Messages that were stored before then and still wait, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn waiting_since(db: &mut Db, before: Moment) -> Result<usize> {
    let ids: Vec<i64> = messages::table
        .filter(messages::state.eq(MessageState::Waiting).and(messages::stored_at.lt(before)))
        .select(messages::id)
        .limit(COUNTED + 1)
        .load(db)?;
    Ok(ids.len())
}
