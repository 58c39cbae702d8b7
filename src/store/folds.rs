//! The folded months: a row a month that is over, with its sums. Triggers of the database count up a row's version when
//! something of its month changes, so no change is missed, whoever makes it; a fold is good while its version is the row's.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Db;
use super::schema::month_folds;
use crate::domain::figures::MonthFold;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// The months that have a row, as YYYYMM.
///
/// # Errors
/// Of the database.
pub fn months(db: &mut Db) -> Result<Vec<i32>> {
    Ok(month_folds::table.select(month_folds::month).order(month_folds::month).load(db)?)
}

/// Makes the rows of months that are over, each with the first moment after it. From then on no change of theirs is missed:
/// what was being written meanwhile is waited for.
///
/// # Errors
/// Of the database.
pub fn arm(db: &mut Db, months: &[(i32, Moment)]) -> Result<()> {
    if let Db::Pg(c) = db {
        // On SQLite there is one writer.
        diesel::sql_query("LOCK TABLE case_rounds, case_facts, ratings IN SHARE MODE").execute(c)?;
    }
    for (month, ends_at) in months {
        let row = (month_folds::month.eq(*month), month_folds::ends_at.eq(*ends_at), month_folds::version.eq(0_i64));
        on!(db, c => diesel::insert_into(month_folds::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Months that were never folded, or have changed since, the latest first: their month.
///
/// # Errors
/// Of the database.
pub fn stale(db: &mut Db) -> Result<Vec<i32>> {
    Ok(month_folds::table
        .filter(
            month_folds::folded_version.is_null().or(month_folds::folded_version.ne(month_folds::version.nullable())),
        )
        .order(month_folds::month.desc())
        .select(month_folds::month)
        .load(db)?)
}

/// How often something of a month has changed.
///
/// # Errors
/// `NotFound` when it has no row.
pub fn version(db: &mut Db, month: i32) -> Result<i64> {
    Ok(month_folds::table.find(month).select(month_folds::version).first(db)?)
}

/// Keeps the fold of a month as of a version.
///
/// # Errors
/// Of the database.
pub fn keep(db: &mut Db, month: i32, version: i64, fold: &MonthFold, now: Moment) -> Result<()> {
    let figures = serde_json::to_string(fold).map_err(Error::internal)?;
    diesel::update(month_folds::table.find(month))
        .set((
            month_folds::folded_version.eq(Some(version)),
            month_folds::folded_at.eq(Some(now)),
            month_folds::figures.eq(Some(figures)),
        ))
        .execute(db)?;
    Ok(())
}

/// The good folds of these months and those between; a month that waits to be folded is not among them.
///
/// # Errors
/// Of the database; `Internal` when one cannot be read.
pub fn good(db: &mut Db, first: i32, last: i32) -> Result<BTreeMap<i32, MonthFold>> {
    let rows: Vec<(i32, Option<String>)> = month_folds::table
        .filter(month_folds::month.between(first, last))
        .filter(month_folds::folded_version.eq(month_folds::version.nullable()))
        .select((month_folds::month, month_folds::figures))
        .load(db)?;
    rows.into_iter()
        .map(|(month, figures)| {
            let fold = serde_json::from_str(figures.as_deref().unwrap_or_default());
            Ok((month, fold.map_err(|e| Error::internal(format!("the fold of {month}: {e}")))?))
        })
        .collect()
}
