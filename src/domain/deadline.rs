//! The deadline engine: from a start, a limit, a calendar and the pauses that stop the clock to the moment something
//! is due. Pure; the same question always has the same answer, and `explanation` tells it day by day.
//!
//! 1. A limit in days does not count the day of the start, and is due at the first instant after its last day.
//! 2. Working days are counted by the calendar; calendar days are all counted, and a last day off moves on to the
//!    next working day (Administrative Procedure Act 48).
//! 3. Dates left out by a pause are not counted in either.
//! 4. A limit in minutes runs from the very moment, in open time only, and is due when the last minute is used: at
//!    closing time, not at the next opening.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::Calendar;
use super::day::{Day, as_text};
use super::limit::Limit;
use super::office_hours::merged;
use super::open_time::{MINUTE, OpenSpans};
use super::pauses::{Pause, left_out_days, left_out_time};
use super::time::{DAY, Moment};

pub use super::open_time::elapsed;

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// On time means finished at or before this moment.
    pub due: Moment,
    /// The last local day on which it can be done in time: what pages print.
    #[serde(serialize_with = "as_text")]
    pub last_day: Date,
    /// Whether the count went through a year without an official table, so that the answer may still change.
    pub uncovered: bool,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineError {
    /// The limit is longer than a hundred years.
    LimitTooLong,
    /// The calendar has too few working days or open hours to use the limit up within a thousand years.
    NoWorkingTime,
    /// The answer lies outside the years that can be expressed.
    OutOfRange,
    /// The explanation would have more lines than anyone reads: ten years of days.
    TooLongToExplain,
}

impl fmt::Display for DeadlineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LimitTooLong => "the limit is longer than a hundred years",
            Self::NoWorkingTime => "the calendar has too few working days or open hours to use the limit up",
            Self::OutOfRange => "the deadline lies outside the years -9999 to 9999",
            Self::TooLongToExplain => "the deadline is more than ten years away: too many days to explain one by one",
        })
    }
}

impl std::error::Error for DeadlineError {}

/// A hundred years of days: no limit is longer.
const LONGEST_DAYS: u32 = 36_525;
/// No daylight saving moves clocks by twenty hours (microseconds).
const DATE_LINE: i64 = 20 * 60 * MINUTE;
/// A thousand years: no search goes further.
pub(super) const HORIZON: i32 = 365_250;

/// When a clock started at `start` is due.
///
/// # Errors
/// See [`DeadlineError`]; only for limits and calendars that make no sense.
pub fn due(start: Moment, limit: Limit, calendar: &Calendar, pauses: &[Pause]) -> Result<Due, DeadlineError> {
    due_extended(start, limit, &[], calendar, pauses)
}

/// When a clock is due whose limit was extended: each extension counts on from where the time before it ended, and
/// one to a given date never makes the clock due earlier.
///
/// # Errors
/// See [`DeadlineError`].
pub fn due_extended(
    start: Moment,
    limit: Limit,
    extensions: &[Limit],
    calendar: &Calendar,
    pauses: &[Pause],
) -> Result<Due, DeadlineError> {
    let (day, offset) = calendar.day_and_offset(start);
    let mut clock = Clock { calendar, pauses, at: start, day, offset, uncovered: false };
    clock.add(limit)?;
    for extension in extensions {
        let before = clock;
        clock.add(*extension)?;
        if clock.at < before.at {
            clock = before;
        }
    }
    Ok(Due { due: clock.at, last_day: clock.day.date(), uncovered: clock.uncovered })
}

/// How far a count has come: the moment, the last day used, and the zone's offset then (microseconds).
#[derive(Clone, Copy)]
struct Clock<'a> {
    calendar: &'a Calendar,
    pauses: &'a [Pause],
    at: Moment,
    day: Day,
    offset: i64,
    uncovered: bool,
}

impl Clock<'_> {
    fn add(&mut self, limit: Limit) -> Result<(), DeadlineError> {
        match limit {
            Limit::WorkingDays(days) | Limit::CalendarDays(days) if days > LONGEST_DAYS => {
                Err(DeadlineError::LimitTooLong)
            }
            Limit::WorkingMinutes(minutes) if minutes > LONGEST_DAYS * 1_440 => Err(DeadlineError::LimitTooLong),
            Limit::WorkingDays(days) => self.add_days(days, true),
            Limit::CalendarDays(days) => self.add_days(days, false),
            Limit::WorkingMinutes(minutes) => self.add_minutes(i64::from(minutes) * MINUTE),
            Limit::FixedDate(date) => self.end_on(Day::of(date)),
        }
    }

    fn add_days(&mut self, days: u32, working: bool) -> Result<(), DeadlineError> {
        let left_out = if self.pauses.is_empty() { Vec::new() } else { left_out_days(self.pauses, self.calendar) };
        let start = *self;
        self.count_days(days, working, &left_out)?;
        // Only a change of sides of the date line moves the offset so far. The date it skips is no day to count.
        if (self.offset - start.offset).abs() > DATE_LINE {
            let skipped = self.calendar.skipped_dates(start.day, self.day);
            *self = start;
            self.count_days(days, working, &merged([left_out, skipped].concat()))?;
        }
        Ok(())
    }

    fn count_days(&mut self, days: u32, working: bool, left_out: &[(i64, i64)]) -> Result<(), DeadlineError> {
        let from = self.day;
        let last = self.nth_day(from, days, working, left_out)?;
        if working {
            self.end_on(last)?;
            self.uncovered |= !self.calendar.covers_days(from.next().min(last), last);
        } else {
            if self.calendar.is_working(last) {
                self.end_on(last)?
            } else {
                self.move_on(last, left_out)?
            }
            self.uncovered |= !self.calendar.covers_days(last, self.day);
        }
        Ok(())
    }

    /// The nth day after `day` that counts; the day itself for none.
    fn nth_day(&self, mut day: Day, mut n: u32, working: bool, left_out: &[(i64, i64)]) -> Result<Day, DeadlineError> {
        if n == 0 {
            return Ok(day);
        }
        for (from, end) in left_out.iter().map(|(from, end)| (Day(*from as i32), Day(*end as i32))) {
            if end <= day.next() {
                continue;
            }
            let nth = self.step(day, n, working)?;
            if nth < from {
                return Ok(nth);
            }
            if from > day.next() {
                n -=
                    if working { self.calendar.working_between(day.next(), from) } else { (from.0 - day.0 - 1) as u32 };
            }
            day = end.plus(-1);
        }
        self.step(day, n, working)
    }

    #[inline]
    fn step(&self, day: Day, n: u32, working: bool) -> Result<Day, DeadlineError> {
        if working {
            self.calendar.nth_working_after(day, n, HORIZON).ok_or(DeadlineError::NoWorkingTime)
        } else {
            Ok(day.plus(n as i32))
        }
    }

    /// A limit in calendar days that ends on a day off goes on to the end of the next working day; with the switch
    /// on, from a plain Saturday to Monday noon when Monday is that day.
    fn move_on(&mut self, last: Day, left_out: &[(i64, i64)]) -> Result<(), DeadlineError> {
        let next = self.nth_day(last, 1, true, left_out)?;
        if next == last.plus(2) && next < Day::LAST && self.calendar.saturday_goes_to_noon(last) {
            (self.at, self.day) = (self.calendar.noon_of(next), next);
            return Ok(());
        }
        self.end_on(next)
    }

    fn add_minutes(&mut self, mut left: i64) -> Result<(), DeadlineError> {
        if left == 0 {
            return Ok(());
        }
        let pauses = left_out_time(self.pauses);
        let horizon = self.at.plus_seconds(i64::from(HORIZON) * DAY);
        for (from, to) in OpenSpans::new(self.at, horizon, self.calendar, &pauses) {
            if left <= to - from {
                let first = self.day;
                self.at = Moment(from + left);
                // What is due at midnight belongs to the day that ends there.
                (self.day, self.offset) = self.calendar.day_and_offset(Moment(from + left - 1));
                self.uncovered |= !self.calendar.covers_days(first.min(self.day), self.day);
                return Ok(());
            }
            left -= to - from;
        }
        Err(DeadlineError::NoWorkingTime)
    }

    #[inline]
    fn end_on(&mut self, day: Day) -> Result<(), DeadlineError> {
        if day > Day::LAST {
            return Err(DeadlineError::OutOfRange);
        }
        let end = self.calendar.first_instant(day.next());
        (self.at, self.day, self.offset) = (end, day, day.next().local_micros() - end.0);
        Ok(())
    }
}
