//! The open data of a year are taken back, with a reason: nobody can fetch them any more. Who released what stays recorded.

use crate::acts::Office;
use crate::domain::open_data::RELEASERS;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{open_data, reference};

/// The most characters of a reason.
const REASON: usize = 500;

/// Takes a release back; `id` is the one that whoever decides has seen.
///
/// # Errors
/// `Refused` for those who release none; `Invalid` without a reason or with a very long one; `Conflict` when this release
/// does not stand any more.
pub fn withdraw_open_data(
    office: &Office,
    now: Moment,
    staff: &Staff,
    (year, id): (i16, i64),
    reason: &str,
) -> Result<()> {
    if !staff.is_any(RELEASERS) {
        return Err(Error::refused("refused-open-data"));
    }
    let (staff_id, reason) = (staff.id, many_lines(reason));
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Error::invalid("reason", "open-data-reason-wrong"));
    }
    office.store.write(move |db| {
        if !open_data::withdraw(db, (i32::from(year), id), &reason, staff_id, now)? {
            return Err(Error::Conflict);
        }
        reference::touch(db)
    })
}
