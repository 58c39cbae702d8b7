//! What an improvement measure brought: the figures of its category (or of everything) in the year that gave the reason and
//! in the years after it.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::recent::Recent;
use crate::domain::figures::{Figures, PeriodFigures, TableName};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::measures::Measure;
use crate::store::reference::Reference;

/// Years shown after the one that gave the reason.
const AFTER: i16 = 2;

/// A year of the category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectYear {
    /// The year of the common era.
    pub year: i16,
    /// Whether it is over; if not, its figures are so far.
    pub complete: bool,
    /// Cases received.
    pub received: u64,
    /// Closed within the original limit ÷ closed, in percent with one decimal.
    pub on_time: Option<String>,
    /// Mean days used, one decimal.
    pub mean_days: Option<String>,
    /// Mean of the overall rating, 1 to 5, two decimals.
    pub satisfaction: Option<String>,
}

/// The year that gave the reason and up to two after it, as far as they have begun: as they were locked, or as they were
/// counted within the last minute.
///
/// # Errors
/// Of the database.
pub fn effect(
    db: &mut Db,
    (reference, zone): (&Reference, &TimeZone),
    recent: &Recent,
    measure: &Measure,
    now: Moment,
) -> Result<Vec<EffectYear>> {
    let this_year = now.date_in(zone).year();
    let first = i16::try_from(measure.year).unwrap_or(this_year);
    let mut years = Vec::new();
    for year in first..=first.saturating_add(AFTER).min(this_year) {
        let figures = recent.standing(db, reference, zone, year, now)?;
        years.push(of(&figures, measure.category.as_deref()));
    }
    Ok(years)
}

fn of(figures: &PeriodFigures, category: Option<&str>) -> EffectYear {
    let found: Option<&Figures> = match category {
        None => Some(&figures.total),
        Some(code) => {
            figures.tables.get(TableName::Category).iter().find(|row| row.code == code).map(|row| &row.figures)
        }
    };
    let decimals = |value: Option<f64>, places: usize| value.map(|value| format!("{value:.places$}"));
    EffectYear {
        year: figures.year,
        complete: figures.complete,
        received: found.map_or(0, |f| f.received),
        on_time: decimals(found.and_then(|f| f.on_time_rate).map(|rate| rate * 100.0), 1),
        mean_days: decimals(found.and_then(|f| f.mean_days), 1),
        satisfaction: decimals(found.and_then(|f| f.ratings.overall()), 2),
    }
}
