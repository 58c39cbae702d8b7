//! Clocks of cases: from when a limit runs, when it ends, what moved it, and when a sweep has to look again.

use diesel::prelude::*;

use super::Db;
use super::schema::{cases, clocks, extensions, notices};
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A row of `clocks`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = clocks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Clock {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub purpose: ClockPurpose,
    pub unit_id: Option<i64>,
    pub region: String,
    pub policy_id: Option<i64>,
    pub start_at: Moment,
    pub time_limit: String,
    pub original_due_at: Moment,
    pub due_at: Moment,
    pub calendar_version: i64,
    pub next_check_at: Option<Moment>,
    pub finished_at: Option<Moment>,
    /// The unit on whose desk it stands: its own, or the case's lead unit.
    pub holder_unit_id: Option<i64>,
}

/// A new clock.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = clocks, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewClock {
    pub case_id: i64,
    pub round: i32,
    pub purpose: ClockPurpose,
    pub unit_id: Option<i64>,
    pub region: String,
    pub policy_id: Option<i64>,
    pub start_at: Moment,
    pub time_limit: String,
    pub original_due_at: Moment,
    pub due_at: Moment,
    pub calendar_version: i64,
    pub next_check_at: Option<Moment>,
}

/// Starts a clock; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewClock) -> Result<i64> {
    let lead: Option<i64> = cases::table.find(new.case_id).select(cases::unit_id).get_result(db)?;
    Ok(diesel::insert_into(clocks::table)
        .values((new.clone(), clocks::holder_unit_id.eq(new.unit_id.or(lead))))
        .returning(clocks::id)
        .get_result(db)?)
}

/// The reply clock of a case's round.
///
/// # Errors
/// `NotFound`, also while the event it runs from has not come.
pub fn reply_clock(db: &mut Db, case_id: i64, round: i32) -> Result<Clock> {
    Ok(clocks::table
        .filter(clocks::case_id.eq(case_id).and(clocks::round.eq(round)).and(clocks::purpose.eq(ClockPurpose::Reply)))
        .get_result(db)?)
}

/// Every clock of a case, first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Clock>> {
    Ok(clocks::table.filter(clocks::case_id.eq(case_id)).order((clocks::round, clocks::id)).load(db)?)
}

/// The clocks of a case that still run.
///
/// # Errors
/// Of the database.
pub fn running(db: &mut Db, case_id: i64) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::case_id.eq(case_id).and(clocks::finished_at.is_null()))
        .order(clocks::id)
        .load(db)?)
}

/// Stops the running clocks of one purpose.
///
/// # Errors
/// Of the database.
pub fn finish(db: &mut Db, case_id: i64, purpose: ClockPurpose, at: Moment) -> Result<()> {
    let these = clocks::case_id.eq(case_id).and(clocks::purpose.eq(purpose)).and(clocks::finished_at.is_null());
    diesel::update(clocks::table.filter(these))
        .set((clocks::finished_at.eq(Some(at)), clocks::next_check_at.eq(None::<Moment>)))
        .execute(db)?;
    Ok(())
}

/// Reads a clock.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Clock> {
    Ok(clocks::table.find(id).get_result(db)?)
}

/// Writes a clock back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, clock: &Clock) -> Result<()> {
    diesel::update(clocks::table.find(clock.id)).set(clock.clone()).execute(db)?;
    Ok(())
}

/// Stops every clock of a case that still runs: nothing remains to be checked.
///
/// # Errors
/// Of the database.
pub fn finish_all(db: &mut Db, case_id: i64, at: Moment) -> Result<()> {
    diesel::update(clocks::table.filter(clocks::case_id.eq(case_id).and(clocks::finished_at.is_null())))
        .set((clocks::finished_at.eq(Some(at)), clocks::next_check_at.eq(None::<Moment>)))
        .execute(db)?;
    Ok(())
}

/// Clocks whose next check has come, oldest first: the work of a sweep grows with these and with nothing else.
///
/// # Errors
/// Of the database.
pub fn to_check(db: &mut Db, now: Moment, limit: i64) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::next_check_at.le(now))
        .order((clocks::next_check_at, clocks::id))
        .limit(limit)
        .load(db)?)
}

/// Notes that a notice goes out; `false` when this kind went out for this due moment before.
///
/// # Errors
/// Of the database.
pub fn first_notice(db: &mut Db, clock_id: i64, kind: &str, due_at: Moment, now: Moment) -> Result<bool> {
    let row = (notices::clock_id.eq(clock_id), notices::kind.eq(kind), notices::due_at.eq(due_at), notices::at.eq(now));
    Ok(on!(db, c => diesel::insert_into(notices::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// The kinds of notices that a clock gave for a due moment.
///
/// # Errors
/// Of the database.
pub fn noticed(db: &mut Db, clock_id: i64, due_at: Moment) -> Result<Vec<String>> {
    Ok(notices::table
        .filter(notices::clock_id.eq(clock_id).and(notices::due_at.eq(due_at)))
        .select(notices::kind)
        .load(db)?)
}

/// An extension of a clock.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Extension {
    pub id: i64,
    pub clock_id: i64,
    pub old_due_at: Moment,
    pub new_due_at: Moment,
    pub reason: String,
    pub staff_id: i64,
    pub at: Moment,
    /// Working days it added; 0: it leads to a given date.
    pub working_days: i32,
}

/// Records an extension by so many working days; its id.
///
/// # Errors
/// Of the database.
pub fn insert_extension(
    db: &mut Db,
    clock: &Clock,
    new_due_at: Moment,
    working_days: i32,
    reason: &str,
    staff_id: i64,
    at: Moment,
) -> Result<i64> {
    Ok(diesel::insert_into(extensions::table)
        .values((
            extensions::clock_id.eq(clock.id),
            extensions::old_due_at.eq(clock.due_at),
            extensions::new_due_at.eq(new_due_at),
            extensions::reason.eq(reason),
            extensions::staff_id.eq(staff_id),
            extensions::at.eq(at),
            extensions::working_days.eq(working_days),
        ))
        .returning(extensions::id)
        .get_result(db)?)
}

/// Writes where an extension leads to, once the clock was measured with it.
///
/// # Errors
/// Of the database.
pub fn set_extension_due(db: &mut Db, id: i64, new_due_at: Moment) -> Result<()> {
    diesel::update(extensions::table.find(id)).set(extensions::new_due_at.eq(new_due_at)).execute(db)?;
    Ok(())
}

/// The extensions of a clock, first one first.
///
/// # Errors
/// Of the database.
pub fn extensions(db: &mut Db, clock_id: i64) -> Result<Vec<Extension>> {
    Ok(extensions::table.filter(extensions::clock_id.eq(clock_id)).order(extensions::id).load(db)?)
}
