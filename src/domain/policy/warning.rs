//! When whom a clock warns: before its last day, at a share of its time, on the day, or after it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ClockPurpose;
use crate::codes;

codes! {
    /// Who is warned.
    Recipient {
        /// The handler; while there is none, nobody.
        Handler = "handler",
        /// The supervisors in charge of the unit that has the case or the clock.
        Supervisor = "supervisor",
        /// The registrars, of a case that no unit has yet.
        Registrar = "registrar",
        /// The control officers (管考).
        ControlOfficer = "control_officer",
        /// Management: the head of the agency.
        Head = "head",
    }
}

/// When a warning goes out. Written `2 working days before`, `50 % used`, `on the last day`, `3 working days after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// In the morning so many working days before the last day.
    Before(u32),
    /// When this share of the working time between start and due moment has passed, in percent.
    Used(u32),
    /// In the morning of the last day.
    OnDay,
    /// In the morning so many working days after the last day (1: the first one).
    After(u32),
}

impl When {
    /// Whether it speaks of a due moment that has passed.
    #[must_use]
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::After(_))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = |n: u32| if n == 1 { "working day" } else { "working days" };
        match *self {
            Self::Before(n) => write!(f, "{n} {} before", days(n)),
            Self::Used(percent) => write!(f, "{percent} % used"),
            Self::OnDay => f.write_str("on the last day"),
            Self::After(n) => write!(f, "{n} {} after", days(n)),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let fault = || {
            format!(
                "\"{text}\" is no time of a warning: write \"2 working days before\", \"50 % used\", \
                 \"on the last day\" or \"3 working days after\""
            )
        };
        let number = |word: &str| word.parse::<u32>().ok().filter(|n| (1..=366).contains(n)).ok_or_else(fault);
        match words[..] {
            ["on", "the", "last", "day"] => Ok(Self::OnDay),
            [n, "working", "day" | "days", "before"] => number(n).map(Self::Before),
            [n, "working", "day" | "days", "after"] => number(n).map(Self::After),
            [n, "%", "used"] => number(n).and_then(|n| if n < 100 { Ok(Self::Used(n)) } else { Err(fault()) }),
            _ => Err(fault()),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A warning: which clocks, when, to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// The clocks that give it.
    pub clocks: Vec<ClockPurpose>,
    /// When.
    pub when: When,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Sent at once instead of in the morning's digest.
    #[serde(default)]
    pub urgent: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_warning_goes_there_and_back() {
        for text in
            ["2 working days before", "1 working day before", "50 % used", "on the last day", "3 working days after"]
        {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        for bad in ["", "2 days before", "0 working days before", "100 % used", "50%", "-1 working days after", "soon"]
        {
            assert!(bad.parse::<When>().is_err(), "{bad}");
        }
    }
}
