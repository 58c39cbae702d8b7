//! The handler lays the reply before the supervisor (陳核). An empty reply cannot be laid before anybody.

use serde_json::json;

use crate::acts::draft::{Draft, save};
use crate::acts::owing::{people, supervisors};
use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::reply::ReplyState;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::{pauses, replies, staff as staff_store};

/// The shortest reply, in characters: 「已收悉。」 is not one.
const SHORTEST: usize = 10;

/// Saves the draft and submits it. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty reply; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn submit_reply(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    draft: &Draft,
) -> Result<i64> {
    submit_keeping(office, now, staff, case_id, version, draft, None)
}

/// As [`submit_reply()`]; of the files that the draft has so far only `kept` stay, `None` keeps them all.
///
/// # Errors
/// As [`submit_reply()`].
pub fn submit_keeping(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    draft: &Draft,
    kept: Option<&[i64]>,
) -> Result<i64> {
    let draft = draft.checked()?;
    if draft.body.chars().filter(|c| !c.is_whitespace()).count() < SHORTEST {
        return Err(Error::invalid("body", "reply-empty"));
    }
    let nonce = random_word::<10>()?;
    let (office, staff, kept) = (office.clone(), staff.clone(), kept.map(<[i64]>::to_vec));
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::SubmitReply, case_id, version)?;
        // A clock that stands still while the reply is decided on would flatter the figures.
        if pauses::of_round(db, case_id, gate.case.round)?.iter().any(|pause| pause.to_at.is_none()) {
            return Err(Error::refused("refused-still-waits"));
        }
        save(db, &mut gate, &staff, &draft, kept.as_deref(), &nonce, now)?;
        let mut reply = gate.reply()?.clone();
        reply.state = ReplyState::InReview;
        reply.submitted_at = Some(now);
        replies::save(db, &reply)?;
        gate.done(db, now, &json!({ "reply": reply.id }))?;
        let unit_id = gate.case.unit_id.ok_or_else(|| Error::internal("a case in progress without a unit"))?;
        // The author cannot approve: a supervisor who wrote it alone is passed over for the one above.
        let mut approvers = supervisors(db, &gate.reference.units, unit_id)?;
        approvers.retain(|p| p.id != staff.id);
        if approvers.is_empty()
            && let Some(above) = gate.reference.units.get(unit_id).and_then(|u| u.parent_id)
        {
            approvers = supervisors(db, &gate.reference.units, above)?;
        }
        let letter = Letter::ReplyForApproval {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            handler: staff_store::get(db, staff.id)?.name,
        };
        people(db, &office, case_id, &approvers, &letter, now)?;
        Ok(gate.case.version)
    })
}
