//! Closures of the day (停止上班): offices shut by a typhoon, everywhere or in a region, for the day or a part of it. They
//! stand beside the official table and are revocable; a calendar is built with those that hold where its office is.

use super::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use super::day::as_text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A place with typhoon days of its own, as a rule a county or city.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Code, as units name it.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

impl Region {
    /// The name in a locale.
    #[must_use]
    pub fn name(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.name_zh } else { &self.name_en }
    }
}

/// Minutes in a day.
pub const WHOLE_DAY: i32 = 1_440;

/// A time of day like `08:00` as its minute; `24:00`, the day's end, is 1440. `None` for anything else.
#[must_use]
pub fn minute_of_day(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| is_number(text).then(|| text.parse::<u8>().ok().map(i32::from)).flatten();
    let at = number(hour)? * 60 + number(minute).filter(|minute| *minute < 60)?;
    (at <= WHOLE_DAY).then_some(at)
}

/// A closure in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closure {
    /// The region's code; empty: everywhere.
    pub region: String,
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// From this minute of the day.
    pub from_minute: i32,
    /// To this minute of the day; 1440 is its end.
    pub to_minute: i32,
    /// Why.
    pub reason: String,
}

impl Closure {
    /// Whether the day is shut from its first minute to its last.
    #[must_use]
    pub const fn is_whole_day(&self) -> bool {
        self.from_minute <= 0 && self.to_minute >= WHOLE_DAY
    }

    /// Whether it holds in a region.
    #[must_use]
    pub fn holds_in(&self, region: &str) -> bool {
        self.region.is_empty() || self.region == region
    }
}

/// The calendar of an office in `region` (empty: of one that only closes when all do). A day that is shut in part is still
/// worked and counted in limits by the day; its open minutes alone are fewer. One whose office hours are all shut is closed.
///
/// # Errors
/// What [`Calendar::build`] says.
pub fn with_closures(data: &CalendarData, closures: &[Closure], region: &str) -> Result<Calendar, String> {
    let mut data = data.clone();
    let here = || closures.iter().filter(|closure| closure.holds_in(region));
    for closure in here().filter(|closure| closure.is_whole_day()) {
        data.days.push(closed(closure));
    }
    if here().all(Closure::is_whole_day) {
        return Calendar::build(data);
    }
    let whole = Calendar::build(data.clone())?;
    for closure in here().filter(|closure| !closure.is_whole_day() && whole.is_working_day(closure.date)) {
        let at = data.dated_hours.iter().position(|(date, _)| *date == closure.date);
        let hours = match at.and_then(|at| data.dated_hours.get(at)) {
            Some((_, hours)) => hours.clone(),
            None => whole.hours_on(super::day::Day::of(closure.date)).clone(),
        };
        let left = hours.without(closure.from_minute, closure.to_minute);
        if left.is_closed() {
            data.days.push(closed(closure));
        } else if let Some((_, hours)) = at.and_then(|at| data.dated_hours.get_mut(at)) {
            *hours = left;
        } else {
            data.dated_hours.push((closure.date, left));
        }
    }
    Calendar::build(data)
}

fn closed(closure: &Closure) -> ExceptionalDay {
    ExceptionalDay { date: closure.date, kind: DayKind::Closure, note: closure.reason.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::DayStatus;
    use crate::domain::day::Day;

    fn closure(region: &str, day: &str, from_minute: i32, to_minute: i32) -> Closure {
        Closure { region: region.into(), date: day.parse().unwrap(), from_minute, to_minute, reason: "颱風".into() }
    }

    #[test]
    fn a_closure_holds_where_it_was_declared() {
        let closures = [closure("taipei", "2026-07-22", 0, WHOLE_DAY), closure("", "2026-07-23", 0, WHOLE_DAY)];
        for (region, open) in [("taipei", [false, false]), ("hualien", [true, false]), ("", [true, false])] {
            let calendar = with_closures(&CalendarData::default(), &closures, region).unwrap();
            let days = ["2026-07-22", "2026-07-23"].map(|day| calendar.is_working_day(day.parse().unwrap()));
            assert_eq!(days, open, "{region}");
        }
    }

    #[test]
    fn times_of_day_are_minutes() {
        for (text, minute) in [("00:00", 0), ("12:30", 750), ("24:00", WHOLE_DAY)] {
            assert_eq!(minute_of_day(text), Some(minute), "{text}");
        }
        for bad in ["", "12", "8:00", "24:01", "12:60", "-1:00", "12:0a", "+1:00"] {
            assert_eq!(minute_of_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn half_a_day_leaves_the_other_half() {
        let day = Day::of("2026-07-22".parse().unwrap());
        let calendar =
            with_closures(&CalendarData::default(), &[closure("", "2026-07-22", 720, WHOLE_DAY)], "").unwrap();
        assert!(calendar.is_working(day));
        assert_eq!(calendar.hours_on(day).to_string(), "08:00–12:00");
        let both = [closure("", "2026-07-22", 0, 720), closure("", "2026-07-22", 720, WHOLE_DAY)];
        let calendar = with_closures(&CalendarData::default(), &both, "").unwrap();
        assert!(!calendar.is_working(day), "both halves are the whole");
        assert!(matches!(calendar.status(day), DayStatus::Closure("颱風")));
        // A Saturday is not worked because a part of it is declared shut.
        let calendar =
            with_closures(&CalendarData::default(), &[closure("", "2026-07-25", 720, WHOLE_DAY)], "").unwrap();
        assert!(!calendar.is_working_day("2026-07-25".parse().unwrap()));
    }
}
