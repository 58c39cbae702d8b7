//! Clocks as the calendar in force measures them, for pages and for what is decided on them, until the recomputing job has
//! come to each. A later day is shown at once; an earlier one only after a control officer accepted it, so until then the
//! day that was promised stands.

use std::collections::HashMap;

use crate::acts::counting::{self, Measures};
use crate::domain::calendar_move::{Dues, Way, way};
use crate::domain::day::Day;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::Db;
use crate::store::cases::Case;
use crate::store::clocks::Clock;
use crate::store::lists::CaseRow;
use crate::store::reference::Reference;
use crate::store::running::{self, Touched};

/// The clock with the due moments to show: as it is stored when the calendar in force measured it, otherwise measured now.
///
/// # Errors
/// Of the database or the engine.
pub fn clock(db: &mut Db, reference: &Reference, mut clock: Clock, now: Moment) -> Result<Clock> {
    if clock.finished_at.is_some() || clock.calendar_version >= reference.calendar.version() {
        return Ok(clock);
    }
    let touched = running::touched(db, std::slice::from_ref(&clock))?;
    if !touched.stands_still(&clock) {
        let with = with(db, reference, &clock, &touched, now)?;
        let (old, new) = (dues(&clock), counting::due_moments(reference, &clock, &with)?);
        (clock.original_due_at, clock.due_at) = shown(old, new);
    }
    Ok(clock)
}

/// Puts the due moments to show into a case.
///
/// # Errors
/// Of the database or the engine.
pub fn case(db: &mut Db, reference: &Reference, case: &mut Case, now: Moment) -> Result<()> {
    if case.finished_at.is_some() || case.due_at.is_none() {
        return Ok(());
    }
    let stale = running::older_replies(db, &[case.id], reference.calendar.version())?;
    for found in stale.into_iter().filter(|clock| clock.round == case.round) {
        let shown = clock(db, reference, found, now)?;
        (case.original_due_at, case.due_at) = (Some(shown.original_due_at), Some(shown.due_at));
    }
    Ok(())
}

/// Puts the due moments to show into the rows of a list. Their order stays that of the list.
///
/// # Errors
/// Of the database or the engine.
pub fn rows(db: &mut Db, reference: &Reference, rows: &mut [CaseRow], now: Moment) -> Result<()> {
    let open: Vec<i64> = rows.iter().filter(|row| row.finished_at.is_none()).map(|row| row.id).collect();
    if open.is_empty() {
        return Ok(());
    }
    let mut due: HashMap<(i64, i32), Moment> = HashMap::new();
    for found in running::older_replies(db, &open, reference.calendar.version())? {
        let shown = clock(db, reference, found, now)?;
        due.insert((shown.case_id, shown.round), shown.due_at);
    }
    for row in rows {
        row.due_at = due.get(&(row.id, row.round)).copied().or(row.due_at);
    }
    Ok(())
}

/// The due moments of a clock by the calendar in force, whatever is shown.
///
/// # Errors
/// Of the database or the engine.
pub fn by_calendar(db: &mut Db, reference: &Reference, clock: &Clock, now: Moment) -> Result<Dues> {
    let with = counting::measures(db, reference, clock, now)?;
    counting::due_moments(reference, clock, &with)
}

/// What a clock is measured with; nothing is asked of the database for one that was never extended and never waited.
///
/// # Errors
/// Of the database.
pub fn with(db: &mut Db, reference: &Reference, clock: &Clock, touched: &Touched, now: Moment) -> Result<Measures> {
    if touched.is_touched(clock) { counting::measures(db, reference, clock, now) } else { Ok(Measures::default()) }
}

/// Whether a clock runs through a year without an official table, so that its end may still change.
#[must_use]
pub fn is_uncovered(reference: &Reference, clock: &Clock) -> bool {
    let calendar = reference.calendar_in(&clock.region);
    let first = Day::of(clock.start_at.date_in(calendar.zone()));
    !calendar.covers_days(first, Day::of(last_day(clock.due_at, calendar)).max(first))
}

/// The due moments of a clock as they are stored.
#[must_use]
pub fn dues(clock: &Clock) -> Dues {
    (clock.original_due_at, clock.due_at)
}

/// Which of the stored and the measured moments are shown.
#[must_use]
pub fn shown(old: Dues, new: Dues) -> Dues {
    if way(old, new) == Way::Later { new } else { old }
}
