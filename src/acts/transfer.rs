//! Another agency is competent (Administrative Procedure Act 172): the case is transferred and the petitioner told.

use serde_json::json;

use crate::acts::ending::end;
use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office};
use crate::domain::case::{CloseCode, Verb};
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::submission::{many_lines, one_line};
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::cases;

/// Transfers the case to another agency with a reason the petitioner reads. Returns its new version.
///
/// # Errors
/// `Invalid` without agency or reason; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn transfer(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    agency: &str,
    reason: &str,
) -> Result<i64> {
    let (agency, reason) = (one_line(agency), many_lines(reason));
    let mut errors = Vec::new();
    if agency.is_empty() || agency.chars().count() > 100 {
        errors.push(FieldError::new("agency", "field-agency"));
    }
    if reason.is_empty() {
        errors.push(FieldError::new("reason", "field-reason"));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Transfer, case_id, version)?;
        let references = cases::references(db, case_id)?;
        cases::set_references(db, &cases::References { transferred_to: Some(agency.clone()), ..references })?;
        end(db, &office, &mut gate, CloseCode::Transferred, &reason, &json!({ "agency": agency }), now)?;
        let letter = Letter::Transferred {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            agency: agency.clone(),
            reason: reason.clone(),
            legal_note: None,
        };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        Ok(gate.case.version)
    })
}
