//! What the top issues and the words of dissatisfied comments are made of: how many petitions each category received, and the
//! comments beside low ratings. Comments are handed on to be counted and never kept.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};

use super::Db;
use super::schema::{ratings, staff};
use crate::domain::figures::Period;
use crate::error::Result;

/// Ratings up to this one are dissatisfied.
const DISSATISFIED: i32 = 2;

#[derive(QueryableByName)]
struct Received {
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// What each category received in a period, by its code, under the facts of the period's end.
///
/// # Errors
/// Of the database.
pub fn received_by_category(db: &mut Db, period: &Period) -> Result<HashMap<String, u64>> {
    // Numbered as they first appear, which is how SQLite counts them.
    let rows: Vec<Received> = sql_query(
        "SELECT case_facts.category AS category, count(*) AS number FROM case_rounds \
         INNER JOIN case_facts ON case_facts.case_id = case_rounds.case_id AND case_facts.from_at < $1 \
         AND (case_facts.to_at IS NULL OR case_facts.to_at >= $1) \
         WHERE case_rounds.opened_month BETWEEN $2 AND $3 AND case_rounds.counted_at < $4 \
         AND case_facts.category IS NOT NULL GROUP BY case_facts.category",
    )
    .bind::<BigInt, _>(period.end().0)
    .bind::<Integer, _>(period.first_month())
    .bind::<Integer, _>(period.last_month())
    .bind::<BigInt, _>(if period.complete() { i64::MAX } else { period.end().0 })
    .get_results(db)?;
    Ok(rows.into_iter().map(|row| (row.category, row.number.unsigned_abs())).collect())
}

/// The comments beside the low ratings of a period, each with its case.
///
/// # Errors
/// Of the database.
pub fn dissatisfied_comments(db: &mut Db, period: &Period) -> Result<Vec<(i64, String)>> {
    let cut = if period.complete() { i64::MAX } else { period.end().0 };
    Ok(ratings::table
        .filter(ratings::created_month.between(period.first_month(), period.last_month()))
        .filter(ratings::created_at.lt(crate::domain::time::Moment(cut)))
        .filter(ratings::overall.le(DISSATISFIED))
        .filter(ratings::comment.ne(""))
        .order((ratings::case_id, ratings::id))
        .select((ratings::case_id, ratings::comment))
        .load(db)?)
}

/// The names of all who work or worked here.
///
/// # Errors
/// Of the database.
pub fn names_of_staff(db: &mut Db) -> Result<Vec<String>> {
    Ok(staff::table.select(staff::name).order(staff::id).load(db)?)
}
