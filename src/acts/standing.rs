//! While a case waits for a reason that stops the clock, its dates move on with every day. Pages compute them live; this
//! job writes them for lists and figures, so that what waits is never counted as late.

use crate::acts::{Office, counting};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::{cases, pauses};

/// Cases read at once.
const BATCH: i64 = 500;

/// Writes the dates of every case that waits, as they stand now. Returns how many moved.
///
/// # Errors
/// Of the database.
pub fn standing(office: &Office, now: Moment) -> Result<usize> {
    let (mut moved, mut after) = (0, 0);
    loop {
        let waiting = office.store.read(|db| pauses::stopped(db, after, BATCH))?;
        let Some((last, _)) = waiting.last() else { return Ok(moved) };
        after = *last;
        for (_, case_id) in waiting {
            let office = office.clone();
            moved += usize::from(office.store.clone().write(move |db| {
                // A date that moves by itself leaves a colleague's open form valid.
                let mut case = cases::lock_for_log(db, case_id)?;
                if case.finished_at.is_some() {
                    return Ok(false);
                }
                let before = case.clone();
                let reference = office.reference(db)?;
                counting::refresh_all(db, &office, &reference, &mut case, now)?;
                cases::save(db, &before, &case, now)?;
                Ok(before.due_at != case.due_at)
            })?);
        }
    }
}
