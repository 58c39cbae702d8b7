//! Random histories of cases: opened, classified anew, given to other units, extended, finished, reopened, rated; and the
//! same written through the store.

use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::case::{ReplyBy, State};
use chenqing::domain::reply::ReplyState;
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::store::cases::{self, Case, NewCase};
use chenqing::store::replies::{self, NewReply};
use chenqing::store::reviews::{self, NewRating};
use chenqing::store::{Db, texts};
use proptest::prelude::*;
use proptest::sample::select;

use super::{at, taipei};
use crate::support::rows::party;

const HOUR: i64 = 3_600_000_000;

/// A case's life.
#[derive(Clone, Debug)]
pub struct History {
    pub channel: Channel,
    pub received_at: Moment,
    /// When it came to be known: then, or later where staff enter it.
    pub counted_at: Moment,
    /// What it was counted under, each from a moment on; the first from its receipt.
    pub facts: Vec<(Moment, Fact)>,
    pub rounds: Vec<Round>,
    /// When its first round was registered, assigned, and accepted by a person.
    pub reached: [Option<Moment>; 3],
}

impl History {
    /// How often it was reassigned before a moment; all that ever happens counts in its first round.
    pub fn moves(&self, before: Moment) -> usize {
        let changes = self.facts.windows(2).filter(|pair| pair[1].0 < before);
        let units = changes.filter_map(|pair| pair[0].1.unit.zip(pair[1].1.unit));
        // What lies below each unit of `UNITS`, itself among it.
        let below = [&[0, 1, 2, 3, 4][..], &[1, 3, 4], &[2], &[3, 4], &[4]];
        units.filter(|(from, to)| !below[*from].contains(to)).count()
    }
}

/// What changes of a case's place. The unit is a place in `UNITS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: Kind,
    pub category: Option<&'static str>,
    pub speed: Option<&'static str>,
    pub unit: Option<usize>,
}

/// A round.
#[derive(Clone, Debug)]
pub struct Round {
    pub opened_at: Moment,
    pub counted_at: Moment,
    /// Due at first, and after each change, with extensions.
    pub terms: Vec<Terms>,
    /// Whether a rating was asked for with the reply.
    pub asked: bool,
    pub finish: Option<(Moment, CloseCode, i64)>,
    pub rating: Option<(Moment, [i32; 5])>,
}

/// What a round is due by, from a moment on.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub from: Moment,
    pub original_due_at: Moment,
    pub due_at: Moment,
}

impl Terms {
    /// Due at a moment, never extended.
    pub fn plain(from: Moment, due_at: Moment) -> Vec<Self> {
        vec![Self { from, original_due_at: due_at, due_at }]
    }
}

/// Moments around the turns of years and months of Taipei, to the instant, and any hour between.
fn start() -> impl Strategy<Value = Moment> {
    let turns = ["2023-12-31T16:00:00Z", "2024-06-30T16:00:00Z", "2024-12-31T16:00:00Z", "2025-01-31T16:00:00Z"];
    let near = (select(turns.to_vec()), -3_i64..3).prop_map(|(turn, by)| Moment(at(turn).0 + by));
    let any = (0_i64..900 * 24).prop_map(|hours| Moment(at("2023-10-01T00:00:00Z").0 + hours * HOUR));
    prop_oneof![1 => near, 3 => any]
}

/// From one step of a life to the next: at once, within hours, days, or more than a year.
fn wait() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(0_i64), 6 => (1_i64..24 * 60).prop_map(|h| h * HOUR), 1 => (300_i64..500).prop_map(|d| d * 24 * HOUR)]
}

fn fact() -> impl Strategy<Value = Fact> {
    let category = prop_oneof![Just(None), select(vec!["rescue", "noise", "retired"]).prop_map(Some)];
    let speed = prop::option::of(select(vec!["normal", "urgent"]));
    (select(Kind::ALL.to_vec()), category, speed, prop::option::of(0_usize..super::UNITS.len()))
        .prop_map(|(kind, category, speed, unit)| Fact { kind, category, speed, unit })
}

type Due = (i64, i64, i64);
type Steps = (i64, Vec<Due>, i64, Option<(CloseCode, i64)>, bool, Option<(i64, [i32; 5])>);

fn steps() -> impl Strategy<Value = Steps> {
    let level = || 1_i32..=5;
    let levels = (level(), level(), level(), level(), level()).prop_map(|(a, b, c, d, e)| [a, b, c, d, e]);
    let finish = prop::option::weighted(0.85, (select(CloseCode::ALL.to_vec()), 1_i64..90));
    let limit = (0_i64..40 * 24).prop_map(|h| h * HOUR);
    let extension = prop_oneof![3 => Just(0_i64), 1 => (1_i64..20 * 24).prop_map(|h| h * HOUR)];
    let due = prop::collection::vec((wait(), limit, extension), 1..4);
    (wait(), due, wait(), finish, any::<bool>(), prop::option::of((wait(), levels)))
}

pub fn history() -> impl Strategy<Value = History> {
    let rounds = prop::collection::vec(steps(), 1..4);
    let facts = prop::collection::vec((wait(), fact()), 0..6);
    let reached = [prop::option::of(wait()), prop::option::of(wait()), prop::option::of(wait())];
    let late = prop_oneof![2 => Just(0_i64), 1 => wait()];
    (select(Channel::ALL.to_vec()), (start(), late), fact(), facts, rounds, reached).prop_map(
        |(channel, (received_at, late), first, facts, steps, reached)| {
            let counted_at = Moment(received_at.0 + late);
            // A case has no unit when it comes in.
            let mut changes = vec![(received_at, Fact { unit: None, ..first })];
            let mut moment = received_at;
            for (wait, fact) in facts {
                moment = Moment(moment.0 + wait);
                // The store keeps no change that changes nothing.
                if changes.last().is_some_and(|(_, last)| *last != fact) {
                    changes.push((moment, fact));
                }
            }
            let reached = reached.map(|wait| wait.map(|wait| Moment(received_at.0 + wait)));
            let rounds = rounds_of(received_at, counted_at, steps);
            History { channel, received_at, counted_at, facts: changes, rounds, reached }
        },
    )
}

fn rounds_of(received_at: Moment, mut counted_at: Moment, steps: Vec<Steps>) -> Vec<Round> {
    let (mut rounds, mut opened_at) = (Vec::new(), received_at);
    for (idle, due, used, finish, asked, rating) in steps {
        if !rounds.is_empty() {
            opened_at = Moment(opened_at.0 + idle);
            counted_at = opened_at;
        }
        let finish = finish.map(|(code, half_days)| (Moment(counted_at.0 + used), code, half_days));
        let (mut terms, mut from) = (Vec::new(), opened_at);
        for (wait, limit, extension) in due {
            if !terms.is_empty() {
                from = Moment(from.0.max(counted_at.0) + wait);
            }
            let original_due_at = Moment(opened_at.0 + limit);
            terms.push(Terms { from, original_due_at, due_at: Moment(original_due_at.0 + extension) });
        }
        // What is finished is not measured anew; nothing is due otherwise before anybody knows of it.
        terms.retain(|term| finish.is_none_or(|(at, ..)| term.from <= at) || term.from == opened_at);
        let replied = finish.filter(|(_, code, _)| CloseCode::REPLIED.contains(code));
        let asked = asked && replied.is_some();
        let rating = replied
            .filter(|_| asked)
            .and_then(|(finished, ..)| rating.map(|(wait, levels)| (Moment(finished.0 + wait), levels)));
        rounds.push(Round { opened_at, counted_at, terms, asked, finish, rating });
        match finish {
            Some((finished, ..)) => opened_at = finished,
            None => break,
        }
    }
    rounds
}

/// Writes the life through the store's own functions.
pub fn write(db: &mut Db, history: &History, units: &[i64], staff_id: i64) -> Result<()> {
    let zone = taipei();
    let first = &history.rounds[0];
    let kind_of = &history.facts[0].1;
    let new = NewCase {
        code_digest: None,
        version: 1,
        state: State::Received,
        channel: history.channel,
        kind: kind_of.kind,
        category: kind_of.category.map(str::to_owned),
        speed_class: kind_of.speed.map(str::to_owned),
        confidential: false,
        party_id: party(db)?,
        subject: "港區路燈".into(),
        text_id: texts::insert(db, "港區路燈不亮。")?,
        place: String::new(),
        locale: "zh-TW".into(),
        reply_by: ReplyBy::Email,
        submission_id: None,
        round: 1,
        received_at: history.received_at,
        received_month: history.counted_at.month_in(&zone),
        original_due_at: Some(first.terms[0].original_due_at),
        due_at: Some(first.terms[0].due_at),
        extended: false,
    };
    let id = cases::insert(db, &new, history.counted_at)?;
    let facts = history.facts[1..].iter().map(|(moment, fact)| (*moment, Change::Fact(fact)));
    let due = first.terms[1..].iter().map(|terms| (terms.from, Change::Due(terms)));
    let mut changes: Vec<(Moment, Change<'_>)> = facts.chain(due).collect();
    changes.sort_by_key(|(moment, _)| *moment);
    for (moment, change) in changes {
        let before = cases::lock(db, id, None)?;
        let mut case = before.clone();
        match change {
            Change::Fact(fact) => {
                (case.kind, case.category) = (fact.kind, fact.category.map(str::to_owned));
                (case.unit_id, case.speed_class) = (fact.unit.map(|at| units[at]), fact.speed.map(str::to_owned));
            }
            Change::Due(terms) => due_by(db, &mut case, terms)?,
        }
        cases::save(db, &before, &case, moment)?;
    }
    for (stage, moment) in history.reached.iter().enumerate().filter_map(|(at, moment)| moment.map(|m| (at, m))) {
        let before = cases::lock(db, id, None)?;
        let mut case = before.clone();
        match stage {
            0 => case.registered_at = Some(moment),
            1 => case.assigned_at = Some(moment),
            _ => case.handler_id = Some(staff_id),
        }
        cases::save(db, &before, &case, moment)?;
    }
    for (number, round) in (1..).zip(&history.rounds) {
        let before = cases::lock(db, id, None)?;
        let mut case = before.clone();
        if number > 1 {
            case.round = number;
            let counted = (round.counted_at, round.counted_at.month_in(&zone));
            cases::open_round(db, id, number, round.opened_at, counted, None, None)?;
            due_by(db, &mut case, &round.terms[0])?;
            cases::save(db, &before, &case, round.opened_at)?;
            for terms in &round.terms[1..] {
                let before = case.clone();
                due_by(db, &mut case, terms)?;
                cases::save(db, &before, &case, terms.from)?;
            }
        }
        if round.asked {
            cases::ask_rating(db, &case)?;
        }
        if let Some((finished, code, half_days)) = round.finish {
            case.close_code = Some(code);
            cases::finish_round(db, &case, finished, finished.month_in(&zone), half_days)?;
        }
        let before = Case { round: case.round, original_due_at: case.original_due_at, due_at: case.due_at, ..before };
        cases::save(db, &before, &case, round.opened_at)?;
        if let Some((given, levels)) = round.rating {
            rate(db, id, number, given, levels, staff_id)?;
        }
    }
    Ok(())
}

/// What happens to a case while its first round runs.
enum Change<'h> {
    Fact(&'h Fact),
    Due(&'h Terms),
}

fn due_by(db: &mut Db, case: &mut Case, terms: &Terms) -> Result<()> {
    (case.original_due_at, case.due_at) = (Some(terms.original_due_at), Some(terms.due_at));
    cases::set_round_due(db, case)
}

fn rate(db: &mut Db, case_id: i64, round: i32, given: Moment, levels: [i32; 5], author_id: i64) -> Result<()> {
    let text_id = texts::insert(db, "已修復。")?;
    let reply = NewReply {
        case_id,
        round,
        version: 1,
        state: ReplyState::Approved,
        text_id,
        legal_basis: String::new(),
        author_id,
        created_at: given,
        updated_at: given,
        return_reason: String::new(),
        nonce: "n".into(),
    };
    let reply_id = replies::insert(db, &reply)?;
    let [result, clarity, speed, attitude, overall] = levels;
    let rating = NewRating {
        case_id,
        reply_id,
        result,
        clarity,
        speed,
        attitude,
        overall,
        comment: String::new(),
        may_call: false,
        created_at: given,
        created_month: given.month_in(&taipei()),
        updated_at: given,
        changes: 0,
    };
    reviews::insert(db, &rating).map(|_| ())
}
