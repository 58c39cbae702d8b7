//! What figures are counted from: the rounds and ratings of a period, read in one pass over their indexes and handed on
//! row by row, never held.
//!
//! The counting itself is in `domain`: a GROUP BY for every table sorts the year's rows once each on SQLite, which took
//! six times a bare scan of the same rows where this takes two; one GROUP BY by everything leaves nearly as many groups
//! as there were rows (`benches/figures.rs` prints both).

use std::collections::HashMap;

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::dsl::{min, sql};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Db;
use super::round_terms::{self, Terms};
use super::schema::{case_facts, case_rounds, categories, events, ratings, speed_classes};
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::figures::{CountedRating, CountedRound, Finish, Names, Period, Place, Reached};
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
pub fn each_round(db: &mut Db, period: &Period, mut f: impl FnMut(i64, &CountedRound)) -> Result<()> {
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
                    .select(ROUND),
                RoundRow,
                |row: RoundRow| f(row.case_id, &row.counted(&terms))
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
pub fn each_rating(db: &mut Db, period: &Period, mut f: impl FnMut(&CountedRating)) -> Result<()> {
    let cut = if period.complete() { Moment(i64::MAX) } else { period.end() };
    each!(
        db,
        ratings::table
            .inner_join(case_facts::table.on(facts_at!(ratings::case_id, period)))
            .filter(ratings::created_month.between(period.first_month(), period.last_month()))
            .filter(ratings::created_at.lt(cut))
            .select((
                ratings::created_month,
                (ratings::result, ratings::clarity, ratings::speed, ratings::attitude, ratings::overall),
                (
                    case_facts::channel,
                    case_facts::kind,
                    case_facts::category,
                    case_facts::speed_class,
                    case_facts::unit_id,
                ),
            )),
        RatingRow,
        |(month, (result, clarity, speed, attitude, overall), place): RatingRow| {
            let (channel, kind, category, speed_class, unit_id) = place;
            let place = Place { channel, kind, category, speed_class, unit_id };
            f(&CountedRating { month, levels: [result, clarity, speed, attitude, overall], place });
        }
    );
    Ok(())
}

/// The month, the levels in the order of the questions, the place.
type RatingRow = (i32, (i32, i32, i32, i32, i32), (Channel, Kind, Option<String>, Option<String>, Option<i64>));

#[derive(Queryable)]
pub(super) struct RoundRow {
    pub(super) case_id: i64,
    opened_at: Moment,
    counted_at: Moment,
    opened_month: i32,
    round: i32,
    finished_month: Option<i32>,
    finished_at: Option<Moment>,
    close_code: Option<CloseCode>,
    half_days: Option<i64>,
    original_due_at: Option<Moment>,
    due_at: Option<Moment>,
    registered_at: Option<Moment>,
    assigned_at: Option<Moment>,
    accepted_at: Option<Moment>,
    moves: i32,
    asked: bool,
    rated_at: Option<Moment>,
    channel: Channel,
    kind: Kind,
    category: Option<String>,
    speed_class: Option<String>,
    unit_id: Option<i64>,
}

pub(super) type RoundColumns = (
    case_rounds::case_id,
    case_rounds::opened_at,
    case_rounds::counted_at,
    case_rounds::opened_month,
    case_rounds::round,
    case_rounds::finished_month,
    case_rounds::finished_at,
    case_rounds::close_code,
    case_rounds::half_days,
    case_rounds::original_due_at,
    case_rounds::due_at,
    case_rounds::registered_at,
    case_rounds::assigned_at,
    case_rounds::accepted_at,
    case_rounds::moves,
    case_rounds::asked,
    case_rounds::rated_at,
    case_facts::channel,
    case_facts::kind,
    case_facts::category,
    case_facts::speed_class,
    case_facts::unit_id,
);
pub(super) const ROUND: RoundColumns = (
    case_rounds::case_id,
    case_rounds::opened_at,
    case_rounds::counted_at,
    case_rounds::opened_month,
    case_rounds::round,
    case_rounds::finished_month,
    case_rounds::finished_at,
    case_rounds::close_code,
    case_rounds::half_days,
    case_rounds::original_due_at,
    case_rounds::due_at,
    case_rounds::registered_at,
    case_rounds::assigned_at,
    case_rounds::accepted_at,
    case_rounds::moves,
    case_rounds::asked,
    case_rounds::rated_at,
    case_facts::channel,
    case_facts::kind,
    case_facts::category,
    case_facts::speed_class,
    case_facts::unit_id,
);

impl RoundRow {
    pub(super) fn counted(self, terms: &HashMap<(i64, i32), Terms>) -> CountedRound {
        let now = (self.original_due_at, self.due_at, self.moves);
        let then = terms.get(&(self.case_id, self.round)).map(|t| (t.original_due_at, t.due_at, t.moves));
        let (original_due_at, due_at, moves) = then.unwrap_or(now);
        let finish = self.finished_at.zip(self.finished_month).map(|(at, month)| Finish {
            at,
            month,
            code: self.close_code,
            half_days: self.half_days,
        });
        let reached =
            Reached { registered_at: self.registered_at, assigned_at: self.assigned_at, accepted_at: self.accepted_at };
        CountedRound {
            opened_at: self.opened_at,
            counted_at: self.counted_at,
            opened_month: self.opened_month,
            round: self.round,
            finish,
            original_due_at,
            due_at,
            reached,
            moves,
            asked: self.asked,
            rated_at: self.rated_at,
            place: Place {
                channel: self.channel,
                kind: self.kind,
                category: self.category,
                speed_class: self.speed_class,
                unit_id: self.unit_id,
            },
        }
    }
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
