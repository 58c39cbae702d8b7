//! The sums of a whole past period, added up by the database: for series over several years, which need no tables.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};

use super::{Db, round_terms};
use crate::domain::figures::{Brief, Period};
use crate::error::Result;

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    number: i64,
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
    let mut brief = Brief::default();
    // The conditions of what was opened before are those of the partial index.
    let before = [
        format!(
            "opened_month < {first} AND finished_month BETWEEN {first} AND {last} AND finished_month <> opened_month"
        ),
        format!("opened_month < {first} AND finished_month > {last} AND finished_month <> opened_month"),
        format!("opened_month < {first} AND finished_month IS NULL"),
    ];
    let opened = sums(db, &format!("opened_month BETWEEN {first} AND {last}"), period)?;
    brief.received = opened.number.unsigned_abs();
    add(&mut brief, &opened);
    for which in before {
        add(&mut brief, &sums(db, &which, period)?);
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

/// The sums over the rounds that the condition tells, each of which was opened before the period's end and not finished
/// before it began.
fn sums(db: &mut Db, which: &str, period: &Period) -> Result<Sums> {
    let (last, end) = (period.final_month(), period.end().0);
    let number = |what: &str| format!("CAST(coalesce(sum(CASE WHEN {what} THEN 1 ELSE 0 END), 0) AS BIGINT)");
    let closed = format!("finished_month <= {last}");
    let query = format!(
        "SELECT count(*) AS number, {} AS closed, {} AS on_time, {} AS used, \
         CAST(coalesce(sum(CASE WHEN {closed} THEN half_days END), 0) AS BIGINT) AS half_days, {} AS asked, {} AS answered, \
         {} AS overdue FROM case_rounds WHERE {which}",
        number(&closed),
        number(&format!("{closed} AND (original_due_at IS NULL OR finished_at <= original_due_at)")),
        number(&format!("{closed} AND half_days IS NOT NULL")),
        number(&format!("{closed} AND asked")),
        number(&format!("{closed} AND asked AND rated_at < {end}")),
        number(&format!("(finished_month IS NULL OR finished_month > {last}) AND original_due_at < {end}")),
    );
    Ok(sql_query(query).get_result(db)?)
}

fn add(brief: &mut Brief, sums: &Sums) {
    brief.closed += sums.closed.unsigned_abs();
    brief.closed_on_time += sums.on_time.unsigned_abs();
    brief.used += sums.used.unsigned_abs();
    brief.half_days += sums.half_days.unsigned_abs();
    brief.asked += sums.asked.unsigned_abs();
    brief.answered += sums.answered.unsigned_abs();
    brief.open_at_end += (sums.number - sums.closed).unsigned_abs();
    brief.pending_overdue += sums.overdue.unsigned_abs();
}
