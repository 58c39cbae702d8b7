//! Somebody other than handler and approver looked at a low rating and records why the case is not opened again.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::reply::ReviewState;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{Db, notes, reviews};

/// Ends the open review of the case with a reason. Returns the case's new version.
///
/// # Errors
/// `Invalid` without a reason; `Refused` for the handler or approver of the reply, or when no review is open.
pub fn keep_closed(
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
        let gate = Gate::staff(db, &office, &staff, Verb::KeepClosed, case_id, version)?;
        if decide_reviews(db, case_id, &staff, ReviewState::Kept, &reason, now)? == 0 {
            return Err(Error::refused("refused-no-review"));
        }
        notes::insert(db, case_id, staff.id, &reason, now)?;
        gate.done(db, now, &json!({}))?;
        Ok(gate.case.version)
    })
}

/// Decides every open review of the case; how many there were.
///
/// # Errors
/// `Refused` when one of them is about the actor's own work.
pub fn decide_reviews(
    db: &mut Db,
    case_id: i64,
    staff: &Staff,
    state: ReviewState,
    reason: &str,
    now: Moment,
) -> Result<usize> {
    let open: Vec<_> =
        reviews::tasks_of_case(db, case_id)?.into_iter().filter(|t| t.state == ReviewState::Open).collect();
    for mut task in open.iter().cloned() {
        if task.handler_id == Some(staff.id) || task.approver_id == Some(staff.id) {
            return Err(Error::refused("refused-own-review"));
        }
        task.state = state;
        task.decided_at = Some(now);
        task.decided_by = Some(staff.id);
        reason.clone_into(&mut task.reason);
        reviews::save_task(db, &task)?;
    }
    Ok(open.len())
}
