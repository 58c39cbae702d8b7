//! A day as management looks at it: what was open when it ended (today: is open now), what is due, what came in and went
//! out, how old the open cases are, and the units beside each other. It is the month as of that day, looked at more closely;
//! the cases behind each number are found by the same rule.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};

use super::count::{CountedRound, alone};
use super::{Brief, Figure, Period, PeriodName, TableName, row_of};
use crate::codes;
use crate::domain::calendar::Calendar;
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::domain::watch::{soon_until, working_days};

codes! {
    /// The numbers of a day whose cases can be listed.
    DayList {
        /// Open.
        Open = "open",
        /// Open, and the day is the last of its limit.
        DueToday = "due_today",
        /// Open, and its limit ends within the next working days.
        DueSoon = "due_soon",
        /// Open, past the limit in force, extensions included.
        Overdue = "overdue",
        /// Came in on the day.
        Received = "received",
        /// Finished on the day.
        Closed = "closed",
    }
}

codes! {
    /// Open cases by the working days since they came in; each stands in one band.
    Age {
        /// 3 or less.
        UpTo3 = "up_to_3",
        /// 4 to 6.
        UpTo6 = "up_to_6",
        /// 7 to 15.
        UpTo15 = "up_to_15",
        /// 16 to 30.
        UpTo30 = "up_to_30",
        /// More than 30.
        Over30 = "over_30",
    }
}

/// A day, and the moment up to which it is looked at.
#[derive(Clone, Debug)]
pub struct Day<'a> {
    date: Date,
    period: Period,
    start: Moment,
    /// The first moment of the next day: what is due then has the day as its last.
    end: Moment,
    /// Until when a case is due soon.
    soon: Moment,
    calendar: &'a Calendar,
}

/// The numbers of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// By list.
    pub lists: BTreeMap<DayList, u64>,
    /// The open cases by age.
    pub ages: BTreeMap<Age, u64>,
    /// By branch or division; `None` for what no unit had.
    pub units: BTreeMap<Option<i64>, DayUnit>,
    /// The day's month up to the day.
    pub month: Brief,
}

/// A branch or division on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayUnit {
    /// Open.
    pub open: u64,
    /// Of them overdue.
    pub overdue: u64,
    /// Finished in the month up to the day.
    pub closed: u64,
    /// Of them by the original due moment.
    pub closed_on_time: u64,
}

/// A number of a day: a list, of everything or of one division or age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCell {
    /// The list.
    pub list: DayList,
    /// The code of the row in the table of units.
    pub unit: Option<String>,
    /// The age of what is open.
    pub age: Option<Age>,
}

impl Age {
    /// The band of so many working days.
    #[must_use]
    pub const fn of(working_days: i64) -> Self {
        match working_days {
            ..=3 => Self::UpTo3,
            4..=6 => Self::UpTo6,
            7..=15 => Self::UpTo15,
            16..=30 => Self::UpTo30,
            _ => Self::Over30,
        }
    }
}

impl<'a> Day<'a> {
    /// The day as of its end, or as of now while it lasts; `None` for a day that has not begun. What is due within
    /// `soon_days` working days after it is due soon.
    #[must_use]
    pub fn of(date: Date, now: Moment, calendar: &'a Calendar, soon_days: u32) -> Option<Self> {
        let zone = calendar.zone();
        let first = |date: Date| {
            let midnight = zone.to_ambiguous_timestamp(date.to_datetime(Time::midnight()));
            midnight.compatible().ok().map(Moment::from_jiff)
        };
        let (start, end) = (first(date)?, first(date.tomorrow().ok()?)?);
        if now < start {
            return None;
        }
        let as_of = now.min(Moment(end.0 - 1));
        let period = Period::of(PeriodName::Month(date.year(), date.month()), zone, as_of)?;
        Some(Self { date, period, start, end, soon: soon_until(start, calendar, soon_days), calendar })
    }

    /// Its date.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// The moment it is looked at.
    #[must_use]
    pub const fn as_of(&self) -> Moment {
        self.period.as_of()
    }

    /// Its month up to then: every round of it is a round of the day's.
    #[must_use]
    pub const fn period(&self) -> &Period {
        &self.period
    }

    /// Counts a round.
    pub fn count(&self, figures: &mut DayFigures, round: &CountedRound, units: &Units) {
        let Some(tally) = alone(round, &self.period) else { return };
        tally.add_to(&mut figures.month);
        let open = tally.number(Figure::OpenAtEnd) > 0;
        let division = round.place.unit_id.and_then(|id| units.division(id)).map(|unit| unit.id);
        let unit = figures.units.entry(division).or_default();
        unit.closed += tally.number(Figure::Closed);
        unit.closed_on_time += tally.number(Figure::ClosedOnTime);
        for list in DayList::ALL.iter().filter(|list| self.is_in(**list, round, open)) {
            *figures.lists.entry(*list).or_default() += 1;
            match list {
                DayList::Open => {
                    unit.open += 1;
                    *figures.ages.entry(self.age(round)).or_default() += 1;
                }
                DayList::Overdue => unit.overdue += 1,
                DayList::DueToday | DayList::DueSoon | DayList::Received | DayList::Closed => {}
            }
        }
    }

    fn is_in(&self, list: DayList, round: &CountedRound, open: bool) -> bool {
        let now = self.as_of();
        let due = round.due_at.filter(|_| open);
        let on_the_day = |at: Moment| self.start <= at && at <= now;
        match list {
            DayList::Open => open,
            DayList::Overdue => due.is_some_and(|due| due <= now),
            DayList::DueToday => due.is_some_and(|due| now < due && due <= self.end),
            DayList::DueSoon => due.is_some_and(|due| self.end < due && due <= self.soon),
            DayList::Received => on_the_day(round.counted_at),
            DayList::Closed => round.finish.is_some_and(|finish| on_the_day(finish.at)),
        }
    }

    fn age(&self, round: &CountedRound) -> Age {
        Age::of(working_days(round.opened_at.date_in(self.calendar.zone()), self.date, self.calendar))
    }
}

impl DayCell {
    /// Whether a round makes part of the number.
    #[must_use]
    pub fn holds(&self, round: &CountedRound, day: &Day<'_>, units: &Units) -> bool {
        let Some(tally) = alone(round, &day.period) else { return false };
        let unit = self.unit.as_deref();
        day.is_in(self.list, round, tally.number(Figure::OpenAtEnd) > 0)
            && unit.is_none_or(|code| row_of(TableName::Unit, &round.place, units) == Some(code))
            && self.age.is_none_or(|age| day.age(round) == age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_age_stands_in_one_band() {
        for (days, age) in [
            (0, Age::UpTo3),
            (3, Age::UpTo3),
            (4, Age::UpTo6),
            (6, Age::UpTo6),
            (7, Age::UpTo15),
            (15, Age::UpTo15),
            (16, Age::UpTo30),
            (30, Age::UpTo30),
            (31, Age::Over30),
        ] {
            assert_eq!(Age::of(days), age, "{days}");
        }
    }
}
