//! The sweep of clocks: warns handler and supervisor before and after the due date, once each. It reads only clocks whose
//! next check has come.

use serde_json::json;

use crate::acts::owing::{people, supervisors};
use crate::acts::{Office, counting};
use crate::domain::event::acts;
use crate::domain::letter::Letter;
use crate::domain::policy::Warning;
use crate::domain::staff::{Actor, Staff};
use crate::domain::time::Moment;
use crate::domain::watch::{DUE_SOON, OVERDUE, last_day, warned_at, working_days_left, working_days_over};
use crate::error::Result;
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock};
use crate::store::reference::Reference;
use crate::store::{Db, events, staff};

/// Clocks in one run; the next tick takes the rest.
const BATCH: i64 = 500;

/// Looks at every clock that is due for it. Returns how many notices are owed.
///
/// # Errors
/// Of the database.
pub fn watch(office: &Office, now: Moment) -> Result<usize> {
    let due = office.store.read(|db| clocks::to_check(db, now, BATCH))?;
    let mut noticed = 0;
    for clock in due {
        let office = office.clone();
        noticed += office.store.clone().write(move |db| check(db, &office, clock.id, clock.case_id, now))?;
    }
    Ok(noticed)
}

fn check(db: &mut Db, office: &Office, clock_id: i64, case_id: i64, now: Moment) -> Result<usize> {
    // Locks the case first, as every act does; a notice leaves a colleague's open form valid.
    let case = cases::lock_for_log(db, case_id)?;
    let mut clock = clocks::get(db, clock_id)?;
    if clock.finished_at.is_some() || clock.next_check_at.is_none_or(|at| at > now) {
        return Ok(0);
    }
    let reference = office.reference(db)?;
    let calendar = reference.calendar_in(&clock.region);
    let (_, rules) = counting::rules_of(&reference, office, &case)?;
    let moment = |w: &Warning| warned_at(w.when, clock.start_at, clock.due_at, calendar);
    let mut come: Vec<&Warning> = rules.warnings_of(clock.purpose).filter(|w| moment(w) <= now).collect();
    come.sort_by_key(|w| moment(w));
    // Of several that have come the last one says it all; what speaks of the time before the end is silent after it.
    let said = come.last().filter(|w| w.when.is_overdue() == (now >= clock.due_at)).map(|w| (*w).clone());
    let mut first = false;
    for warning in &come {
        let new = clocks::first_notice(db, clock.id, &warning.when.to_string(), clock.due_at, now)?;
        first |= new && said.as_ref() == Some(*warning);
    }
    counting::check_next(db, office, &reference, &case, &mut clock)?;
    clocks::save(db, &clock)?;
    let Some(warning) = said.filter(|_| first) else { return Ok(0) };
    let kind = if warning.when.is_overdue() { OVERDUE } else { DUE_SOON };
    let facts = json!({ "notice": kind, "when": warning.when, "clock": clock.purpose, "due": clock.due_at });
    events::append(db, case_id, now, acts::NOTICE, &Actor::System, &facts)?;
    tell(db, office, &reference, &case, &clock, kind, now)
}

fn tell(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &Case,
    clock: &Clock,
    kind: &str,
    now: Moment,
) -> Result<usize> {
    let handler: Option<Staff> = case.handler_id.map(|id| staff::get(db, id)?.person()).transpose()?;
    let unit_id = case.unit_id.or_else(|| reference.mailboxes.first().map(|m| m.registry_unit_id));
    let mut readers: Vec<Staff> = handler.clone().into_iter().collect();
    if let Some(unit_id) = unit_id {
        readers.extend(supervisors(db, &reference.units, unit_id)?);
    }
    let (number, subject) = (case.number().to_owned(), case.subject.clone());
    let unit = unit_id.and_then(|id| reference.units.get(id)).map(|u| u.name_zh.clone()).unwrap_or_default();
    let calendar = reference.calendar_in(&clock.region);
    let due_on = last_day(clock.due_at, calendar);
    let handler = handler.map(|h| h.name);
    let letter = if kind == DUE_SOON {
        let days_left = working_days_left(now, clock.due_at, calendar);
        Letter::DueSoon { number, subject, unit, due_on, days_left, handler }
    } else {
        let days_over = working_days_over(now, clock.due_at, calendar);
        Letter::Overdue { number, subject, unit, due_on, days_over, handler }
    };
    people(db, office, case.id, &readers, &letter, now)?;
    Ok(1)
}
