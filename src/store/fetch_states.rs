//! How far each mailbox has been read, and how fetching goes: one row a mailbox of the configuration.

use diesel::prelude::*;

use super::Db;
use super::schema::fetch_states;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A row of `fetch_states`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct FetchState {
    pub mailbox: String,
    pub place: String,
    pub uid_validity: i64,
    pub last_uid: i64,
    pub fetched: i64,
    pub too_large: i64,
    pub too_large_told: i64,
    pub since: Moment,
    pub last_success_at: Option<Moment>,
    pub last_error_at: Option<Moment>,
    pub last_error: String,
    pub told_at: Option<Moment>,
}

impl FetchState {
    /// When it was last read to its end; since when it is known where that never happened.
    #[must_use]
    pub fn last_good(&self) -> Moment {
        self.last_success_at.unwrap_or(self.since)
    }

    /// Whether the last thing that happened was an error.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.last_error_at > self.last_success_at
    }
}

/// What a look at a mailbox came to, beside where it stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Messages that are now in the ledger.
    pub fetched: i64,
    /// Messages that were left as too large.
    pub too_large: i64,
}

/// A mailbox's state; made when it is new. At another place it is read from its beginning.
///
/// # Errors
/// Of the database.
pub fn at(db: &mut Db, mailbox: &str, place: &str, now: Moment) -> Result<FetchState> {
    let row = (
        fetch_states::mailbox.eq(mailbox),
        fetch_states::place.eq(place),
        fetch_states::uid_validity.eq(0_i64),
        fetch_states::last_uid.eq(0_i64),
        fetch_states::fetched.eq(0_i64),
        fetch_states::too_large.eq(0_i64),
        fetch_states::too_large_told.eq(0_i64),
        fetch_states::since.eq(now),
        fetch_states::last_error.eq(""),
    );
    on!(db, c => diesel::insert_into(fetch_states::table).values(row).on_conflict_do_nothing().execute(c))?;
    diesel::update(fetch_states::table.filter(fetch_states::mailbox.eq(mailbox).and(fetch_states::place.ne(place))))
        .set((
            fetch_states::place.eq(place),
            fetch_states::uid_validity.eq(0_i64),
            fetch_states::last_uid.eq(0_i64),
            fetch_states::since.eq(now),
            fetch_states::last_success_at.eq(None::<Moment>),
        ))
        .execute(db)?;
    Ok(fetch_states::table.find(mailbox).first(db)?)
}

/// Notes how far the mailbox has been read.
///
/// # Errors
/// Of the database.
pub fn advance(db: &mut Db, mailbox: &str, uid_validity: i64, last_uid: i64, progress: Progress) -> Result<()> {
    diesel::update(fetch_states::table.find(mailbox))
        .set((
            fetch_states::uid_validity.eq(uid_validity),
            fetch_states::last_uid.eq(last_uid),
            fetch_states::fetched.eq(fetch_states::fetched + progress.fetched),
            fetch_states::too_large.eq(fetch_states::too_large + progress.too_large),
        ))
        .execute(db)?;
    Ok(())
}

/// Notes that the mailbox was read to its end.
///
/// # Errors
/// Of the database.
pub fn succeeded(db: &mut Db, mailbox: &str, now: Moment) -> Result<()> {
    diesel::update(fetch_states::table.find(mailbox)).set(fetch_states::last_success_at.eq(Some(now))).execute(db)?;
    Ok(())
}

/// Notes why the mailbox could not be read to its end; made when it is new.
///
/// # Errors
/// Of the database.
pub fn failed(db: &mut Db, mailbox: &str, place: &str, now: Moment, error: &str) -> Result<()> {
    at(db, mailbox, place, now)?;
    diesel::update(fetch_states::table.find(mailbox))
        .set((fetch_states::last_error_at.eq(Some(now)), fetch_states::last_error.eq(error)))
        .execute(db)?;
    Ok(())
}

/// Notes that administrators know how the mailbox stands.
///
/// # Errors
/// Of the database.
pub fn told(db: &mut Db, mailbox: &str, too_large: i64, now: Moment) -> Result<()> {
    diesel::update(fetch_states::table.find(mailbox))
        .set((fetch_states::told_at.eq(Some(now)), fetch_states::too_large_told.eq(too_large)))
        .execute(db)?;
    Ok(())
}

/// Every mailbox that was ever read, by name.
///
/// # Errors
/// Of the database.
pub fn all(db: &mut Db) -> Result<Vec<FetchState>> {
    Ok(fetch_states::table.order(fetch_states::mailbox).load(db)?)
}
