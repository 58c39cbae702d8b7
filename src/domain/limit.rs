//! How long something may take, as the agency writes it: `3 working days`, `4 office hours`, `90 office minutes`,
//! `30 days` or `by 2026-10-01`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::day::parse_date;

/// A limit. Serialised as its text; read from the text or from `{"working_days": 3}`, `{"calendar_days": 30}`,
/// `{"working_minutes": 240}`, `{"fixed_date": "2026-10-01"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Days worked by the calendar; the first day is not counted.
    WorkingDays(u32),
    /// Days of any kind; the first day is not counted, and a last day off moves on to a working day.
    CalendarDays(u32),
    /// Open minutes, from the very moment of the start.
    WorkingMinutes(u32),
    /// The end of a given date.
    FixedDate(Date),
}

/// The basis an agency reads a limit in days by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Days count when they are worked.
    Working,
    /// Every day counts.
    Calendar,
}

impl Limit {
    /// The same number of days read on another basis; hours and dates stay as they are.
    #[must_use]
    pub fn on(self, basis: Basis) -> Self {
        match (self, basis) {
            (Self::CalendarDays(days), Basis::Working) => Self::WorkingDays(days),
            (Self::WorkingDays(days), Basis::Calendar) => Self::CalendarDays(days),
            _ => self,
        }
    }

    /// A fixed-term document whose date has passed on receipt has the normal limit (文書處理手冊 78).
    #[must_use]
    pub fn unless_past(self, received: Date, normal: Self) -> Self {
        match self {
            Self::FixedDate(date) if date < received => normal,
            _ => self,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            Self::WorkingDays(days) => (days, "working day"),
            Self::CalendarDays(days) => (days, "day"),
            Self::WorkingMinutes(minutes) if minutes > 0 && minutes % 60 == 0 => (minutes / 60, "office hour"),
            Self::WorkingMinutes(minutes) => (minutes, "office minute"),
            Self::FixedDate(date) => return write!(f, "by {date}"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let (number, unit) = match words[..] {
            ["by", date] => return parse_date(date).map(Self::FixedDate),
            [number, ref unit @ ..] if !unit.is_empty() => (number, unit),
            _ => return Err(fault(text)),
        };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fault(text));
        }
        let number: u32 = number.parse().map_err(|_| format!("\"{text}\" is too long a limit"))?;
        match *unit {
            ["working", "day" | "days"] => Ok(Self::WorkingDays(number)),
            ["day" | "days"] | ["calendar", "day" | "days"] => Ok(Self::CalendarDays(number)),
            ["office" | "working", "minute" | "minutes"] => Ok(Self::WorkingMinutes(number)),
            ["office" | "working", "hour" | "hours"] => number
                .checked_mul(60)
                .map(Self::WorkingMinutes)
                .ok_or_else(|| format!("\"{text}\" is too long a limit")),
            _ => Err(fault(text)),
        }
    }
}

fn fault(text: &str) -> String {
    format!(
        "\"{text}\" is not a limit: write \"3 working days\", \"30 days\", \"4 office hours\", \"90 office minutes\" or \"by 2026-10-01\""
    )
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    WorkingDays,
    CalendarDays,
    WorkingMinutes,
    FixedDate,
}

struct LimitVisitor;

impl<'de> Visitor<'de> for LimitVisitor {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a limit like \"3 working days\" or {\"working_days\": 3}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Limit, A::Error> {
        let limit = match map.next_key()? {
            Some(Kind::WorkingDays) => Limit::WorkingDays(map.next_value()?),
            Some(Kind::CalendarDays) => Limit::CalendarDays(map.next_value()?),
            Some(Kind::WorkingMinutes) => Limit::WorkingMinutes(map.next_value()?),
            Some(Kind::FixedDate) => Limit::FixedDate(
                parse_date(&map.next_value::<std::borrow::Cow<'de, str>>()?).map_err(de::Error::custom)?,
            ),
            None => return Err(de::Error::custom("the limit is empty")),
        };
        if map.next_key::<Kind>()?.is_some() {
            return Err(de::Error::custom("a limit has one measure only"));
        }
        Ok(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_goes_there_and_back() {
        for text in [
            "1 working day",
            "3 working days",
            "30 days",
            "4 office hours",
            "90 office minutes",
            "0 office minutes",
            "by 2026-10-01",
        ] {
            let limit: Limit = text.parse().unwrap();
            assert_eq!(limit.to_string(), text);
            assert_eq!(serde_json::from_str::<Limit>(&serde_json::to_string(&limit).unwrap()).unwrap(), limit);
        }
        assert_eq!("1 Working Days".parse(), Ok(Limit::WorkingDays(1)));
        assert_eq!("30 calendar days".parse(), Ok(Limit::CalendarDays(30)));
        assert_eq!(serde_json::from_str::<Limit>(r#"{"working_minutes":90}"#).unwrap(), Limit::WorkingMinutes(90));
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for bad in [
            "",
            "3",
            "three days",
            "-3 days",
            "+3 days",
            "3.5 days",
            "3 working",
            "3 weeks",
            "by tomorrow",
            "by 2026-02-30",
            "5000000000 days",
            "99999999 office hours",
        ] {
            assert!(bad.parse::<Limit>().is_err(), "{bad}");
        }
        for bad in [
            "{}",
            r#"{"working_days":-1}"#,
            r#"{"working_days":1.5}"#,
            r#"{"weeks":1}"#,
            r#"{"working_days":1,"calendar_days":2}"#,
            "3",
            "null",
        ] {
            assert!(serde_json::from_str::<Limit>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_date_already_past_gives_way_to_the_normal_limit() {
        let fixed: Limit = "by 2026-10-01".parse().unwrap();
        let normal = Limit::WorkingDays(6);
        assert_eq!(fixed.unless_past(Date::constant(2026, 10, 1), normal), fixed);
        assert_eq!(fixed.unless_past(Date::constant(2026, 10, 2), normal), normal);
    }
}
