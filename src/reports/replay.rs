//! A year lived again under another policy document or calendar: every round opened in it gets the last day it would have
//! had, and is compared with how it ended. Rounds are read a stretch at a time and counted, never held; nothing is written.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::compared::{Compared, Replay, Sums};
use crate::domain::calendar::{Calendar, CalendarData};
use crate::domain::case::{Channel, Kind};
use crate::domain::closure::{Closure, with_closures};
use crate::domain::deadline::{due, due_extended};
use crate::domain::limit::Limit;
use crate::domain::pauses::Pause;
use crate::domain::policy::{Policies, Rules, StartEvent, Subject};
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::reference::Reference;
use crate::store::replay::{self, LivedExtension, LivedPause, LivedRound};
use crate::store::{Db, Store, closures};

/// Rounds read at a time.
const STRETCH: i64 = 4_000;

/// What a year is replayed under.
pub struct Other<'a> {
    /// Another policy document for every round; `None`: each under the one it was received under.
    pub policies: Option<&'a Policies>,
    /// Another calendar's days and hours, under which the closures of the day hold as they did; `None`: the installed one.
    pub calendar: Option<CalendarData>,
    /// The speed class of a case that has none yet.
    pub default_speed_class: &'a str,
    /// The agency's time zone.
    pub zone: &'a TimeZone,
}

/// How many rounds a year has.
///
/// # Errors
/// Of the database.
pub fn number(store: &Store, year: i16) -> Result<u64> {
    let (first, last) = months(year);
    Ok(store.read(|db| replay::number(db, first, last))?.unsigned_abs())
}

/// Replays the rounds opened in a year; `progress` hears how many are done.
///
/// # Errors
/// Of the database or the engine.
pub fn replay(
    store: &Store,
    reference: &Reference,
    other: &Other<'_>,
    year: i16,
    now: Moment,
    mut progress: impl FnMut(u64),
) -> Result<Replay> {
    let calendars = Calendars::new(store, reference, other)?;
    let mut counted = Counted { reference, other, calendars, now, rules: HashMap::new(), sums: Sums::default() };
    let (first, last) = months(year);
    let mut done = 0;
    for month in first..=last {
        let mut after = 0;
        loop {
            let stretch = store.read(|db| stretch(db, month, after))?;
            let Some(end) = stretch.rounds.last() else { break };
            after = end.id;
            done += stretch.rounds.len() as u64;
            for round in &stretch.rounds {
                counted.round(round, &stretch)?;
            }
            progress(done);
        }
    }
    Ok(counted.sums.lines(reference, year, now))
}

fn months(year: i16) -> (i32, i32) {
    (i32::from(year) * 100 + 1, i32::from(year) * 100 + 12)
}

/// Rounds read together, with what belongs to them.
struct Stretch {
    rounds: Vec<LivedRound>,
    pauses: HashMap<(i64, i32), Vec<LivedPause>>,
    extensions: HashMap<(i64, i32), Vec<LivedExtension>>,
}

fn stretch(db: &mut Db, month: i32, after: i64) -> Result<Stretch> {
    let rounds = replay::rounds(db, month, after, STRETCH)?;
    let ids: Vec<i64> = rounds.iter().map(|round| round.case_id).collect();
    let mut stretch = Stretch { rounds, pauses: HashMap::new(), extensions: HashMap::new() };
    for pause in replay::pauses(db, &ids)? {
        stretch.pauses.entry((pause.case_id, pause.round)).or_default().push(pause);
    }
    for extension in replay::extensions(db, &ids)? {
        stretch.extensions.entry((extension.case_id, extension.round)).or_default().push(extension);
    }
    Ok(stretch)
}

/// The calendar of each region: the installed ones, or another with the closures of the day as they were.
struct Calendars<'a> {
    reference: &'a Reference,
    other: Option<(Calendar, HashMap<String, Calendar>)>,
}

impl<'a> Calendars<'a> {
    fn new(store: &Store, reference: &'a Reference, other: &Other<'_>) -> Result<Self> {
        let Some(data) = &other.calendar else { return Ok(Self { reference, other: None }) };
        let closures: Vec<Closure> = store.read(closures::in_force)?;
        let build = |region: &str| with_closures(data, &closures, region).map_err(Error::internal);
        let regions = closures.iter().map(|closure| &closure.region).filter(|region| !region.is_empty());
        let regional = regions.map(|region| Ok((region.clone(), build(region)?))).collect::<Result<_>>()?;
        Ok(Self { reference, other: Some((build("")?, regional)) })
    }

    fn of(&self, unit_id: Option<i64>) -> &Calendar {
        let region = self.reference.region_of(unit_id);
        match &self.other {
            Some((plain, regional)) => regional.get(region).unwrap_or(plain),
            None => self.reference.calendar_in(region),
        }
    }
}

/// What the rules of a case follow from.
type Key = (i64, Option<String>, Kind, Channel, String);

struct Counted<'a> {
    reference: &'a Reference,
    other: &'a Other<'a>,
    calendars: Calendars<'a>,
    now: Moment,
    rules: HashMap<Key, Rules>,
    sums: Sums,
}

/// When a round would have been due.
#[derive(Clone, Copy, Default)]
struct Then {
    original: Option<Moment>,
    current: Option<Moment>,
    uncovered: bool,
}

impl Counted<'_> {
    fn round(&mut self, round: &LivedRound, stretch: &Stretch) -> Result<()> {
        let key = self.learn(round)?;
        let then = self.then(round, stretch, &key)?;
        let late = |due: Option<Moment>, at: Moment| due.is_some_and(|due| at > due);
        let at = round.finished_at.unwrap_or(self.now);
        let (late_now, late_then) = (late(round.original_due_at, at), late(then.original, at));
        let one = |yes: bool| u64::from(yes);
        let ended = round.finished_at.is_some();
        let compared = Compared {
            closed: one(ended),
            on_time_now: one(ended && !late_now),
            on_time_then: one(ended && !late_then),
            becomes_late: one(ended && !late_now && late_then),
            becomes_on_time: one(ended && late_now && !late_then),
            on_time_extended_now: one(ended && !late(round.due_at, at)),
            on_time_extended_then: one(ended && !late(then.current, at)),
            open: one(!ended),
            overdue_now: one(!ended && late_now),
            overdue_then: one(!ended && late_then),
            moved: one(then.original != round.original_due_at),
        };
        self.sums.uncovered |= then.uncovered;
        let division = round.case.unit_id.and_then(|id| self.reference.units.division(id)).map(|unit| unit.id);
        self.sums.add(round, &key.4, division, compared);
        Ok(())
    }

    /// Works the rules of a round's case out, once for all like it; the key they are kept under.
    fn learn(&mut self, round: &LivedRound) -> Result<Key> {
        let case = &round.case;
        let class = case.speed_class.as_deref().unwrap_or(self.other.default_speed_class);
        let installed = self.reference.policies_on(case.received_at.date_in(self.other.zone));
        let id = if self.other.policies.is_some() { 0 } else { installed.map_or(0, |set| set.id) };
        let key = (id, case.category.clone(), case.kind, case.channel, class.to_owned());
        if !self.rules.contains_key(&key) {
            let policies = self.other.policies.or(installed.map(|set| &set.policies));
            let policies = policies.ok_or_else(|| Error::internal("no policies are installed"))?;
            // A class that the agency no longer has is read as the usual one.
            let known = self.reference.speed_class(class);
            let limit = known.or_else(|_| self.reference.speed_class(self.other.default_speed_class))?.limit;
            let subject = Subject {
                category: case.category.as_deref(),
                kind: case.kind,
                channel: case.channel,
                speed_class: Some(class),
            };
            self.rules.insert(key.clone(), policies.rules(&subject, limit));
        }
        Ok(key)
    }

    fn then(&self, round: &LivedRound, stretch: &Stretch, key: &Key) -> Result<Then> {
        let Some(rules) = self.rules.get(key) else { return Ok(Then::default()) };
        let Some(start) = start(round, rules) else { return Ok(Then::default()) };
        let (calendar, of) = (self.calendars.of(round.case.unit_id), (round.case_id, round.round));
        let pauses: Vec<Pause> = stretch.pauses.get(&of).map_or_else(Vec::new, |lived| self.stopping(lived, rules));
        let fault = |e| Error::internal(format!("round {}: {e}", round.id));
        let limit = rules.reply_limit();
        let original = due(start, limit, calendar, &pauses).map_err(fault)?;
        let Some(lived) = stretch.extensions.get(&of) else {
            return Ok(Then {
                original: Some(original.due),
                current: Some(original.due),
                uncovered: original.uncovered,
            });
        };
        let added: Vec<Limit> = lived.iter().map(|extension| added(extension, calendar)).collect();
        let current = due_extended(start, limit, &added, calendar, &pauses).map_err(fault)?;
        let uncovered = original.uncovered || current.uncovered;
        Ok(Then { original: Some(original.due), current: Some(current.due.max(original.due)), uncovered })
    }

    /// The pauses that would have stopped the clock: a reason that the rules know stops as they say, another as it did.
    fn stopping(&self, lived: &[LivedPause], rules: &Rules) -> Vec<Pause> {
        let stops = |pause: &&LivedPause| rules.pause(&pause.reason).map_or(pause.stops, |reason| reason.stops);
        let ended = |pause: &LivedPause| pause.to_at.unwrap_or(self.now).max(pause.from_at);
        lived.iter().filter(stops).map(|pause| Pause::new(pause.from_at, ended(pause), "")).collect()
    }
}

/// When the reply's clock would have begun; `None` when its event did not come before the end.
fn start(round: &LivedRound, rules: &Rules) -> Option<Moment> {
    if round.round > 1 {
        return Some(round.opened_at);
    }
    let case = &round.case;
    match rules.start {
        StartEvent::Received => Some(round.handed_in_at.unwrap_or(case.received_at)),
        StartEvent::Confirmed => Some(case.received_at),
        StartEvent::Registered => case.registered_at,
        StartEvent::Assigned => case.assigned_at,
    }
}

fn added(extension: &LivedExtension, calendar: &Calendar) -> Limit {
    match u32::try_from(extension.working_days) {
        Ok(days) if days > 0 => Limit::WorkingDays(days),
        _ => Limit::FixedDate(last_day(extension.new_due_at, calendar)),
    }
}
