//! Moments as an office lives them: so many office minutes after or before another, on the agency's own calendar.

use jiff::civil::{Date, Time};

use crate::domain::calendar::Calendar;
use crate::domain::deadline::{due, elapsed};
use crate::domain::limit::Limit;
use crate::domain::time::Moment;

/// Office minutes of an ordinary working day.
pub const DAY_MINUTES: i64 = 480;
/// Minutes that a search back in time goes at most: the longest holidays and then some.
const FURTHEST: i64 = 200 * 24 * 60;

/// Office time on a calendar.
#[derive(Clone, Copy)]
pub struct OfficeTime<'a> {
    calendar: &'a Calendar,
}

impl<'a> OfficeTime<'a> {
    /// Office time on this calendar.
    #[must_use]
    pub const fn new(calendar: &'a Calendar) -> Self {
        Self { calendar }
    }

    /// So many office minutes later.
    #[must_use]
    pub fn after(&self, from: Moment, minutes: i64) -> Moment {
        let limit = Limit::WorkingMinutes(u32::try_from(minutes.max(1)).unwrap_or(u32::MAX));
        due(from, limit, self.calendar, &[]).map_or(from.plus_seconds(minutes * 60), |answer| answer.due)
    }

    /// The latest moment that lies so many office minutes earlier.
    #[must_use]
    pub fn before(&self, to: Moment, minutes: i64) -> Moment {
        let earlier = |by: i64| to.plus_seconds(-by * 60);
        let (mut short, mut enough) = (0, FURTHEST);
        while short + 1 < enough {
            let middle = i64::midpoint(short, enough);
            if self.between(earlier(middle), to) >= minutes {
                enough = middle;
            } else {
                short = middle;
            }
        }
        earlier(enough)
    }

    /// Whole office minutes between two moments.
    #[must_use]
    pub fn between(&self, from: Moment, to: Moment) -> i64 {
        elapsed(from, to, self.calendar, &[])
    }

    /// A time of day on a date.
    #[must_use]
    pub fn at(&self, date: Date, time: Time) -> Moment {
        let zone = self.calendar.zone();
        zone.to_ambiguous_timestamp(date.to_datetime(time))
            .compatible()
            .map_or_else(|_| Moment::from_jiff(jiff::Timestamp::MIN), Moment::from_jiff)
    }

    /// The local date of a moment.
    #[must_use]
    pub fn date(&self, at: Moment) -> Date {
        at.date_in(self.calendar.zone())
    }

    /// The calendar.
    #[must_use]
    pub const fn calendar(&self) -> &'a Calendar {
        self.calendar
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::calendar::CalendarData;

    #[test]
    fn before_and_after_are_each_others_mirror_over_nights_and_weekends() {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        let calendar = Calendar::build(CalendarData { zone, ..CalendarData::default() }).unwrap();
        let time = OfficeTime::new(&calendar);
        // Sunday 2026-09-20, 15:00 in Taipei.
        let sunday: Moment = serde_json::from_str("\"2026-09-20T07:00:00Z\"").unwrap();
        let friday = time.before(sunday, 60);
        assert_eq!(friday.to_string(), "2026-09-18T08:00:00Z");
        assert_eq!(time.between(friday, sunday), 60);
        assert_eq!(time.after(friday, 61).to_string(), "2026-09-21T00:01:00Z");
        assert_eq!(time.before(sunday, DAY_MINUTES + 60).to_string(), "2026-09-17T08:00:00Z");
    }
}
