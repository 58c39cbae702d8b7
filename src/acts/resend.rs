//! The petitioner asks for the confirmation mail again, a limited number of times.

use crate::acts::{Office, submit};
use crate::domain::link::Link;
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::submissions::{self, Submission};

/// Sends the confirmation mail again; its link stays the same. `link` is that of the submission's page.
///
/// # Errors
/// `NotFound` when the link is not ours; `Refused` when it is confirmed, has run out, or too many mails went out.
pub fn resend(office: &Office, now: Moment, link: &Link) -> Result<Submission> {
    let (office, link) = (office.clone(), link.clone());
    office.store.clone().write(move |db| {
        submit::by_page(db, &link, now)?;
        let mut submission = submissions::lock(db, link.row)?;
        waiting(&submission, now)?;
        room_for_mail(&office, &submission, now)?;
        submission.state = S::Unconfirmed;
        submission.mails_sent += 1;
        submission.last_mail_at = now;
        submissions::save(db, &submission)?;
        submit::owe_confirmation(db, &office, &submission, now)?;
        Ok(submission)
    })
}

/// Whether the submission still waits for its confirmation.
///
/// # Errors
/// `Refused` with the reason when it does not.
pub fn waiting(submission: &Submission, now: Moment) -> Result<()> {
    match submission.state {
        S::Unconfirmed | S::Bounced if submission.expires_at > now => Ok(()),
        S::Unconfirmed | S::Bounced | S::Expired => Err(Error::refused("refused-link-expired")),
        S::Confirmed | S::Accepted => Err(Error::refused("refused-already-confirmed")),
        S::Dismissed => Err(Error::refused("refused-submission-dismissed")),
    }
}

/// How many more confirmation mails may go out.
#[must_use]
pub fn mails_left(office: &Office, submission: &Submission) -> i64 {
    // The first mail is none of the repeats.
    (office.rules.confirm_resends + 1 - submission.mails_sent).max(0)
}

/// Whether one more confirmation mail may go out.
///
/// # Errors
/// `Refused` when there were too many, or the last one is too fresh; one that came back need not be waited for.
pub fn room_for_mail(office: &Office, submission: &Submission, now: Moment) -> Result<()> {
    if mails_left(office, submission) == 0 {
        return Err(Error::refused("refused-too-many-mails"));
    }
    let came_back = submission.state == S::Bounced;
    if !came_back && now.seconds_since(submission.last_mail_at) < office.rules.confirm_resend_seconds {
        return Err(Error::refused("refused-mail-just-sent"));
    }
    Ok(())
}
