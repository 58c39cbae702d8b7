//! The rounds of a year as they were lived, for replaying them under other rules: read a stretch at a time by the month they
//! were opened in, with the pauses and extensions of each stretch.

use diesel::prelude::*;

use super::Db;
use super::schema::{case_rounds, cases, clocks, extensions, pauses, submissions};
use crate::domain::case::{Channel, Kind};
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;
use crate::error::Result;

/// A round with what its limit depends on.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the tables")]
pub struct LivedRound {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub opened_at: Moment,
    pub finished_at: Option<Moment>,
    pub original_due_at: Option<Moment>,
    pub due_at: Option<Moment>,
    pub case: LivedCase,
    /// When it was handed in, where it was by a form.
    pub handed_in_at: Option<Moment>,
}

/// The case of a round.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct LivedCase {
    pub channel: Channel,
    pub kind: Kind,
    pub category: Option<String>,
    pub speed_class: Option<String>,
    pub unit_id: Option<i64>,
    pub received_at: Moment,
    pub registered_at: Option<Moment>,
    pub assigned_at: Option<Moment>,
}

/// A pause of a round.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct LivedPause {
    pub case_id: i64,
    pub round: i32,
    pub reason: String,
    pub from_at: Moment,
    pub to_at: Option<Moment>,
    pub stops: bool,
}

/// An extension of a round's reply.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the tables")]
pub struct LivedExtension {
    pub case_id: i64,
    pub round: i32,
    pub working_days: i32,
    pub new_due_at: Moment,
}

/// How many rounds were opened from one month to another (YYYYMM), both included.
///
/// # Errors
/// Of the database.
pub fn number(db: &mut Db, first: i32, last: i32) -> Result<i64> {
    Ok(case_rounds::table.filter(case_rounds::opened_month.between(first, last)).count().get_result(db)?)
}

/// The next rounds that were opened in a month, in the order of their ids.
///
/// # Errors
/// Of the database.
pub fn rounds(db: &mut Db, month: i32, after: i64, limit: i64) -> Result<Vec<LivedRound>> {
    Ok(case_rounds::table
        .inner_join(cases::table.on(cases::id.eq(case_rounds::case_id)))
        .left_join(submissions::table.on(submissions::id.nullable().eq(cases::submission_id)))
        .filter(case_rounds::opened_month.eq(month).and(case_rounds::id.gt(after)))
        .order(case_rounds::id)
        .limit(limit)
        .select((
            case_rounds::id,
            case_rounds::case_id,
            case_rounds::round,
            case_rounds::opened_at,
            case_rounds::finished_at,
            case_rounds::original_due_at,
            case_rounds::due_at,
            (
                cases::channel,
                cases::kind,
                cases::category,
                cases::speed_class,
                cases::unit_id,
                cases::received_at,
                cases::registered_at,
                cases::assigned_at,
            ),
            submissions::created_at.nullable(),
        ))
        .load(db)?)
}

/// The pauses of these cases.
///
/// # Errors
/// Of the database.
pub fn pauses(db: &mut Db, case_ids: &[i64]) -> Result<Vec<LivedPause>> {
    Ok(pauses::table
        .filter(pauses::case_id.eq_any(case_ids))
        .order(pauses::id)
        .select((pauses::case_id, pauses::round, pauses::reason, pauses::from_at, pauses::to_at, pauses::stops))
        .load(db)?)
}

/// The extensions of these cases' replies, the first one first.
///
/// # Errors
/// Of the database.
pub fn extensions(db: &mut Db, case_ids: &[i64]) -> Result<Vec<LivedExtension>> {
    Ok(extensions::table
        .inner_join(clocks::table.on(clocks::id.eq(extensions::clock_id)))
        .filter(clocks::case_id.eq_any(case_ids).and(clocks::purpose.eq(ClockPurpose::Reply)))
        .order(extensions::id)
        .select((clocks::case_id, clocks::round, extensions::working_days, extensions::new_due_at))
        .load(db)?)
}
