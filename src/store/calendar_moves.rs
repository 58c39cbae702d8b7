//! What a changed calendar did to clocks: those moved on, and those whose earlier day waits for a control officer.

use diesel::dsl::{exists, not, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Db;
use super::schema::{calendar_moves, clocks};
use crate::domain::calendar_move::{Dues, MoveState};
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `calendar_moves`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = calendar_moves)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct CalendarMove {
    pub id: i64,
    pub case_id: i64,
    pub clock_id: i64,
    pub calendar_version: i64,
    pub old_original_due_at: Moment,
    pub old_due_at: Moment,
    pub new_original_due_at: Moment,
    pub new_due_at: Moment,
    pub state: MoveState,
    pub at: Moment,
    pub decided_by: Option<i64>,
    pub decided_at: Option<Moment>,
    /// The petitioner was told of this day.
    pub told: bool,
}

/// A move as it is found.
#[derive(Clone, Copy, Debug)]
pub struct NewMove {
    /// The case.
    pub case_id: i64,
    /// The clock.
    pub clock_id: i64,
    /// The version of the calendar that moves it.
    pub version: i64,
    /// Its due moments so far.
    pub old: Dues,
    /// Its due moments by that version.
    pub new: Dues,
    /// Done, or waiting.
    pub state: MoveState,
    /// Whether the petitioner is told.
    pub told: bool,
}

/// Records a move.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewMove, now: Moment) -> Result<()> {
    diesel::insert_into(calendar_moves::table)
        .values((
            calendar_moves::case_id.eq(new.case_id),
            calendar_moves::clock_id.eq(new.clock_id),
            calendar_moves::calendar_version.eq(new.version),
            calendar_moves::old_original_due_at.eq(new.old.0),
            calendar_moves::old_due_at.eq(new.old.1),
            calendar_moves::new_original_due_at.eq(new.new.0),
            calendar_moves::new_due_at.eq(new.new.1),
            calendar_moves::state.eq(new.state),
            calendar_moves::at.eq(now),
            calendar_moves::told.eq(new.told),
        ))
        .execute(db)?;
    Ok(())
}

/// Reads a move.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<CalendarMove> {
    Ok(calendar_moves::table.find(id).get_result(db)?)
}

/// The moves of a clock, first one first.
///
/// # Errors
/// Of the database.
pub fn of_clock(db: &mut Db, clock_id: i64) -> Result<Vec<CalendarMove>> {
    Ok(calendar_moves::table.filter(calendar_moves::clock_id.eq(clock_id)).order(calendar_moves::id).load(db)?)
}

/// The moves that wait for a decision and whose clock still runs, oldest first, after an id.
///
/// # Errors
/// Of the database.
pub fn waiting(db: &mut Db, after: i64, limit: i64) -> Result<Vec<CalendarMove>> {
    let runs = clocks::table.filter(clocks::id.eq(calendar_moves::clock_id).and(clocks::finished_at.is_null()));
    Ok(calendar_moves::table
        .filter(is_waiting().and(calendar_moves::id.gt(after)).and(exists(runs)))
        .order(calendar_moves::id)
        .limit(limit)
        .load(db)?)
}

/// The condition of the partial index, written out: SQLite does not look at what is bound.
fn is_waiting() -> SqlLiteral<Bool> {
    sql("calendar_moves.state = 'waiting'")
}

/// Whether a move of a clock waits for a decision.
///
/// # Errors
/// Of the database.
pub fn waits(db: &mut Db, clock_id: i64) -> Result<Option<CalendarMove>> {
    Ok(calendar_moves::table
        .filter(calendar_moves::clock_id.eq(clock_id).and(calendar_moves::state.eq(MoveState::Waiting)))
        .order(calendar_moves::id.desc())
        .first(db)
        .optional()?)
}

/// Decides on a waiting move; `false` when it does not wait any more.
///
/// # Errors
/// Of the database.
pub fn decide(db: &mut Db, id: i64, state: MoveState, by: Option<i64>, now: Moment) -> Result<bool> {
    let waiting = calendar_moves::id.eq(id).and(calendar_moves::state.eq(MoveState::Waiting));
    Ok(diesel::update(calendar_moves::table.filter(waiting))
        .set((
            calendar_moves::state.eq(state),
            calendar_moves::decided_by.eq(by),
            calendar_moves::decided_at.eq(Some(now)),
        ))
        .execute(db)?
        == 1)
}

/// Drops what waits of a clock: the calendar changed again.
///
/// # Errors
/// Of the database.
pub fn drop_waiting(db: &mut Db, clock_id: i64, now: Moment) -> Result<()> {
    let these = calendar_moves::clock_id.eq(clock_id).and(calendar_moves::state.eq(MoveState::Waiting));
    diesel::update(calendar_moves::table.filter(these))
        .set((calendar_moves::state.eq(MoveState::Dropped), calendar_moves::decided_at.eq(Some(now))))
        .execute(db)?;
    Ok(())
}

/// Drops what waits of clocks that were finished meanwhile.
///
/// # Errors
/// Of the database.
pub fn drop_finished(db: &mut Db, now: Moment) -> Result<()> {
    let runs = clocks::table.filter(clocks::id.eq(calendar_moves::clock_id).and(clocks::finished_at.is_null()));
    let these = is_waiting().and(not(exists(runs)));
    diesel::update(calendar_moves::table.filter(these))
        .set((calendar_moves::state.eq(MoveState::Dropped), calendar_moves::decided_at.eq(Some(now))))
        .execute(db)?;
    Ok(())
}
