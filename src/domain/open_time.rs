//! Open time: the real spans during which the agency's wall clock stands within office hours. The walk goes from one
//! change of the zone's offset to the next, and between two of them local time is plain arithmetic; so an hour that a
//! zone skips is not counted and one that it repeats is counted twice, as the people in the office live it.

use super::calendar::Calendar;
use super::day::Day;
use super::pauses::{Pause, left_out_time};
use super::time::Moment;

/// Microseconds in a minute.
pub(super) const MINUTE: i64 = 60_000_000;

/// The open spans from a moment on, without the pauses, in microseconds of real time; in order, never empty.
pub(super) struct OpenSpans<'a> {
    calendar: &'a Calendar,
    pauses: &'a [(i64, i64)],
    at: i64,
    end: i64,
    /// The offset in force at `at`, and when it ends.
    offset: i64,
    offset_ends: i64,
}

impl<'a> OpenSpans<'a> {
    /// The open spans from `start` to `end`; `pauses` as [`left_out_time`] gives them.
    pub(super) fn new(start: Moment, end: Moment, calendar: &'a Calendar, pauses: &'a [(i64, i64)]) -> Self {
        let end = end.0.min(Day::LAST.local_micros());
        Self { calendar, pauses, at: Moment::from_jiff(start.to_jiff()).0, end, offset: 0, offset_ends: i64::MIN }
    }

    fn pass_pauses(&mut self) {
        while let [(from, to), rest @ ..] = self.pauses {
            if self.at < *from {
                return;
            }
            self.at = self.at.max(*to);
            self.pauses = rest;
        }
    }
}

impl Iterator for OpenSpans<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        loop {
            self.pass_pauses();
            if self.at >= self.end {
                return None;
            }
            if self.at >= self.offset_ends {
                (self.offset, self.offset_ends) = self.calendar.offset_and_end(Moment(self.at));
            }
            let stop = self.end.min(self.offset_ends).min(self.pauses.first().map_or(i64::MAX, |pause| pause.0));
            let day = Day::of_local_micros(self.at + self.offset);
            let midnight = day.local_micros() - self.offset;
            for (opens, closes) in self.calendar.hours_on(day).spans() {
                let (from, to) = ((midnight + opens).max(self.at), (midnight + closes).min(stop));
                if from < to {
                    self.at = to;
                    return Some((from, to));
                }
            }
            self.at = (day.next().local_micros() - self.offset).min(stop);
        }
    }
}

/// The open time between two moments without the pauses, in microseconds; 0 when `to` is not after `from`.
#[must_use]
pub fn open_micros(from: Moment, to: Moment, calendar: &Calendar, pauses: &[Pause]) -> i64 {
    OpenSpans::new(from, to, calendar, &left_out_time(pauses)).map(|(from, to)| to - from).sum()
}

/// The whole open minutes between two moments without the pauses.
#[must_use]
pub fn elapsed(from: Moment, to: Moment, calendar: &Calendar, pauses: &[Pause]) -> i64 {
    open_micros(from, to, calendar, pauses) / MINUTE
}
