//! A registrar makes a case of a message of the pen: a submission that is accepted at once, with the registrar's reason in
//! place of the sender's confirmation.

use crate::acts::confirm::become_case;
use crate::acts::join_message::{decide, open, registrar_only};
use crate::acts::opening::Receipt;
use crate::acts::{Office, submit};
use crate::domain::event::acts;
use crate::domain::incoming::{Mail, MessageState};
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::{SubmissionState, one_line};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::attachments::StoredFile;
use crate::store::{messages, parties};

/// Makes a case of an open message; its files must be stored already.
///
/// # Errors
/// `Refused` for anyone but a registrar, or when it was decided already; `Invalid` without a reason.
pub fn open_from_message(
    office: &Office,
    now: Moment,
    staff: &Staff,
    id: i64,
    reason: &str,
    mail: &Mail,
    files: &[StoredFile],
) -> Result<Receipt> {
    registrar_only(staff)?;
    let reason = one_line(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let petition = mail.petition();
    let party = parties::seal(&office.keys, &submit::party_of(&petition))?;
    let sealed = messages::seal(&office.keys, mail)?;
    let (code, nonce) = (office.keys.new_query_code()?, random_word::<10>()?);
    let (office, staff, files) = (office.clone(), staff.clone(), files.to_vec());
    office.store.clone().write(move |db| {
        let mut row = open(db, id)?;
        let mut submission = submit::put(db, &office, &petition, &party, &nonce, &files, now)?;
        submission.state = SubmissionState::Accepted;
        (submission.decided_by, submission.decided_at) = (Some(staff.id), Some(now));
        reason.clone_into(&mut submission.decision_reason);
        let actor = Actor::Staff(staff.clone());
        let receipt = become_case(db, &office, &mut submission, acts::ACCEPTED, &actor, &code, now)?;
        sealed.write(&mut row);
        decide(&mut row, &staff, &reason, now);
        row.state = MessageState::NewSubmission;
        (row.submission_id, row.case_id) = (Some(submission.id), Some(receipt.case_id));
        messages::save(db, &row)?;
        Ok(receipt)
    })
}
