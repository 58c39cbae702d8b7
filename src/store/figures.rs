//! What figures are counted from: the rounds and ratings of a period, read in one pass over their indexes and handed on
//! row by row, never held.
//!
//! The counting itself is in `domain`: a GROUP BY for every table sorts the year's rows once each on SQLite, which took
//! six times a bare scan of the same rows where this takes less than three; one GROUP BY by everything leaves nearly as
//! many groups as there were rows (`benches/figures.rs` prints both).

use std::collections::HashMap;

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::dsl::{min, sql};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::Db;
use super::columns::Short;
use super::figures_row::{RoundRow, place_of, round_columns, small};
use super::round_terms;
use super::schema::{case_facts, case_rounds, categories, events, ratings, speed_classes};
use crate::domain::case::{Channel, Kind};
use crate::domain::figures::{CountedRating, CountedRound, Names, Period};
use crate::domain::time::Moment;
use crate::error::Result;

/// Rounds and facts are joined case by case over the indexes that hold all that is read, which lie in the order of cases.
/// PostgreSQL, told nothing, takes those steps for seeks of a disk's arm and reads all facts of all years instead: twice
/// the time for a year of ten, and more with every year (`benches/figures.rs`).
const BY_INDEX: &str =
    "SET LOCAL random_page_cost = 1.1; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

/// Reads everything that `f` reads as of one moment, whatever is written meanwhile.
///
/// # Errors
/// What `f` returned.
pub fn snapshot<T>(db: &mut Db, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    db.transaction(|db| {
        // On SQLite every transaction of a reader is a snapshot.
        if let Db::Pg(c) = db {
            c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
            c.batch_execute(BY_INDEX)?;
        }
        f(db)
    })
}

/// The facts of a case that were in force at the end of a period.
macro_rules! facts_at {
    ($case_id:expr, $period:expr) => {
        case_facts::case_id
            .eq($case_id)
            .and(case_facts::from_at.lt($period.end()))
            .and(case_facts::to_at.is_null().or(case_facts::to_at.ge($period.end())))
    };
}

pub(super) use facts_at;

/// Hands every row of a query to `f` as it comes.
macro_rules! each {
    ($db:expr, $query:expr, $row:ty, $f:expr) => {
        match $db {
            Db::Pg(c) => {
                for row in $query.load_iter::<$row, PgRowByRowLoadingMode>(c)? {
                    $f(row?);
                }
            }
            Db::Sqlite(c) => {
                for row in $query.load_iter::<$row, DefaultLoadingMode>(c)? {
                    $f(row?);
                }
            }
        }
    };
}

/// Every round that was open at some time of the period, with what its case was counted under, what it was due by and how
/// often it had been reassigned at the period's end; before it the case's id.
///
/// # Errors
/// Of the database.
pub fn each_round(db: &mut Db, period: &Period, mut f: impl FnMut(i64, CountedRound)) -> Result<()> {
    // What is finished later than the moment of the report is read too: it was open then.
    let (first, last, ends) = (period.first_month(), period.last_month(), period.final_month());
    // In a period that is over the months decide; while it runs, nothing after the moment of the report.
    let cut = if period.complete() { Moment(i64::MAX) } else { period.end() };
    let terms = round_terms::open_at_end(db, period)?;
    macro_rules! of {
        ($which:expr) => {
            each!(
                db,
                case_rounds::table
                    .inner_join(case_facts::table.on(facts_at!(case_rounds::case_id, period)))
                    .filter(case_rounds::counted_at.lt(cut))
                    .filter($which)
                    .select(round_columns!()),
                RoundRow,
                |row: RoundRow| f(row.case_id, row.counted(&terms))
            )
        };
    }
    of!(case_rounds::opened_month.between(first, last));
    // The conditions written out are those of the partial indexes.
    // Finished in the period, or within a year of its end.
    of!(case_rounds::opened_month
        .lt(first)
        .and(case_rounds::finished_month.between(first, ends + 100))
        .and(sql::<Bool>("case_rounds.finished_month <> case_rounds.opened_month")));
    of!(case_rounds::opened_month
        .lt(first)
        .and(case_rounds::finished_month.gt(ends + 100))
        // More than a year lies between them.
        .and(sql::<Bool>("case_rounds.finished_month - case_rounds.opened_month > 100")));
    of!(case_rounds::opened_month.lt(first).and(case_rounds::finished_month.is_null()));
    Ok(())
}

/// Every rating of the period, with what its case was counted under at the period's end.
///
/// # Errors
/// Of the database.
pub fn each_rating(db: &mut Db, period: &Period, mut f: impl FnMut(CountedRating)) -> Result<()> {
    let cut = if period.complete() { Moment(i64::MAX) } else { period.end() };
    each!(
        db,
        ratings::table
            .inner_join(case_facts::table.on(facts_at!(ratings::case_id, period)))
            .filter(ratings::created_month.between(period.first_month(), period.last_month()))
            .filter(ratings::created_at.lt(cut))
            .select((
                sql::<BigInt>(RATED),
                case_facts::channel,
                case_facts::kind,
                case_facts::category,
                case_facts::speed_class,
                case_facts::unit_id,
            )),
        RatingRow,
        |(rated, channel, kind, category, speed_class, unit_id): RatingRow| {
            let place = place_of(channel, kind, category, speed_class, unit_id);
            f(CountedRating { month: small(rated / 100_000), levels: levels(rated), place });
        }
    );
    Ok(())
}

type RatingRow = (i64, Channel, Kind, Option<Short>, Option<Short>, Option<i64>);

/// The month of a rating, then a digit for the level of each question in their order: one column, as of a round's numbers.
const RATED: &str = "((((CAST(ratings.created_month AS BIGINT) * 10 + ratings.result) * 10 + ratings.clarity) * 10 \
                     + ratings.speed) * 10 + ratings.attitude) * 10 + ratings.overall";

fn levels(rated: i64) -> [i32; 5] {
    [10_000, 1_000, 100, 10, 1].map(|place| small(rated / place % 10))
}

/// How many rounds were opened in a period: nearly all that are counted.
///
/// # Errors
/// Of the database.
pub fn number(db: &mut Db, period: &Period) -> Result<u64> {
    let months = case_rounds::opened_month.between(period.first_month(), period.last_month());
    let number: i64 = case_rounds::table.filter(months).count().get_result(db)?;
    Ok(number.unsigned_abs())
}

/// When the records last changed: the newest line of any history.
///
/// # Errors
/// Of the database.
pub fn last_change(db: &mut Db) -> Result<Option<Moment>> {
    Ok(events::table.select(events::at).order(events::id.desc()).first(db).optional()?)
}

/// The month in which the first case came in, as YYYYMM.
///
/// # Errors
/// Of the database.
pub fn first_month(db: &mut Db) -> Result<Option<i32>> {
    Ok(case_rounds::table.select(min(case_rounds::opened_month)).first(db)?)
}

/// Every category that cases may be under, retired ones too, in the agency's order.
///
/// # Errors
/// Of the database.
pub fn category_names(db: &mut Db) -> Result<Vec<(String, Names)>> {
    let rows: Vec<(String, String, String)> = categories::table
        .order((categories::sort, categories::code))
        .select((categories::code, categories::name_zh, categories::name_en))
        .load(db)?;
    Ok(rows.into_iter().map(|(code, name_zh, name_en)| (code, Names { name_zh, name_en })).collect())
}

/// The group of every category that is in one, by its code.
///
/// # Errors
/// Of the database.
pub fn category_groups(db: &mut Db) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = categories::table
        .filter(categories::parent.is_not_null())
        .select((categories::code, categories::parent.assume_not_null()))
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Every speed class that cases may be under, retired ones too, in the agency's order.
///
/// # Errors
/// Of the database.
pub fn speed_class_names(db: &mut Db) -> Result<Vec<(String, Names)>> {
    let rows: Vec<(String, String, String)> = speed_classes::table
        .order((speed_classes::sort, speed_classes::code))
        .select((speed_classes::code, speed_classes::name_zh, speed_classes::name_en))
        .load(db)?;
    Ok(rows.into_iter().map(|(code, name_zh, name_en)| (code, Names { name_zh, name_en })).collect())
}
