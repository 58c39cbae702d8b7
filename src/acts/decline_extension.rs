//! A request for more time is declined, with a reason that goes back to whoever asked.

use serde_json::json;

use crate::acts::extend::suffices;
use crate::acts::owing::people;
use crate::acts::{Gate, Office};
use crate::domain::asking::RequestState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::store::{extensions, staff as staff_store};

/// Declines the open request. Returns the case's new version.
///
/// # Errors
/// `Invalid` without a reason; `Refused` when there is no request, or a higher rank has to decide; `Refused`, `Conflict`,
/// `NotFound` from the gate.
pub fn decline_extension(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    reason: &str,
) -> Result<i64> {
    let reason = many_lines(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let gate = Gate::staff(db, &office, &staff, Verb::DeclineExtension, case_id, version)?;
        let request = extensions::open(db, case_id)?.ok_or_else(|| Error::refused("refused-no-request"))?;
        if !suffices(db, &gate, &staff, request.rank)? {
            let message = Message::new("refused-decline-beyond").with("rank", request.rank.code());
            return Err(Error::Refused(message));
        }
        extensions::decide(db, case_id, RequestState::Declined, &reason, Some(staff.id), now)?;
        gate.done(db, now, &json!({ "until": request.until()?.to_string() }))?;
        let letter = Letter::ExtensionDeclined {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            by: staff.name.clone(),
            reason: reason.clone(),
        };
        let asked_by = staff_store::get(db, request.asked_by)?.person()?;
        people(db, &office, case_id, &[asked_by], &letter, now)?;
        Ok(gate.case.version)
    })
}
