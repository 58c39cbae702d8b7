//! The top issues of a period and the words of its dissatisfied comments, beside the figures they belong to.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::year::{locked, year_before};
use crate::domain::figures::{Period, PeriodFigures, PeriodName, TableName, terms, top_issues};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::figures::first_month;
use crate::store::figures_issues::{dissatisfied_comments, names_of_staff, received_by_category};

/// Adds them to the figures of a period.
///
/// # Errors
/// Of the database.
pub fn add(db: &mut Db, zone: &TimeZone, figures: &mut PeriodFigures, period: &Period, now: Moment) -> Result<()> {
    let before = before(db, zone, period, now)?;
    figures.top_issues = top_issues(figures.tables.get(TableName::Category), before.as_ref());
    let comments = dissatisfied_comments(db, period)?;
    figures.dissatisfied_comments = terms(&comments, &names_of_staff(db)?);
    Ok(())
}

/// What each category received in the same period a year earlier: as it was reported, otherwise counted, and of a period that
/// runs in the same part; none where the records begin later.
fn before(db: &mut Db, zone: &TimeZone, period: &Period, now: Moment) -> Result<Option<HashMap<String, u64>>> {
    let earlier = period.name().earlier(1);
    if let (PeriodName::Year(year), true) = (earlier, period.complete())
        && let Some(reported) = locked(db, year)?
    {
        let rows = reported.tables.get(TableName::Category);
        return Ok(Some(rows.iter().map(|row| (row.code.clone(), row.figures.received)).collect()));
    }
    let until = if period.complete() { now } else { year_before(zone, period.as_of()) };
    let Some(earlier) = Period::of(earlier, zone, until) else { return Ok(None) };
    if !earlier.is_recorded(first_month(db)?) {
        return Ok(None);
    }
    received_by_category(db, &earlier).map(Some)
}
