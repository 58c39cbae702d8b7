//! Running clocks in batches: those that an older calendar measured, those that a change can reach, those that end in a
//! year without a table. Nothing here reads finished clocks.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::Db;
use super::clocks::Clock;
use super::schema::{cases, clocks, extensions, pauses};
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;
use crate::error::Result;

/// Running clocks measured by a calendar older than `version`, after a key, in order of the index `clocks_running`.
///
/// # Errors
/// Of the database.
pub fn older(db: &mut Db, version: i64, after: (i64, i64), limit: i64) -> Result<Vec<Clock>> {
    let (at, id) = after;
    Ok(clocks::table
        .filter(clocks::finished_at.is_null().and(clocks::calendar_version.lt(version)))
        .filter(clocks::calendar_version.ge(at).and(clocks::calendar_version.gt(at).or(clocks::id.gt(id))))
        .order((clocks::calendar_version, clocks::id))
        .limit(limit)
        .load(db)?)
}

/// Running clocks due after `from`, after a key, in order of the index `clocks_due`: what changes on a day moves no clock
/// that was due before it.
///
/// # Errors
/// Of the database.
pub fn due_after(db: &mut Db, from: Moment, after: (Moment, i64), limit: i64) -> Result<Vec<Clock>> {
    let (at, id) = after;
    Ok(clocks::table
        .filter(clocks::finished_at.is_null().and(clocks::due_at.gt(from)))
        .filter(clocks::due_at.ge(at).and(clocks::due_at.gt(at).or(clocks::id.gt(id))))
        .order((clocks::due_at, clocks::id))
        .limit(limit)
        .load(db)?)
}

/// How many running clocks are due after a moment, at most `most`.
///
/// # Errors
/// Of the database.
pub fn count_due_after(db: &mut Db, from: Moment, most: i64) -> Result<usize> {
    let ids: Vec<i64> = clocks::table
        .filter(clocks::finished_at.is_null().and(clocks::due_at.gt(from)))
        .select(clocks::id)
        .limit(most)
        .load(db)?;
    Ok(ids.len())
}

/// The running reply clocks of these cases that an older calendar measured.
///
/// # Errors
/// Of the database.
pub fn older_replies(db: &mut Db, case_ids: &[i64], version: i64) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::case_id.eq_any(case_ids.to_vec()).and(clocks::purpose.eq(ClockPurpose::Reply)))
        .filter(clocks::finished_at.is_null().and(clocks::calendar_version.lt(version)))
        .load(db)?)
}

/// Says that the calendar `version` measures the clock as it stands; `false` when somebody changed it meanwhile.
///
/// # Errors
/// Of the database.
pub fn set_version(db: &mut Db, seen: &Clock, version: i64) -> Result<bool> {
    let same = clocks::id
        .eq(seen.id)
        .and(clocks::finished_at.is_null())
        .and(clocks::calendar_version.eq(seen.calendar_version))
        .and(clocks::original_due_at.eq(seen.original_due_at))
        .and(clocks::due_at.eq(seen.due_at));
    Ok(diesel::update(clocks::table.filter(same)).set(clocks::calendar_version.eq(version)).execute(db)? == 1)
}

/// What beside its limit moves a clock: whether it was extended, whether its case ever waited, and waits now.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    extended: HashSet<i64>,
    paused: HashSet<i64>,
    standing: HashSet<i64>,
}

impl Touched {
    /// Whether the clock's measure needs more than its limit.
    #[must_use]
    pub fn is_touched(&self, clock: &Clock) -> bool {
        self.extended.contains(&clock.id) || self.paused.contains(&clock.case_id)
    }

    /// Whether the clock stands still now: its end is not known yet, whatever the calendar says.
    #[must_use]
    pub fn stands_still(&self, clock: &Clock) -> bool {
        matches!(clock.purpose, ClockPurpose::Reply | ClockPurpose::Ceiling) && self.standing.contains(&clock.case_id)
    }
}

/// What moves these clocks beside their limits.
///
/// # Errors
/// Of the database.
pub fn touched(db: &mut Db, list: &[Clock]) -> Result<Touched> {
    let ids: Vec<i64> = list.iter().map(|clock| clock.id).collect();
    let case_ids: Vec<i64> = list.iter().map(|clock| clock.case_id).collect();
    let extended: Vec<i64> =
        extensions::table.filter(extensions::clock_id.eq_any(ids)).select(extensions::clock_id).load(db)?;
    let waited: Vec<(i64, i32, Option<Moment>)> = pauses::table
        .filter(pauses::case_id.eq_any(case_ids).and(pauses::stops.eq(true)))
        .select((pauses::case_id, pauses::round, pauses::to_at))
        .load(db)?;
    let rounds: HashMap<i64, i32> = list.iter().map(|clock| (clock.case_id, clock.round)).collect();
    let mut touched = Touched { extended: extended.into_iter().collect(), ..Touched::default() };
    for (case_id, round, to_at) in waited {
        touched.paused.insert(case_id);
        if to_at.is_none() && rounds.get(&case_id) == Some(&round) {
            touched.standing.insert(case_id);
        }
    }
    Ok(touched)
}

/// Number and unit of cases by id.
///
/// # Errors
/// Of the database.
pub fn numbers(db: &mut Db, case_ids: &[i64]) -> Result<HashMap<i64, (String, Option<i64>)>> {
    type Row = (i64, Option<String>, Option<i64>);
    let rows: Vec<Row> = cases::table
        .filter(cases::id.eq_any(case_ids.to_vec()))
        .select((cases::id, cases::number, cases::unit_id))
        .load(db)?;
    Ok(rows.into_iter().map(|(id, number, unit)| (id, (number.unwrap_or_default(), unit))).collect())
}
