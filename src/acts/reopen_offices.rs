//! A closure is revoked: the typhoon turned away, or it was entered for the wrong place. The days it gave are taken back only
//! case by case, by a control officer.

use crate::acts::Office;
use crate::acts::close_offices::ROLES;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{calendars, closures};

/// Revokes a closure; the version in force from now on. `by` is nobody at the command line of the machine itself.
///
/// # Errors
/// `Refused` for other roles, and when it was revoked before; `NotFound`; `Conflict` when the calendar changed since `seen`.
pub fn reopen(office: &Office, now: Moment, by: Option<&Staff>, id: i64, seen: Option<i64>) -> Result<i64> {
    if by.is_some_and(|staff| !staff.is_any(ROLES)) {
        return Err(Error::refused("refused-role"));
    }
    let by = by.map(|staff| staff.id);
    office.store.write(move |db| {
        calendars::lock(db)?;
        let version = calendars::in_force(db)?;
        if seen.is_some_and(|seen| seen != version) {
            return Err(Error::Conflict);
        }
        let row = closures::get(db, id)?;
        if !closures::revoke(db, id, by, now)? {
            return Err(Error::refused("refused-closure-revoked"));
        }
        calendars::activate(db, &[], &[], &format!("closure {} revoked", row.day), now)
    })
}
