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

/// Seconds until the next attempt after `attempts` failed ones: one minute, doubling up to four hours, and up to an eighth
/// less. How much less depends on the letter, so that those which failed together do not all come back together.
#[must_use]
pub fn wait_seconds(letter: i64, attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    let whole = 60_i64.saturating_mul(2_i64.saturating_pow(doublings)).min(4 * HOUR);
    // Spreads neighbouring numbers over the whole range (Fibonacci hashing).
    let mixed = letter.wrapping_mul(64).wrapping_add(attempts).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed());
    whole - whole * (mixed >> 48 & 0xFF) / 255 / 8
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
    fn waits_double_up_to_four_hours_less_an_eighth_at_most() {
        for letter in 1..200 {
            for (attempts, whole) in (1..).zip([60, 120, 240, 480, 960, 1920, 3840, 7680, 14_400, 14_400]) {
                let wait = wait_seconds(letter, attempts);
                assert!((whole - whole / 8..=whole).contains(&wait), "{letter} {attempts}: {wait}");
            }
        }
        assert!((12_600..=14_400).contains(&wait_seconds(i64::MAX, i64::MAX)));
    }

    #[test]
    fn letters_that_failed_together_come_back_apart() {
        let mut waits: Vec<i64> = (1..=100).map(|letter| wait_seconds(letter, 9)).collect();
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 60, "{} different waits", waits.len());
    }
}
