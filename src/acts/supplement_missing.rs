//! What the petitioner was asked to supplement was not given in time: the case ends (Administrative Procedure Act 171).
//! Nothing ends by itself; somebody decides, after the petitioner's last day.

use serde_json::json;

use crate::acts::ending::end;
use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office};
use crate::domain::asking::SupplementState;
use crate::domain::case::{CloseCode, Verb};
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{clocks, supplements};

/// Ends the case; `notice` is what the petitioner reads. Returns its new version.
///
/// # Errors
/// `Invalid` without reason or notice; `Refused` before the petitioner's time is over; `Refused`, `Conflict`, `NotFound`
/// from the gate.
pub fn supplement_missing(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    reason: &str,
    notice: &str,
) -> Result<i64> {
    let (reason, notice) = (many_lines(reason), many_lines(notice));
    for (field, text) in [("reason", &reason), ("notice", &notice)] {
        if text.is_empty() {
            return Err(Error::invalid(field, "field-reason"));
        }
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::SupplementMissing, case_id, version)?;
        let asked = supplements::open(db, case_id)?.ok_or_else(|| Error::refused("refused-no-supplement"))?;
        if now < clocks::get(db, asked.clock_id)?.due_at {
            return Err(Error::refused("refused-supplement-in-time"));
        }
        supplements::settle(db, asked.id, SupplementState::Missing, None, None)?;
        let code = CloseCode::SupplementMissing;
        end(db, &office, &mut gate, code, &reason, &json!({ "ground": code }), now)?;
        let (unit, unit_phone) = gate.unit();
        let letter = Letter::NoAction {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            ground_code: code.code().to_owned(),
            ground_text: notice.clone(),
            officer_name: staff.name.clone(),
            officer_phone: if staff.phone.is_empty() { unit_phone } else { staff.phone.clone() },
            unit,
        };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        Ok(gate.case.version)
    })
}
