//! The sample agency's calendar and short ways to write moments.

use std::path::PathBuf;

use chenqing::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use chenqing::domain::calendar_file;
use chenqing::domain::deadline::{Due, due};
use chenqing::domain::pauses::Pause;
use chenqing::domain::time::Moment;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

pub fn sample_file() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/config/agency/calendar.csv"))
}

/// What the sample agency's calendar is built from.
pub fn sample() -> CalendarData {
    let file = calendar_file::parse(&std::fs::read_to_string(sample_file()).unwrap()).unwrap();
    CalendarData { zone: zone("Asia/Taipei"), years: Some(file.years), days: file.days, ..CalendarData::default() }
}

pub fn calendar() -> Calendar {
    Calendar::build(sample()).unwrap()
}

pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A moment of Taipei's clocks, or with its own offset.
pub fn at(text: &str) -> Moment {
    at_in("Asia/Taipei", text)
}

pub fn at_in(zone_name: &str, text: &str) -> Moment {
    let instant = text.parse::<jiff::Timestamp>();
    Moment::from_jiff(
        instant.unwrap_or_else(|_| zone(zone_name).to_timestamp(text.parse::<DateTime>().unwrap()).unwrap()),
    )
}

pub fn pause(from: &str, to: &str) -> Pause {
    Pause::new(at(from), at(to), "waiting")
}

pub fn closure(day: &str) -> ExceptionalDay {
    ExceptionalDay { date: date(day), kind: DayKind::Closure, note: "typhoon".to_owned() }
}

/// The due moment of a limit written as text, in Taipei.
pub fn due_of(start: &str, limit: &str, calendar: &Calendar, pauses: &[Pause]) -> Due {
    due(at(start), limit.parse().unwrap(), calendar, pauses).unwrap()
}

/// The last day, with the moment checked to be its end in Taipei.
pub fn last_day(start: &str, limit: &str, calendar: &Calendar, pauses: &[Pause]) -> String {
    let due = due_of(start, limit, calendar, pauses);
    let end = at(&format!("{}T00:00", due.last_day.tomorrow().unwrap()));
    assert_eq!(due.due, end, "due is the end of the last day");
    due.last_day.to_string()
}
