//! The rounds of cases: the first receipt and every reopening, when each was due, how it ended and the stages on its way.

use diesel::prelude::*;

use super::Db;
use super::cases::Case;
use super::schema::case_rounds;
use crate::domain::time::Moment;
use crate::error::Result;

/// Opens a round: the first receipt, or a reopening.
///
/// # Errors
/// Of the database.
pub fn open_round(
    db: &mut Db,
    case_id: i64,
    round: i32,
    at: Moment,
    month: i32,
    original_due_at: Option<Moment>,
    due_at: Option<Moment>,
) -> Result<()> {
    diesel::insert_into(case_rounds::table)
        .values((
            case_rounds::case_id.eq(case_id),
            case_rounds::round.eq(round),
            case_rounds::opened_at.eq(at),
            case_rounds::opened_month.eq(month),
            case_rounds::original_due_at.eq(original_due_at),
            case_rounds::due_at.eq(due_at),
        ))
        .execute(db)?;
    Ok(())
}

/// Writes the due moments of the current round, after a classification or an extension.
///
/// # Errors
/// Of the database.
pub fn set_round_due(db: &mut Db, case: &Case) -> Result<()> {
    diesel::update(case_rounds::table.filter(case_rounds::case_id.eq(case.id).and(case_rounds::round.eq(case.round))))
        .set((case_rounds::original_due_at.eq(case.original_due_at), case_rounds::due_at.eq(case.due_at)))
        .execute(db)?;
    Ok(())
}

/// Ends the current round: the case is finished (辦結). `half_days` is the time used, in halves of a working day.
///
/// # Errors
/// Of the database.
pub fn finish_round(db: &mut Db, case: &Case, at: Moment, month: i32, half_days: i64) -> Result<()> {
    diesel::update(case_rounds::table.filter(case_rounds::case_id.eq(case.id).and(case_rounds::round.eq(case.round))))
        .set((
            case_rounds::finished_at.eq(Some(at)),
            case_rounds::finished_month.eq(Some(month)),
            case_rounds::close_code.eq(case.close_code),
            case_rounds::half_days.eq(Some(half_days)),
        ))
        .execute(db)?;
    Ok(())
}

/// When the current round was opened.
///
/// # Errors
/// `NotFound`.
pub fn round_opened_at(db: &mut Db, case: &Case) -> Result<Moment> {
    Ok(case_rounds::table
        .filter(case_rounds::case_id.eq(case.id).and(case_rounds::round.eq(case.round)))
        .select(case_rounds::opened_at)
        .get_result(db)?)
}

/// The stages a round has reached.
#[derive(AsChangeset)]
#[diesel(table_name = case_rounds)]
struct Stages {
    registered_at: Option<Moment>,
    assigned_at: Option<Moment>,
}

/// Writes the stages that a change has reached into the current round, and counts its way from unit to unit.
pub(super) fn reach(db: &mut Db, before: &Case, case: &Case, now: Moment) -> Result<()> {
    let round = case_rounds::case_id.eq(case.id).and(case_rounds::round.eq(case.round));
    let reached = |before: Option<Moment>, after: Option<Moment>| after.filter(|_| before.is_none());
    let stages = Stages {
        registered_at: reached(before.registered_at, case.registered_at),
        assigned_at: reached(before.assigned_at, case.assigned_at),
    };
    if stages.registered_at.or(stages.assigned_at).is_some() {
        diesel::update(case_rounds::table.filter(round)).set(stages).execute(db)?;
    }
    if case.handler_id.is_some() && before.handler_id.is_none() {
        diesel::update(case_rounds::table.filter(round.and(case_rounds::accepted_at.is_null())))
            .set(case_rounds::accepted_at.eq(Some(now)))
            .execute(db)?;
    }
    if before.unit_id.zip(case.unit_id).is_some_and(|(from, to)| from != to) {
        diesel::update(case_rounds::table.filter(round))
            .set(case_rounds::moves.eq(case_rounds::moves + 1))
            .execute(db)?;
    }
    Ok(())
}
