//! The reply clock of a case: started when the case begins, set anew when its class or a reopening changes it.

use crate::acts::Office;
use crate::domain::calendar::Calendar;
use crate::domain::days_used::days_used;
use crate::domain::deadline::due;
use crate::domain::limit::Limit;
use crate::domain::time::Moment;
use crate::domain::watch::{due_soon_at, overdue_at};
use crate::error::{Error, Result};
use crate::store::Db;
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock, NewClock};

/// The due moment of a limit that starts then.
///
/// # Errors
/// `Refused` when the engine has no answer.
pub fn due_of(start: Moment, limit: Limit, calendar: &Calendar) -> Result<Moment> {
    due(start, limit, calendar, &[]).map(|answer| answer.due).map_err(|e| Error::internal(format!("deadline: {e}")))
}

/// Starts the reply clock of the case's current round and writes its due moments into the case.
///
/// # Errors
/// Of the database or the engine.
pub fn start(
    db: &mut Db,
    office: &Office,
    calendar: &Calendar,
    case: &mut Case,
    start: Moment,
    limit: Limit,
) -> Result<()> {
    let due_at = due_of(start, limit, calendar)?;
    clocks::insert(
        db,
        &NewClock {
            case_id: case.id,
            round: case.round,
            purpose: clocks::REPLY.into(),
            start_at: start,
            time_limit: limit.to_string(),
            original_due_at: due_at,
            due_at,
            calendar_version: calendar.version(),
            next_check_at: Some(due_soon_at(due_at, calendar, office.rules.due_soon_days)),
        },
    )?;
    (case.original_due_at, case.due_at) = (Some(due_at), Some(due_at));
    cases::set_round_due(db, case)
}

/// Sets another limit on the running clock, from the same start: the original due moment moves with it, because the
/// case was in the wrong class before.
///
/// # Errors
/// Of the database or the engine.
pub fn set_limit(db: &mut Db, office: &Office, calendar: &Calendar, case: &mut Case, limit: Limit) -> Result<Clock> {
    let mut clock = clocks::reply_clock(db, case.id, case.round)?;
    if clock.time_limit == limit.to_string() {
        return Ok(clock);
    }
    let due_at = due_of(clock.start_at, limit, calendar)?;
    clock.time_limit = limit.to_string();
    clock.original_due_at = due_at;
    // An extension that was granted holds if it is later.
    clock.due_at = if case.extended { clock.due_at.max(due_at) } else { due_at };
    clock.calendar_version = calendar.version();
    clock.next_check_at = Some(next_check(&clock, calendar, office, None));
    clocks::save(db, &clock)?;
    (case.original_due_at, case.due_at) = (Some(clock.original_due_at), Some(clock.due_at));
    cases::set_round_due(db, case)?;
    Ok(clock)
}

/// When the clock is looked at next, after `noticed` was sent for its due moment.
#[must_use]
pub fn next_check(clock: &Clock, calendar: &Calendar, office: &Office, noticed: Option<&str>) -> Moment {
    match noticed {
        None => due_soon_at(clock.due_at, calendar, office.rules.due_soon_days),
        Some(_) => overdue_at(clock.due_at, calendar),
    }
}

/// Ends the case's clocks and its round: it is finished (辦結) at `now`.
///
/// # Errors
/// Of the database.
pub fn finish(db: &mut Db, office: &Office, calendar: &Calendar, case: &mut Case, now: Moment) -> Result<()> {
    let opened_at = cases::round_opened_at(db, case)?;
    case.finished_at = Some(now);
    clocks::finish_all(db, case.id, now)?;
    let used = days_used(opened_at, now, calendar, &[]);
    cases::finish_round(db, case, now, now.month_in(&office.zone), used.0)
}
