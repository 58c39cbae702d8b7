//! The one reminder to confirm, some hours after the submission.

use crate::acts::{Office, submit};
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::{HOUR, Moment};
use crate::error::Result;
use crate::store::submissions::{self, to_remind};

/// Submissions in one run; the next tick takes the rest.
const BATCH: i64 = 500;

/// Reminds every petitioner whose submission has waited long enough, once. Returns how many.
///
/// # Errors
/// Of the database.
pub fn remind(office: &Office, now: Moment) -> Result<usize> {
    let before = now.plus_seconds(-office.rules.confirm_reminder_hours * HOUR);
    let due = office.store.read(|db| to_remind(db, before, now, BATCH))?;
    let mut reminded = 0;
    for id in due {
        let office = office.clone();
        let done = office.store.clone().write(move |db| {
            let mut submission = submissions::lock(db, id)?;
            if submission.state != S::Unconfirmed || submission.reminded_at.is_some() || submission.expires_at <= now {
                return Ok(false);
            }
            submission.reminded_at = Some(now);
            submission.last_mail_at = now;
            submissions::save(db, &submission)?;
            submit::owe_reminder(db, &office, &submission, now)?;
            Ok(true)
        })?;
        reminded += usize::from(done);
    }
    Ok(reminded)
}
