//! A case is left unprocessed on a ground of article 173; it stays registered (仍應予以登記，以利查考).

use serde_json::json;

use crate::acts::ending::end;
use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office};
use crate::domain::case::{CloseCode, Verb};
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// Why a case is left unprocessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// One of [`CloseCode::GROUNDS`].
    pub code: CloseCode,
    /// The reason, kept as an internal note.
    pub reason: String,
    /// The sentence the petitioner reads; an empty one tells them nothing.
    pub notice: String,
}

/// Ends the case on a ground. Returns its new version.
///
/// # Errors
/// `Invalid` for another ground or without a reason; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn no_action(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    ground: &Ground,
) -> Result<i64> {
    let Ground { code, reason, notice } = ground.clone();
    if !CloseCode::GROUNDS.contains(&code) {
        return Err(Error::invalid("ground", "field-choose"));
    }
    let (reason, notice) = (many_lines(&reason), many_lines(&notice));
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::NoAction, case_id, version)?;
        end(db, &office, &mut gate, code, &reason, &json!({ "ground": code }), now)?;
        if !notice.is_empty() {
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
        }
        Ok(gate.case.version)
    })
}
