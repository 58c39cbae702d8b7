//! The petitioner confirms by the link in the mail: the submission becomes a case. Doing it twice shows the same receipt.

use crate::acts::opening::{Opening, Receipt, open};
use crate::acts::{Office, submit};
use crate::domain::event::acts;
use crate::domain::link::Link;
use crate::domain::staff::Actor;
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::submissions::{self, Submission};
use crate::store::{Db, attachments, cases, letters};

/// Confirms the submission that the link opens.
///
/// # Errors
/// `NotFound` for a link that is not ours; `Refused` when it was replaced, has run out, or the registrar has put the matter
/// aside.
pub fn confirm(office: &Office, now: Moment, link: &Link) -> Result<Receipt> {
    let code = office.keys.new_query_code()?;
    let (office, link) = (office.clone(), link.clone());
    office.store.clone().write(move |db| {
        submit::by_link(db, &link)?;
        let mut submission = submissions::lock(db, link.row)?;
        match submission.state {
            S::Confirmed | S::Accepted => return receipt_of(db, &office, &submission),
            S::Dismissed => return Err(Error::refused("refused-submission-dismissed")),
            S::Expired => return Err(Error::refused("refused-link-expired")),
            // Whoever follows the link has the mail, whatever a delivery report said.
            S::Unconfirmed | S::Bounced => {}
        }
        if submission.expires_at <= now {
            return Err(Error::refused("refused-link-expired"));
        }
        submission.state = S::Confirmed;
        submission.decided_at = Some(now);
        become_case(db, &office, &mut submission, acts::CONFIRMED, &Actor::Petitioner, &code, now)
    })
}

/// Makes a case of a locked submission whose new state is set.
///
/// # Errors
/// Of the database.
pub fn become_case(
    db: &mut Db,
    office: &Office,
    submission: &mut Submission,
    act: &str,
    actor: &Actor,
    code: &str,
    now: Moment,
) -> Result<Receipt> {
    let receipt = open(db, office, &Opening::from(submission, now), act, actor, code, now)?;
    attachments::move_to_case(db, submission.id, receipt.case_id)?;
    submission.case_id = Some(receipt.case_id);
    submissions::save(db, submission)?;
    Ok(receipt)
}

/// The receipt of a submission that is a case already.
///
/// # Errors
/// `NotFound` when it is none, or its receipt was never owed.
pub fn receipt_of(db: &mut Db, office: &Office, submission: &Submission) -> Result<Receipt> {
    let case = cases::get(db, submission.case_id.ok_or(Error::NotFound)?)?;
    let code = letters::receipt(db, case.id)?.query_code(&office.keys)?.ok_or(Error::NotFound)?;
    Ok(Receipt {
        case_id: case.id,
        number: case.number().to_owned(),
        query_code: code,
        received_at: case.received_at,
        due_at: case.due_at,
        subject: case.subject,
    })
}
