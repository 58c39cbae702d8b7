//! A day on one page: its own numbers, what petitioners said, the months before it, the units beside each other. What is open
//! is counted from the partial indexes and the day's month; months that are over are read folded, or added up while one
//! waits to be folded.

use jiff::tz::TimeZone;
use serde_json::json;

use super::book::{Chart, ChartKind, Kind};
use super::charts::make::{Maker, counts};
use super::columns::heading;
use super::{Words, summary};
use crate::domain::figures::{Age, Brief, Day, DayFigures, Period, PeriodName};
use crate::domain::time::{DAY, Moment};
use crate::error::Result;
use crate::store::figures_brief::brief;
use crate::store::figures_day::{Rated, rated};
use crate::store::reference::Reference;
use crate::store::{Db, figures, folds};

/// How many months that are over stand beside each other.
const MONTHS: usize = 12;
/// Days that ratings are looked at beside the month: a month may have few.
const RATING_DAYS: i64 = 90;

/// A day with what is around it.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// Its numbers.
    pub day: DayFigures,
    /// Ratings of the month up to the day.
    pub month: Rated,
    /// Ratings of the ninety days up to the day.
    pub quarter: Rated,
    /// The months that were over, the earliest first.
    pub trend: Vec<(PeriodName, Brief)>,
}

/// Works a day out.
///
/// # Errors
/// Of the database.
pub fn of(db: &mut Db, reference: &Reference, zone: &TimeZone, day: &Day<'_>) -> Result<Dashboard> {
    figures::snapshot(db, |db| {
        let mut numbers = DayFigures::default();
        figures::each_round(db, day.period(), |_, round| day.count(&mut numbers, &round, &reference.units))?;
        let month = day.period().first_month();
        let (from, to) = (day.as_of().plus_seconds(-RATING_DAYS * DAY), day.as_of());
        Ok(Dashboard {
            day: numbers,
            month: rated(db, (month, month), Moment(i64::MIN), to)?,
            quarter: rated(db, (from.month_in(zone), month), from, to)?,
            trend: trend(db, zone, day)?,
        })
    })
}

fn trend(db: &mut Db, zone: &TimeZone, day: &Day<'_>) -> Result<Vec<(PeriodName, Brief)>> {
    let Some(first) = figures::first_month(db)? else { return Ok(Vec::new()) };
    let names = std::iter::successors(Some(day.period().name().previous()), |name| Some(name.previous()));
    let mut periods: Vec<Period> = names
        .take(MONTHS)
        .filter_map(|name| Period::of(name, zone, day.as_of()))
        .filter(|period| period.first_month() >= first)
        .collect();
    periods.reverse();
    let (Some(earliest), Some(latest)) = (periods.first(), periods.last()) else { return Ok(Vec::new()) };
    let mut folded = folds::good(db, earliest.first_month(), latest.first_month())?;
    periods
        .iter()
        .map(|period| {
            let sums = match folded.remove(&period.first_month()) {
                Some(fold) => fold.total,
                None => brief(db, period)?,
            };
            Ok((period.name(), sums))
        })
        .collect()
}

/// What came in, was closed and was open in the months before; none of fewer than two.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn trend_chart(
    trend: &[(PeriodName, Brief)],
    as_of: Moment,
    locale: &str,
    words: &dyn Words,
) -> Result<Option<Chart>> {
    if trend.len() < 2 {
        return Ok(None);
    }
    let total = |of: fn(&Brief) -> u64| trend.iter().map(|(_, brief)| of(brief)).sum::<u64>();
    let mean = |sum: u64| (sum + trend.len() as u64 / 2) / trend.len() as u64;
    let title =
        json!({ "months": trend.len(), "received": mean(total(|b| b.received)), "closed": mean(total(|b| b.closed)) });
    let names = trend.iter().map(|(name, _)| month_of(*name, locale, words)).collect::<Result<Vec<_>>>()?;
    let title = words.text(locale, "day-trend-title", &title)?;
    let line = |figure: &str, of: fn(&Brief) -> u64| -> Result<_> {
        Ok(counts(heading(figure, locale, words)?, trend.iter().map(|(_, brief)| of(brief))))
    };
    let series =
        vec![line("received", |b| b.received)?, line("closed", |b| b.closed)?, line("open_at_end", |b| b.open_at_end)?];
    let make = Maker::new(as_of, locale, words)?;
    make.chart(("trend", ChartKind::Line, title), Kind::Count, names, series).map(Some)
}

/// The open cases of branches and divisions, and which of them are overdue: `units` are their names and numbers.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn unit_chart(
    units: &[(String, u64, u64)],
    as_of: Moment,
    locale: &str,
    words: &dyn Words,
) -> Result<Option<Chart>> {
    let Some((name, most, _)) = units.iter().filter(|(_, open, _)| *open > 0).max_by_key(|(_, open, _)| *open) else {
        return Ok(None);
    };
    let title = words.text(locale, "day-units-title", &json!({ "unit": name, "number": most }))?;
    let names = units.iter().map(|(name, ..)| name.clone()).collect();
    let say = |key: &str| words.text(locale, key, &json!({}));
    let series = vec![
        counts(say("day-open")?, units.iter().map(|(_, open, _)| *open)),
        counts(say("day-overdue")?, units.iter().map(|(.., overdue)| *overdue)),
    ];
    let make = Maker::new(as_of, locale, words)?;
    make.chart(("units", ChartKind::Bars, title), Kind::Count, names, series).map(Some)
}

/// How old the open cases are.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn age_chart(day: &DayFigures, as_of: Moment, locale: &str, words: &dyn Words) -> Result<Option<Chart>> {
    let of = |age: Age| day.ages.get(&age).copied().unwrap_or(0);
    let open: u64 = day.ages.values().sum();
    if open == 0 {
        return Ok(None);
    }
    let old = of(Age::UpTo30) + of(Age::Over30);
    let title = words.text(locale, "day-ages-title", &json!({ "open": open, "old": old }))?;
    let name = |age: &Age| words.text(locale, &format!("age-{}", age.code().replace('_', "-")), &json!({}));
    let names = Age::ALL.iter().map(name).collect::<Result<Vec<_>>>()?;
    let series = counts(words.text(locale, "day-open", &json!({}))?, Age::ALL.iter().map(|age| of(*age)));
    let make = Maker::new(as_of, locale, words)?;
    make.chart(("ages", ChartKind::Columns, title), Kind::Count, names, vec![series]).map(Some)
}

/// A month under a chart, the year with the first and with every January.
fn month_of(name: PeriodName, locale: &str, words: &dyn Words) -> Result<String> {
    match name {
        PeriodName::Month(_, 1) => summary::name_of(name, locale, words),
        PeriodName::Month(_, month) => words.text(locale, "month-short", &json!({ "month": month })),
        PeriodName::Year(_) | PeriodName::Quarter(..) => summary::name_of(name, locale, words),
    }
}
