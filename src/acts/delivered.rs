//! What follows from a letter that was sent or has failed for good: a line in the case's history, and for a confirmation
//! mail that failed, the submission's place on the registrar's list.

use std::sync::Arc;

use serde_json::json;

use crate::domain::event::acts;
use crate::domain::staff::Actor;
use crate::domain::submission::SubmissionState as S;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::letters::{LetterRow, Outcome};
use crate::store::{Db, cases, events, submissions};

/// What the outbox calls in the transaction that records an outcome.
pub type Settled = Arc<dyn Fn(&mut Db, &LetterRow, &Outcome, Moment) -> Result<()> + Send + Sync>;

/// The hook for the outbox.
#[must_use]
pub fn settled() -> Settled {
    Arc::new(settle)
}

/// What follows from the outcome of a letter; also from a report that it came back.
///
/// # Errors
/// Of the database.
pub(super) fn settle(db: &mut Db, letter: &LetterRow, outcome: &Outcome, now: Moment) -> Result<()> {
    let act = match outcome {
        Outcome::Sent => acts::LETTER_SENT,
        Outcome::Failed(_) => acts::LETTER_FAILED,
        Outcome::Later(..) => return Ok(()),
    };
    // Notices to staff are not part of a case's history; letters to the petitioner are.
    if let (Some(case_id), Some(_)) = (letter.case_id, letter.party_id) {
        cases::lock_for_log(db, case_id)?;
        let facts = json!({ "letter": letter.id, "kind": letter.kind });
        events::append(db, case_id, now, act, &Actor::System, &facts)?;
    }
    if let (Some(submission_id), Outcome::Failed(_)) = (letter.submission_id, outcome) {
        let mut submission = submissions::lock(db, submission_id)?;
        if submission.state == S::Unconfirmed {
            submission.state = S::Bounced;
            submissions::save(db, &submission)?;
        }
    }
    Ok(())
}
