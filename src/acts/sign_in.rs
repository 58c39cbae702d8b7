//! Staff sign in and out. Every failure reads alike and takes as long; after some of them in a row the name is locked for
//! a while, whether there is such an account or not.

use crate::acts::{Office, passwords};
use crate::config::Session as Rules;
use crate::domain::staff::Staff;
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, Message, Result};
use crate::keys::{random_word, sha256};
use crate::store::accounts::{self, Standing};
use crate::store::staff::{self, Session, StaffRow};
use crate::store::{Db, attempts};

/// The scope in which wrong names are counted.
const SCOPE: &str = "sign-in.name";

/// A fresh session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The word for the cookie; only its digest is stored.
    pub word: String,
    /// Who.
    pub staff: Staff,
}

/// Opens a session for the right password.
///
/// # Errors
/// `Refused` with `login-wrong` for any wrong pair, with `login-locked` after too many.
pub fn sign_in(office: &Office, rules: &Rules, now: Moment, username: &str, password: &str) -> Result<SignedIn> {
    let username = fold(username);
    let row = match office.store.read(|db| staff::by_username(db, &username)) {
        Ok(row) => Some(row),
        Err(Error::NotFound) => None,
        Err(e) => return Err(e),
    };
    match row.filter(|row| row.active) {
        Some(row) => known(office, rules, now, &row, password),
        None => unknown(office, rules, now, &username, password),
    }
}

/// Ends a session.
///
/// # Errors
/// Of the database.
pub fn sign_out(office: &Office, session: &Session) -> Result<()> {
    let session = session.clone();
    office.store.write(move |db| staff::delete_session(db, &session.digest))?;
    tracing::info!(staff_id = session.staff_id, "signed out");
    Ok(())
}

/// A user name as it is stored and looked up.
#[must_use]
pub fn fold(username: &str) -> String {
    username.trim().to_lowercase()
}

fn known(office: &Office, rules: &Rules, now: Moment, row: &StaffRow, password: &str) -> Result<SignedIn> {
    let fits = passwords::fits(password, &row.password_hash);
    if row.locked_until.is_some_and(|until| now < until) {
        tracing::warn!(staff_id = row.id, "sign-in refused: the account is locked");
        return Err(locked(rules));
    }
    if !fits {
        count_wrong(office, rules, now, row.id)?;
        return Err(Error::refused("login-wrong"));
    }
    let (word, csrf) = (random_word::<32>()?, random_word::<20>()?);
    let session = Session {
        digest: sha256(word.as_bytes()),
        staff_id: row.id,
        csrf,
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds((rules.idle_minutes * 60).min(rules.hours * HOUR)),
    };
    let (seen, opened) = (row.password_hash.clone(), session.clone());
    office.store.write(move |db| open(db, &opened, &seen, now))?;
    tracing::info!(staff_id = row.id, "signed in");
    Ok(SignedIn { word, staff: row.person()? })
}

/// Stores the session, unless the account changed while the password was checked.
fn open(db: &mut Db, session: &Session, password_hash: &str, now: Moment) -> Result<()> {
    if !accounts::signed_in(db, session.staff_id, password_hash, now)? {
        return Err(Error::refused("login-wrong"));
    }
    staff::insert_session(db, session)
}

fn unknown(office: &Office, rules: &Rules, now: Moment, username: &str, password: &str) -> Result<SignedIn> {
    passwords::spend(password);
    let key = office.keys.index(SCOPE, username)?;
    let (window, most) = (rules.lock_minutes * 60, rules.lock_after);
    let tries = office.store.write(move |db| attempts::count(db, SCOPE, &key, window, now))?;
    // Not the name that was typed: people type their password there.
    tracing::warn!("sign-in failed: no such account");
    Err(if tries >= most { locked(rules) } else { Error::refused("login-wrong") })
}

/// Counts a wrong password of an account.
///
/// # Errors
/// `Refused` with `login-locked` when it was one too many.
pub fn count_wrong(office: &Office, rules: &Rules, now: Moment, staff_id: i64) -> Result<()> {
    let (most, until) = (rules.lock_after, now.plus_seconds(rules.lock_minutes * 60));
    let standing = office.store.write(move |db| accounts::wrong_password(db, staff_id, most, now, until))?;
    tracing::warn!(staff_id, locked = standing == Standing::Locked, "sign-in failed: wrong password");
    if standing == Standing::Locked { Err(locked(rules)) } else { Ok(()) }
}

fn locked(rules: &Rules) -> Error {
    Error::Refused(Message::new("login-locked").with("minutes", rules.lock_minutes.to_string()))
}
