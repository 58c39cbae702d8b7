//! Reminders (稽催): a control officer asks why a clock is overdue, the handler explains.

use diesel::prelude::*;
use jiff::civil::Date;

use super::Db;
use super::reference::{date, day_number};
use super::schema::reminders;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `reminders`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Reminder {
    pub id: i64,
    pub case_id: i64,
    pub clock_id: i64,
    pub note: String,
    pub asked_by: i64,
    pub asked_at: Moment,
    /// The last day to explain, as `YYYYMMDD`.
    pub explain_by: i32,
    pub explanation: String,
    pub explained_by: Option<i64>,
    pub explained_at: Option<Moment>,
}

impl Reminder {
    /// The last day to explain.
    ///
    /// # Errors
    /// `Internal` when the stored day is none.
    pub fn explain_by(&self) -> Result<Date> {
        date(self.explain_by)
    }
}

/// Asks.
///
/// # Errors
/// Of the database.
pub fn insert(
    db: &mut Db,
    (case_id, clock_id): (i64, i64),
    note: &str,
    asked_by: i64,
    explain_by: Date,
    now: Moment,
) -> Result<()> {
    diesel::insert_into(reminders::table)
        .values((
            reminders::case_id.eq(case_id),
            reminders::clock_id.eq(clock_id),
            reminders::note.eq(note),
            reminders::asked_by.eq(asked_by),
            reminders::asked_at.eq(now),
            reminders::explain_by.eq(day_number(explain_by)),
            reminders::explanation.eq(""),
        ))
        .execute(db)?;
    Ok(())
}

/// The reminders of a case, first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Reminder>> {
    Ok(reminders::table.filter(reminders::case_id.eq(case_id)).order(reminders::id).load(db)?)
}

/// The reminders of cases, first one first.
///
/// # Errors
/// Of the database.
pub fn of_cases(db: &mut Db, case_ids: &[i64]) -> Result<Vec<Reminder>> {
    Ok(reminders::table.filter(reminders::case_id.eq_any(case_ids.to_vec())).order(reminders::id).load(db)?)
}

/// Answers every open reminder of a case; how many there were.
///
/// # Errors
/// Of the database.
pub fn explain(db: &mut Db, case_id: i64, explanation: &str, explained_by: i64, now: Moment) -> Result<usize> {
    Ok(diesel::update(reminders::table.filter(reminders::case_id.eq(case_id).and(reminders::explained_at.is_null())))
        .set((
            reminders::explanation.eq(explanation),
            reminders::explained_by.eq(Some(explained_by)),
            reminders::explained_at.eq(Some(now)),
        ))
        .execute(db)?)
}
