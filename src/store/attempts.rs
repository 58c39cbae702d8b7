//! Counts of attempts in fixed windows: wrong look-ups, submissions from one address. In the database, so that many
//! nodes count together.

use diesel::prelude::*;

use super::Db;
use super::schema::attempts;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// Attempts of `key` in the window that `now` lies in, `window_seconds` long.
///
/// # Errors
/// Of the database.
pub fn number(db: &mut Db, scope: &str, key: &str, window_seconds: i64, now: Moment) -> Result<i64> {
    let start = window_start(window_seconds, now);
    let number: Option<i64> = attempts::table
        .filter(attempts::scope.eq(scope).and(attempts::key.eq(key)).and(attempts::window_start.eq(start)))
        .select(attempts::number)
        .first(db)
        .optional()?;
    Ok(number.unwrap_or(0))
}

/// Counts one attempt; how many there are now in the window.
///
/// # Errors
/// Of the database.
pub fn count(db: &mut Db, scope: &str, key: &str, window_seconds: i64, now: Moment) -> Result<i64> {
    let start = window_start(window_seconds, now);
    let row = (
        attempts::scope.eq(scope),
        attempts::key.eq(key),
        attempts::window_start.eq(start),
        attempts::number.eq(0_i64),
    );
    on!(db, c => diesel::insert_into(attempts::table).values(row).on_conflict_do_nothing().execute(c))?;
    diesel::update(
        attempts::table
            .filter(attempts::scope.eq(scope).and(attempts::key.eq(key)).and(attempts::window_start.ne(start))),
    )
    .set((attempts::window_start.eq(start), attempts::number.eq(0_i64)))
    .execute(db)?;
    Ok(diesel::update(attempts::table.filter(attempts::scope.eq(scope).and(attempts::key.eq(key))))
        .set(attempts::number.eq(attempts::number + 1))
        .returning(attempts::number)
        .get_result(db)?)
}

/// Deletes windows that began before `before`.
///
/// # Errors
/// Of the database.
pub fn purge(db: &mut Db, before: Moment) -> Result<usize> {
    Ok(diesel::delete(attempts::table.filter(attempts::window_start.lt(before))).execute(db)?)
}

fn window_start(window_seconds: i64, now: Moment) -> Moment {
    let window = window_seconds.max(1).saturating_mul(1_000_000);
    Moment(now.0 - now.0.rem_euclid(window))
}
