//! The period of a report: a year of the agency's own time, or as much of it as has passed.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::domain::time::Moment;

/// A local year up to a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    year: i16,
    /// The end of every month that has begun; the last is the moment of the report while the year runs.
    ends: Vec<Moment>,
    complete: bool,
    as_of: Moment,
    last_day: Date,
}

impl Period {
    /// The year as of a moment; `None` when it has not begun by then, or cannot be told.
    #[must_use]
    pub fn of_year(year: i16, zone: &TimeZone, as_of: Moment) -> Option<Self> {
        if !(1912..=9998).contains(&year) {
            return None;
        }
        let mut starts = Vec::with_capacity(13);
        for month in 1..=12 {
            starts.push(start_of(date(year, month, 1), zone)?);
        }
        starts.push(start_of(date(year + 1, 1, 1), zone)?);
        let end = *starts.last()?;
        if as_of < *starts.first()? {
            return None;
        }
        let complete = as_of >= end;
        let ends = starts
            .windows(2)
            .filter_map(|month| Some((*month.first()?, *month.last()?)))
            .take_while(|(start, _)| *start <= as_of)
            .map(|(_, end)| end.min(as_of))
            .collect();
        let last_day = if complete { date(year, 12, 31) } else { as_of.date_in(zone) };
        Some(Self { year, ends, complete, as_of, last_day })
    }

    /// The year of the common era.
    #[must_use]
    pub const fn year(&self) -> i16 {
        self.year
    }

    /// Whether the whole year has passed.
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
        date(self.year, 1, 1)
    }

    /// The last day that is counted.
    #[must_use]
    pub const fn last_day(&self) -> Date {
        self.last_day
    }

    /// January, as YYYYMM.
    #[must_use]
    pub fn first_month(&self) -> i32 {
        i32::from(self.year) * 100 + 1
    }

    /// The last month that has begun, as YYYYMM.
    #[must_use]
    pub fn last_month(&self) -> i32 {
        i32::from(self.year) * 100 + i32::try_from(self.months()).unwrap_or(12)
    }

    /// How many months have begun.
    #[must_use]
    pub fn months(&self) -> usize {
        self.ends.len()
    }

    /// The month's place in the year, 1 for January; 0 for every month before, and past `months()` for every one after.
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

    /// The first moment that does not belong to the period. While the year runs, what happened at the very moment of the
    /// report belongs to it.
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
}
