//! The registrar looks at a submission that was never confirmed: accepts it by hand with a reason, or puts it aside.

use crate::acts::confirm::become_case;
use crate::acts::{Office, Receipt};
use crate::domain::event::acts;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::submission::{SubmissionState as S, one_line};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::submissions::{self, Submission};

/// Accepts a submission without confirmation: it becomes a case.
///
/// # Errors
/// `Refused` for anyone but a registrar, without a reason, or when it is a case already.
pub fn accept(office: &Office, now: Moment, staff: &Staff, submission_id: i64, reason: &str) -> Result<Receipt> {
    let reason = needs_reason(reason)?;
    registrar_only(staff)?;
    let code = office.keys.new_query_code()?;
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut submission = open_to_decision(submissions::lock(db, submission_id)?)?;
        decide(&mut submission, S::Accepted, &staff, &reason, now);
        become_case(db, &office, &mut submission, acts::ACCEPTED, &Actor::Staff(staff.clone()), &code, now)
    })
}

/// Puts a submission aside: advertisement, test, nothing to handle.
///
/// # Errors
/// As for [`accept`].
pub fn dismiss(office: &Office, now: Moment, staff: &Staff, submission_id: i64, reason: &str) -> Result<()> {
    let reason = needs_reason(reason)?;
    registrar_only(staff)?;
    let staff = staff.clone();
    office.store.write(move |db| {
        let mut submission = open_to_decision(submissions::lock(db, submission_id)?)?;
        decide(&mut submission, S::Dismissed, &staff, &reason, now);
        submissions::save(db, &submission)
    })
}

fn registrar_only(staff: &Staff) -> Result<()> {
    if staff.is(Role::Registrar) { Ok(()) } else { Err(Error::refused("refused-registrar-only")) }
}

fn needs_reason(reason: &str) -> Result<String> {
    let reason = one_line(reason);
    if reason.is_empty() { Err(Error::invalid("reason", "field-reason")) } else { Ok(reason) }
}

fn open_to_decision(submission: Submission) -> Result<Submission> {
    match submission.state {
        S::Unconfirmed | S::Bounced | S::Expired => Ok(submission),
        S::Confirmed | S::Accepted | S::Dismissed => Err(Error::refused("refused-already-decided")),
    }
}

fn decide(submission: &mut Submission, state: S, staff: &Staff, reason: &str, now: Moment) {
    submission.state = state;
    submission.decided_by = Some(staff.id);
    submission.decided_at = Some(now);
    reason.clone_into(&mut submission.decision_reason);
}
