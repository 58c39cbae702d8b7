//! What becomes of a last day that a changed calendar moves. A later one is written at once; an earlier one takes time away
//! that was promised, and waits for a control officer.

use crate::codes;
use crate::domain::time::Moment;

codes! {
    /// Where a move stands.
    MoveState {
        /// Moved on to a later day.
        Done = "done",
        /// Would be earlier: a control officer decides.
        Waiting = "waiting",
        /// Moved to the earlier day by a control officer.
        Accepted = "accepted",
        /// A control officer kept the day as it was.
        Kept = "kept",
        /// The clock was finished, or the calendar changed again, before anybody decided.
        Dropped = "dropped",
    }
}

/// The due moments of a clock: the original one, and the one with its extensions.
pub type Dues = (Moment, Moment);

/// Which way a calendar moves a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Neither moment moves.
    Same,
    /// One moves on, none back.
    Later,
    /// At least one moves back.
    Earlier,
}

/// Which way the due moments move.
#[must_use]
pub fn way(old: Dues, new: Dues) -> Way {
    if new.0 < old.0 || new.1 < old.1 {
        Way::Earlier
    } else if new == old {
        Way::Same
    } else {
        Way::Later
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_takes_time_away_is_earlier() {
        let dues = |original, due| (Moment(original), Moment(due));
        for (new, expected) in [
            (dues(5, 9), Way::Same),
            (dues(6, 9), Way::Later),
            (dues(6, 10), Way::Later),
            (dues(4, 9), Way::Earlier),
            (dues(6, 8), Way::Earlier),
        ] {
            assert_eq!(way(dues(5, 9), new), expected, "{new:?}");
        }
    }
}
