//! The agency's calendar as a value: its time zone, which days are worked and why the others are not, the years an
//! official table covers, and the office hours. Built whole from data, then only asked.

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use super::calendar_data::{CalendarData, DayKind, DayStatus, ExceptionalDay};
use super::calendar_table::{DAYS, Table};
use super::calendar_zone::Offsets;
use super::day::Day;
use super::office_hours::Hours;

/// A calendar. Cheap to ask, and to share behind an `Arc`.
#[derive(Clone, Debug)]
pub struct Calendar {
    data: CalendarData,
    offsets: Offsets,
    table: Table,
    /// Ranges of days that an official table covers: the first, and the first no longer covered.
    covered: Option<Vec<(Day, Day)>>,
    /// The exceptional days by number, the strongest kind of a day last.
    exceptional: Vec<(Day, usize)>,
    dated: Vec<(Day, usize)>,
    worked_hours: [Hours; 7],
}

impl Calendar {
    /// Builds the calendar.
    ///
    /// # Errors
    /// One sentence naming the day that is said to be both off and worked.
    pub fn build(mut data: CalendarData) -> Result<Self, String> {
        data.days.sort_by_key(|day| (day.date, day.kind));
        data.days.dedup_by_key(|day| (day.date, day.kind));
        if let Some(pair) = data.days.windows(2).find(|pair| {
            pair[0].date == pair[1].date && pair[0].kind == DayKind::DayOff && pair[1].kind == DayKind::MakeUp
        }) {
            return Err(format!("{} is both a day off and a make-up workday", pair[0].date));
        }
        data.dated_hours.sort_by_key(|(date, _)| *date);
        let week = (0..7).fold(0, |bits, at| bits | (u8::from(data.weekdays[at]) << at));
        let mut calendar = Self {
            offsets: Offsets::of(&data.zone),
            table: Table::of_week(week),
            covered: data.years.as_deref().map(covered_ranges),
            exceptional: data.days.iter().enumerate().map(|(at, day)| (Day::of(day.date), at)).collect(),
            dated: data.dated_hours.iter().enumerate().map(|(at, (date, _))| (Day::of(*date), at)).collect(),
            worked_hours: std::array::from_fn(|weekday| data.hours.of_worked(weekday).clone()),
            data,
        };
        calendar.fill_table();
        Ok(calendar)
    }

    fn fill_table(&mut self) {
        let mut days: Vec<Day> = self.exceptional.iter().chain(&self.dated).map(|(day, _)| *day).collect();
        if !self.data.yearly_days_off.is_empty() {
            let last = Day(DAYS - 1).date().year();
            let yearly = |year| {
                self.data.yearly_days_off.iter().filter_map(move |(month, day)| Date::new(year, *month, *day).ok())
            };
            days.extend((1970..=last).flat_map(yearly).map(Day::of));
        }
        for day in days {
            self.table.set(day, self.status(day).is_working());
        }
        self.table.finish();
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.data.zone
    }

    pub(super) fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.data.version
    }

    /// What it was built from: change it and build again.
    #[must_use]
    pub fn data(&self) -> &CalendarData {
        &self.data
    }

    /// Whether the day is worked. In a year without a table only weekends are off: ask [`Calendar::covers`] too.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        self.is_working(Day::of(date))
    }

    /// The name or reason given with an exceptional day.
    #[must_use]
    pub fn note(&self, date: Date) -> Option<&str> {
        match self.status(Day::of(date)) {
            DayStatus::MakeUp(note) | DayStatus::Holiday(note) | DayStatus::Closure(note) => Some(note),
            DayStatus::Worked | DayStatus::Weekend => None,
        }
    }

    /// Whether an official table covers the year.
    #[must_use]
    pub fn covers(&self, year: i16) -> bool {
        self.data.years.as_ref().is_none_or(|years| years.contains(&year))
    }

    /// Whether official tables cover every day from `first` to `last`.
    #[inline]
    #[must_use]
    pub fn covers_days(&self, first: Day, last: Day) -> bool {
        self.covered.as_ref().is_none_or(|ranges| ranges.iter().any(|(from, end)| *from <= first && last < *end))
    }

    /// What the day is: a closure before all, then hours of its own, then the table, then the yearly days, then the
    /// weekday.
    #[must_use]
    pub fn status(&self, day: Day) -> DayStatus<'_> {
        let said = self.said_of(day);
        if let Some(ExceptionalDay { kind: DayKind::Closure, note, .. }) = said {
            return DayStatus::Closure(note);
        }
        let by_table = match said {
            Some(ExceptionalDay { kind: DayKind::MakeUp, note, .. }) => DayStatus::MakeUp(note),
            Some(day) => DayStatus::Holiday(&day.note),
            None if self.is_yearly_day_off(day) => DayStatus::Holiday(""),
            None if self.data.weekdays[day.weekday()] => DayStatus::Worked,
            None => DayStatus::Weekend,
        };
        match self.hours_of_its_own(day) {
            Some(hours) if hours.is_closed() && by_table.is_working() => DayStatus::Closure(""),
            Some(hours) if !hours.is_closed() && !by_table.is_working() => DayStatus::MakeUp(""),
            _ => by_table,
        }
    }

    /// Whether the day is worked.
    #[inline]
    #[must_use]
    pub fn is_working(&self, day: Day) -> bool {
        self.table.get(day).unwrap_or_else(|| self.status(day).is_working())
    }

    /// The nth working day after `day` (n ≥ 1), or `None` when none is found within `horizon` days.
    #[inline]
    pub(super) fn nth_working_after(&self, day: Day, n: u32, horizon: i32) -> Option<Day> {
        self.table.nth_after(day, n).or_else(|| self.step_to_nth(day, n, horizon))
    }

    fn step_to_nth(&self, day: Day, n: u32, horizon: i32) -> Option<Day> {
        let end = day.plus(horizon).min(Day::LAST).0;
        let mut days = (day.next().0..=end).map(Day).filter(|day| self.is_working(*day));
        days.nth(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// The working days from `first` to the day before `end`.
    pub(super) fn working_between(&self, first: Day, end: Day) -> u32 {
        match (self.table.rank(first), self.table.rank(end)) {
            (Some(before), Some(to)) => to.saturating_sub(before),
            _ => (first.0..end.0).filter(|day| self.is_working(Day(*day))).count() as u32,
        }
    }

    /// The day's open spans on the wall clock.
    #[must_use]
    pub fn hours_on(&self, day: Day) -> &Hours {
        const CLOSED: &Hours = &Hours::CLOSED;
        if !self.is_working(day) {
            return CLOSED;
        }
        self.hours_of_its_own(day).unwrap_or(&self.worked_hours[day.weekday()])
    }

    /// Whether a limit in calendar days that ends on this day ends on Monday noon instead.
    pub(super) fn saturday_goes_to_noon(&self, day: Day) -> bool {
        self.data.saturday_to_monday_noon && day.weekday() == 5 && self.status(day) == DayStatus::Weekend
    }

    fn said_of(&self, day: Day) -> Option<&ExceptionalDay> {
        let after = self.exceptional.partition_point(|(at, _)| *at <= day);
        let (at, index) = self.exceptional.get(after.checked_sub(1)?)?;
        if *at == day { self.data.days.get(*index) } else { None }
    }

    fn hours_of_its_own(&self, day: Day) -> Option<&Hours> {
        let found = self.dated.binary_search_by_key(&day, |(at, _)| *at).ok()?;
        self.data.dated_hours.get(self.dated.get(found)?.1).map(|(_, hours)| hours)
    }

    fn is_yearly_day_off(&self, day: Day) -> bool {
        !self.data.yearly_days_off.is_empty() && {
            let date = day.date();
            self.data.yearly_days_off.contains(&(date.month(), date.day()))
        }
    }
}

fn covered_ranges(years: &[i16]) -> Vec<(Day, Day)> {
    let start_of =
        |year: i32| i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok()).map_or(Day(i32::MAX), Day::of);
    let mut years: Vec<i32> = years.iter().map(|year| i32::from(*year)).collect();
    years.sort_unstable();
    let mut ranges: Vec<(Day, Day)> = Vec::new();
    for year in years {
        let (from, end) = (start_of(year), start_of(year + 1));
        match ranges.last_mut() {
            Some(last) if last.1 >= from => last.1 = end,
            _ => ranges.push((from, end)),
        }
    }
    ranges
}
