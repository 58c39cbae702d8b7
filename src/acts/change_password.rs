//! Staff change their password: the current one proves who asks, the new one keeps the rules and is none of the last
//! three. Every other session of the person ends.

use crate::acts::sign_in::count_wrong;
use crate::acts::{Office, passwords};
use crate::config::Session as Rules;
use crate::domain::password;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::accounts;
use crate::store::staff::{self, Session};

/// Earlier passwords that may not be used again.
const REMEMBERED: i64 = 3;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub new: String,
    /// The new one again.
    pub repeat: String,
}

/// Changes the password of whoever the session belongs to.
///
/// # Errors
/// `Invalid` on `current`, `new` or `repeat`; `Refused` with `login-locked` after too many wrong guesses at the current
/// one.
pub fn change_password(office: &Office, rules: &Rules, now: Moment, session: &Session, change: &Change) -> Result<()> {
    let id = session.staff_id;
    let (row, last) = office.store.read(|db| Ok((staff::get(db, id)?, staff::last_passwords(db, id, REMEMBERED)?)))?;
    if !passwords::fits(&change.current, &row.password_hash) {
        count_wrong(office, rules, now, id)?;
        return Err(Error::invalid("current", "password-wrong"));
    }
    let mut errors = Vec::new();
    if let Err(Error::Invalid(weak)) = password::check(&change.new, &row.username) {
        errors.extend(weak);
    }
    if change.new != change.repeat {
        errors.push(FieldError::new("repeat", "password-differs"));
    }
    if errors.is_empty() && used(&change.new, &row.password_hash, &last) {
        errors.push(FieldError::new("new", "password-reused"));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let (old, new, keep) = (row.password_hash, passwords::hash(&change.new)?, session.digest.clone());
    office.store.write(move |db| {
        if !accounts::set_password(db, id, &old, &new, now)? {
            return Err(Error::Conflict);
        }
        staff::delete_other_sessions(db, id, &keep)
    })?;
    tracing::info!(staff_id = id, "password changed");
    Ok(())
}

fn used(new: &str, current: &str, last: &[String]) -> bool {
    std::iter::once(current).chain(last.iter().map(String::as_str)).any(|hash| passwords::fits(new, hash))
}
