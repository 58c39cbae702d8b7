//! The state of a letter on its way out, and when a failed attempt is tried again.

use crate::codes;
use crate::domain::time::{HOUR, Moment};

codes! {
    /// Where a letter stands.
    LetterState {
        /// Waits for its first or next attempt.
        Waiting = "waiting",
        /// Claimed by a node that is sending it.
        Sending = "sending",
        /// Handed to the mail server.
        Sent = "sent",
        /// Refused for good, or tried until time ran out.
        Failed = "failed",
        /// To be printed and posted by staff.
        ToPost = "to_post",
        /// Posted.
        Posted = "posted",
        /// No longer wanted: the address was corrected or the matter is over.
        Cancelled = "cancelled",
    }
}

/// Seconds until the next attempt after `attempts` failed ones: one minute, doubling up to four hours.
#[must_use]
pub fn wait_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    60_i64.saturating_mul(2_i64.saturating_pow(doublings)).min(4 * HOUR)
}

/// Whether a letter created then is not tried any more now.
#[must_use]
pub fn given_up(created_at: Moment, now: Moment, retry_days: i64) -> bool {
    now.seconds_since(created_at) >= retry_days.saturating_mul(24 * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_four_hours() {
        let waits: Vec<i64> = (1..=10).map(wait_seconds).collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3840, 7680, 14_400, 14_400]);
        assert_eq!(wait_seconds(i64::MAX), 14_400);
    }
}
