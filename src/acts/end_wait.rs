//! A wait is over, or is given up: also that for the petitioner's supplement, when the case can go on without it. The
//! clocks are measured anew.

use serde_json::json;

use crate::acts::{Gate, Office, counting};
use crate::domain::asking::SupplementState;
use crate::domain::case::Verb;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{pauses, supplements};

/// Ends a pause that runs. Returns the case's new version.
///
/// # Errors
/// `Invalid` for one that does not run on this case; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn end_wait(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64, pause_id: i64) -> Result<i64> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::EndWait, case_id, version)?;
        let pause = pauses::of_round(db, case_id, gate.case.round)?
            .into_iter()
            .find(|pause| pause.id == pause_id && pause.to_at.is_none())
            .ok_or_else(|| Error::invalid("pause_id", "field-choose"))?;
        pauses::end(db, pause.id, now, Some(staff.id))?;
        if let Some(asked) = supplements::open(db, case_id)?.filter(|asked| asked.pause_id == pause.id) {
            supplements::settle(db, asked.id, SupplementState::Ended, None, None)?;
            counting::stop(db, asked.clock_id, now)?;
            gate.rest(db)?;
        }
        let reference = gate.reference.clone();
        counting::refresh_all(db, &office, &reference, &mut gate.case, now)?;
        gate.done(db, now, &json!({ "reason": pause.reason, "stops": pause.stops, "due": gate.case.due_at }))?;
        Ok(gate.case.version)
    })
}
