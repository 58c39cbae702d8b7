//! A unit that was asked for its part answers; whoever has the case is told.

use serde_json::json;

use crate::acts::consult::LONGEST;
use crate::acts::owing::in_charge_of;
use crate::acts::{Gate, Office, counting};
use crate::domain::asking::ConsultationState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{clocks, consultations, texts};

/// Answers for the unit. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty or very long answer, or a question that is not open; `Refused` for somebody of another unit;
/// `Refused`, `Conflict`, `NotFound` from the gate.
pub fn answer_consultation(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    consultation_id: i64,
    answer: &str,
) -> Result<i64> {
    let answer = many_lines(answer);
    if answer.is_empty() || answer.chars().count() > LONGEST {
        return Err(Error::invalid("answer", "consult-text"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::AnswerConsultation, case_id, version)?;
        let asked = consultations::open(db, case_id)?
            .into_iter()
            .find(|asked| asked.id == consultation_id)
            .ok_or_else(|| Error::invalid("consultation_id", "field-choose"))?;
        let reference = gate.reference.clone();
        if !reference.units.within(asked.unit_id, staff.unit_id) {
            return Err(Error::refused("refused-not-asked"));
        }
        let in_time = now <= clocks::get(db, asked.clock_id)?.due_at;
        let text = texts::insert(db, &answer)?;
        let state = ConsultationState::Answered;
        consultations::settle(db, asked.id, state, Some((text, staff.id)), Some(now))?;
        counting::stop(db, asked.clock_id, now)?;
        gate.rest(db)?;
        gate.done(db, now, &json!({ "unit": asked.unit_id, "in_time": in_time }))?;
        let letter = Letter::ConsultationAnswered {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            unit: reference.units.get(asked.unit_id).map(|unit| unit.name_zh.clone()).unwrap_or_default(),
            still_open: i64::try_from(consultations::open(db, case_id)?.len()).unwrap_or(0),
        };
        in_charge_of(db, &office, &gate.case, &reference, &letter, now)?;
        Ok(gate.case.version)
    })
}
