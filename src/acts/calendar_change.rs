//! What a change of the calendar would do, before anything is written: the days that differ and the open cases that would
//! move. The acts that change it (import, closure, revocation) start from the same values.

use jiff::civil::Date;

use crate::acts::{Office, counting, measured};
use crate::domain::calendar::CalendarData;
use crate::domain::calendar_file::CalendarFile;
use crate::domain::calendar_move::{Way, way};
use crate::domain::calendar_year::{DayChange, changes};
use crate::domain::closure::Closure;
use crate::domain::day::Day;
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::clocks::Clock;
use crate::store::reference::Reference;
use crate::store::{Db, calendars, closures, running};

/// Cases that are listed; more are only counted.
pub const LISTED: usize = 50;
/// Clocks read at a time.
const BATCH: usize = 500;

/// A change of the calendar.
#[derive(Clone, Debug)]
pub enum Change {
    /// These years get these days.
    Import(CalendarFile),
    /// Offices are shut.
    Close(Closure),
    /// A closure is revoked.
    Reopen(i64),
}

/// What a change would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The version in force that it is compared with.
    pub version: i64,
    /// The days that differ.
    pub days: Vec<DayChange>,
    /// Years that had no table.
    pub new_years: Vec<i16>,
    /// Clocks that would end later.
    pub later: usize,
    /// Clocks that would end earlier: these wait for a control officer.
    pub earlier: usize,
    /// The first of them, what is due soonest first.
    pub moves: Vec<Moved>,
}

impl Preview {
    /// Whether anything would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty() && self.new_years.is_empty()
    }
}

/// A clock that would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Number of its case.
    pub number: String,
    /// The case's unit.
    pub unit_id: Option<i64>,
    /// What it measures.
    pub purpose: ClockPurpose,
    /// Its last day now.
    pub old_on: Date,
    /// Its last day by the change.
    pub new_on: Date,
    /// Whether it would end earlier.
    pub earlier: bool,
}

/// The calendar's days and closures with the change.
pub(super) struct Candidate {
    pub(super) data: CalendarData,
    pub(super) closures: Vec<Closure>,
    /// Where, and from when to when, it makes a difference.
    region: String,
    first: Date,
    last: Date,
}

/// Computes what a change would do. Nothing is written.
///
/// # Errors
/// `Refused` for a revocation of what was revoked; `NotFound`; of the database.
pub fn preview(office: &Office, now: Moment, change: &Change) -> Result<Preview> {
    office.store.read(|db| {
        let before = office.reference(db)?;
        let candidate = candidate(db, office, change)?;
        let after = before.with_calendar(&candidate.data, &candidate.closures)?;
        let region = candidate.region.as_str();
        let years = candidate.data.years.clone().unwrap_or_default();
        let mut preview = Preview {
            version: before.calendar.version(),
            days: changes(
                region,
                before.calendar_in(region),
                after.calendar_in(region),
                candidate.first,
                candidate.last,
            ),
            new_years: years.into_iter().filter(|year| !before.calendar.covers(*year)).collect(),
            later: 0,
            earlier: 0,
            moves: Vec::new(),
        };
        if let Some(first) = preview.days.first() {
            let from = before.calendar.first_instant(Day::of(first.date));
            measure(db, &before, &after, from, now, &mut preview)?;
        }
        Ok(preview)
    })
}

pub(super) fn candidate(db: &mut Db, office: &Office, change: &Change) -> Result<Candidate> {
    let mut data = calendars::data(db, &office.zone)?;
    let mut list = closures::in_force(db)?;
    let (region, first, last) = match change {
        Change::Import(file) => {
            let is_given = |year: i16| file.years.contains(&year);
            data.days.retain(|day| !is_given(day.date.year()));
            data.days.extend(file.days.iter().cloned());
            data.days.sort_by_key(|day| day.date);
            let mut years = data.years.unwrap_or_default();
            years.extend(file.years.iter().copied());
            years.sort_unstable();
            years.dedup();
            data.years = Some(years);
            let year = |year: Option<&i16>| *year.unwrap_or(&1970);
            let (first, last) = (year(file.years.iter().min()), year(file.years.iter().max()));
            (String::new(), Date::constant(first, 1, 1), Date::constant(last, 12, 31))
        }
        Change::Close(closure) => {
            list.push(closure.clone());
            (closure.region.clone(), closure.date, closure.date)
        }
        Change::Reopen(id) => {
            let row = closures::get(db, *id)?;
            if row.revoked_at.is_some() {
                return Err(Error::refused("refused-closure-revoked"));
            }
            let closure = row.closure()?;
            if let Some(at) = list.iter().position(|other| *other == closure) {
                list.remove(at);
            }
            (closure.region, closure.date, closure.date)
        }
    };
    Ok(Candidate { data, closures: list, region, first, last })
}

/// Measures the clocks that the change can reach, by both calendars: those due after the first day that differs, and those
/// that an older calendar still measures.
fn measure(
    db: &mut Db,
    before: &Reference,
    after: &Reference,
    from: Moment,
    now: Moment,
    into: &mut Preview,
) -> Result<()> {
    let (limit, version) = (i64::try_from(BATCH).unwrap_or(i64::MAX), before.calendar.version());
    let mut found: Vec<(Clock, Date, Date, bool)> = Vec::new();
    let mut key = (from, 0);
    loop {
        let list = running::due_after(db, from, key, limit)?;
        let Some(last) = list.last() else { break };
        key = (last.due_at, last.id);
        let current = list.into_iter().filter(|clock| clock.calendar_version >= version).collect();
        compare(db, before, after, current, now, into, &mut found)?;
    }
    let mut key = (0, 0);
    loop {
        let list = running::older(db, version, key, limit)?;
        let Some(last) = list.last() else { break };
        key = (last.calendar_version, last.id);
        compare(db, before, after, list, now, into, &mut found)?;
    }
    let ids: Vec<i64> = found.iter().map(|(clock, ..)| clock.case_id).collect();
    let cases = running::numbers(db, &ids)?;
    into.moves = found
        .into_iter()
        .map(|(clock, old_on, new_on, earlier)| {
            let (number, unit) = cases.get(&clock.case_id).cloned().unwrap_or_default();
            Moved { number, unit_id: clock.unit_id.or(unit), purpose: clock.purpose, old_on, new_on, earlier }
        })
        .collect();
    Ok(())
}

fn compare(
    db: &mut Db,
    before: &Reference,
    after: &Reference,
    list: Vec<Clock>,
    now: Moment,
    into: &mut Preview,
    found: &mut Vec<(Clock, Date, Date, bool)>,
) -> Result<()> {
    let touched = running::touched(db, &list)?;
    for clock in list.into_iter().filter(|clock| !touched.stands_still(clock)) {
        let with = measured::with(db, before, &clock, &touched, now)?;
        let was = counting::due_moments(before, &clock, &with)?;
        let is = counting::due_moments(after, &clock, &with)?;
        let old = measured::shown(measured::dues(&clock), was);
        let way = if was == is { Way::Same } else { way(old, is) };
        match way {
            Way::Same => continue,
            Way::Later => into.later += 1,
            Way::Earlier => into.earlier += 1,
        }
        if found.len() < LISTED {
            let day = |at: Moment| last_day(at, &before.calendar);
            found.push((clock, day(old.1), day(is.1), way == Way::Earlier));
        }
    }
    Ok(())
}
