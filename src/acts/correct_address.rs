//! The petitioner corrects a mistyped address before confirming: the old link dies, a new mail goes to the new address.

use crate::acts::resend::{room_for_mail, waiting};
use crate::acts::{Office, submit};
use crate::domain::link::Link;
use crate::domain::submission::{SubmissionState as S, is_email, one_line};
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::submissions::{self, Submission};
use crate::store::{letters, parties};

/// Sets another address on the submission whose page the link opens.
///
/// # Errors
/// `Invalid` for something that is no address; `NotFound` when the link is not ours; `Refused` when it is confirmed already,
/// has run out, or too many mails went out.
pub fn correct_address(office: &Office, now: Moment, link: &Link, email: &str) -> Result<Submission> {
    let email = one_line(email);
    if !is_email(&email) {
        return Err(Error::invalid("email", "petition-email"));
    }
    let nonce = random_word::<10>()?;
    let (office, link) = (office.clone(), link.clone());
    office.store.clone().write(move |db| {
        submit::by_page(db, &link, now)?;
        let mut submission = submissions::lock(db, link.row)?;
        waiting(&submission, now)?;
        room_for_mail(&office, &submission, now)?;
        parties::set_email(db, &office.keys, submission.party_id, &email)?;
        letters::cancel_for_submission(db, submission.id)?;
        submission.state = S::Unconfirmed;
        submission.nonce = nonce.clone();
        submission.expires_at = now.plus_seconds(office.rules.confirm_days * DAY);
        submission.mails_sent += 1;
        submission.last_mail_at = now;
        submission.reminded_at = None;
        submissions::save(db, &submission)?;
        submit::owe_confirmation(db, &office, &submission, now)?;
        Ok(submission)
    })
}
