//! The same period of five years: this one as it was counted, those before as they were locked, or added up.

use jiff::tz::TimeZone;

use super::year::locked;
use crate::domain::figures::{Period, PeriodFigures, PeriodName, SeriesRow};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::figures_brief::brief;
use crate::store::{Db, figures};

/// How many years stand beside each other.
const YEARS: i16 = 5;

/// The series that ends with these figures; it does not reach back before the first case.
///
/// # Errors
/// Of the database.
pub fn of(
    db: &mut Db,
    zone: &TimeZone,
    figures: &PeriodFigures,
    name: PeriodName,
    now: Moment,
) -> Result<Vec<SeriesRow>> {
    let first = figures::first_month(db)?;
    let mut rows = Vec::new();
    for years in (1..YEARS).rev() {
        let earlier = name.earlier(years);
        let Some(period) = Period::of(earlier, zone, now) else { continue };
        if first.is_none_or(|first| first > period.final_month()) {
            continue;
        }
        let locked = match earlier {
            PeriodName::Year(year) => locked(db, year)?,
            PeriodName::Quarter(..) | PeriodName::Month(..) => None,
        };
        let row = match locked {
            Some(reported) => SeriesRow::of(&reported),
            None => SeriesRow::of_brief(earlier.to_string(), &brief(db, &period)?),
        };
        rows.push(SeriesRow { records_from: records_from(first, &period), ..row });
    }
    let own = Period::of(name, zone, now).and_then(|period| records_from(first, &period));
    rows.push(SeriesRow { records_from: own, ..SeriesRow::of(figures) });
    Ok(rows)
}

/// The month of the first petition, where it lies within the period but is not its first.
fn records_from(first: Option<i32>, period: &Period) -> Option<String> {
    let within = first.filter(|first| !period.is_recorded(Some(*first)) && *first <= period.final_month())?;
    PeriodName::of_month(within).map(|month| month.to_string())
}
