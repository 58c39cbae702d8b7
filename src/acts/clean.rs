//! Housekeeping: old keys, sessions, windows, submissions that were never confirmed, and spam.

use crate::acts::Office;
use crate::domain::time::{DAY, Moment};
use crate::error::Result;
use crate::store::{attempts, idempotency, messages, staff, submissions};

/// Days an idempotency key answers again with the first result.
const KEYS_DAYS: i64 = 7;
/// Submissions, and messages, in one run.
const BATCH: i64 = 500;

/// Deletes what has served; spam after `spam_days` days. Returns how many rows.
///
/// # Errors
/// Of the database.
pub fn clean(office: &Office, now: Moment, spam_days: i64) -> Result<usize> {
    let spam = now.plus_seconds(-spam_days * DAY);
    let keep = now.plus_seconds(-office.rules.unconfirmed_keep_days * DAY);
    let zone = office.zone.clone();
    office.store.write(move |db| {
        let mut rows = idempotency::purge(db, now.plus_seconds(-KEYS_DAYS * DAY))?;
        rows += staff::purge_sessions(db, now)?;
        rows += attempts::purge(db, now.plus_seconds(-DAY))?;
        rows += submissions::purge(db, keep, &zone, BATCH)?;
        rows += messages::purge_spam(db, spam, &zone, BATCH)?;
        Ok(rows)
    })
}
