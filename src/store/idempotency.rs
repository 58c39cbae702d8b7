//! Keys that make a repeated request give the answer of the first instead of doing it again.

use diesel::prelude::*;

use super::schema::idempotency;
use super::{Db, Store};
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// A request that may come again: a double click, a reload, a retry after a lost answer.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked for; keys of different scopes never meet.
    pub scope: &'static str,
    /// Whoever asks chose it, and sends the same one again.
    pub key: String,
    /// Of all that is asked: the same key for something else is refused.
    pub digest: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<T> {
    /// It was carried out just now.
    Now(T),
    /// It was carried out before: the result that was kept.
    Before(String),
}

/// Carries a request out, once: `act` writes, and gives its value and the result to keep for those who ask again. The key
/// is stored last, in the same transaction: of two at the same time the second waits there for the first, and is undone
/// when that commits.
///
/// # Errors
/// Those of the act; `Refused` when the key was used for something else.
pub fn once<T, F>(store: &Store, request: Request, now: Moment, act: F) -> Result<Done<T>>
where
    T: Send + 'static,
    F: Fn(&mut Db) -> Result<(T, String)> + Send + 'static,
{
    let asked = request.clone();
    let written = store.write(move |db| {
        let (value, result) = act(db)?;
        keep(db, &request, &result, now)?;
        Ok(value)
    });
    match written {
        Ok(value) => Ok(Done::Now(value)),
        // What was done cannot be done again, so a repeated request may fail in any way before its key does.
        Err(e @ (Error::Conflict | Error::Refused(_) | Error::Invalid(_) | Error::NotFound)) => {
            match store.read(|db| kept(db, &asked))? {
                Some((digest, result)) if digest == asked.digest => Ok(Done::Before(result)),
                Some(_) => Err(Error::refused("refused-idempotency")),
                None => Err(e),
            }
        }
        Err(e) => Err(e),
    }
}

/// Keeps the result under the key, in the act's transaction.
///
/// # Errors
/// `Conflict` when another request has it.
pub fn keep(db: &mut Db, request: &Request, result: &str, now: Moment) -> Result<()> {
    use idempotency::dsl;
    diesel::insert_into(dsl::idempotency)
        .values((
            dsl::scope.eq(request.scope),
            dsl::key.eq(&request.key),
            dsl::body_digest.eq(&request.digest),
            dsl::result.eq(result),
            dsl::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// The digest and the result under a key.
fn kept(db: &mut Db, request: &Request) -> Result<Option<(String, String)>> {
    Ok(idempotency::table
        .find((request.scope, &request.key))
        .select((idempotency::body_digest, idempotency::result))
        .first(db)
        .optional()?)
}

/// Deletes keys older than `before`.
///
/// # Errors
/// Of the database.
pub fn purge(db: &mut Db, before: Moment) -> Result<usize> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(before))).execute(db)?)
}
