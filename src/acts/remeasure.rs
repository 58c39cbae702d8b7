//! Open cases follow the policy document that is in force for the day they were received: clocks that were measured with
//! another one are measured anew, a few cases a write, so that the work may stop and go on at any point. A clock that runs
//! keeps its start; one that the document now lets begin earlier begins at its event. Finished clocks stay as they are.

use jiff::civil::{Date, Time};
use serde_json::{Value, json};

use crate::acts::set_policies::newest;
use crate::acts::{Office, counting};
use crate::domain::event::acts;
use crate::domain::policy::{ClockPurpose, Policies};
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock};
use crate::store::policies::{self, PolicySet};
use crate::store::policy_cases::{self, Window};
use crate::store::reference::{self, DRAFT, Reference};
use crate::store::{Db, events};

/// Cases measured in one write.
const BATCH: i64 = 20;
/// Seconds after which no act can still be writing with the documents from before a new one.
const SETTLED: i64 = 600;
/// The fact of the installation that says up to which document everything is measured.
const MEASURED: &str = "policies_measured";

/// What a document does to a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which clock.
    pub purpose: ClockPurpose,
    /// The limit it has.
    pub old_limit: String,
    /// The limit it gets.
    pub new_limit: String,
    /// Due until now; `None`: it had not begun.
    pub old_due: Option<Moment>,
    /// Due from then on.
    pub new_due: Moment,
}

/// A case that a document touches.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The case.
    pub case: Case,
    /// Its clocks that change.
    pub changes: Vec<Change>,
}

/// What a document would do to the open cases received from its day on.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// How many cases it touches.
    pub cases: usize,
    /// How many of them get an earlier last day of the reply.
    pub earlier: usize,
    /// How many of them get a later last day of the reply.
    pub later: usize,
    /// The first of them.
    pub first: Vec<Touched>,
    /// How many open cases were received from its day on.
    pub open: usize,
}

/// Counts the open cases that a document would touch, exactly, and names the first `shown`. Changes nothing.
///
/// # Errors
/// Of the database or the engine.
pub fn effect(db: &mut Db, office: &Office, document: Policies, shown: usize, now: Moment) -> Result<Effect> {
    let present = office.reference(db)?;
    let reference = present.with_draft(document)?;
    let draft = reference.policies.iter().find(|set| set.id == DRAFT).ok_or(Error::NotFound)?;
    let window = window(&reference, office, draft)?;
    let mut effect = Effect::default();
    for policy_id in policy_cases::measured_with(db)? {
        let mut after = 0;
        loop {
            let ids = policy_cases::running(db, policy_id, window, true, after, 500)?;
            let Some(last) = ids.last() else { break };
            after = *last;
            for id in ids {
                let running = clocks::running(db, id)?;
                // A case whose clocks were measured with several documents is met once for each.
                if running.iter().map(|clock| clock.policy_id).min() != Some(policy_id) {
                    continue;
                }
                effect.open += 1;
                let case = cases::get(db, id)?;
                let changes = changes(db, office, &reference, &case, running, now)?;
                if !changes.is_empty() {
                    effect.add(Touched { case, changes }, shown);
                }
            }
        }
    }
    effect.first.sort_by_key(|touched| touched.case.id);
    Ok(effect)
}

impl Effect {
    fn add(&mut self, touched: Touched, shown: usize) {
        self.cases += 1;
        if let Some(reply) = touched.changes.iter().find(|change| change.purpose == ClockPurpose::Reply)
            && let Some(old) = reply.old_due
        {
            self.earlier += usize::from(reply.new_due < old);
            self.later += usize::from(reply.new_due > old);
        }
        if self.first.len() < shown {
            self.first.push(touched);
        }
    }
}

fn changes(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &Case,
    running: Vec<Clock>,
    now: Moment,
) -> Result<Vec<Change>> {
    let (_, rules) = counting::rules_of(reference, office, case)?;
    let mut changes = Vec::new();
    for clock in running {
        // Nothing else of a document moves a clock that runs.
        if rules.limits.of(clock.purpose).is_none_or(|limit| limit.to_string() == clock.time_limit) {
            continue;
        }
        let new = counting::measured(db, office, reference, case, clock.clone(), now)?;
        changes.push(Change::of(&clock, &new));
    }
    if let Some((start, limit)) = counting::reply_to_begin(db, &rules, case)? {
        let calendar = reference.calendar_of(case.unit_id);
        let new_due = counting::due_by(start, limit, calendar)?;
        let new_limit = limit.to_string();
        changes.push(Change {
            purpose: ClockPurpose::Reply,
            old_limit: String::new(),
            new_limit,
            old_due: None,
            new_due,
        });
    }
    Ok(changes)
}

impl Change {
    fn of(old: &Clock, new: &Clock) -> Self {
        Self {
            purpose: old.purpose,
            old_limit: old.time_limit.clone(),
            new_limit: new.time_limit.clone(),
            old_due: Some(old.due_at),
            new_due: new.due_at,
        }
    }

    /// As history keeps it.
    fn fact(&self, reference: &Reference, case: &Case) -> Value {
        let day = |at: Moment| last_day(at, reference.calendar_of(case.unit_id)).to_string();
        json!({
            "clock": self.purpose, "old_limit": self.old_limit, "new_limit": self.new_limit,
            "old_due": self.old_due.map(day), "new_due": day(self.new_due),
        })
    }
}

/// Measures open cases anew until none is left or about `most` were done; how many were.
///
/// # Errors
/// Of the database or the engine.
pub fn remeasure(office: &Office, now: Moment, most: usize) -> Result<usize> {
    let Some(documents) = office.store.read(|db| to_measure(db, office))? else { return Ok(0) };
    let mut done = 0;
    for (policy_id, window) in documents {
        let mut after = 0;
        while done < most {
            let ids = office.store.read(|db| policy_cases::running(db, policy_id, window, false, after, BATCH))?;
            let Some(last) = ids.last() else { break };
            (after, done) = (*last, done + ids.len());
            let office_ = office.clone();
            office.store.write(move |db| ids.iter().try_for_each(|id| one(db, &office_, *id, now)))?;
        }
    }
    if done == 0 {
        settle(office, now)?;
    }
    Ok(done)
}

/// A document that running clocks were measured with, and the receipts it is in force for.
type Measured = (Option<i64>, Window);

/// The documents that running clocks were measured with, each with the receipts it is in force for; `None` when it is known
/// that every clock was measured with the right one.
fn to_measure(db: &mut Db, office: &Office) -> Result<Option<Vec<Measured>>> {
    let reference = office.reference(db)?;
    if reference::value(db, MEASURED)? == Some(newest(&reference).to_string()) {
        return Ok(None);
    }
    let windows = policy_cases::measured_with(db)?.into_iter().map(|policy_id| {
        let own = reference.policies.iter().find(|set| Some(set.id) == policy_id);
        Ok((policy_id, own.map_or(Ok(NEVER), |set| window(&reference, office, set))?))
    });
    windows.collect::<Result<_>>().map(Some)
}

/// Notes that nothing is left, once no act can still be writing with the documents from before.
fn settle(office: &Office, now: Moment) -> Result<()> {
    let office_ = office.clone();
    office.store.write(move |db| {
        let newest = newest(&*office_.reference(db)?);
        let made_at = policies::made_at(db, newest)?;
        if made_at.plus_seconds(SETTLED) <= now {
            reference::set_value(db, MEASURED, &newest.to_string())?;
        }
        Ok(())
    })
}

/// Measures the clocks of a case that were measured with another document than the one in force for it.
fn one(db: &mut Db, office: &Office, id: i64, now: Moment) -> Result<()> {
    let reference = office.reference(db)?;
    let before = cases::lock_for_log(db, id)?;
    let mut case = before.clone();
    let (policy_id, _) = counting::rules_of(&reference, office, &case)?;
    let mut changes = Vec::new();
    for clock in clocks::running(db, id)?.into_iter().filter(|clock| clock.policy_id != policy_id) {
        let new = counting::refresh(db, office, &reference, &mut case, clock.clone(), now)?;
        if (new.due_at, new.original_due_at, &new.time_limit)
            != (clock.due_at, clock.original_due_at, &clock.time_limit)
        {
            changes.push(Change::of(&clock, &new));
        }
    }
    if let Some(new) = counting::begin_reply(db, office, &reference, &mut case)? {
        changes.push(Change { old_limit: String::new(), old_due: None, ..Change::of(&new, &new) });
    }
    if changes.is_empty() {
        return Ok(());
    }
    case.version = cases::lock(db, id, None)?.version;
    cases::save(db, &before, &case, now)?;
    let clocks: Vec<Value> = changes.iter().map(|change| change.fact(&reference, &case)).collect();
    events::append(db, id, now, acts::POLICY_CHANGED, &Actor::System, &json!({ "policy": policy_id, "clocks": clocks }))
}

/// No moment.
const NEVER: Window = (Moment(i64::MAX), Moment(i64::MAX));

/// The receipts that a document is in force for: from its day to the next one's; the first one holds before its day too,
/// and of several of one day the newest alone.
fn window(reference: &Reference, office: &Office, set: &PolicySet) -> Result<Window> {
    if reference.policies_on(set.from).is_none_or(|found| found.id != set.id) {
        return Ok(NEVER);
    }
    let start = |day: Date| -> Result<Moment> {
        let midnight = day.to_datetime(Time::midnight());
        let at = office.zone.to_ambiguous_timestamp(midnight).compatible().map_err(Error::internal)?;
        Ok(Moment::from_jiff(at))
    };
    let others = || reference.policies.iter().map(|other| other.from);
    let from = if others().all(|from| from >= set.from) { Ok(Moment(i64::MIN)) } else { start(set.from) };
    let until = others().filter(|from| *from > set.from).min().map_or(Ok(Moment(i64::MAX)), start);
    Ok((from?, until?))
}
