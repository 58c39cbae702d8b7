//! The report of a period: counted from the records, or, once a year was reported, as it was locked then.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::counting::counted;
use super::{issues, lists, series};
use crate::domain::figures::{Filter, Period, PeriodFigures, PeriodName, Row, TableName, Tally, changes};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::reference::Reference;
use crate::store::{Db, figures, year_packages};

/// The tables whose rows are places that a case may be moved between.
const PLACES: [TableName; 5] =
    [TableName::Channel, TableName::Kind, TableName::Category, TableName::Unit, TableName::SpeedClass];

/// The report of a year as it stands: the locked one, or counted up to now while there is none.
///
/// # Errors
/// `NotFound` when the year has not begun.
pub fn of_year(db: &mut Db, reference: &Reference, zone: &TimeZone, year: i16, now: Moment) -> Result<PeriodFigures> {
    of_period(db, reference, zone, PeriodName::Year(year), now)
}

/// The report of a period as it stands: of a year the locked one, otherwise counted up to now.
///
/// # Errors
/// `NotFound` when the period has not begun.
pub fn of_period(
    db: &mut Db,
    reference: &Reference,
    zone: &TimeZone,
    name: PeriodName,
    now: Moment,
) -> Result<PeriodFigures> {
    let locked = match name {
        PeriodName::Year(year) => locked(db, year)?,
        PeriodName::Quarter(..) | PeriodName::Month(..) => None,
    };
    match locked {
        Some(figures) => Ok(figures),
        None => report(db, reference, zone, name, now, &mut |_| ()),
    }
}

/// The figures of a year that was reported, with the checksum they were locked with, and whether they still have it.
///
/// # Errors
/// `Internal` when what was kept cannot be read.
pub fn locked(db: &mut Db, year: i16) -> Result<Option<PeriodFigures>> {
    let Some(package) = year_packages::get(db, year)? else { return Ok(None) };
    let wrong = |e| Error::internal(format!("the figures that were locked for {year} cannot be read: {e}"));
    let mut figures: PeriodFigures = serde_json::from_str(&package.figures).map_err(wrong)?;
    // When the series was counted the year was not locked yet.
    for row in figures.series.iter_mut().filter(|row| row.period == figures.period) {
        row.locked = true;
    }
    let damaged = package.sha256.as_ref().is_some_and(|kept| *kept != sha256(package.figures.as_bytes()));
    Ok(Some(PeriodFigures { locked_sha256: package.sha256, locked_damaged: damaged, ..figures }))
}

/// The whole report of a period, counted as of a moment: its figures beside those of earlier years. `progress` hears of
/// every thousand rounds.
///
/// # Errors
/// `NotFound` when the period has not begun by then.
pub fn report(
    db: &mut Db,
    reference: &Reference,
    zone: &TimeZone,
    name: PeriodName,
    now: Moment,
    progress: &mut dyn FnMut(u64),
) -> Result<PeriodFigures> {
    let period = Period::of(name, zone, now).ok_or(Error::NotFound)?;
    figures::snapshot(db, |db| {
        let mut figures = counted(db, (reference, zone), &period, None, progress)?;
        if period.complete() {
            // Nothing that was counted is younger: counted again, it is the same to the letter.
            figures.as_of = figures::last_change(db)?.unwrap_or(now).clamp(period.end(), now);
        }
        figures.series = series::of(db, zone, &figures, name, now)?;
        figures.changes = changes(&figures.series);
        issues::add(db, zone, &mut figures, &period, now)?;
        if let PeriodName::Year(year) = name {
            figures.improvement_measures = lists::measures(db, reference, year)?;
        }
        Ok(figures)
    })
}

/// Counts a year as of a moment, by itself: whole when it has ended by then, otherwise up to that moment.
///
/// # Errors
/// `NotFound` when the year has not begun by then.
pub fn count(db: &mut Db, reference: &Reference, zone: &TimeZone, year: i16, as_of: Moment) -> Result<PeriodFigures> {
    count_period(db, reference, zone, PeriodName::Year(year), as_of)
}

/// Counts a period as of a moment, as [`count`] does a year.
///
/// # Errors
/// `NotFound` when the period has not begun by then.
pub fn count_period(
    db: &mut Db,
    reference: &Reference,
    zone: &TimeZone,
    name: PeriodName,
    as_of: Moment,
) -> Result<PeriodFigures> {
    let period = Period::of(name, zone, as_of).ok_or(Error::NotFound)?;
    figures::snapshot(db, |db| counted(db, (reference, zone), &period, None, &mut |_| ()))
}

/// Counts a part of a period as of a moment, in one pass like the whole. Of a part nothing was locked and nothing is folded:
/// no earlier year stands beside it.
///
/// # Errors
/// `NotFound` when the period has not begun by then.
pub fn count_part(
    db: &mut Db,
    reference: &Reference,
    zone: &TimeZone,
    (name, filter): (PeriodName, &Filter),
    as_of: Moment,
) -> Result<PeriodFigures> {
    let period = Period::of(name, zone, as_of).ok_or(Error::NotFound)?;
    figures::snapshot(db, |db| counted(db, (reference, zone), &period, Some(filter), &mut |_| ()))
}

/// The moment one year earlier: up to where last year is counted to compare it with a year that runs.
#[must_use]
pub fn year_before(zone: &TimeZone, moment: Moment) -> Moment {
    let local = zone.to_datetime(moment.to_jiff());
    local
        .checked_sub(jiff::Span::new().years(1))
        .and_then(|earlier| zone.to_ambiguous_timestamp(earlier).compatible())
        .map_or(moment, Moment::from_jiff)
}

/// Where a row does not begin with what was reported as its end, cases were given another place since: the difference
/// stands beside it. Over a table it is as much in as out.
pub(super) fn tell_reclassified(figures: &mut PeriodFigures, before: &PeriodFigures) {
    // A report of an earlier version lacks tables: nothing can be said of those.
    for name in PLACES.into_iter().filter(|name| !before.tables.get(*name).is_empty()) {
        let mut ended: BTreeMap<&str, &Row> =
            before.tables.get(name).iter().map(|row| (row.code.as_str(), row)).collect();
        let rows = figures.tables.get_mut(name);
        for row in rows.iter_mut() {
            let (start, end) =
                (row.figures.open_at_start, ended.remove(row.code.as_str()).map_or(0, |r| r.figures.open_at_end));
            row.reclassified_in = start.saturating_sub(end);
            row.reclassified_out = end.saturating_sub(start);
        }
        for gone in ended.into_values().filter(|row| row.figures.open_at_end > 0) {
            let mut row = Row::new(&gone.code, gone.names.clone(), Tally::default().figures());
            row.reclassified_out = gone.figures.open_at_end;
            rows.push(row);
        }
    }
}
