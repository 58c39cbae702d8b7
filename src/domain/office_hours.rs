//! Office hours: the open spans of a day as the clock on the wall shows them, and a week of such days. What they
//! amount to in real time, with a time zone's gaps and folds, is the business of `open_time`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The open spans of one day. Serialised as `[["08:00","12:00"],["13:00","17:00"]]`; `24:00` ends a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(Vec<(i64, i64)>);

/// The office hours of every weekday, and of a make-up workday on a weekday that is otherwise closed. Serialised as
/// `{"mon": […], …, "sun": […], "make_up": […]}`; weekdays left out are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfficeHours {
    /// Monday.
    pub mon: Hours,
    /// Tuesday.
    pub tue: Hours,
    /// Wednesday.
    pub wed: Hours,
    /// Thursday.
    pub thu: Hours,
    /// Friday.
    pub fri: Hours,
    /// Saturday.
    pub sat: Hours,
    /// Sunday.
    pub sun: Hours,
    /// A make-up workday; left out, the hours of the week's first open day.
    pub make_up: Hours,
}

const MINUTE_MICROS: i64 = 60_000_000;

impl Hours {
    /// Nothing open.
    pub const CLOSED: Self = Self(Vec::new());

    /// The spans of pairs like `("08:00", "12:00")`; spans that touch or overlap become one.
    ///
    /// # Errors
    /// One sentence that repeats the text which is not a time, or the span that ends before it starts.
    pub fn parse<T: AsRef<str>>(pairs: &[(T, T)]) -> Result<Self, String> {
        let mut spans = Vec::with_capacity(pairs.len());
        for (from, to) in pairs {
            let (from, to) = (from.as_ref(), to.as_ref());
            let span = (minutes(from)? * MINUTE_MICROS, minutes(to)? * MINUTE_MICROS);
            if span.0 >= span.1 {
                return Err(format!("office hours {from}–{to} do not end after they start"));
            }
            spans.push(span);
        }
        Ok(Self(merged(spans)))
    }

    /// The spans in order, in microseconds after the day's 00:00 on the wall.
    #[must_use]
    pub fn spans(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// These hours without those from one minute of the day to another.
    #[must_use]
    pub fn without(&self, from_minute: i32, to_minute: i32) -> Self {
        let (shut, opens) = (i64::from(from_minute) * MINUTE_MICROS, i64::from(to_minute) * MINUTE_MICROS);
        let left = self.0.iter().flat_map(|(from, to)| [(*from, (*to).min(shut)), ((*from).max(opens), *to)]);
        Self(merged(left.collect()))
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }
}

impl OfficeHours {
    /// Monday to Friday 08:00–12:00 and 13:00–17:00, the usual hours of Taiwan's agencies.
    #[must_use]
    pub fn usual() -> Self {
        let day = Hours(vec![(480 * MINUTE_MICROS, 720 * MINUTE_MICROS), (780 * MINUTE_MICROS, 1_020 * MINUTE_MICROS)]);
        Self { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day, ..Self::default() }
    }

    /// Every weekday's hours, Monday first.
    #[must_use]
    pub fn week(&self) -> [&Hours; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }

    /// The hours of a day that is worked, by its weekday (Monday 0): its own, or a make-up workday's.
    #[must_use]
    pub fn of_worked(&self, weekday: usize) -> &Hours {
        let week = self.week();
        let own = week.get(weekday).copied().unwrap_or(&self.make_up);
        if !own.is_closed() {
            own
        } else if !self.make_up.is_closed() {
            &self.make_up
        } else {
            week.into_iter().find(|day| !day.is_closed()).unwrap_or(own)
        }
    }
}

/// Sorts spans and joins those that touch or overlap; empty ones vanish.
pub(super) fn merged(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
    spans
}

fn minutes(text: &str) -> Result<i64, String> {
    let fault = || format!("\"{text}\" is not a time of day like 08:00 (at most 24:00)");
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(fault()) };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return Err(fault());
    }
    let number = |tens: u8, ones: u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
    let (hour, minute) = (number(h1, h2), number(m1, m2));
    if minute > 59 || hour * 60 + minute > 1_440 { Err(fault()) } else { Ok(hour * 60 + minute) }
}

fn clock(micros: i64) -> String {
    let minutes = micros / MINUTE_MICROS;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: Vec<String> = self.0.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect();
        f.write_str(&spans.join(", "))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(from, to)| (clock(*from), clock(*to))))
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = Vec::<(String, String)>::deserialize(deserializer)?;
        Self::parse(&pairs).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_joined_and_written() {
        let hours = Hours::parse(&[("13:00", "24:00"), ("08:00", "12:00"), ("11:30", "12:30")]).unwrap();
        assert_eq!(hours.to_string(), "08:00–12:30, 13:00–24:00");
        let text = serde_json::to_string(&hours).unwrap();
        assert_eq!(text, r#"[["08:00","12:30"],["13:00","24:00"]]"#);
        assert_eq!(serde_json::from_str::<Hours>(&text).unwrap(), hours);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for (from, to) in [
            ("8:00", "12:00"),
            ("08:00", "24:01"),
            ("08:60", "12:00"),
            ("12:00", "12:00"),
            ("22:00", "06:00"),
            ("0８:00", "09:00"),
        ] {
            assert!(Hours::parse(&[(from, to)]).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn a_make_up_workday_has_hours() {
        let mut week = OfficeHours::usual();
        assert_eq!(week.of_worked(5), &week.mon);
        week.make_up = Hours::parse(&[("09:00", "12:00")]).unwrap();
        assert_eq!(week.of_worked(5), &week.make_up);
        assert_eq!(week.of_worked(4), &week.fri);
    }
}
