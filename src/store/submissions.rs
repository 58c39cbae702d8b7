//! Submissions that wait for their confirmation.

use diesel::prelude::*;
use jiff::tz::TimeZone;

use super::Db;
use super::schema::{attachments, letters, parties, submission_counts, submissions, texts};
use crate::domain::case::{Channel, Kind, ReplyBy};
use crate::domain::delivery::LetterState;
use crate::domain::link::{Link, Purpose};
use crate::domain::submission::SubmissionState;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::on;

/// A row of `submissions`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = submissions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Submission {
    pub id: i64,
    pub state: SubmissionState,
    pub version: i64,
    pub channel: Channel,
    pub locale: String,
    pub party_id: i64,
    pub subject: String,
    pub text_id: i64,
    pub kind: Kind,
    pub category: Option<String>,
    pub place: String,
    pub confidential: bool,
    pub reply_by: ReplyBy,
    pub nonce: String,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub reminded_at: Option<Moment>,
    pub mails_sent: i64,
    pub last_mail_at: Moment,
    pub case_id: Option<i64>,
    pub decided_by: Option<i64>,
    pub decided_at: Option<Moment>,
    pub decision_reason: String,
}

impl Submission {
    /// The link of its page. It stays the same when the address is corrected, and is bound to the moment it was made, so
    /// that it never opens another submission that got the same id after a purge.
    #[must_use]
    pub fn page(&self, days: i64) -> Link {
        let nonce = self.created_at.0.to_string();
        Link { purpose: Purpose::Submission, row: self.id, nonce, expires_at: self.created_at.plus_seconds(days * DAY) }
    }

    /// The link to confirm it by.
    #[must_use]
    pub fn link(&self) -> Link {
        Link { purpose: Purpose::Confirm, row: self.id, nonce: self.nonce.clone(), expires_at: self.expires_at }
    }
}

/// What a new submission is made of.
#[derive(Clone, Insertable)]
#[diesel(table_name = submissions, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewSubmission {
    pub state: SubmissionState,
    pub version: i64,
    pub channel: Channel,
    pub locale: String,
    pub party_id: i64,
    pub subject: String,
    pub text_id: i64,
    pub kind: Kind,
    pub category: Option<String>,
    pub place: String,
    pub confidential: bool,
    pub reply_by: ReplyBy,
    pub nonce: String,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub mails_sent: i64,
    pub last_mail_at: Moment,
    pub decision_reason: String,
}

/// Stores a submission; it as it stands now.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewSubmission) -> Result<Submission> {
    Ok(diesel::insert_into(submissions::table)
        .values(new.clone())
        .returning(submissions::all_columns)
        .get_result(db)?)
}

/// Reads a submission.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Submission> {
    Ok(submissions::table.find(id).get_result(db)?)
}

/// When its newest mail that was not cancelled left; `None` while it waits.
///
/// # Errors
/// Of the database.
pub fn mail_sent_at(db: &mut Db, id: i64) -> Result<Option<Moment>> {
    let newest: Option<Option<Moment>> = letters::table
        .filter(letters::submission_id.eq(id).and(letters::state.ne(LetterState::Cancelled)))
        .order(letters::id.desc())
        .select(letters::sent_at)
        .first(db)
        .optional()?;
    Ok(newest.flatten())
}

/// Takes a submission for a change: counts its version up and returns it, locked until the transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn lock(db: &mut Db, id: i64) -> Result<Submission> {
    Ok(diesel::update(submissions::table.find(id))
        .set(submissions::version.eq(submissions::version + 1))
        .returning(submissions::all_columns)
        .get_result(db)?)
}

/// Writes a locked submission back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, submission: &Submission) -> Result<()> {
    let changed = diesel::update(submissions::table.find(submission.id)).set(submission.clone()).execute(db)?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Unconfirmed submissions whose link has run out, oldest first.
///
/// # Errors
/// Of the database.
pub fn run_out(db: &mut Db, now: Moment, limit: i64) -> Result<Vec<i64>> {
    Ok(submissions::table
        .filter(submissions::state.eq(SubmissionState::Unconfirmed).and(submissions::expires_at.le(now)))
        .order((submissions::expires_at, submissions::id))
        .limit(limit)
        .select(submissions::id)
        .load(db)?)
}

/// Unconfirmed submissions made before `before` that were not reminded yet and can still be confirmed.
///
/// # Errors
/// Of the database.
pub fn to_remind(db: &mut Db, before: Moment, now: Moment, limit: i64) -> Result<Vec<i64>> {
    Ok(submissions::table
        .filter(
            submissions::state
                .eq(SubmissionState::Unconfirmed)
                .and(submissions::expires_at.gt(now))
                .and(submissions::reminded_at.is_null())
                .and(submissions::created_at.le(before)),
        )
        .order((submissions::expires_at, submissions::id))
        .limit(limit)
        .select(submissions::id)
        .load(db)?)
}

/// Submissions in a state, newest first, a page after the one with id `before`.
///
/// # Errors
/// Of the database.
pub fn in_states(db: &mut Db, states: &[SubmissionState], before: Option<i64>, limit: i64) -> Result<Vec<Submission>> {
    Ok(submissions::table
        .filter(submissions::state.eq_any(states.to_vec()).and(submissions::id.lt(before.unwrap_or(i64::MAX))))
        .order(submissions::id.desc())
        .limit(limit)
        .load(db)?)
}

/// Deletes submissions that were never confirmed and ran out (or were put aside) before `before`, with their letters,
/// texts and identities; a count by month and state remains. Returns how many.
///
/// # Errors
/// Of the database.
pub fn purge(db: &mut Db, before: Moment, zone: &TimeZone, limit: i64) -> Result<usize> {
    let old: Vec<Submission> = submissions::table
        .filter(
            submissions::state
                .eq_any(vec![SubmissionState::Expired, SubmissionState::Bounced, SubmissionState::Dismissed])
                .and(submissions::expires_at.lt(before))
                .and(submissions::case_id.is_null()),
        )
        .order(submissions::id)
        .limit(limit)
        .load(db)?;
    for submission in &old {
        let row = (
            submission_counts::month.eq(submission.created_at.month_in(zone)),
            submission_counts::state.eq(submission.state),
            submission_counts::number.eq(1_i64),
        );
        on!(db, c => diesel::insert_into(submission_counts::table)
            .values(row)
            .on_conflict((submission_counts::month, submission_counts::state))
            .do_update()
            .set(submission_counts::number.eq(submission_counts::number + 1))
            .execute(c))?;
        super::messages::forget_submission(db, submission.id, zone)?;
        super::learned_ids::forget_submission(db, submission.id)?;
        diesel::delete(attachments::table.filter(attachments::submission_id.eq(submission.id))).execute(db)?;
        diesel::delete(letters::table.filter(letters::submission_id.eq(submission.id))).execute(db)?;
        diesel::delete(submissions::table.find(submission.id)).execute(db)?;
        diesel::delete(texts::table.find(submission.text_id)).execute(db)?;
        diesel::delete(parties::table.find(submission.party_id)).execute(db)?;
    }
    Ok(old.len())
}
