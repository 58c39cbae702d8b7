//! A paper reply was posted on a date: the case is replied.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::{ReplyBy, Verb};
use crate::domain::delivery::LetterState;
use crate::domain::staff::Staff;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::store::{cases, letters, reference::day_number, replies};

/// Records that the paper reply was posted on `posted_on`, under the outgoing document's number if there is one.
/// Returns the case's new version.
///
/// # Errors
/// `Invalid` for a date in the future or before the approval; `Refused` for a reply that is told; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn mark_posted(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    posted_on: Date,
    document_out: &str,
) -> Result<i64> {
    let (office, staff, document_out) = (office.clone(), staff.clone(), document_out.trim().to_owned());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::MarkPosted, case_id, version)?;
        if posted_on > now.date_in(&office.zone) {
            return Err(Error::invalid("posted_on", "field-in-future"));
        }
        if gate.case.finished_at.is_some_and(|at| posted_on < at.date_in(&office.zone)) {
            return Err(Error::invalid("posted_on", "posted-before-approval"));
        }
        let mut reply = gate.reply()?.clone();
        if reply.way == Some(ReplyBy::Phone) {
            return Err(Error::refused("refused-reply-by-phone"));
        }
        reply.posted_on = Some(day_number(posted_on));
        let until = now.plus_seconds(office.rules.rating_days * DAY);
        reply.rating_until = Some(until);
        replies::save(db, &reply)?;
        gate.case.replied_at = Some(now);
        gate.case.rating_until = Some(until);
        if !document_out.is_empty() {
            let references = cases::references(db, case_id)?;
            cases::set_references(db, &cases::References { document_out: Some(document_out.clone()), ..references })?;
        }
        for letter in letters::of_case(db, case_id)? {
            if letter.reply_id == Some(reply.id) && letter.state == LetterState::ToPost {
                letters::set_state(db, letter.id, LetterState::ToPost, LetterState::Posted, None, Some(now))?;
            }
        }
        gate.done(db, now, &json!({ "posted_on": posted_on.to_string() }))?;
        Ok(gate.case.version)
    })
}
