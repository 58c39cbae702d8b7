//! The one time type of the program: a moment in UTC, to the microsecond, as both databases keep it.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Serialised as RFC 3339 text in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// One hour in seconds.
pub const HOUR: i64 = 3600;
/// Twenty-four hours in seconds (not a civil day: zones with daylight saving have shorter and longer ones).
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// The moment of a jiff timestamp, cut to whole microseconds.
    #[must_use]
    pub fn from_jiff(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }

    /// As a jiff timestamp; moments outside jiff's years are held at its ends.
    #[must_use]
    pub fn to_jiff(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// This moment moved by whole seconds (negative: earlier); saturates.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this moment; negative when this moment is the earlier one.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// The local calendar date at this moment.
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.to_jiff()).date()
    }

    /// The same local date and time so many years earlier.
    #[must_use]
    pub fn years_earlier(self, years: i64, zone: &TimeZone) -> Self {
        let local = self.to_jiff().to_zoned(zone.clone());
        let earlier = Span::new().try_years(years).and_then(|span| local.checked_sub(span));
        earlier.map_or(Self(i64::MIN), |earlier| Self::from_jiff(earlier.timestamp()))
    }

    /// The local year and month as `YYYYMM` (202609), the key that reports group by.
    #[must_use]
    pub fn month_in(self, zone: &TimeZone) -> i32 {
        let date = self.date_in(zone);
        i32::from(date.year()) * 100 + i32::from(date.month())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse::<Timestamp>().map(Self::from_jiff).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialises_as_utc_text_and_back() {
        let at = Moment(1_789_695_000_123_456);
        let text = serde_json::to_string(&at).unwrap();
        assert_eq!(text, "\"2026-09-18T01:30:00.123456Z\"");
        assert_eq!(serde_json::from_str::<Moment>(&text).unwrap(), at);
    }

    #[test]
    fn years_are_those_of_the_agencys_calendar() {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        let at = |text: &str| serde_json::from_str::<Moment>(&format!("\"{text}\"")).unwrap();
        // The 29th of February, 01:00 in Taipei: ten years earlier there is none.
        assert_eq!(at("2028-02-28T17:00:00Z").years_earlier(10, &zone), at("2018-02-27T17:00:00Z"));
        assert_eq!(Moment(0).years_earlier(1_000_000, &zone), Moment(i64::MIN));
    }

    #[test]
    fn month_is_the_agencys_not_utcs() {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        let at: Moment = serde_json::from_str("\"2025-12-31T16:00:00Z\"").unwrap();
        assert_eq!(at.month_in(&zone), 202_601);
    }
}
