//! A civil date as one number, so that counting days is integer arithmetic: days since 1970-01-01, no zone in it.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A civil date: days since 1970-01-01 (negative before it). Serialised as `2026-09-18`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Microseconds in twenty-four hours of wall-clock time.
pub const DAY_MICROS: i64 = 86_400_000_000;

impl Day {
    /// The last day the engine computes with: 9999-12-28, so that its end can be expressed in every zone.
    pub const LAST: Self = Self(2_932_893);

    /// The number of a civil date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        // Years are counted from March, so that the leap day is a year's last.
        let month = i32::from(date.month());
        let year = i32::from(date.year()) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(date.day()) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// The civil date; numbers outside the time library's years are held at its ends.
    #[inline]
    #[must_use]
    pub fn date(self) -> Date {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let end = if self.0 < 0 { Date::MIN } else { Date::MAX };
        let Ok(year) = i16::try_from(year) else { return end };
        Date::new(year, month as i8, day as i8).unwrap_or(end)
    }

    /// Monday 0 … Sunday 6.
    #[inline]
    #[must_use]
    pub fn weekday(self) -> usize {
        (i64::from(self.0) + 3).rem_euclid(7) as usize
    }

    /// This day moved by `days`; saturates.
    #[inline]
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day after.
    #[inline]
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The local day that wall-clock microseconds since 1970-01-01T00:00 fall on.
    #[inline]
    #[must_use]
    pub fn of_local_micros(micros: i64) -> Self {
        Self(micros.div_euclid(DAY_MICROS) as i32)
    }

    /// Wall-clock microseconds at this day's 00:00.
    #[inline]
    #[must_use]
    pub fn local_micros(self) -> i64 {
        i64::from(self.0) * DAY_MICROS
    }
}

/// Serialises a civil date as `2026-09-18`, whatever the time library's features.
pub(super) fn as_text<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// A day as dense tables have it: 「115/09/23」, "23 Sep 2026".
#[must_use]
pub fn short(date: Date, locale: &str) -> String {
    if locale.starts_with("zh") {
        format!("{}/{:02}/{:02}", roc_year(date), date.month(), date.day())
    } else {
        date.strftime("%-d %b %Y").to_string()
    }
}

/// 民國: the year 2026 is 115; years before 1912 are written as "前".
#[must_use]
pub fn roc_year(date: Date) -> String {
    let year = i32::from(date.year()) - 1911;
    if year > 0 { year.to_string() } else { format!("前 {}", 1 - year) }
}

/// Reads `2026-09-18`, four digits, two and two, and nothing else.
///
/// # Errors
/// One sentence that repeats the text.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return Err(format!("\"{text}\" is not a date like 2026-09-18"));
    }
    text.parse().map_err(|_| format!("there is no day {text}"))
}

/// Reads `12-25` as month and day; 29 February is a day of leap years.
///
/// # Errors
/// One sentence that repeats the text.
pub fn parse_yearly(text: &str) -> Result<(i8, i8), String> {
    if text.len() != 5 {
        return Err(format!("\"{text}\" is not a yearly day like 12-25"));
    }
    let date = parse_date(&format!("2000-{text}")).map_err(|_| format!("\"{text}\" is not a yearly day like 12-25"))?;
    Ok((date.month(), date.day()))
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.date())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse_date(&text).map(Self::of).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_library_goes_there_and_back() {
        let mut date = Date::constant(-9999, 1, 1);
        let mut number = Day::of(date).0;
        while date < Date::MAX {
            assert_eq!(Day::of(date).0, number);
            assert_eq!(Day(number).date(), date);
            assert_eq!(Day(number).weekday() as i8, date.weekday().to_monday_zero_offset());
            date = date.tomorrow().unwrap();
            number += 1;
        }
        assert_eq!(Day::LAST.plus(3).date(), Date::MAX);
        assert_eq!(Day(i32::MAX).date(), Date::MAX);
        assert_eq!(Day(i32::MIN).date(), Date::MIN);
    }

    #[test]
    fn dates_are_read_strictly() {
        assert!(parse_date("2026-09-18").is_ok());
        for bad in ["2026-9-18", "2026-02-30", "20260918", "2026-09-18T00:00", "+026-09-18", "", "二〇二六-09"] {
            assert!(parse_date(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_yearly("02-29"), Ok((2, 29)));
        for bad in ["02-30", "2-29", "12/25", "0229", "一二"] {
            assert!(parse_yearly(bad).is_err(), "{bad}");
        }
    }
}
