//! A year of the calendar as it is drawn: twelve months in weeks that begin on Sunday, each day with what it is; and what
//! two calendars say differently.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{Calendar, DayStatus};
use super::day::{Day, as_text};
use crate::codes;

codes! {
    /// What a day is shown as.
    Shown {
        /// An ordinary working day.
        Worked = "worked",
        /// A make-up workday (補行上班).
        MakeUp = "make_up",
        /// An ordinary weekend day.
        Weekend = "weekend",
        /// A day off with a name.
        Holiday = "holiday",
        /// Offices shut for the day (停止上班).
        Closure = "closure",
        /// Offices shut for a part of the day; it still counts in limits by the day.
        Partly = "partly",
    }
}

/// What a calendar says of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayState {
    /// What it is.
    pub kind: Shown,
    /// The holiday's name, or the reason.
    pub note: String,
    /// The hours left open of a day that is shut in part.
    pub hours: String,
}

/// A day with a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedDay {
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// What it is.
    #[serde(flatten)]
    pub state: DayState,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Month {
    /// 1 to 12.
    pub month: i8,
    /// Weeks of seven days, Sunday first; none where the month has no day.
    pub weeks: Vec<[Option<DrawnDay>; 7]>,
}

/// A day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnDay {
    /// Day of the month.
    pub day: i8,
    /// What it is.
    pub kind: Shown,
}

/// A year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawnYear {
    /// The year of the common era.
    pub year: i16,
    /// Whether an official table covers it; without one only weekends are known.
    pub covered: bool,
    /// Its months.
    pub months: Vec<Month>,
    /// The days that differ from their weekday, in order.
    pub named: Vec<NamedDay>,
}

/// A day that two calendars see differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayChange {
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// Code of the region it is different in; empty: everywhere.
    pub region: String,
    /// What it was.
    pub before: DayState,
    /// What it becomes.
    pub after: DayState,
}

/// Draws a year.
#[must_use]
pub fn draw(calendar: &Calendar, year: i16) -> DrawnYear {
    let mut named = Vec::new();
    let mut months = Vec::new();
    for month in 1..=12 {
        let mut weeks: Vec<[Option<DrawnDay>; 7]> = Vec::new();
        for day in (1..=31).filter_map(|day| Date::new(year, month, day).ok()) {
            let state = state_of(calendar, Day::of(day));
            // Sunday first, as the official calendar is printed.
            let column = (Day::of(day).weekday() + 1) % 7;
            if column == 0 || weeks.is_empty() {
                weeks.push([None; 7]);
            }
            if let Some(place) = weeks.last_mut().and_then(|week| week.get_mut(column)) {
                *place = Some(DrawnDay { day: day.day(), kind: state.kind });
            }
            if !matches!(state.kind, Shown::Worked | Shown::Weekend) {
                named.push(NamedDay { date: day, state });
            }
        }
        months.push(Month { month, weeks });
    }
    DrawnYear { year, covered: calendar.covers(year), months, named }
}

/// What a calendar says of a day.
#[must_use]
pub fn state_of(calendar: &Calendar, day: Day) -> DayState {
    let (kind, note) = match calendar.status(day) {
        DayStatus::Worked => (Shown::Worked, ""),
        DayStatus::MakeUp(note) => (Shown::MakeUp, note),
        DayStatus::Weekend => (Shown::Weekend, ""),
        DayStatus::Holiday(note) => (Shown::Holiday, note),
        DayStatus::Closure(note) => (Shown::Closure, note),
    };
    let hours = calendar.hours_on(day);
    if calendar.is_working(day) && hours != calendar.data().hours.of_worked(day.weekday()) {
        return DayState { kind: Shown::Partly, note: note.to_owned(), hours: hours.to_string() };
    }
    DayState { kind, note: note.to_owned(), hours: String::new() }
}

/// The days from `first` to `last` that two calendars see differently in a region.
#[must_use]
pub fn changes(region: &str, before: &Calendar, after: &Calendar, first: Date, last: Date) -> Vec<DayChange> {
    (Day::of(first).0..=Day::of(last).0)
        .map(Day)
        .map(|day| (day.date(), state_of(before, day), state_of(after, day)))
        .filter(|(_, before, after)| before != after)
        .map(|(date, before, after)| DayChange { date, region: region.to_owned(), before, after })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarData, DayKind, ExceptionalDay};
    use crate::domain::closure::{Closure, WHOLE_DAY, with_closures};

    fn data() -> CalendarData {
        let day =
            |date: &str, kind, note: &str| ExceptionalDay { date: date.parse().unwrap(), kind, note: note.into() };
        CalendarData {
            years: Some(vec![2026]),
            days: vec![day("2026-09-25", DayKind::DayOff, "中秋節"), day("2026-09-26", DayKind::MakeUp, "補行上班")],
            ..CalendarData::default()
        }
    }

    fn closure(day: &str, from_minute: i32) -> Closure {
        Closure {
            region: String::new(),
            date: day.parse().unwrap(),
            from_minute,
            to_minute: WHOLE_DAY,
            reason: "颱風".into(),
        }
    }

    #[test]
    fn a_year_has_every_day_once_in_its_column() {
        let closures = [closure("2026-07-22", 0), closure("2026-07-23", 720)];
        let year = draw(&with_closures(&data(), &closures, "").unwrap(), 2026);
        let days: usize = year.months.iter().flat_map(|m| &m.weeks).flatten().flatten().count();
        assert_eq!((year.months.len(), days, year.covered), (12, 365, true));
        // 1 September 2026 is a Tuesday, the 26th a Saturday.
        let september = &year.months[8];
        assert_eq!(september.weeks[0][2].map(|d| d.day), Some(1));
        assert_eq!(september.weeks[0][1], None);
        assert_eq!(september.weeks[3][6], Some(DrawnDay { day: 26, kind: Shown::MakeUp }));
        let named: Vec<(String, Shown)> = year.named.iter().map(|d| (d.date.to_string(), d.state.kind)).collect();
        let expected = [
            ("2026-07-22", Shown::Closure),
            ("2026-07-23", Shown::Partly),
            ("2026-09-25", Shown::Holiday),
            ("2026-09-26", Shown::MakeUp),
        ];
        assert_eq!(named, expected.map(|(day, kind)| (day.to_owned(), kind)));
        assert_eq!(year.named[1].state.hours, "08:00–12:00");
        assert!(!draw(&Calendar::build(data()).unwrap(), 2027).covered);
    }

    #[test]
    fn what_differs_is_named_with_both_sides() {
        let before = Calendar::build(data()).unwrap();
        let after = with_closures(&data(), &[closure("2026-09-28", 0)], "").unwrap();
        let (first, last) = ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
        let changes = changes("taipei", &before, &after, first, last);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].date.to_string().as_str(), changes[0].region.as_str()), ("2026-09-28", "taipei"));
        assert_eq!((changes[0].before.kind, changes[0].after.kind), (Shown::Worked, Shown::Closure));
        assert_eq!(changes[0].after.note, "颱風");
        assert_eq!(super::changes("", &before, &before, first, last), []);
    }
}
