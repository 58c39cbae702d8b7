//! The end of messages: spam is deleted after its days, and the originals of matters that are long over are erased; a count
//! or the line of the ledger stays.

use diesel::prelude::*;
use jiff::tz::TimeZone;

use super::MessageRow;
use crate::domain::incoming::MessageState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;
use crate::store::Db;
use crate::store::schema::{cases, letters, message_counts, messages, receipts, submissions};

/// Deletes spam that was stored before `before`; a count by month remains. Its bytes are then nobody's, and collected.
/// Returns how many.
///
/// # Errors
/// Of the database.
pub fn purge_spam(db: &mut Db, before: Moment, zone: &TimeZone, limit: i64) -> Result<usize> {
    let old: Vec<(i64, Moment)> = messages::table
        .filter(messages::state.eq(MessageState::Spam).and(messages::stored_at.lt(before)))
        .order(messages::id)
        .limit(limit)
        .select((messages::id, messages::stored_at))
        .load(db)?;
    old.iter().try_for_each(|(id, stored_at)| delete(db, *id, MessageState::Spam, *stored_at, zone))?;
    Ok(old.len())
}

/// Messages whose original has outlived its matter: the case was closed before `before`, or nothing came of the message
/// and it was stored before then. The oldest first.
///
/// # Errors
/// Of the database.
pub fn outlived(db: &mut Db, before: Moment, limit: i64) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = messages::table
        .inner_join(cases::table.on(messages::case_id.eq(cases::id.nullable())))
        .filter(messages::erased_at.is_null().and(cases::closed_at.lt(before)))
        .order(messages::id)
        .limit(limit)
        .select(messages::id)
        .load(db)?;
    ids.extend(
        messages::table
            .inner_join(submissions::table.on(messages::submission_id.eq(submissions::id.nullable())))
            .inner_join(cases::table.on(submissions::case_id.eq(cases::id.nullable())))
            .filter(messages::erased_at.is_null().and(messages::case_id.is_null()).and(cases::closed_at.lt(before)))
            .order(messages::id)
            .limit(limit)
            .select(messages::id)
            .load::<i64>(db)?,
    );
    let over = vec![MessageState::Noted, MessageState::Ignored, MessageState::Discarded];
    let of_nothing = messages::case_id.is_null().and(messages::submission_id.is_null());
    ids.extend(
        messages::table
            .filter(messages::erased_at.is_null().and(messages::stored_at.lt(before)))
            .filter(messages::state.eq_any(over).and(of_nothing))
            .order(messages::id)
            .limit(limit)
            .select(messages::id)
            .load::<i64>(db)?,
    );
    ids.sort_unstable();
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ids)
}

/// Erases the originals of messages, and who wrote them; their bytes are then nobody's, and collected. Returns how many.
///
/// # Errors
/// Of the database.
pub fn erase(db: &mut Db, ids: &[i64], now: Moment) -> Result<usize> {
    Ok(diesel::update(messages::table.filter(messages::id.eq_any(ids.to_vec()).and(messages::erased_at.is_null())))
        .set((
            messages::erased_at.eq(Some(now)),
            messages::from_sealed.eq(None::<Vec<u8>>),
            messages::from_index.eq(None::<String>),
            messages::version.eq(messages::version + 1),
        ))
        .execute(db)?)
}

/// Deletes the messages that opened a submission which is about to be deleted, and lets go of its letters.
///
/// # Errors
/// Of the database.
pub fn forget_submission(db: &mut Db, submission_id: i64, zone: &TimeZone) -> Result<()> {
    let of_it = letters::table.filter(letters::submission_id.eq(submission_id)).select(letters::id).load::<i64>(db)?;
    diesel::update(messages::table.filter(messages::letter_id.eq_any(of_it)))
        .set(messages::letter_id.eq(None::<i64>))
        .execute(db)?;
    let rows: Vec<MessageRow> = messages::table.filter(messages::submission_id.eq(submission_id)).load(db)?;
    rows.iter().try_for_each(|row| delete(db, row.id, row.state, row.stored_at, zone))
}

/// Deletes a message and its receipts; one more in the month's count.
fn delete(db: &mut Db, id: i64, state: MessageState, stored_at: Moment, zone: &TimeZone) -> Result<()> {
    let row = (
        message_counts::month.eq(stored_at.month_in(zone)),
        message_counts::state.eq(state),
        message_counts::number.eq(1_i64),
    );
    on!(db, c => diesel::insert_into(message_counts::table)
        .values(row)
        .on_conflict((message_counts::month, message_counts::state))
        .do_update()
        .set(message_counts::number.eq(message_counts::number + 1))
        .execute(c))?;
    diesel::delete(receipts::table.filter(receipts::message_id.eq(id))).execute(db)?;
    diesel::delete(messages::table.find(id)).execute(db)?;
    Ok(())
}
