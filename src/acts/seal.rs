//! The sealer: takes the new heads of the cases' histories into one keyed chain, so that a whole history that was
//! rewritten, hashes and all, no longer fits.

use crate::acts::Office;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::seals::{self, NewSeal};

/// Heads in one transaction.
const BATCH: i64 = 200;

/// Seals every head that waits. Returns how many.
///
/// # Errors
/// Of the database.
pub fn seal(office: &Office, now: Moment) -> Result<usize> {
    let mut sealed = 0;
    loop {
        let office = office.clone();
        let done = office.store.clone().write(move |db| {
            let waiting = seals::waiting(db, BATCH)?;
            let mut previous = seals::last(db)?.unwrap_or_default();
            for work in &waiting {
                let head = seals::head(db, work.case_id)?;
                let mut new = NewSeal {
                    at: now,
                    case_id: work.case_id,
                    seq: head.seq,
                    hash: head.hash,
                    previous,
                    seal: String::new(),
                };
                new.seal = office.keys.seal_head(&new.canonical())?;
                seals::insert(db, &new)?;
                previous = new.seal;
                seals::done(db, work)?;
            }
            Ok(waiting.len())
        })?;
        sealed += done;
        if done == 0 {
            return Ok(sealed);
        }
    }
}
