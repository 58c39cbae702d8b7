//! The sums of a whole past period, added up by the database: for series over several years, which need no tables.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};

use super::{Db, round_terms};
use crate::domain::figures::{Brief, Period};
use crate::error::Result;

#[derive(QueryableByName, Default)]
struct Ended {
    #[diesel(sql_type = BigInt)]
    closed: i64,
    #[diesel(sql_type = BigInt)]
    on_time: i64,
    #[diesel(sql_type = BigInt)]
    used: i64,
    #[diesel(sql_type = BigInt)]
    half_days: i64,
    #[diesel(sql_type = BigInt)]
    asked: i64,
    #[diesel(sql_type = BigInt)]
    answered: i64,
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    overdue: i64,
}

#[derive(QueryableByName)]
struct Rated {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    levels: i64,
}

/// The sums of a period that has ended.
///
/// # Errors
/// Of the database.
pub fn brief(db: &mut Db, period: &Period) -> Result<Brief> {
    let (first, last) = (period.first_month(), period.final_month());
    let received = super::figures::number(db, period)?;
    let mut brief = Brief { received, ..Brief::default() };
    for opened in [
        "opened_month BETWEEN $1 AND $2",
        // The condition is that of the partial index.
        "opened_month < $1 AND finished_month <> opened_month",
    ] {
        let ended = ended(db, opened, first, last, period.end().0)?;
        brief.closed += ended.closed.unsigned_abs();
        brief.closed_on_time += ended.on_time.unsigned_abs();
        brief.used += ended.used.unsigned_abs();
        brief.half_days += ended.half_days.unsigned_abs();
        brief.asked += ended.asked.unsigned_abs();
        brief.answered += ended.answered.unsigned_abs();
    }
    for finished in ["finished_month > $2 AND finished_month <> opened_month", "finished_month IS NULL"] {
        let open = open(db, finished, last, period.end().0)?;
        brief.open_at_end += open.number.unsigned_abs();
        brief.pending_overdue += open.overdue.unsigned_abs();
    }
    for (was, now) in round_terms::open_at_end(db, period)?.into_values().map(|terms| terms.due_before(period.end())) {
        brief.pending_overdue = (brief.pending_overdue + u64::from(was)).saturating_sub(u64::from(now));
    }
    let rated: Rated = sql_query(
        "SELECT count(*) AS number, CAST(coalesce(sum(overall), 0) AS BIGINT) AS levels FROM ratings \
         WHERE created_month BETWEEN $1 AND $2",
    )
    .bind::<Integer, _>(first)
    .bind::<Integer, _>(last)
    .get_result(db)?;
    (brief.ratings, brief.levels) = (rated.number.unsigned_abs(), rated.levels.unsigned_abs());
    Ok(brief)
}

/// What was finished in the period of what was opened as the condition says.
fn ended(db: &mut Db, opened: &str, first: i32, last: i32, end: i64) -> Result<Ended> {
    let query = format!(
        "SELECT count(*) AS closed, count(half_days) AS used, \
         CAST(coalesce(sum(half_days), 0) AS BIGINT) AS half_days, \
         CAST(coalesce(sum(CASE WHEN original_due_at IS NULL OR finished_at <= original_due_at THEN 1 ELSE 0 END), 0) \
         AS BIGINT) AS on_time, \
         CAST(coalesce(sum(CASE WHEN asked THEN 1 ELSE 0 END), 0) AS BIGINT) AS asked, \
         CAST(coalesce(sum(CASE WHEN asked AND rated_at < {end} THEN 1 ELSE 0 END), 0) AS BIGINT) AS answered \
         FROM case_rounds WHERE {opened} AND finished_month BETWEEN $1 AND $2"
    );
    Ok(sql_query(query).bind::<Integer, _>(first).bind::<Integer, _>(last).get_result(db)?)
}

/// What was open at the end of the period of what was finished as the condition says.
fn open(db: &mut Db, finished: &str, last: i32, end: i64) -> Result<Open> {
    // SQLite numbers the values by where they first stand.
    let query = format!(
        "SELECT count(*) AS number, CAST(coalesce(sum(CASE WHEN original_due_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         AS overdue FROM case_rounds WHERE {finished} AND opened_month <= $2"
    );
    Ok(sql_query(query).bind::<BigInt, _>(end).bind::<Integer, _>(last).get_result(db)?)
}
