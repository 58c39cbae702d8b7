//! What figures are counted from: the rounds and ratings of a period, read in one pass over their indexes and handed on
//! row by row, never held; and the packages of years that were reported.
//!
//! The counting itself is in `domain`: a GROUP BY for every table sorts the year's rows once each on SQLite, which took
//! six times a bare scan of the same rows where this takes two.

use diesel::connection::DefaultLoadingMode;
use diesel::dsl::{min, sql};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Db;
use super::schema::{case_facts, case_rounds, categories, ratings, year_packages};
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::figures::{CountedRating, CountedRound, Finish, Names, Period, Place};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// Reads everything that `f` reads as of one moment, whatever is written meanwhile.
///
/// # Errors
/// What `f` returned.
pub fn snapshot<T>(db: &mut Db, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    db.transaction(|db| {
        // On SQLite every transaction of a reader is a snapshot.
        if let Db::Pg(c) = db {
            diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(c)?;
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

/// Every round that was open at some time of the period, with what its case was counted under at the period's end.
///
/// # Errors
/// Of the database.
pub fn each_round(db: &mut Db, period: &Period, mut f: impl FnMut(&CountedRound)) -> Result<()> {
    // What is finished later than the moment of the report is read too: it was open then.
    let (first, last, december) = (period.first_month(), period.last_month(), period.first_month() + 11);
    // In a year that is over the months decide; while it runs, nothing after the moment of the report.
    let cut = if period.complete() { Moment(i64::MAX) } else { period.end() };
    macro_rules! of {
        ($which:expr) => {
            each!(
                db,
                case_rounds::table
                    .inner_join(case_facts::table.on(facts_at!(case_rounds::case_id, period)))
                    .filter(case_rounds::opened_at.lt(cut))
                    .filter($which)
                    .select(ROUND),
                RoundRow,
                |row: RoundRow| f(&row.counted())
            )
        };
    }
    of!(case_rounds::opened_month.between(first, last));
    // The conditions written out are those of the partial indexes.
    of!(case_rounds::opened_month
        .lt(first)
        .and(case_rounds::finished_month.between(first, december))
        .and(sql::<Bool>("case_rounds.finished_month <> case_rounds.opened_month")));
    of!(case_rounds::opened_month
        .lt(first)
        .and(case_rounds::finished_month.gt(december))
        // From before January to after December: more than a year between them.
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
                PLACE,
            )),
        RatingRow,
        |(month, (result, clarity, speed, attitude, overall), place): RatingRow| {
            let levels = [result, clarity, speed, attitude, overall];
            f(&CountedRating { month, levels, place: placed(place) });
        }
    );
    Ok(())
}

type PlaceRow = (Channel, Kind, Option<String>, Option<i64>);
type RatingRow = (i32, (i32, i32, i32, i32, i32), PlaceRow);

const PLACE: (case_facts::channel, case_facts::kind, case_facts::category, case_facts::unit_id) =
    (case_facts::channel, case_facts::kind, case_facts::category, case_facts::unit_id);

#[derive(Queryable)]
struct RoundRow {
    opened_month: i32,
    round: i32,
    finished_month: Option<i32>,
    finished_at: Option<Moment>,
    close_code: Option<CloseCode>,
    half_days: Option<i64>,
    original_due_at: Option<Moment>,
    due_at: Option<Moment>,
    place: PlaceRow,
}

type RoundColumns = (
    case_rounds::opened_month,
    case_rounds::round,
    case_rounds::finished_month,
    case_rounds::finished_at,
    case_rounds::close_code,
    case_rounds::half_days,
    case_rounds::original_due_at,
    case_rounds::due_at,
    (case_facts::channel, case_facts::kind, case_facts::category, case_facts::unit_id),
);
const ROUND: RoundColumns = (
    case_rounds::opened_month,
    case_rounds::round,
    case_rounds::finished_month,
    case_rounds::finished_at,
    case_rounds::close_code,
    case_rounds::half_days,
    case_rounds::original_due_at,
    case_rounds::due_at,
    PLACE,
);

impl RoundRow {
    fn counted(self) -> CountedRound {
        let finish = self.finished_at.zip(self.finished_month).map(|(at, month)| Finish {
            at,
            month,
            code: self.close_code,
            half_days: self.half_days,
        });
        CountedRound {
            opened_month: self.opened_month,
            round: self.round,
            finish,
            original_due_at: self.original_due_at,
            due_at: self.due_at,
            place: placed(self.place),
        }
    }
}

fn placed((channel, kind, category, unit_id): PlaceRow) -> Place {
    Place { channel, kind, category, unit_id }
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

/// A year that was reported.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Package {
    /// The year.
    pub year: i32,
    /// When it was reported.
    pub made_at: Moment,
    /// Its figures, as JSON.
    pub figures: String,
}

/// The package of a year, if it was reported.
///
/// # Errors
/// Of the database.
pub fn package(db: &mut Db, year: i16) -> Result<Option<Package>> {
    Ok(year_packages::table.find(i32::from(year)).first(db).optional()?)
}

/// Keeps the package of a year; `false` when the year was reported already, and stays as it is.
///
/// # Errors
/// Of the database.
pub fn insert_package(db: &mut Db, package: &Package) -> Result<bool> {
    let row = (
        year_packages::year.eq(package.year),
        year_packages::made_at.eq(package.made_at),
        year_packages::figures.eq(&package.figures),
    );
    let inserted = on!(db, c => diesel::insert_into(year_packages::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}
