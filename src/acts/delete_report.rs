//! A saved report is deleted. Letters that were sent of it, or wait to be, stay.

use crate::acts::Office;
use crate::acts::saved_reports::changeable;
use crate::domain::staff::Staff;
use crate::error::Result;
use crate::store::saved_reports;

/// Deletes the report of which `staff` saw a version.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not; `Conflict` when a colleague changed it meanwhile.
pub fn delete_report(office: &Office, staff: &Staff, id: i64, version: i64) -> Result<()> {
    let staff = staff.clone();
    office.store.write(move |db| {
        changeable(db, &staff, id)?;
        saved_reports::delete(db, id, version)
    })
}
