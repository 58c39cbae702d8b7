//! A handler of the unit takes the case.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::clocks;

/// Takes the case. Returns its new version.
///
/// # Errors
/// `Refused` when somebody has it or the actor is no handler of the unit.
pub fn take(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64) -> Result<i64> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Take, case_id, version)?;
        gate.case.handler_id = Some(staff.id);
        clocks::finish(db, case_id, ClockPurpose::Acceptance, now)?;
        gate.done(db, now, &json!({ "handler": staff.id }))?;
        Ok(gate.case.version)
    })
}
