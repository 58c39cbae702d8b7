//! The sweep of clocks: a warning that has come is written for each of its readers, once a clock and due moment; urgent ones
//! leave as letters at once, the others wait for the morning's digest. It reads only clocks whose next check has come, and
//! keeps to office hours where the clock runs.

use serde_json::json;

use crate::acts::deputies::{Told, readers};
use crate::acts::owing::{notify, supervisors};
use crate::acts::{Office, counting, rights_of};
use crate::domain::event::acts;
use crate::domain::letter::Letter;
use crate::domain::policy::{Recipient, Warning};
use crate::domain::rights::may_see;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::time::Moment;
use crate::domain::watch::{DUE_SOON, OVERDUE, last_day, next_open, warned_at, working_days_left, working_days_over};
use crate::error::{Error, Result};
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock};
use crate::store::reference::Reference;
use crate::store::warnings::{self, NewWarning};
use crate::store::{Db, absences, events, staff};

/// Clocks read at once.
const BATCH: usize = 500;
/// Batches in one run; the next tick takes the rest.
const ROUNDS: usize = 40;

/// Looks at every clock that is due for it. Returns how many warnings have come.
///
/// # Errors
/// Of the database. A single clock that cannot be looked at is told in the end and keeps no other waiting.
pub fn watch(office: &Office, now: Moment) -> Result<usize> {
    let (mut come, mut fault) = (0, None);
    for _ in 0..ROUNDS {
        let due = office.store.read(|db| clocks::to_check(db, now, i64::try_from(BATCH).unwrap_or(i64::MAX)))?;
        let mut done = 0;
        for clock in &due {
            let (office, id, case_id) = (office.clone(), clock.id, clock.case_id);
            match office.store.clone().write(move |db| check(db, &office, id, case_id, now)) {
                Ok(number) => (come, done) = (come + number, done + 1),
                Err(e @ (Error::Unavailable(_) | Error::Contended(_))) => return Err(e),
                Err(e) => fault = fault.or(Some(e)),
            }
        }
        if due.len() < BATCH || done == 0 {
            break;
        }
    }
    fault.map_or(Ok(come), Err)
}

fn check(db: &mut Db, office: &Office, clock_id: i64, case_id: i64, now: Moment) -> Result<usize> {
    // Locks the case first, as every act does; a warning leaves a colleague's open form valid.
    let case = cases::lock_for_log(db, case_id)?;
    let mut clock = clocks::get(db, clock_id)?;
    if clock.finished_at.is_some() || clock.next_check_at.is_none_or(|at| at > now) {
        return Ok(0);
    }
    let reference = office.reference(db)?;
    let calendar = reference.calendar_in(&clock.region);
    let opens = next_open(now, calendar);
    if opens > now {
        clock.next_check_at = Some(opens);
        clocks::save(db, &clock)?;
        return Ok(0);
    }
    let (_, rules) = counting::rules_of(&reference, office, &case)?;
    let moment = |w: &Warning| warned_at(w.when, clock.start_at, clock.due_at, calendar);
    let mut come: Vec<&Warning> = rules.warnings_of(clock.purpose).filter(|w| moment(w) <= now).collect();
    come.sort_by_key(|w| moment(w));
    let mut new: Vec<&Warning> = Vec::new();
    for warning in &come {
        if clocks::first_notice(db, clock.id, &warning.when.to_string(), clock.due_at, now)? {
            new.push(warning);
        }
    }
    // Of several that have come the last one says it all, to the readers of each; what speaks of the time before the end
    // is silent after it.
    let overdue = now >= clock.due_at;
    new.retain(|warning| warning.when.is_overdue() == overdue);
    let said = come.last().filter(|last| new.contains(last)).map(|last| Said {
        kind: last.when.to_string(),
        at: moment(last),
        to: new.iter().flat_map(|warning| warning.to.iter().copied()).collect(),
        urgent: new.iter().any(|warning| warning.urgent),
    });
    counting::check_next(db, office, &reference, &case, &mut clock)?;
    clocks::save(db, &clock)?;
    let Some(said) = said else { return Ok(0) };
    let notice = if overdue { OVERDUE } else { DUE_SOON };
    let facts = json!({ "notice": notice, "when": said.kind, "clock": clock.purpose, "due": clock.due_at });
    events::append(db, case_id, now, acts::NOTICE, &Actor::System, &facts)?;
    tell(db, office, &reference, &case, &clock, &said, now)?;
    Ok(1)
}

/// A warning as it is given.
struct Said {
    kind: String,
    at: Moment,
    to: Vec<Recipient>,
    urgent: bool,
}

fn tell(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &Case,
    clock: &Clock,
    said: &Said,
    now: Moment,
) -> Result<()> {
    let people = recipients(db, reference, case, clock, &said.to)?;
    let rights = rights_of(db, case, None)?;
    let away = absences::away_on(db, now.date_in(&office.zone))?;
    let told = readers(db, &reference.units, &away, &people, |person| may_see(person, &rights, &reference.units))?;
    let mut first: Vec<Told> = Vec::new();
    for told in told.into_iter().filter(|told| !told.person.email.is_empty()) {
        let new = NewWarning {
            staff_id: told.person.id,
            for_id: told.for_whom.as_ref().map(|person| person.id),
            case_id: case.id,
            clock_id: clock.id,
            kind: said.kind.clone(),
            due_at: clock.due_at,
            at: said.at,
            told_at: said.urgent.then_some(now),
        };
        if warnings::insert(db, &new)? {
            first.push(told);
        }
    }
    if said.urgent {
        let letter = letter(db, reference, case, clock, now)?;
        notify(db, office, case.id, &first, &letter, now)?;
    }
    Ok(())
}

/// Who a warning is for, before anybody is away.
fn recipients(db: &mut Db, reference: &Reference, case: &Case, clock: &Clock, to: &[Recipient]) -> Result<Vec<Staff>> {
    let desk = clock.unit_id.or(case.unit_id);
    let registry = reference.mailboxes.first().map(|mailbox| mailbox.registry_unit_id);
    let mut people: Vec<Staff> = Vec::new();
    for recipient in to {
        match recipient {
            Recipient::Handler => {
                let Some(id) = case.handler_id else { continue };
                let row = staff::get(db, id)?;
                match (row.active, desk) {
                    (false, Some(unit)) => people.extend(supervisors(db, &reference.units, unit)?),
                    _ => people.push(row.person()?),
                }
            }
            Recipient::Supervisor => {
                if let Some(unit) = desk.or(registry) {
                    people.extend(supervisors(db, &reference.units, unit)?);
                }
            }
            Recipient::Registrar => {
                if let (None, Some(unit)) = (desk, registry) {
                    people.extend(staff::in_units(db, &[unit])?.into_iter().filter(|p| p.is(Role::Registrar)));
                }
            }
            Recipient::ControlOfficer => people.extend(staff::with_role(db, Role::ControlOfficer)?),
            Recipient::Head => people.extend(staff::with_role(db, Role::Manager)?),
        }
    }
    Ok(people)
}

fn letter(db: &mut Db, reference: &Reference, case: &Case, clock: &Clock, now: Moment) -> Result<Letter> {
    let registry = reference.mailboxes.first().map(|mailbox| mailbox.registry_unit_id);
    let desk = clock.unit_id.or(case.unit_id).or(registry);
    let unit = desk.and_then(|id| reference.units.get(id)).map(|u| u.name_zh.clone()).unwrap_or_default();
    let handler = case.handler_id.map(|id| staff::get(db, id)).transpose()?.map(|row| row.name);
    let calendar = reference.calendar_in(&clock.region);
    let (number, subject) = (case.number().to_owned(), case.subject.clone());
    let (due_on, purpose, for_whom) = (last_day(clock.due_at, calendar), clock.purpose, None);
    Ok(if now >= clock.due_at {
        let days_over = working_days_over(now, clock.due_at, calendar);
        Letter::Overdue { number, subject, unit, due_on, days_over, handler, purpose, for_whom }
    } else {
        let days_left = working_days_left(now, clock.due_at, calendar);
        Letter::DueSoon { number, subject, unit, due_on, days_left, handler, purpose, for_whom }
    })
}
