//! When a saved report is sent: in a rhythm, at an hour of the agency's own time, on a working day: what would fall on a day
//! off is sent on the next working day. What was missed while the program was down is sent once, as of the last time it was
//! due.

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Calendar;
use crate::domain::time::Moment;

/// The hours of office time at which reports are sent.
pub const HOURS: RangeInclusive<i8> = 8..=17;
/// The days of a month. In a month that has fewer its last day stands for them.
pub const DAYS: RangeInclusive<i8> = 1..=31;
/// The longest run of days off that is bridged.
const MOST_OFF: i64 = 31;
/// Days in which a rhythm comes at least once.
const LOOKED_AT: i64 = 800;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case")]
pub enum Rhythm {
    /// Only by hand.
    Never,
    /// On a day of the week: 1 is Monday, 7 Sunday.
    Week {
        /// Which.
        weekday: i8,
    },
    /// On a day of the month.
    Month {
        /// Which.
        day: i8,
    },
    /// On a day of the first month of each quarter.
    Quarter {
        /// Which.
        day: i8,
    },
    /// On a day of the year.
    Year {
        /// Its month.
        month: i8,
        /// The day of that month.
        day: i8,
    },
}

/// When a report is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// How often.
    #[serde(flatten)]
    pub rhythm: Rhythm,
    /// The hour it is sent at.
    pub hour: i8,
}

impl Schedule {
    /// Whether there are such days and hours.
    #[must_use]
    pub fn is_sound(self) -> bool {
        let days = match self.rhythm {
            Rhythm::Never => true,
            Rhythm::Week { weekday } => (1..=7).contains(&weekday),
            Rhythm::Month { day } | Rhythm::Quarter { day } => DAYS.contains(&day),
            Rhythm::Year { month, day } => (1..=12).contains(&month) && DAYS.contains(&day),
        };
        days && HOURS.contains(&self.hour)
    }

    /// The first time after a moment; none where it is sent by hand.
    #[must_use]
    pub fn next_after(self, after: Moment, calendar: &Calendar) -> Option<Moment> {
        let zone = calendar.zone();
        // What fell on a day off before may be sent only now.
        let first = after.date_in(zone).checked_sub(MOST_OFF.days()).ok()?;
        let days = (0..LOOKED_AT).filter_map(|n| first.checked_add(n.days()).ok());
        days.filter(|day| self.falls_on(*day))
            .filter_map(|day| at_hour(working_day_from(day, calendar), self.hour, zone))
            .find(|moment| *moment > after)
    }

    /// The last time up to now, where the first of those that have not been sent was due at `due`.
    #[must_use]
    pub fn last_due(self, due: Moment, now: Moment, calendar: &Calendar) -> Moment {
        let all = std::iter::successors(Some(due), |due| self.next_after(*due, calendar));
        all.take_while(|due| *due <= now).last().unwrap_or(due)
    }

    /// Where a calendar that has changed since leaves no office open on the day that was planned: the working day after it.
    #[must_use]
    pub fn put_off(self, due: Moment, calendar: &Calendar) -> Option<Moment> {
        let zone = calendar.zone();
        let day = due.date_in(zone);
        let open = working_day_from(day, calendar);
        (open != day).then(|| at_hour(open, self.hour, zone)).flatten()
    }

    /// The day of the rhythm that a time stands for: that time's own, or the day off before it. What is counted is the period
    /// of this day, so that the report of a month's last day does not count the next month when that day is a Sunday.
    #[must_use]
    pub fn planned_day(self, due: Moment, calendar: &Calendar) -> Date {
        let day = due.date_in(calendar.zone());
        let before = (0..MOST_OFF).filter_map(|n| day.checked_sub(n.days()).ok());
        let mut planned = before.filter(|earlier| self.falls_on(*earlier));
        planned.find(|earlier| working_day_from(*earlier, calendar) == day).unwrap_or(day)
    }

    fn falls_on(self, date: Date) -> bool {
        let is = |day: i8| date.day() == day.min(date.days_in_month());
        match self.rhythm {
            Rhythm::Never => false,
            Rhythm::Week { weekday } => date.weekday().to_monday_one_offset() == weekday,
            Rhythm::Month { day } => is(day),
            Rhythm::Quarter { day } => date.month() % 3 == 1 && is(day),
            Rhythm::Year { month, day } => date.month() == month && is(day),
        }
    }
}

/// The day itself, or the first working day after it.
fn working_day_from(day: Date, calendar: &Calendar) -> Date {
    let mut days = (0..MOST_OFF).filter_map(|n| day.checked_add(n.days()).ok());
    days.find(|day| calendar.is_working_day(*day)).unwrap_or(day)
}

/// An hour of a day; where clocks are put forward over it, the moment they are put to.
fn at_hour(day: Date, hour: i8, zone: &TimeZone) -> Option<Moment> {
    let time = Time::new(hour, 0, 0, 0).ok()?;
    zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok().map(Moment::from_jiff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarData, DayKind, ExceptionalDay};

    fn calendar(zone: &str, off: &[&str]) -> Calendar {
        let day =
            |text: &&str| ExceptionalDay { date: text.parse().unwrap(), kind: DayKind::DayOff, note: "節".into() };
        let days = off.iter().map(day).collect();
        let zone = TimeZone::get(zone).unwrap();
        Calendar::build(CalendarData { zone, days, ..CalendarData::default() }).unwrap()
    }

    /// Mid-autumn and the day beside it, and New Year.
    fn taipei() -> Calendar {
        calendar("Asia/Taipei", &["2026-09-25", "2026-09-28", "2026-01-01"])
    }

    fn at(text: &str) -> Moment {
        Moment::from_jiff(text.parse().unwrap())
    }

    fn every(rhythm: Rhythm) -> Schedule {
        Schedule { rhythm, hour: 9 }
    }

    #[test]
    fn the_next_time_is_a_working_day_at_its_hour() {
        let week = |weekday| every(Rhythm::Week { weekday });
        let month = |day| every(Rhythm::Month { day });
        let quarter = |day| every(Rhythm::Quarter { day });
        let year = |month, day| every(Rhythm::Year { month, day });
        // (schedule, after, next); nine o'clock in Taipei is one o'clock UTC.
        for (schedule, after, next) in [
            (week(1), "2026-09-16T00:00:00Z", "2026-09-21T01:00:00Z"),
            (week(1), "2026-09-21T00:59:59Z", "2026-09-21T01:00:00Z"),
            (week(1), "2026-09-21T01:00:00Z", "2026-09-29T01:00:00Z"),
            // Friday and Monday are off: sent on Tuesday; Monday's falls on the same.
            (week(5), "2026-09-24T12:00:00Z", "2026-09-29T01:00:00Z"),
            (week(5), "2026-09-29T01:00:00Z", "2026-10-02T01:00:00Z"),
            // Sunday means the working day after it.
            (week(7), "2026-09-16T00:00:00Z", "2026-09-21T01:00:00Z"),
            (month(1), "2026-09-16T00:00:00Z", "2026-10-01T01:00:00Z"),
            // 1 August 2026 is a Saturday.
            (month(1), "2026-07-31T12:00:00Z", "2026-08-03T01:00:00Z"),
            // A Saturday whose working day is still to come is not forgotten on Sunday.
            (month(1), "2026-08-02T12:00:00Z", "2026-08-03T01:00:00Z"),
            // Months of 30 and of 28 days: their last day. 28 February 2026 is a Saturday.
            (month(31), "2026-09-01T00:00:00Z", "2026-09-30T01:00:00Z"),
            (month(31), "2026-02-02T01:00:00Z", "2026-03-02T01:00:00Z"),
            (month(31), "2026-03-02T01:00:00Z", "2026-03-31T01:00:00Z"),
            (quarter(5), "2026-09-16T00:00:00Z", "2026-10-05T01:00:00Z"),
            (quarter(5), "2026-10-05T01:00:00Z", "2027-01-05T01:00:00Z"),
            (year(1, 1), "2025-06-01T00:00:00Z", "2026-01-02T01:00:00Z"),
            (year(2, 29), "2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z"),
            (year(2, 29), "2026-03-02T01:00:00Z", "2027-03-01T01:00:00Z"),
        ] {
            assert_eq!(schedule.next_after(at(after), &taipei()), Some(at(next)), "{schedule:?} after {after}");
        }
        assert_eq!(every(Rhythm::Never).next_after(at("2026-09-16T00:00:00Z"), &taipei()), None);
    }

    #[test]
    fn an_hour_is_the_clocks_own_where_clocks_are_put_forward() {
        // Clocks in Berlin go forward on Sunday 29 March 2026 and back on Sunday 25 October.
        let (berlin, weekly) = (calendar("Europe/Berlin", &[]), every(Rhythm::Week { weekday: 1 }));
        let times: Vec<Moment> =
            std::iter::successors(Some(at("2026-03-20T00:00:00Z")), |due| weekly.next_after(*due, &berlin))
                .skip(1)
                .take(2)
                .collect();
        assert_eq!(times, [at("2026-03-23T08:00:00Z"), at("2026-03-30T07:00:00Z")]);
        assert_eq!(weekly.next_after(at("2026-10-20T00:00:00Z"), &berlin), Some(at("2026-10-26T08:00:00Z")));
    }

    #[test]
    fn what_was_missed_is_due_once_as_of_its_last_time() {
        let (weekly, calendar) = (every(Rhythm::Week { weekday: 1 }), taipei());
        let due = at("2026-08-03T01:00:00Z");
        for (now, last) in [
            ("2026-08-03T01:00:00Z", "2026-08-03T01:00:00Z"),
            ("2026-08-10T00:59:59Z", "2026-08-03T01:00:00Z"),
            ("2026-09-16T05:00:00Z", "2026-09-14T01:00:00Z"),
            // Monday the 28th was off.
            ("2026-09-28T05:00:00Z", "2026-09-21T01:00:00Z"),
        ] {
            assert_eq!(weekly.last_due(due, at(now), &calendar), at(last), "{now}");
        }
        assert_eq!(every(Rhythm::Never).last_due(due, at("2026-09-28T05:00:00Z"), &calendar), due);
    }

    #[test]
    fn what_is_counted_is_the_period_of_the_planned_day() {
        let month = every(Rhythm::Month { day: 31 });
        for (due, day) in [
            ("2026-09-30T01:00:00Z", "2026-09-30"),
            // 28 February 2026 is a Saturday.
            ("2026-03-02T01:00:00Z", "2026-02-28"),
            // Nothing was planned: sent by hand, or the rhythm was another.
            ("2026-03-11T01:00:00Z", "2026-03-11"),
        ] {
            assert_eq!(month.planned_day(at(due), &taipei()).to_string(), day, "{due}");
        }
    }

    #[test]
    fn a_day_that_became_a_day_off_is_put_off() {
        let weekly = every(Rhythm::Week { weekday: 5 });
        assert_eq!(weekly.put_off(at("2026-09-25T01:00:00Z"), &taipei()), Some(at("2026-09-29T01:00:00Z")));
        assert_eq!(weekly.put_off(at("2026-09-24T01:00:00Z"), &taipei()), None);
    }

    #[test]
    fn only_days_and_hours_that_there_are() {
        for (rhythm, hour, sound) in [
            (Rhythm::Never, 9, true),
            (Rhythm::Never, 3, false),
            (Rhythm::Week { weekday: 7 }, 17, true),
            (Rhythm::Week { weekday: 8 }, 9, false),
            (Rhythm::Month { day: 0 }, 9, false),
            (Rhythm::Quarter { day: 32 }, 9, false),
            (Rhythm::Year { month: 13, day: 1 }, 9, false),
        ] {
            assert_eq!(Schedule { rhythm, hour }.is_sound(), sound, "{rhythm:?} {hour}");
        }
        let stored = serde_json::to_string(&every(Rhythm::Month { day: 3 })).unwrap();
        assert_eq!(stored, r#"{"every":"month","day":3,"hour":9}"#);
        assert_eq!(serde_json::from_str::<Schedule>(&stored).unwrap(), every(Rhythm::Month { day: 3 }));
    }
}
