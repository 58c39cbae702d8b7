//! The question to another unit is withdrawn: its part is not needed any more.

use serde_json::json;

use crate::acts::{Gate, Office, counting};
use crate::domain::asking::ConsultationState;
use crate::domain::case::Verb;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::consultations;

/// Withdraws a question. Returns the case's new version.
///
/// # Errors
/// `Invalid` for a question that is not open; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn withdraw_consultation(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    consultation_id: i64,
) -> Result<i64> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::WithdrawConsultation, case_id, version)?;
        let asked = consultations::open(db, case_id)?
            .into_iter()
            .find(|asked| asked.id == consultation_id)
            .ok_or_else(|| Error::invalid("consultation_id", "field-choose"))?;
        consultations::settle(db, asked.id, ConsultationState::Withdrawn, None, Some(now))?;
        counting::stop(db, asked.clock_id, now)?;
        gate.rest(db)?;
        gate.done(db, now, &json!({ "unit": asked.unit_id }))?;
        Ok(gate.case.version)
    })
}
