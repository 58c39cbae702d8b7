//! Days used (使用日數), the figure that statistics of official documents count in: working days from the day after
//! receipt to the day of issue, and half a day for what is answered on the day it came.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::day::Day;
use super::pauses::{Pause, left_out_days};
use super::time::Moment;

/// Days in halves: 1 is half a day. Kept and serialised as that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HalfDays(pub i64);

impl HalfDays {
    /// The least that is ever used.
    pub const HALF_A_DAY: Self = Self(1);
    /// The most that a fixed-term document done in time counts: the normal limit.
    pub const NORMAL_LIMIT: Self = Self(12);

    /// Whole days.
    #[must_use]
    pub fn of_days(days: i64) -> Self {
        Self(days.saturating_mul(2))
    }

    /// As a number of days.
    #[must_use]
    pub fn as_days(self) -> f64 {
        self.0 as f64 / 2.0
    }
}

impl fmt::Display for HalfDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_days())
    }
}

/// The days used by what was received and finished at these moments, without the pauses that stopped the clock. On
/// the day of receipt, and over days off only, half a day; never less.
#[must_use]
pub fn days_used(received: Moment, finished: Moment, calendar: &Calendar, pauses: &[Pause]) -> HalfDays {
    let (first, end) = (calendar.day_of(received).next(), calendar.day_of(finished).next());
    if end <= first {
        return HalfDays::HALF_A_DAY;
    }
    let paused: u32 = left_out_days(pauses, calendar)
        .into_iter()
        .map(|(from, to)| (first.max(Day(from as i32)), end.min(Day(to as i32))))
        .filter(|(from, to)| from < to)
        .map(|(from, to)| calendar.working_between(from, to))
        .sum();
    let days = calendar.working_between(first, end) - paused;
    HalfDays::of_days(i64::from(days)).max(HalfDays::HALF_A_DAY)
}

/// The days used by a fixed-term document: done in time it counts its real days, at most the normal limit's six.
#[must_use]
pub fn days_used_of_fixed_term(
    received: Moment,
    finished: Moment,
    due: Moment,
    calendar: &Calendar,
    pauses: &[Pause],
) -> HalfDays {
    let used = days_used(received, finished, calendar, pauses);
    if finished <= due { used.min(HalfDays::NORMAL_LIMIT) } else { used }
}
