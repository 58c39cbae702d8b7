//! Why this date: for every clock of a case what it measures, from when, with which limit, pauses and extensions, and each
//! day counted or not. One function for the case's page, the status page, print, JSON and the command line.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::acts::{Office, counting};
use crate::domain::deadline::due_extended;
use crate::domain::explanation::{DayLine, explain};
use crate::domain::limit::Limit;
use crate::domain::pauses::Pause;
use crate::domain::policy::{ClockPurpose, PauseReason};
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::cases::Case;
use crate::store::clocks::{self, Clock, Extension};
use crate::store::pauses::{self, PauseRow};
use crate::store::reference::Reference;
use crate::store::{Db, calendars, lists};

/// Versions of the calendar that are tried for a date that the one in force does not give.
const VERSIONS: i64 = 12;

/// A clock with all that led to its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockExplained {
    /// Row id.
    pub id: i64,
    /// The case's round: 2 and more after it was opened again.
    pub round: i32,
    /// What it measures.
    pub purpose: ClockPurpose,
    /// The unit it measures, by name: the one asked for its part, otherwise the lead unit.
    pub unit: Option<String>,
    /// When it started.
    pub start_at: Moment,
    /// The limit it was given.
    pub limit: Limit,
    /// The pauses meanwhile, also those that move nothing.
    pub pauses: Vec<PauseExplained>,
    /// Its extensions, the first one first.
    pub extensions: Vec<ExtensionExplained>,
    /// Due without the extensions: what statistics go by.
    pub original_due_at: Moment,
    /// The last day of that.
    #[serde(serialize_with = "as_text")]
    pub original_due_on: Date,
    /// Due.
    pub due_at: Moment,
    /// The last day.
    #[serde(serialize_with = "as_text")]
    pub due_on: Date,
    /// When what it measures was done.
    pub finished_at: Option<Moment>,
    /// Whether it stands still now: the dates are those of today and move on with every day.
    pub stands: bool,
    /// Whether the count went through a year without an official table, so that the date may still change.
    pub uncovered: bool,
    /// Since when the calendar was in force that the days are told by, where it is no longer: the calendar changed after the
    /// clock had stopped, or a date that would move earlier waits for the control officer or was kept.
    pub calendar_since: Option<Moment>,
    /// Whether the days lead to the date. Not so where no calendar that is kept gives it: then there are none.
    pub explained: bool,
    /// Each day from the start to the last one.
    pub days: Vec<DayLine>,
}

fn as_text<S: Serializer>(date: &Date, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PauseExplained {
    /// Row id.
    pub id: i64,
    /// Code of its reason.
    pub code: String,
    /// The reason by name.
    pub reason: String,
    /// What was noted.
    pub note: String,
    /// From.
    pub from_at: Moment,
    /// To; none while it runs.
    pub to_at: Option<Moment>,
    /// Whether the clock stands still meanwhile.
    pub stops: bool,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtensionExplained {
    /// When it was granted.
    pub at: Moment,
    /// Who granted it, by name.
    pub by: Option<String>,
    /// The last day before, as it was then.
    #[serde(serialize_with = "as_text")]
    pub old_due_on: Date,
    /// The last day after, as it was then.
    #[serde(serialize_with = "as_text")]
    pub new_due_on: Date,
    /// Working days it added.
    pub working_days: i32,
    /// Why.
    pub reason: String,
}

/// Explains every clock of a case, the reply's of the newest round first, earlier rounds last.
///
/// # Errors
/// Of the database or the engine.
pub fn explained(db: &mut Db, office: &Office, case: &Case, locale: &str, now: Moment) -> Result<Vec<ClockExplained>> {
    let clocks = clocks::of_case(db, case.id)?;
    explain_all(db, office, case, clocks, locale, now)
}

/// Explains the reply's clock of the case's round; `None` while the event it runs from has not come.
///
/// # Errors
/// Of the database or the engine.
pub fn reply_explained(
    db: &mut Db,
    office: &Office,
    case: &Case,
    locale: &str,
    now: Moment,
) -> Result<Option<ClockExplained>> {
    let mut clocks = clocks::of_case(db, case.id)?;
    clocks.retain(|clock| clock.round == case.round && clock.purpose == ClockPurpose::Reply);
    Ok(explain_all(db, office, case, clocks, locale, now)?.pop())
}

/// The reasons a case may wait for, by its rules.
///
/// # Errors
/// Of the database.
pub fn pause_reasons(db: &mut Db, office: &Office, case: &Case) -> Result<Vec<PauseReason>> {
    let reference = office.reference(db)?;
    Ok(counting::rules_of(&reference, office, case)?.1.pauses)
}

/// The name of a reason to wait, by whichever policy has it.
#[must_use]
pub fn reason_name(reference: &Reference, code: &str, locale: &str) -> Option<String> {
    let policies = reference.policies.iter().flat_map(|set| &set.policies.list);
    let known = policies.flat_map(|policy| policy.pauses.iter().flatten()).find(|reason| reason.code == code)?;
    Some(if locale == "en" { known.name_en.clone() } else { known.name_zh.clone() })
}

fn explain_all(
    db: &mut Db,
    office: &Office,
    case: &Case,
    mut clocks: Vec<Clock>,
    locale: &str,
    now: Moment,
) -> Result<Vec<ClockExplained>> {
    let reference = office.reference(db)?;
    let rows = pauses::of_case(db, case.id)?;
    let mut extensions: HashMap<i64, Vec<Extension>> = HashMap::new();
    for clock in &clocks {
        extensions.insert(clock.id, clocks::extensions(db, clock.id)?);
    }
    let names = lists::names(db, extensions.values().flatten().map(|extension| extension.staff_id))?;
    clocks.sort_by_key(|clock| (-clock.round, clock.purpose != ClockPurpose::Reply, clock.id));
    let teller = Teller { reference: &reference, case, locale, now, names };
    clocks
        .into_iter()
        .map(|clock| {
            let extensions = extensions.remove(&clock.id).unwrap_or_default();
            teller.clock(db, &clock, &rows, &extensions)
        })
        .collect()
}

struct Teller<'a> {
    reference: &'a Reference,
    case: &'a Case,
    locale: &'a str,
    now: Moment,
    names: HashMap<i64, String>,
}

impl Teller<'_> {
    fn clock(&self, db: &mut Db, clock: &Clock, rows: &[PauseRow], extensions: &[Extension]) -> Result<ClockExplained> {
        let calendar = self.reference.calendar_in(&clock.region);
        let paused: Vec<&PauseRow> = if counting::is_paused(clock.purpose) {
            rows.iter().filter(|row| row.round == clock.round).collect()
        } else {
            Vec::new()
        };
        let stops = paused.iter().filter(|row| row.stops);
        let until = clock.finished_at.unwrap_or(self.now);
        let pauses: Vec<Pause> = stops
            .map(|row| {
                let to = row.to_at.unwrap_or(until).max(row.from_at);
                Pause::new(row.from_at, to, &self.reason(&row.reason))
            })
            .collect();
        let limit = counting::limit_of(clock)?;
        let added: Vec<Limit> = extensions.iter().map(|e| counting::added(e, calendar)).collect();
        let with = counting::Measures { pauses, extensions: added };
        let (original, due_at) = counting::due_moments(self.reference, clock, &with)?;
        let stands = clock.finished_at.is_none() && paused.iter().any(|row| row.stops && row.to_at.is_none());
        // What has stopped is not counted anew; what would end earlier waits for the control officer.
        let holds = (original, due_at) == (clock.original_due_at, clock.due_at);
        let live = holds || (clock.finished_at.is_none() && due_at >= clock.due_at);
        let (original_due_at, due_at) = if live { (original, due_at) } else { (clock.original_due_at, clock.due_at) };
        let (days, calendar_since) = if live {
            let days = explain(clock.start_at, limit, &with.extensions, calendar, &with.pauses);
            (days.unwrap_or_default(), None)
        } else {
            self.by_older_calendar(db, clock, limit, &with)?
        };
        let uncovered = due_extended(clock.start_at, limit, &with.extensions, calendar, &with.pauses)
            .is_ok_and(|answer| answer.uncovered);
        let day = |at: Moment| last_day(at, calendar);
        let told = |e: &Extension| ExtensionExplained {
            at: e.at,
            by: self.names.get(&e.staff_id).cloned(),
            old_due_on: day(e.old_due_at),
            new_due_on: day(e.new_due_at),
            working_days: e.working_days,
            reason: e.reason.clone(),
        };
        Ok(ClockExplained {
            id: clock.id,
            round: clock.round,
            purpose: clock.purpose,
            unit: self.unit(clock),
            start_at: clock.start_at,
            limit,
            pauses: paused.iter().map(|row| self.pause(row)).collect(),
            extensions: extensions.iter().map(told).collect(),
            original_due_at,
            original_due_on: day(original_due_at),
            due_at,
            due_on: day(due_at),
            finished_at: clock.finished_at,
            stands,
            uncovered,
            calendar_since,
            explained: !days.is_empty(),
            days,
        })
    }

    /// The days by the newest calendar that gives the dates as they stand, and since when it was in force.
    fn by_older_calendar(
        &self,
        db: &mut Db,
        clock: &Clock,
        limit: Limit,
        with: &counting::Measures,
    ) -> Result<(Vec<DayLine>, Option<Moment>)> {
        for (version, since) in calendars::up_to(db, clock.calendar_version, VERSIONS)? {
            let calendar = calendars::calendar_of(db, self.reference.calendar.zone(), version, &clock.region)?;
            let due = |extensions: &[Limit]| {
                due_extended(clock.start_at, limit, extensions, &calendar, &with.pauses).map(|answer| answer.due)
            };
            if due(&[]) == Ok(clock.original_due_at) && due(&with.extensions) == Ok(clock.due_at) {
                let days = explain(clock.start_at, limit, &with.extensions, &calendar, &with.pauses);
                return Ok((days.unwrap_or_default(), Some(since)));
            }
        }
        Ok((Vec::new(), None))
    }

    fn unit(&self, clock: &Clock) -> Option<String> {
        let id = clock.unit_id.or(self.case.unit_id)?;
        self.reference.units.get(id).map(|unit| unit.name(self.locale).to_owned())
    }

    /// A reason by name; its code when no policy has it any longer.
    fn reason(&self, code: &str) -> String {
        reason_name(self.reference, code, self.locale).unwrap_or_else(|| code.to_owned())
    }

    fn pause(&self, row: &PauseRow) -> PauseExplained {
        PauseExplained {
            id: row.id,
            code: row.reason.clone(),
            reason: self.reason(&row.reason),
            note: row.note.clone(),
            from_at: row.from_at,
            to_at: row.to_at,
            stops: row.stops,
        }
    }
}
