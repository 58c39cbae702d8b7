//! The report of a year: counted from the records, or, once the year was reported, as it was locked then.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::domain::figures::{Counts, Directory, Names, Period, Row, TableName, Tally, YearFigures};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::reference::Reference;
use crate::store::{Db, figures};

/// The report of a year as it stands: the locked one, or counted up to now while there is none.
///
/// # Errors
/// `NotFound` when the year has not begun.
pub fn of_year(db: &mut Db, reference: &Reference, zone: &TimeZone, year: i16, now: Moment) -> Result<YearFigures> {
    match locked(db, year)? {
        Some(figures) => Ok(figures),
        None => count(db, reference, zone, year, now),
    }
}

/// The figures of a year that was reported.
///
/// # Errors
/// `Internal` when what was kept cannot be read.
pub fn locked(db: &mut Db, year: i16) -> Result<Option<YearFigures>> {
    let package = figures::package(db, year)?;
    package
        .map(|package| {
            serde_json::from_str(&package.figures).map_err(|e| Error::internal(format!("package {year}: {e}")))
        })
        .transpose()
}

/// Counts a year as of a moment: whole when it has ended by then, otherwise up to that moment.
///
/// # Errors
/// `NotFound` when the year has not begun by then.
pub fn count(db: &mut Db, reference: &Reference, zone: &TimeZone, year: i16, as_of: Moment) -> Result<YearFigures> {
    let period = Period::of_year(year, zone, as_of).ok_or(Error::NotFound)?;
    figures::snapshot(db, |db| {
        let mut counts = Counts::new(&period);
        figures::each_round(db, &period, |round| counts.round(round))?;
        figures::each_rating(db, &period, |rating| counts.rating(rating))?;
        let agency = &reference.agency;
        let mut year_figures = counts.figures(&Directory {
            agency: Names { name_zh: agency.name_zh.clone(), name_en: agency.name_en.clone() },
            categories: figures::category_names(db)?,
            units: &reference.units,
        });
        if let Some(before) = locked(db, year - 1)? {
            tell_reclassified(&mut year_figures, &before);
        }
        Ok(year_figures)
    })
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
fn tell_reclassified(figures: &mut YearFigures, before: &YearFigures) {
    for name in [TableName::Channel, TableName::Kind, TableName::Category, TableName::Unit] {
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
            let empty = Tally::default().figures();
            rows.push(Row {
                reclassified_out: gone.figures.open_at_end,
                reclassified_in: 0,
                figures: empty,
                ..gone.clone()
            });
        }
    }
}
