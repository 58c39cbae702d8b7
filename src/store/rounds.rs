//! The rounds of cases: the first receipt and every reopening, when each was due, how it ended and the stages on its way.

use diesel::prelude::*;

use super::Db;
use super::cases::Case;
use super::schema::{case_rounds, replies, round_terms, units};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// Opens a round: the first receipt, or a reopening, from which its limit runs and its days are counted. `counted` is the
/// moment it came to be known, in whose local month (YYYYMM) it counts as received.
///
/// # Errors
/// Of the database.
pub fn open_round(
    db: &mut Db,
    case_id: i64,
    round: i32,
    at: Moment,
    (counted_at, month): (Moment, i32),
    original_due_at: Option<Moment>,
    due_at: Option<Moment>,
) -> Result<()> {
    diesel::insert_into(case_rounds::table)
        .values((
            case_rounds::case_id.eq(case_id),
            case_rounds::round.eq(round),
            case_rounds::opened_at.eq(at),
            case_rounds::counted_at.eq(counted_at),
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

/// Notes that a rating was asked for with the reply of the current round.
///
/// # Errors
/// Of the database.
pub fn ask_rating(db: &mut Db, case: &Case) -> Result<()> {
    diesel::update(case_rounds::table.filter(case_rounds::case_id.eq(case.id).and(case_rounds::round.eq(case.round))))
        .set(case_rounds::asked.eq(true))
        .execute(db)?;
    Ok(())
}

/// Notes when the reply was first rated, in the round that it ended.
pub(super) fn rated(db: &mut Db, reply_id: i64, at: Moment) -> Result<()> {
    let (case_id, round): (i64, i32) =
        replies::table.find(reply_id).select((replies::case_id, replies::round)).first(db)?;
    let rated = case_rounds::case_id.eq(case_id).and(case_rounds::round.eq(round)).and(case_rounds::rated_at.is_null());
    diesel::update(case_rounds::table.filter(rated)).set(case_rounds::rated_at.eq(Some(at))).execute(db)?;
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

/// Writes the stages that a change has reached into the current round, counts its way from unit to unit, and keeps what it
/// was due by before.
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
    let moved = match before.unit_id.zip(case.unit_id) {
        Some((from, to)) if from != to => !is_below(db, to, from)?,
        _ => false,
    };
    let due = |case: &Case| (case.original_due_at, case.due_at);
    // What has neither number nor due moment comes in right now: it was never due otherwise.
    let is_known = before.number.is_some() || before.due_at.is_some();
    if is_known && before.round == case.round && (moved || due(before) != due(case)) {
        keep_terms(db, before, now)?;
    }
    if moved {
        diesel::update(case_rounds::table.filter(round))
            .set(case_rounds::moves.eq(case_rounds::moves + 1))
            .execute(db)?;
    }
    Ok(())
}

/// Whether a unit stands below another, at any depth: a case that goes there is distributed (分文), not reassigned (改分).
fn is_below(db: &mut Db, unit: i64, above: i64) -> Result<bool> {
    let paths: Vec<(i64, String)> =
        units::table.filter(units::id.eq_any([unit, above])).select((units::id, units::path)).load(db)?;
    let path = |id: i64| paths.iter().find(|(of, _)| *of == id).map(|(_, path)| path.as_str());
    Ok(path(unit).zip(path(above)).is_some_and(|(unit, above)| unit.starts_with(above)))
}

/// Keeps what the current round was due by, and how often it had been reassigned, until now. Of several changes at one
/// moment the first knows what was in force before.
fn keep_terms(db: &mut Db, before: &Case, now: Moment) -> Result<()> {
    let round = case_rounds::case_id.eq(before.id).and(case_rounds::round.eq(before.round));
    let moves: i32 = case_rounds::table.filter(round).select(case_rounds::moves).first(db)?;
    let row = (
        round_terms::case_id.eq(before.id),
        round_terms::round.eq(before.round),
        round_terms::until_at.eq(now),
        round_terms::original_due_at.eq(before.original_due_at),
        round_terms::due_at.eq(before.due_at),
        round_terms::moves.eq(moves),
    );
    on!(db, c => diesel::insert_into(round_terms::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
