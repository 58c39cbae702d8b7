//! Another unit is asked for its part (會辦): its own clock starts, its people are told and may see the matter from now on,
//! never the petitioner. The unit complained of is not asked without the control officer.

use serde_json::json;

use crate::acts::owing::{distributors, people};
use crate::acts::{Gate, Office, counting};
use crate::domain::asking::ConsultationState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::consultations::{self, NewConsultation};
use crate::store::{Db, cases, texts};

/// The longest question or answer, in characters.
pub const LONGEST: usize = 10_000;

/// Asks a unit. Returns the case's new version.
///
/// # Errors
/// `Invalid` for a unit that cannot be asked, or an empty or very long question; `Refused` for the unit complained of, or
/// when the policies set no limit; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn consult(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    unit_id: i64,
    question: &str,
) -> Result<i64> {
    let question = many_lines(question);
    if question.is_empty() || question.chars().count() > LONGEST {
        return Err(Error::invalid("question", "consult-text"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Consult, case_id, version)?;
        check_unit(db, &gate, &staff, unit_id)?;
        let reference = gate.reference.clone();
        let case = &mut gate.case;
        let clock = counting::start(db, &office, &reference, case, ClockPurpose::CoHandling, Some(unit_id), now)?
            .ok_or_else(|| Error::refused("refused-no-limit"))?;
        let new = NewConsultation {
            case_id,
            round: case.round,
            unit_id,
            clock_id: clock.id,
            question_id: texts::insert(db, &question)?,
            asked_by: staff.id,
            asked_at: now,
            state: ConsultationState::Open,
        };
        consultations::insert(db, new)?;
        let due_on = last_day(clock.due_at, reference.calendar_in(&clock.region));
        gate.done(db, now, &json!({ "unit": unit_id, "until": due_on.to_string() }))?;
        let name = |id: Option<i64>| {
            id.and_then(|id| reference.units.get(id)).map(|unit| unit.name_zh.clone()).unwrap_or_default()
        };
        let letter = Letter::ConsultationAsked {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            unit: name(Some(unit_id)),
            lead_unit: name(gate.case.unit_id),
            question: question.clone(),
            due_on,
        };
        let readers = distributors(db, &reference.units, unit_id)?;
        people(db, &office, case_id, &readers, &letter, now)?;
        Ok(gate.case.version)
    })
}

fn check_unit(db: &mut Db, gate: &Gate, staff: &Staff, unit_id: i64) -> Result<()> {
    let units = &gate.reference.units;
    if units.get(unit_id).is_none_or(|unit| !unit.active) || gate.case.unit_id == Some(unit_id) {
        return Err(Error::invalid("unit_id", "field-choose"));
    }
    let respondent = cases::references(db, gate.case.id)?.respondent_unit_id;
    if respondent.is_some_and(|complained_of| units.within(unit_id, complained_of)) && !staff.is(Role::ControlOfficer) {
        return Err(Error::refused("refused-consult-respondent"));
    }
    if consultations::open(db, gate.case.id)?.iter().any(|asked| asked.unit_id == unit_id) {
        return Err(Error::invalid("unit_id", "consult-asked-already"));
    }
    Ok(())
}
