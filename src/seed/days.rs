//! How many cases come in on which day: more year by year, fewer on days off, most in summer.

use jiff::civil::Date;

use crate::domain::calendar::Calendar;
use crate::domain::day::Day;

/// Share of an ordinary day by month, in hundredths: the sea is busy in summer.
const MONTHS: [f64; 12] = [82.0, 74.0, 92.0, 98.0, 108.0, 118.0, 126.0, 122.0, 106.0, 98.0, 90.0, 84.0];
/// What a day off brings of a working day.
const DAY_OFF: f64 = 0.4;
/// How much more a year brings than the one before.
const GROWTH: f64 = 0.06;

/// Every day from the first to the last with its number of cases, `all` in sum.
#[must_use]
pub fn days(first: Date, last: Date, all: u64, calendar: &Calendar) -> Vec<(Date, u64)> {
    let (first, end) = (Day::of(first), Day::of(last).next());
    let weight = |day: Day| {
        let date = day.date();
        let month = usize::try_from(date.month() - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or(100.0);
        let works = if calendar.is_working(day) { 1.0 } else { DAY_OFF };
        let years = f64::from(day.0 - first.0) / 365.25;
        month * works * (1.0 + GROWTH).powf(years)
    };
    let list: Vec<(Date, f64)> = (first.0..end.0).map(Day).map(|day| (day.date(), weight(day))).collect();
    let sum: f64 = list.iter().map(|(_, weight)| weight).sum();
    let (mut reached, mut given) = (0.0, 0_u64);
    let number = list.len();
    list.into_iter()
        .enumerate()
        .map(|(nth, (date, weight))| {
            reached += weight;
            // The last day takes what rounding left.
            let until = if nth + 1 == number { all } else { (reached / sum * all as f64) as u64 };
            let today = until.saturating_sub(given);
            given = until.max(given);
            (date, today)
        })
        .collect()
}
