//! The supervisor gives the reply back to the handler with a reason (退回).

use serde_json::json;

use crate::acts::owing::people;
use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::reply::ReplyState;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{notes, replies, staff as staff_store};

/// Returns the reply. Returns the case's new version.
///
/// # Errors
/// `Invalid` without a reason; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn return_reply(
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
        let gate = Gate::staff(db, &office, &staff, Verb::ReturnReply, case_id, version)?;
        let mut reply = gate.reply()?.clone();
        reply.state = ReplyState::Returned;
        reply.decided_at = Some(now);
        reply.approver_id = Some(staff.id);
        reply.return_reason.clone_from(&reason);
        replies::save(db, &reply)?;
        notes::insert(db, case_id, staff.id, &reason, now)?;
        gate.done(db, now, &json!({ "reply": reply.id }))?;
        let letter = Letter::ReplyReturned {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            by: staff.name.clone(),
            reason: reason.clone(),
        };
        let author = staff_store::get(db, reply.author_id)?.person()?;
        people(db, &office, case_id, &[author], &letter, now)?;
        Ok(gate.case.version)
    })
}
