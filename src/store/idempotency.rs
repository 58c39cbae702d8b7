//! Keys that make a repeated request give the answer of the first instead of doing it again.

use diesel::prelude::*;

use super::Db;
use super::schema::idempotency;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is the first with its key: do it, then [`finish`].
    Do,
    /// It was done: this was the result.
    Done(String),
}

/// Takes the key inside the act's transaction. A second request at the same time waits here for the first to commit.
///
/// # Errors
/// `Refused` when the key was used for another body.
pub fn begin(db: &mut Db, scope: &str, key: &str, body_digest: &str, now: Moment) -> Result<Next> {
    use idempotency::dsl;
    let row = (
        dsl::scope.eq(scope),
        dsl::key.eq(key),
        dsl::body_digest.eq(body_digest),
        dsl::result.eq(""),
        dsl::created_at.eq(now),
    );
    let fresh = on!(db, c => diesel::insert_into(dsl::idempotency).values(row).on_conflict_do_nothing().execute(c))?;
    if fresh == 1 {
        return Ok(Next::Do);
    }
    let (digest, result): (String, String) =
        dsl::idempotency.find((scope, key)).select((dsl::body_digest, dsl::result)).first(db)?;
    if digest == body_digest { Ok(Next::Done(result)) } else { Err(Error::refused("refused-idempotency")) }
}

/// Keeps the result of the act in the same transaction.
///
/// # Errors
/// Of the database.
pub fn finish(db: &mut Db, scope: &str, key: &str, result: &str) -> Result<()> {
    diesel::update(idempotency::table.find((scope, key))).set(idempotency::result.eq(result)).execute(db)?;
    Ok(())
}

/// Deletes keys older than `before`.
///
/// # Errors
/// Of the database.
pub fn purge(db: &mut Db, before: Moment) -> Result<usize> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(before))).execute(db)?)
}
