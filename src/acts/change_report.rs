//! A saved report is changed. From then on it is sent by its new rhythm.

use crate::acts::Office;
use crate::acts::saved_reports::{changeable, check};
use crate::domain::saved_report::Draft;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::saved_reports;

/// Changes the report of which `staff` saw a version.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not; `Invalid` names each field that is wrong; `Conflict` when a colleague was
/// faster.
pub fn change_report(
    office: &Office,
    now: Moment,
    staff: &Staff,
    (id, version): (i64, i64),
    draft: Draft,
) -> Result<()> {
    let (store, office, staff) = (office.store.clone(), office.clone(), staff.clone());
    let draft = draft.tidy();
    store.write(move |db| {
        changeable(db, &staff, id)?;
        let draft = draft.clone()?;
        check(db, &office, &draft, now)?;
        let next = draft.schedule.next_after(now, &office.reference(db)?.calendar);
        saved_reports::update(db, (id, version), &draft, next, now)
    })
}
