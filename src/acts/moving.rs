//! A clock moves to the days that the calendar in force gives it: clock, case, round, next check, and a line in the history.

use serde_json::json;

use crate::acts::{Office, counting};
use crate::domain::calendar_move::Dues;
use crate::domain::event::acts;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock};
use crate::store::reference::Reference;
use crate::store::{Db, events};

/// Moves a clock of a locked case to `new`.
///
/// # Errors
/// Of the database.
pub fn shift(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    before: &Case,
    clock: &mut Clock,
    new: Dues,
    (actor, now): (&Actor, Moment),
) -> Result<()> {
    let old = clock.due_at;
    (clock.original_due_at, clock.due_at) = new;
    clock.calendar_version = reference.calendar.version();
    let mut case = before.clone();
    counting::check_next(db, office, reference, &case, clock)?;
    clocks::save(db, clock)?;
    counting::show(db, &mut case, clock)?;
    cases::save(db, before, &case, now)?;
    events::append(db, case.id, now, acts::CALENDAR_MOVED, actor, &facts(reference, clock, old, new.1))
}

/// What the history keeps of a move: which clock, from which last day to which, by which calendar.
#[must_use]
pub fn facts(reference: &Reference, clock: &Clock, old: Moment, new: Moment) -> serde_json::Value {
    let calendar = reference.calendar_in(&clock.region);
    json!({
        "clock": clock.purpose,
        "old_due": last_day(old, calendar).to_string(),
        "new_due": last_day(new, calendar).to_string(),
        "calendar": calendar.version(),
    })
}
