//! Message-IDs that relays gave our letters, each with the letter that bore it or the matter it was about. The first
//! teacher of an id stands: a later one changes nothing.

use diesel::prelude::*;

use super::Db;
use super::schema::{learned_ids, letters};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// What a learned Message-ID leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// A letter.
    Letter(i64),
    /// A case.
    Case(i64),
    /// A submission.
    Submission(i64),
}

/// Learns Message-IDs, without their brackets.
///
/// # Errors
/// Of the database.
pub fn learn(db: &mut Db, header_ids: &[String], what: Learned, now: Moment) -> Result<()> {
    let (letter, case, submission) = match what {
        Learned::Letter(id) => (Some(id), None, None),
        Learned::Case(id) => (None, Some(id), None),
        Learned::Submission(id) => (None, None, Some(id)),
    };
    for header_id in header_ids {
        let row = (
            learned_ids::header_id.eq(header_id),
            learned_ids::letter_id.eq(letter),
            learned_ids::case_id.eq(case),
            learned_ids::submission_id.eq(submission),
            learned_ids::learned_at.eq(now),
        );
        on!(db, c => diesel::insert_into(learned_ids::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// What a Message-ID, without its brackets, was learned to lead to.
///
/// # Errors
/// Of the database.
pub fn get(db: &mut Db, header_id: &str) -> Result<Option<Learned>> {
    let columns = (learned_ids::letter_id, learned_ids::case_id, learned_ids::submission_id);
    let row = learned_ids::table.find(header_id).select(columns).first(db).optional()?;
    Ok(match row {
        Some((Some(letter), _, _)) => Some(Learned::Letter(letter)),
        Some((None, Some(case), _)) => Some(Learned::Case(case)),
        Some((None, None, Some(submission))) => Some(Learned::Submission(submission)),
        Some((None::<i64>, None::<i64>, None::<i64>)) | None => None,
    })
}

/// Forgets what leads to a submission that is about to be deleted, or to its letters.
///
/// # Errors
/// Of the database.
pub fn forget_submission(db: &mut Db, submission_id: i64) -> Result<()> {
    let of_it = letters::table.filter(letters::submission_id.eq(submission_id)).select(letters::id).load::<i64>(db)?;
    diesel::delete(learned_ids::table.filter(learned_ids::letter_id.eq_any(of_it))).execute(db)?;
    diesel::delete(learned_ids::table.filter(learned_ids::submission_id.eq(submission_id))).execute(db)?;
    Ok(())
}
