//! What happens to accounts as people sign in: counted in the database, so that tries at the same moment all count.

use diesel::prelude::*;

use super::Db;
use super::schema::staff;
use super::staff::remember_password;
use crate::domain::time::Moment;
use crate::error::Result;

/// Where an account stands after a wrong password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// More tries are left.
    Open,
    /// It is locked now.
    Locked,
}

/// Counts a wrong password; with the `most`th in a row the account is locked until `until`. A lock that has ended begins
/// a new count.
///
/// # Errors
/// `NotFound`.
pub fn wrong_password(db: &mut Db, id: i64, most: i64, now: Moment, until: Moment) -> Result<Standing> {
    diesel::update(staff::table.filter(staff::id.eq(id).and(staff::locked_until.le(now))))
        .set((staff::failed_logins.eq(0_i64), staff::locked_until.eq(None::<Moment>)))
        .execute(db)?;
    let failed: i64 = diesel::update(staff::table.find(id))
        .set(staff::failed_logins.eq(staff::failed_logins + 1))
        .returning(staff::failed_logins)
        .get_result(db)?;
    if failed < most {
        return Ok(Standing::Open);
    }
    diesel::update(staff::table.find(id)).set(staff::locked_until.eq(Some(until))).execute(db)?;
    Ok(Standing::Locked)
}

/// Notes that somebody signed in; `false` when the account was closed, locked or given another password meanwhile.
///
/// # Errors
/// Of the database.
pub fn signed_in(db: &mut Db, id: i64, password_hash: &str, now: Moment) -> Result<bool> {
    let open = staff::locked_until.is_null().or(staff::locked_until.le(now));
    let same = staff::id.eq(id).and(staff::active.eq(true)).and(staff::password_hash.eq(password_hash));
    let changed = diesel::update(staff::table.filter(same).filter(open))
        .set((
            staff::failed_logins.eq(0_i64),
            staff::locked_until.eq(None::<Moment>),
            staff::last_login_at.eq(Some(now)),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Sets a password of the person's own choice; `false` when it was changed elsewhere meanwhile.
///
/// # Errors
/// Of the database.
pub fn set_password(db: &mut Db, id: i64, old_hash: &str, new_hash: &str, now: Moment) -> Result<bool> {
    let changed = diesel::update(staff::table.filter(staff::id.eq(id).and(staff::password_hash.eq(old_hash))))
        .set((staff::password_hash.eq(new_hash), staff::must_change_password.eq(false), staff::failed_logins.eq(0_i64)))
        .execute(db)?;
    if changed == 1 {
        remember_password(db, id, new_hash, now)?;
    }
    Ok(changed == 1)
}
