//! Internal notes on a case, and the log of looks at a petitioner's identity.

use diesel::prelude::*;

use super::Db;
use super::schema::{identity_views, notes, texts};
use crate::domain::time::Moment;
use crate::error::Result;

/// A note as it is shown.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the tables")]
pub struct Note {
    pub id: i64,
    pub staff_id: i64,
    pub at: Moment,
    pub body: String,
}

/// Stores a note.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, case_id: i64, staff_id: i64, body: &str, at: Moment) -> Result<()> {
    let text_id = super::texts::insert(db, body)?;
    diesel::insert_into(notes::table)
        .values((
            notes::case_id.eq(case_id),
            notes::staff_id.eq(staff_id),
            notes::text_id.eq(text_id),
            notes::at.eq(at),
        ))
        .execute(db)?;
    Ok(())
}

/// The notes of a case, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Note>> {
    Ok(notes::table
        .inner_join(texts::table.on(texts::id.eq(notes::text_id)))
        .filter(notes::case_id.eq(case_id))
        .order((notes::at, notes::id))
        .select((notes::id, notes::staff_id, notes::at, texts::body))
        .load(db)?)
}

/// Logs that somebody looked at who the petitioner is.
///
/// # Errors
/// Of the database.
pub fn log_view(db: &mut Db, case_id: i64, staff_id: i64, reason: &str, at: Moment) -> Result<()> {
    diesel::insert_into(identity_views::table)
        .values((
            identity_views::case_id.eq(case_id),
            identity_views::staff_id.eq(staff_id),
            identity_views::at.eq(at),
            identity_views::reason.eq(reason),
        ))
        .execute(db)?;
    Ok(())
}

/// When somebody last looked at the identity in a case, if ever.
///
/// # Errors
/// Of the database.
pub fn last_view(db: &mut Db, case_id: i64, staff_id: i64) -> Result<Option<Moment>> {
    Ok(identity_views::table
        .filter(identity_views::case_id.eq(case_id).and(identity_views::staff_id.eq(staff_id)))
        .order(identity_views::id.desc())
        .select(identity_views::at)
        .first(db)
        .optional()?)
}
