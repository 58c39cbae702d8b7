//! How many letters a minute this process may send (`mail.per_minute`): never more than that in any sixty seconds. A
//! letter that finds no room is simply not claimed yet; nobody waits holding one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::domain::time::Moment;

/// Seconds of the window.
const WINDOW: i64 = 60;

/// The letters of the last minute, where there is a limit.
#[derive(Debug)]
pub struct Pace {
    per_minute: usize,
    claimed: Mutex<VecDeque<Moment>>,
}

impl Pace {
    /// So many letters a minute; 0 is no limit.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: usize::try_from(per_minute).unwrap_or(usize::MAX), claimed: Mutex::default() }
    }

    /// How many letters may be claimed now, at most `wanted`.
    pub fn room(&self, wanted: usize, now: Moment) -> usize {
        if self.per_minute == 0 {
            return wanted;
        }
        let mut claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        while claimed.front().is_some_and(|first| now.seconds_since(*first) >= WINDOW) {
            claimed.pop_front();
        }
        self.per_minute.saturating_sub(claimed.len()).min(wanted)
    }

    /// Counts letters that were claimed.
    pub fn count(&self, letters: usize, now: Moment) {
        if self.per_minute > 0 {
            let mut claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
            claimed.extend(std::iter::repeat_n(now, letters));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_said_in_any_minute() {
        let (pace, start) = (Pace::new(7), Moment(1_000_000_000));
        let mut sent = Vec::new();
        for second in 0..600 {
            let now = start.plus_seconds(second);
            let room = pace.room(3, now);
            pace.count(room, now);
            sent.extend(std::iter::repeat_n(second, room));
        }
        for from in 0..540 {
            let within = sent.iter().filter(|at| (from..from + WINDOW).contains(*at)).count();
            assert!(within <= 7, "{within} in the minute from {from}");
        }
        assert_eq!(sent.len(), 70, "and no less");
    }

    #[test]
    fn none_is_no_limit() {
        let pace = Pace::new(0);
        pace.count(1000, Moment(0));
        assert_eq!(pace.room(32, Moment(0)), 32);
    }
}
