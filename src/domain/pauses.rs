//! Pauses that stop a clock. A limit in days leaves out the dates from a pause's start to the day before its end; a
//! limit in minutes leaves out exactly the open minutes inside it. Overlapping pauses count once.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::day::Day;
use super::office_hours::merged;
use super::time::Moment;

/// A pause that stops the clock. Of a pause still running, `to` is the present moment. One that ends before it
/// starts stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// When the clock stopped.
    pub from: Moment,
    /// When it went on.
    pub to: Moment,
    /// Why, in the words the explanation shows.
    #[serde(default)]
    pub reason: String,
}

impl Pause {
    /// A pause with its reason.
    #[must_use]
    pub fn new(from: Moment, to: Moment, reason: &str) -> Self {
        Self { from, to, reason: reason.to_owned() }
    }

    /// The dates this pause leaves out: the first, and the first no longer left out.
    #[must_use]
    pub fn days(&self, calendar: &Calendar) -> (Day, Day) {
        (calendar.day_of(self.from), calendar.day_of(self.to))
    }
}

/// The dates left out, as ranges in order that do not touch.
pub(super) fn left_out_days(pauses: &[Pause], calendar: &Calendar) -> Vec<(i64, i64)> {
    let days = |pause: &Pause| {
        let (from, to) = pause.days(calendar);
        (i64::from(from.0), i64::from(to.0))
    };
    merged(pauses.iter().map(days).collect())
}

/// The real time left out, in microseconds, as ranges in order that do not touch.
pub(super) fn left_out_time(pauses: &[Pause]) -> Vec<(i64, i64)> {
    merged(pauses.iter().map(|pause| (pause.from.0, pause.to.0)).collect())
}
