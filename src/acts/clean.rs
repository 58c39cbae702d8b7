//! Housekeeping: old keys, sessions, windows, submissions that were never confirmed, spam, and the originals of messages
//! whose case was closed so long ago that its retention term is over.

use crate::acts::Office;
use crate::domain::time::{DAY, Moment};
use crate::error::Result;
use crate::store::{attachments, attempts, idempotency, messages, staff, submissions};

/// Days an idempotency key answers again with the first result.
const KEYS_DAYS: i64 = 7;
/// Submissions, and messages, in one run.
const BATCH: i64 = 500;

/// Deletes what has served; spam after `spam_days` days. Originals of messages are erased here: their lines stay, and the
/// collector takes their bytes. Returns how many rows.
///
/// # Errors
/// Of the database.
pub fn clean(office: &Office, now: Moment, spam_days: i64) -> Result<usize> {
    let spam = now.plus_seconds(-spam_days * DAY);
    let keep = now.plus_seconds(-office.rules.unconfirmed_keep_days * DAY);
    let zone = office.zone.clone();
    let over = now.years_earlier(office.rules.retention_years, &zone);
    // Looked for outside the transaction: it looks through all originals that are kept.
    let originals = office.store.read(|db| messages::outlived(db, over, BATCH))?;
    office.store.write(move |db| {
        let mut rows = idempotency::purge(db, now.plus_seconds(-KEYS_DAYS * DAY))?;
        rows += staff::purge_sessions(db, now)?;
        rows += attempts::purge(db, now.plus_seconds(-DAY))?;
        rows += submissions::purge(db, keep, &zone, BATCH)?;
        rows += messages::purge_spam(db, spam, &zone, BATCH)?;
        rows += messages::erase(db, &originals, now)?;
        rows += attachments::purge_of_letters(db, now)?;
        Ok(rows)
    })
}
