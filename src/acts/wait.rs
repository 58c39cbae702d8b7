//! A logged pause with another reason of the agency's policies: another agency's opinion, an expert's, … Only a reason that
//! stops the clock moves a date; the others are written down.

use serde_json::json;

use crate::acts::{Gate, Office, counting};
use crate::domain::case::Verb;
use crate::domain::policy::SUPPLEMENT_PAUSE;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::pauses;

/// Begins to wait. Returns the case's new version.
///
/// # Errors
/// `Invalid` for a reason that the case's policies do not have, or without a note; `Refused` when it waits for that
/// already; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn wait(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    reason: &str,
    note: &str,
) -> Result<i64> {
    let (reason, note) = (reason.to_owned(), many_lines(note));
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Wait, case_id, version)?;
        let reference = gate.reference.clone();
        let (_, rules) = counting::rules_of(&reference, &office, &gate.case)?;
        let known = rules.pause(&reason).filter(|known| known.code != SUPPLEMENT_PAUSE);
        let mut wrong = Vec::new();
        if known.is_none() {
            wrong.push(FieldError::new("pause_reason", "field-choose"));
        }
        if note.is_empty() {
            wrong.push(FieldError::new("note", "field-reason"));
        }
        let (Some(known), true) = (known, wrong.is_empty()) else { return Err(Error::Invalid(wrong)) };
        let round = (case_id, gate.case.round);
        if pauses::of_round(db, round.0, round.1)?.iter().any(|p| p.to_at.is_none() && p.reason == reason) {
            return Err(Error::refused("refused-waits-already"));
        }
        pauses::begin(db, round, (&reason, known.stops), &note, Some(staff.id), now)?;
        counting::refresh_all(db, &office, &reference, &mut gate.case, now)?;
        gate.done(db, now, &json!({ "reason": reason, "stops": known.stops }))?;
        Ok(gate.case.version)
    })
}
