//! The petitioner asks for the confirmation mail again, a limited number of times.

use crate::acts::{Office, submit};
use crate::domain::link::Link;
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::submissions::{self, Submission};

/// Sends the confirmation mail again; the link stays the same.
///
/// # Errors
/// `Refused` when it is confirmed, has run out, or too many mails went out.
pub fn resend(office: &Office, now: Moment, link: &Link) -> Result<Submission> {
    let (office, link) = (office.clone(), link.clone());
    office.store.clone().write(move |db| {
        submit::by_link(db, &link)?;
        let mut submission = submissions::lock(db, link.row)?;
        if !matches!(submission.state, S::Unconfirmed | S::Bounced) {
            return Err(Error::refused("refused-already-confirmed"));
        }
        if submission.expires_at <= now {
            return Err(Error::refused("refused-link-expired"));
        }
        room_for_mail(&office, &submission, now)?;
        submission.state = S::Unconfirmed;
        submission.mails_sent += 1;
        submission.last_mail_at = now;
        submissions::save(db, &submission)?;
        submit::owe_confirmation(db, &office, &submission, now)?;
        Ok(submission)
    })
}

/// Whether one more confirmation mail may go out.
///
/// # Errors
/// `Refused` when there were too many, or the last one is too fresh.
pub fn room_for_mail(office: &Office, submission: &Submission, now: Moment) -> Result<()> {
    if submission.mails_sent > office.rules.confirm_resends {
        return Err(Error::refused("refused-too-many-mails"));
    }
    if now.seconds_since(submission.last_mail_at) < office.rules.confirm_resend_seconds {
        return Err(Error::refused("refused-mail-just-sent"));
    }
    Ok(())
}
