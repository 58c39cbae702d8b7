//! A case goes to a lead unit, further down in it, or to a person. The petitioner is told once which unit has it; the
//! unit (or the person) gets its notice.

use serde_json::json;

use crate::acts::owing::{Enclosed, distributors, people, petitioner};
use crate::acts::{Gate, Office, counting};
use crate::domain::case::{State, Verb};
use crate::domain::letter::Letter;
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::{Db, cases, clocks, staff as staff_store};

/// Assigns the case to a unit, and in it to a person if one is named. Returns the case's new version.
///
/// # Errors
/// `Invalid` for a unit or person that cannot have it; `Refused` when it would reach those complained of without the
/// control officer, or beyond the actor's part of the tree.
pub fn assign(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    unit_id: i64,
    handler_id: Option<i64>,
) -> Result<i64> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Assign, case_id, version)?;
        check_unit(db, &gate, &staff, unit_id)?;
        let handler = handler_id.map(|id| handler_in(db, &gate, id, unit_id)).transpose()?;
        gate.case.unit_id = Some(unit_id);
        gate.case.handler_id = handler_id;
        gate.case.assigned_at.get_or_insert(now);
        // A case that waits goes on waiting, whoever has it.
        if handler.is_some() && gate.case.state == State::Assigned {
            gate.case.state = State::InProgress;
        }
        clocks_of(db, &office, &mut gate, now)?;
        gate.done(db, now, &json!({ "unit": unit_id, "handler": handler_id }))?;
        tell(db, &office, &gate, handler, now)?;
        Ok(gate.case.version)
    })
}

/// Assignment is done and acceptance begins, until a handler has it; in a unit of another region its calendar counts.
fn clocks_of(db: &mut Db, office: &Office, gate: &mut Gate, now: Moment) -> Result<()> {
    let (reference, case) = (gate.reference.clone(), &mut gate.case);
    clocks::finish(db, case.id, ClockPurpose::Assignment, now)?;
    if gate.before.unit_id != case.unit_id || case.handler_id.is_some() {
        clocks::finish(db, case.id, ClockPurpose::Acceptance, now)?;
    }
    if gate.before.unit_id != case.unit_id && case.handler_id.is_none() {
        counting::start(db, office, &reference, case, ClockPurpose::Acceptance, None, now)?;
    }
    counting::begin_reply(db, office, &reference, case)?;
    if reference.region_of(gate.before.unit_id) != reference.region_of(case.unit_id) {
        counting::refresh_all(db, office, &reference, case, now)?;
    }
    Ok(())
}

fn check_unit(db: &mut Db, gate: &Gate, staff: &Staff, unit_id: i64) -> Result<()> {
    let units = &gate.reference.units;
    if units.get(unit_id).is_none_or(|unit| !unit.active) {
        return Err(Error::invalid("unit_id", "field-choose"));
    }
    let agency_wide = staff.is_any(&[Role::Registrar, Role::ControlOfficer]);
    if !agency_wide && !units.within(unit_id, staff.unit_id) {
        return Err(Error::refused("refused-assign-beyond"));
    }
    let respondent = cases::references(db, gate.case.id)?.respondent_unit_id;
    if respondent.is_some_and(|complained_of| units.within(unit_id, complained_of)) && !staff.is(Role::ControlOfficer) {
        return Err(Error::refused("refused-assign-respondent"));
    }
    Ok(())
}

fn handler_in(db: &mut Db, gate: &Gate, id: i64, unit_id: i64) -> Result<Staff> {
    let row = staff_store::get(db, id).map_err(|_| Error::invalid("handler_id", "field-choose"))?;
    let person = row.person()?;
    // A handler of a unit above may work on a case of one below, not the other way round.
    let fits = row.active && person.is(Role::Handler) && gate.reference.units.within(unit_id, person.unit_id);
    if fits { Ok(person) } else { Err(Error::invalid("handler_id", "field-handler-unit")) }
}

fn tell(db: &mut Db, office: &Office, gate: &Gate, handler: Option<Staff>, now: Moment) -> Result<()> {
    let case = &gate.case;
    let Some((unit_id, due)) = case.unit_id.zip(case.due_at) else { return Ok(()) };
    let due_on = last_day(due, gate.reference.calendar_of(case.unit_id));
    let (unit, unit_phone) = gate.unit();
    let (number, subject) = (case.number().to_owned(), case.subject.clone());
    if gate.before.unit_id != case.unit_id {
        let letter = Letter::Assigned { number: number.clone(), subject: subject.clone(), unit, unit_phone, due_on };
        petitioner(db, office, case, &letter, Enclosed::default(), now)?;
    }
    let unit = gate.reference.units.get(unit_id).map(|u| u.name_zh.clone()).unwrap_or_default();
    let letter = Letter::CaseForUnit { number, subject, unit, due_on, for_whom: None };
    let readers = match handler {
        Some(handler) => vec![handler],
        None => distributors(db, &gate.reference.units, unit_id)?,
    };
    people(db, office, case.id, &readers, &letter, now)
}
