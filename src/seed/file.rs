//! A case on its way through a life, as the rows that acts would have left: each change with its event in the chain, the
//! clock with its notices, the facts it is counted under.

use serde_json::{Value, json};

use super::maker::Maker;
use crate::domain::case::{CloseCode, State, Verb};
use crate::domain::days_used::days_used;
use crate::domain::deadline::due;
use crate::domain::event::{Event, acts};
use crate::domain::limit::Limit;
use crate::domain::policy::{ClockPurpose, When};
use crate::domain::time::Moment;
use crate::domain::watch::{DUE_SOON, OVERDUE, warned_at};
use crate::keys::sha256;
use crate::store::bulk::{Facts, Notice, Round, RoundTerms};
use crate::store::cases::Case;
use crate::store::clocks::Clock;

/// A case whose rows are not written yet.
pub struct File<'m, 'a> {
    /// Where its rows go.
    pub maker: &'m mut Maker<'a>,
    /// The case.
    pub case: Case,
    round: Round,
    clock: Clock,
    facts: Facts,
    seq: i64,
    head: String,
    noticed: Vec<(When, Moment)>,
}

/// Who does something.
#[derive(Clone, Copy)]
pub enum By {
    /// The petitioner.
    Petitioner,
    /// The program.
    System,
    /// A member of staff.
    Staff(i64),
}

impl<'m, 'a> File<'m, 'a> {
    /// Opens the file of a new case.
    pub fn open(maker: &'m mut Maker<'a>, mut case: Case, limit: Limit) -> Self {
        let received = case.received_at;
        let (clock, round) = begin(maker, &mut case, received, limit);
        let facts = Facts {
            case_id: case.id,
            from_at: received,
            to_at: None,
            channel: case.channel,
            kind: case.kind,
            category: case.category.clone(),
            speed_class: case.speed_class.clone(),
            unit_id: None,
        };
        Self { maker, case, round, clock, facts, seq: 0, head: String::new(), noticed: Vec::new() }
    }

    /// Moves on to a moment: what the clock has to say before it is said. `false` when the present comes first.
    pub fn reach(&mut self, at: Moment) -> bool {
        let until = at.min(self.maker.now);
        while let Some(check) = self.clock.next_check_at.filter(|check| *check < until) {
            self.watch(check.max(self.maker.last_act));
        }
        at < self.maker.now
    }

    /// What the sweep does when the clock's check has come: of several warnings the last one says it all, and what speaks
    /// of the time before the end is silent after it.
    fn watch(&mut self, at: Moment) {
        let due = self.clock.due_at;
        let mut said = None;
        for (when, moment) in moments(self.maker, &self.clock) {
            if moment > at || self.noticed.contains(&(when, due)) {
                continue;
            }
            self.noticed.push((when, due));
            self.maker.rows.notices.push(Notice { clock_id: self.clock.id, kind: when.to_string(), due_at: due, at });
            if when.is_overdue() == (at >= due) {
                said = said.max(Some((moment, when)));
            }
        }
        self.clock.next_check_at = self.next_check();
        let Some((_, when)) = said else { return };
        let kind = if when.is_overdue() { OVERDUE } else { DUE_SOON };
        let facts = json!({ "notice": kind, "when": when, "clock": ClockPurpose::Reply, "due": due });
        self.event(at, acts::NOTICE, By::System, &facts);
    }

    /// The first warning of the clock that was not given.
    fn next_check(&self) -> Option<Moment> {
        let given = |when| self.noticed.contains(&(when, self.clock.due_at));
        let left = moments(self.maker, &self.clock).into_iter().filter(|(when, _)| !given(*when));
        left.map(|(_, moment)| moment).min()
    }

    /// Appends to the history.
    pub fn event(&mut self, at: Moment, act: &str, by: By, facts: &Value) {
        self.seq += 1;
        self.maker.last_act = at;
        let (actor, staff_id) = match by {
            By::Petitioner => ("petitioner", None),
            By::System => ("system", None),
            By::Staff(id) => ("staff", Some(id)),
        };
        let mut event = Event {
            case_id: self.case.id,
            seq: self.seq,
            at,
            act: act.to_owned(),
            actor: actor.to_owned(),
            staff_id,
            facts: facts.to_string(),
            previous: std::mem::take(&mut self.head),
            hash: String::new(),
        };
        event.hash = sha256(event.canonical().as_bytes());
        self.head.clone_from(&event.hash);
        self.maker.rows.events.push(event);
    }

    /// Does a verb: the state it leads to, a new version, its event.
    pub fn verb(&mut self, at: Moment, verb: Verb, to: State, by: By, mut facts: Value) {
        let from = std::mem::replace(&mut self.case.state, to);
        if let (true, Some(map)) = (from != to, facts.as_object_mut()) {
            map.insert("from".into(), from.code().into());
            map.insert("to".into(), to.code().into());
        }
        self.case.version += 1;
        self.event(at, verb.code(), by, &facts);
    }

    /// After kind, category, speed class or unit changed: what the case is counted under from then on.
    pub fn count_anew(&mut self, at: Moment) {
        (self.round.registered_at, self.round.assigned_at) = match self.case.round {
            1 => (self.case.registered_at, self.case.assigned_at),
            _ => (None, None),
        };
        let (facts, case) = (&self.facts, &self.case);
        let same = (facts.kind, &facts.category, &facts.speed_class, facts.unit_id)
            == (case.kind, &case.category, &case.speed_class, case.unit_id);
        if same {
            return;
        }
        let mut old = self.facts.clone();
        old.to_at = Some(at);
        self.maker.rows.facts.push(old);
        self.facts.from_at = at;
        self.facts.category.clone_from(&self.case.category);
        self.facts.speed_class.clone_from(&self.case.speed_class);
        (self.facts.kind, self.facts.unit_id) = (self.case.kind, self.case.unit_id);
    }

    /// A person has it from now on.
    pub fn accept(&mut self, at: Moment, handler: i64) {
        self.case.handler_id = Some(handler);
        self.round.accepted_at.get_or_insert(at);
    }

    /// It goes to a unit that is not below the one it has: reassigned (改分).
    pub fn reassign(&mut self, at: Moment) {
        self.keep_terms(at);
        self.round.moves += 1;
    }

    /// A rating is asked for with the reply.
    pub const fn ask_rating(&mut self) {
        self.round.asked = true;
    }

    /// The reply is rated.
    pub fn rated(&mut self, at: Moment) {
        self.round.rated_at.get_or_insert(at);
    }

    /// What the round was due by, and how often it had been reassigned, until now.
    fn keep_terms(&mut self, at: Moment) {
        let round = &self.round;
        let same = |kept: &RoundTerms| (kept.case_id, kept.round, kept.until_at) == (round.case_id, round.round, at);
        // Of several changes at one moment the first knows what was in force before.
        if self.maker.rows.terms.last().is_some_and(same) {
            return;
        }
        let (original_due_at, due_at, moves) = (round.original_due_at, round.due_at, round.moves);
        let (case_id, round) = (round.case_id, round.round);
        self.maker.rows.terms.push(RoundTerms { case_id, round, until_at: at, original_due_at, due_at, moves });
    }

    /// Another limit from the same start.
    pub fn set_limit(&mut self, limit: Limit, at: Moment) {
        if self.clock.time_limit == limit.to_string() {
            return;
        }
        let calendar = self.maker.time.calendar();
        let due_at = due(self.clock.start_at, limit, calendar, &[]).map_or(self.clock.due_at, |answer| answer.due);
        self.clock.time_limit = limit.to_string();
        self.clock.original_due_at = due_at;
        self.set_due(due_at, at);
        (self.round.original_due_at, self.case.original_due_at) = (Some(due_at), Some(due_at));
    }

    /// Another due moment; the clock is looked at before it again.
    pub fn set_due(&mut self, due_at: Moment, at: Moment) {
        self.keep_terms(at);
        self.clock.due_at = due_at;
        self.clock.next_check_at = self.next_check();
        (self.round.due_at, self.case.due_at) = (Some(due_at), Some(due_at));
    }

    /// The clock's id and due moment.
    #[must_use]
    pub fn clock(&self) -> (i64, Moment) {
        (self.clock.id, self.clock.due_at)
    }

    /// The case is finished under a code.
    pub fn finish(&mut self, at: Moment, code: CloseCode) {
        let calendar = self.maker.time.calendar();
        (self.case.finished_at, self.case.close_code) = (Some(at), Some(code));
        (self.clock.finished_at, self.clock.next_check_at) = (Some(at), None);
        (self.round.finished_at, self.round.close_code) = (Some(at), Some(code));
        self.round.finished_month = Some(at.month_in(calendar.zone()));
        self.round.half_days = Some(days_used(self.round.opened_at, at, calendar, &[]).0);
    }

    /// A new round begins.
    pub fn open_again(&mut self, at: Moment, limit: Limit) {
        let case = &mut self.case;
        case.round += 1;
        (case.handler_id, case.close_code, case.extended) = (None, None, false);
        (case.replied_at, case.finished_at, case.closed_at, case.rating_until) = (None, None, None, None);
        let (clock, round) = begin(self.maker, case, at, limit);
        self.maker.rows.clocks.push(std::mem::replace(&mut self.clock, clock));
        self.maker.rows.rounds.push(std::mem::replace(&mut self.round, round));
        self.noticed.clear();
    }

    /// The life is told up to the present: the rows are handed over, the head of the history to be sealed.
    pub fn close(self) {
        let Self { maker, case, round, mut clock, facts, seq, head, .. } = self;
        clock.holder_unit_id = case.unit_id;
        maker.heads.push((case.id, seq, head));
        maker.rows.cases.push(case);
        maker.rows.rounds.push(round);
        maker.rows.clocks.push(clock);
        maker.rows.facts.push(facts);
    }
}

/// When a clock gives which warning.
fn moments(maker: &Maker<'_>, clock: &Clock) -> Vec<(When, Moment)> {
    let calendar = maker.time.calendar();
    maker.warnings.iter().map(|when| (*when, warned_at(*when, clock.start_at, clock.due_at, calendar))).collect()
}

/// A round with its clock.
fn begin(maker: &mut Maker<'_>, case: &mut Case, at: Moment, limit: Limit) -> (Clock, Round) {
    let calendar = maker.time.calendar();
    let due_at = due(at, limit, calendar, &[]).map_or(at, |answer| answer.due);
    (case.original_due_at, case.due_at) = (Some(due_at), Some(due_at));
    maker.last_act = at;
    maker.clock += 1;
    let mut clock = Clock {
        id: maker.clock,
        case_id: case.id,
        round: case.round,
        purpose: ClockPurpose::Reply,
        unit_id: None,
        region: String::new(),
        policy_id: None,
        start_at: at,
        time_limit: limit.to_string(),
        original_due_at: due_at,
        due_at,
        calendar_version: calendar.version(),
        next_check_at: None,
        finished_at: None,
        holder_unit_id: None,
    };
    clock.next_check_at = moments(maker, &clock).into_iter().map(|(_, moment)| moment).min();
    let round = Round {
        case_id: case.id,
        round: case.round,
        opened_at: at,
        opened_month: at.month_in(calendar.zone()),
        finished_at: None,
        finished_month: None,
        close_code: None,
        original_due_at: Some(due_at),
        due_at: Some(due_at),
        half_days: None,
        registered_at: None,
        assigned_at: None,
        accepted_at: None,
        moves: 0,
        counted_at: at,
        asked: false,
        rated_at: None,
    };
    (clock, round)
}
