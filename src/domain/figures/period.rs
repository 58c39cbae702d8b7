//! The period of a report: a year, a quarter or a month of the agency's own time, or as much of it as has passed.

use std::fmt;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::domain::time::Moment;

/// The first year that can be counted: that of the Republic.
pub const FIRST_YEAR: i16 = 1912;

/// Which period: `2026`, `2026Q3`, `2026-09`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodName {
    /// A year of the common era.
    Year(i16),
    /// One of the four quarters of a year.
    Quarter(i16, i8),
    /// One of the twelve months of a year.
    Month(i16, i8),
}

impl PeriodName {
    /// Reads `2026`, `2026Q3` or `2026-09`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = if let Some((year, quarter)) = text.split_once('Q') {
            Self::Quarter(number(year, 4)?.parse().ok()?, number(quarter, 1)?.parse().ok()?)
        } else if let Some((year, month)) = text.split_once('-') {
            Self::Month(number(year, 4)?.parse().ok()?, number(month, 2)?.parse().ok()?)
        } else {
            Self::Year(number(text, 4)?.parse().ok()?)
        };
        name.is_sound().then_some(name)
    }

    fn is_sound(self) -> bool {
        (1..=12).contains(&self.months().0)
    }

    /// The year it lies in.
    #[must_use]
    pub const fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => year,
        }
    }

    /// The same period so many years before.
    #[must_use]
    pub const fn earlier(self, years: i16) -> Self {
        match self {
            Self::Year(year) => Self::Year(year - years),
            Self::Quarter(year, quarter) => Self::Quarter(year - years, quarter),
            Self::Month(year, month) => Self::Month(year - years, month),
        }
    }

    /// Its first month and how many it has.
    const fn months(self) -> (i8, i8) {
        match self {
            Self::Year(_) => (1, 12),
            Self::Quarter(_, quarter) => (quarter * 3 - 2, 3),
            Self::Month(_, month) => (month, 1),
        }
    }
}

/// The text, if it is so many digits.
fn number(digits: &str, length: usize) -> Option<&str> {
    (digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// A local period up to a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    name: PeriodName,
    /// The end of every month that has begun; the last is the moment of the report while the period runs.
    ends: Vec<Moment>,
    complete: bool,
    as_of: Moment,
    last_day: Date,
}

impl Period {
    /// The period as of a moment; `None` when it has not begun by then, or cannot be told.
    #[must_use]
    pub fn of(name: PeriodName, zone: &TimeZone, as_of: Moment) -> Option<Self> {
        let year = name.year();
        if !name.is_sound() || !(FIRST_YEAR..=9998).contains(&year) {
            return None;
        }
        let (first, months) = name.months();
        let mut starts = Vec::with_capacity(13);
        for month in first..=first + months {
            let day = if month > 12 { date(year + 1, 1, 1) } else { date(year, month, 1) };
            starts.push((day, start_of(day, zone)?));
        }
        let (next_day, end) = *starts.last()?;
        if as_of < starts.first()?.1 {
            return None;
        }
        let complete = as_of >= end;
        let ends = starts
            .windows(2)
            .filter_map(|month| Some((month.first()?.1, month.last()?.1)))
            .take_while(|(start, _)| *start <= as_of)
            .map(|(_, end)| end.min(as_of))
            .collect();
        let last_day = if complete { next_day.yesterday().ok()? } else { as_of.date_in(zone) };
        Some(Self { name, ends, complete, as_of, last_day })
    }

    /// The year as of a moment.
    #[must_use]
    pub fn of_year(year: i16, zone: &TimeZone, as_of: Moment) -> Option<Self> {
        Self::of(PeriodName::Year(year), zone, as_of)
    }

    /// Which period.
    #[must_use]
    pub const fn name(&self) -> PeriodName {
        self.name
    }

    /// The year of the common era.
    #[must_use]
    pub const fn year(&self) -> i16 {
        self.name.year()
    }

    /// Whether the whole period has passed.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.complete
    }

    /// The moment of the report.
    #[must_use]
    pub const fn as_of(&self) -> Moment {
        self.as_of
    }

    /// The first day that is counted.
    #[must_use]
    pub fn first_day(&self) -> Date {
        date(self.year(), self.name.months().0, 1)
    }

    /// The last day that is counted.
    #[must_use]
    pub const fn last_day(&self) -> Date {
        self.last_day
    }

    /// The first month, as YYYYMM.
    #[must_use]
    pub fn first_month(&self) -> i32 {
        i32::from(self.year()) * 100 + i32::from(self.name.months().0)
    }

    /// The last month that has begun, as YYYYMM.
    #[must_use]
    pub fn last_month(&self) -> i32 {
        self.first_month() - 1 + i32::try_from(self.months()).unwrap_or(12)
    }

    /// The last month of the whole period, as YYYYMM.
    #[must_use]
    pub fn final_month(&self) -> i32 {
        self.first_month() - 1 + i32::from(self.name.months().1)
    }

    /// Whether petitions were recorded from its beginning, where the first one came in in this month (YYYYMM): what was
    /// recorded in part is not compared with.
    #[must_use]
    pub fn is_recorded(&self, first: Option<i32>) -> bool {
        first.is_some_and(|first| first <= self.first_month())
    }

    /// How many months have begun.
    #[must_use]
    pub fn months(&self) -> usize {
        self.ends.len()
    }

    /// The month in a place, as `2026-09`.
    #[must_use]
    pub fn month(&self, place: i32) -> String {
        let month = self.first_month() - 1 + place;
        format!("{:04}-{:02}", month / 100, month % 100)
    }

    /// The month's place in the period, 1 for its first; 0 for every month before, and past `months()` for every one
    /// after.
    #[must_use]
    pub fn place_of(&self, month: i32) -> usize {
        let place = month - self.first_month() + 1;
        if place < 1 { 0 } else { usize::try_from(place).unwrap_or(usize::MAX).min(self.months() + 1) }
    }

    /// The moment at which what is still open counts as within its limit or over it: the end of the `place`-th month.
    #[must_use]
    pub fn end_of(&self, place: usize) -> Moment {
        let last = self.ends.last().copied().unwrap_or(self.as_of);
        place.checked_sub(1).and_then(|at| self.ends.get(at)).copied().unwrap_or(last)
    }

    /// The first moment that does not belong to the period. While it runs, what happened at the very moment of the report
    /// belongs to it.
    #[must_use]
    pub fn end(&self) -> Moment {
        let end = self.end_of(self.months());
        if self.complete { end } else { Moment(end.0 + 1) }
    }
}

/// The first instant of a local date.
fn start_of(date: Date, zone: &TimeZone) -> Option<Moment> {
    zone.to_ambiguous_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .compatible()
        .ok()
        .map(Moment::from_jiff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taipei() -> TimeZone {
        TimeZone::get("Asia/Taipei").unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::from_jiff(text.parse().unwrap())
    }

    #[test]
    fn a_year_is_the_agencys_own() {
        let year = Period::of_year(2026, &taipei(), at("2026-12-31T16:00:00Z")).unwrap();
        assert!(year.complete());
        assert_eq!((year.first_month(), year.last_month(), year.months()), (202_601, 202_612, 12));
        assert_eq!(year.end(), at("2026-12-31T16:00:00Z"));
        assert_eq!(year.end_of(1), at("2026-01-31T16:00:00Z"));
        assert_eq!(year.last_day().to_string(), "2026-12-31");
        assert_eq!(Period::of_year(2027, &taipei(), at("2026-12-31T15:59:59Z")), None);
        assert_eq!(Period::of_year(1, &taipei(), at("2026-12-31T15:59:59Z")), None);
    }

    #[test]
    fn a_running_year_ends_with_the_moment_of_the_report() {
        let now = at("2026-03-10T02:00:00Z");
        let year = Period::of_year(2026, &taipei(), now).unwrap();
        assert!(!year.complete());
        assert_eq!((year.months(), year.last_month()), (3, 202_603));
        assert_eq!((year.end_of(2), year.end_of(3)), (at("2026-02-28T16:00:00Z"), now));
        assert_eq!(year.end(), Moment(now.0 + 1));
        assert_eq!(year.last_day().to_string(), "2026-03-10");
        let places: Vec<usize> = [202_512, 202_601, 202_603, 202_604, 202_701].map(|m| year.place_of(m)).into();
        assert_eq!(places, [0, 1, 3, 4, 4]);
        // The first instant of the year is in it; a month that begins now has begun.
        assert_eq!(Period::of_year(2026, &taipei(), at("2025-12-31T16:00:00Z")).unwrap().months(), 1);
    }

    #[test]
    fn a_quarter_and_a_month_are_periods_too() {
        let now = at("2027-02-01T00:00:00Z");
        // (name, first and last month, months, last day, end)
        for (name, first, last, months, day, end) in [
            ("2026", 202_601, 202_612, 12, "2026-12-31", "2026-12-31T16:00:00Z"),
            ("2026Q1", 202_601, 202_603, 3, "2026-03-31", "2026-03-31T16:00:00Z"),
            ("2026Q4", 202_610, 202_612, 3, "2026-12-31", "2026-12-31T16:00:00Z"),
            ("2026-02", 202_602, 202_602, 1, "2026-02-28", "2026-02-28T16:00:00Z"),
            ("2026-12", 202_612, 202_612, 1, "2026-12-31", "2026-12-31T16:00:00Z"),
        ] {
            let named = PeriodName::parse(name).unwrap();
            assert_eq!(named.to_string(), name);
            let period = Period::of(named, &taipei(), now).unwrap();
            assert_eq!(
                (period.first_month(), period.last_month(), period.final_month()),
                (first, last, last),
                "{name}"
            );
            assert_eq!((period.months(), period.last_day().to_string().as_str(), period.end()), (months, day, at(end)));
            assert!(period.complete() && period.place_of(first - 1) == 0 && period.place_of(last + 1) == months + 1);
        }
        let running = Period::of(PeriodName::Quarter(2026, 3), &taipei(), at("2026-08-10T02:00:00Z")).unwrap();
        assert_eq!((running.months(), running.last_month(), running.final_month()), (2, 202_608, 202_609));
        assert_eq!((running.month(1), running.month(2)), ("2026-07".to_owned(), "2026-08".to_owned()));
        assert_eq!(Period::of(PeriodName::Month(2026, 9), &taipei(), at("2026-08-31T15:59:59Z")), None);
        assert_eq!(PeriodName::parse("2026Q3").map(|name| name.earlier(1)), Some(PeriodName::Quarter(2025, 3)));
        for wrong in
            ["", "26", "2026Q", "2026Q0", "2026Q5", "2026-13", "2026-00", "2026-9", "2026-1-1", "+026", "2026q1"]
        {
            assert_eq!(PeriodName::parse(wrong), None, "{wrong}");
        }
    }
}
