//! The guard against floods: how many submissions one network may hand in within an hour, counted in memory on each node.
//! What must hold for all nodes together (look-ups, log-ins) is counted in the database instead.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Networks remembered before those that have been quiet are forgotten.
const MOST_KEPT: usize = 10_000;

/// A counter of submissions by network.
pub struct Flood {
    limiter: Option<DefaultKeyedRateLimiter<String>>,
    clock: DefaultClock,
}

impl Flood {
    /// Lets `an_hour` submissions of a network in; 0 or less sets no limit.
    #[must_use]
    pub fn new(an_hour: i64) -> Self {
        let an_hour = u32::try_from(an_hour.max(0)).unwrap_or(u32::MAX);
        let limiter = NonZeroU32::new(an_hour).map(|most| RateLimiter::keyed(Quota::per_hour(most)));
        Self { limiter, clock: DefaultClock::default() }
    }

    /// Counts one submission from an address.
    ///
    /// # Errors
    /// The minutes to wait, when there were too many.
    pub fn count(&self, address: &str) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if limiter.len() > MOST_KEPT {
            limiter.retain_recent();
        }
        limiter
            .check_key(&network(address))
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs().div_ceil(60).max(1))
    }
}

/// What counts as one place: an IPv4 address, or the 64 bits of an IPv6 address that a connection is given.
#[must_use]
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_counted_as_one_and_apart_from_others() {
        let flood = Flood::new(2);
        assert_eq!(flood.count("2001:db8:1:2::1"), Ok(()));
        assert_eq!(flood.count("2001:db8:1:2:ffff::9"), Ok(()));
        assert!(matches!(flood.count("2001:db8:1:2::3"), Err(1..=30)));
        assert_eq!(flood.count("2001:db8:1:3::3"), Ok(()));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        let unlimited = Flood::new(0);
        assert!((0..1000).all(|_| unlimited.count("192.0.2.1").is_ok()));
    }
}
