//! Pauses: for what, and from when to when, a case waited.

use diesel::prelude::*;

use super::Db;
use super::schema::pauses;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `pauses`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = pauses)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct PauseRow {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    /// Code of a reason of the agency's policies.
    pub reason: String,
    pub note: String,
    pub from_at: Moment,
    /// `None` while it runs.
    pub to_at: Option<Moment>,
    /// Whether the clocks of reply and ceiling stand still meanwhile, as the policy said when it began.
    pub stops: bool,
    pub staff_id: Option<i64>,
    pub ended_by: Option<i64>,
}

/// Begins a pause; its id.
///
/// # Errors
/// Of the database.
pub fn begin(
    db: &mut Db,
    (case_id, round): (i64, i32),
    (reason, stops): (&str, bool),
    note: &str,
    staff_id: Option<i64>,
    from: Moment,
) -> Result<i64> {
    Ok(diesel::insert_into(pauses::table)
        .values((
            pauses::case_id.eq(case_id),
            pauses::round.eq(round),
            pauses::reason.eq(reason),
            pauses::note.eq(note),
            pauses::from_at.eq(from),
            pauses::stops.eq(stops),
            pauses::staff_id.eq(staff_id),
        ))
        .returning(pauses::id)
        .get_result(db)?)
}

/// Ends a pause that runs.
///
/// # Errors
/// Of the database.
pub fn end(db: &mut Db, id: i64, to: Moment, ended_by: Option<i64>) -> Result<()> {
    diesel::update(pauses::table.filter(pauses::id.eq(id).and(pauses::to_at.is_null())))
        .set((pauses::to_at.eq(Some(to)), pauses::ended_by.eq(ended_by)))
        .execute(db)?;
    Ok(())
}

/// The pauses of a case, all rounds, first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<PauseRow>> {
    Ok(pauses::table.filter(pauses::case_id.eq(case_id)).order(pauses::id).load(db)?)
}

/// The pauses of a round, first one first.
///
/// # Errors
/// Of the database.
pub fn of_round(db: &mut Db, case_id: i64, round: i32) -> Result<Vec<PauseRow>> {
    Ok(pauses::table.filter(pauses::case_id.eq(case_id).and(pauses::round.eq(round))).order(pauses::id).load(db)?)
}

/// The pauses that run and stop clocks, with their cases, after a row.
///
/// # Errors
/// Of the database.
pub fn stopped(db: &mut Db, after: i64, limit: i64) -> Result<Vec<(i64, i64)>> {
    Ok(pauses::table
        .filter(pauses::to_at.is_null().and(pauses::stops.eq(true)).and(pauses::id.gt(after)))
        .order(pauses::id)
        .limit(limit)
        .select((pauses::id, pauses::case_id))
        .load(db)?)
}
