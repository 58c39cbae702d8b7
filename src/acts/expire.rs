//! Submissions that were never confirmed run out: they come to the registrar's list, not into silence.

use crate::acts::Office;
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::submissions::{self, run_out};

/// Submissions in one run; the next tick takes the rest.
const BATCH: i64 = 500;

/// Marks every unconfirmed submission whose link has run out. Returns how many.
///
/// # Errors
/// Of the database.
pub fn expire(office: &Office, now: Moment) -> Result<usize> {
    let due = office.store.read(|db| run_out(db, now, BATCH))?;
    let mut expired = 0;
    for id in due {
        let done = office.store.write(move |db| {
            let mut submission = submissions::lock(db, id)?;
            if submission.state != S::Unconfirmed || submission.expires_at > now {
                return Ok(false);
            }
            submission.state = S::Expired;
            submissions::save(db, &submission)?;
            Ok(true)
        })?;
        expired += usize::from(done);
    }
    Ok(expired)
}
