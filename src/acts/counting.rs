//! The clocks of a case: started by the event each runs from, measured with the calendar of the unit's region, the pauses
//! and the extensions, and stopped when what they measure is done. The reply's clock alone is the case's due moment.

use jiff::civil::Date;

use crate::acts::Office;
use crate::domain::asking::{ConsultationState, RequestState, SupplementState};
use crate::domain::calendar::Calendar;
use crate::domain::days_used::days_used;
use crate::domain::deadline::{due, due_extended};
use crate::domain::limit::Limit;
use crate::domain::pauses::Pause;
use crate::domain::policy::{ClockPurpose, Rules, StartEvent, Subject, When};
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, next_check};
use crate::error::{Error, Result};
use crate::store::Db;
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock, Extension, NewClock};
use crate::store::pauses::{self, PauseRow};
use crate::store::reference::Reference;
use crate::store::{consultations, extensions, submissions, supplements};

/// The rules of a case, and the policy document they come from: the one in force when the case was received.
///
/// # Errors
/// `Invalid` when the case's speed class is unknown.
pub fn rules_of(reference: &Reference, office: &Office, case: &Case) -> Result<(Option<i64>, Rules)> {
    let class = case.speed_class.as_deref().unwrap_or(&office.rules.default_speed_class);
    let limit = reference.speed_class(class)?.limit;
    let subject = Subject {
        category: case.category.as_deref(),
        kind: case.kind,
        channel: case.channel,
        speed_class: Some(class),
    };
    let set = reference
        .policies_on(case.received_at.date_in(&office.zone))
        .ok_or_else(|| Error::internal("no policies are installed: run `chenqing migrate`"))?;
    Ok((Some(set.id), set.policies.rules(&subject, limit)))
}

/// What a clock is measured with beside its start, limit and calendar.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// The pauses that stop it; of one that still runs, up to now.
    pub pauses: Vec<Pause>,
    /// Its extensions.
    pub extensions: Vec<Limit>,
}

/// Whether a pause that stops the clock stops those of this purpose: reply and ceiling.
#[must_use]
pub const fn is_paused(purpose: ClockPurpose) -> bool {
    matches!(purpose, ClockPurpose::Reply | ClockPurpose::Ceiling)
}

/// Reads what a clock is measured with.
///
/// # Errors
/// Of the database.
pub fn measures(db: &mut Db, reference: &Reference, clock: &Clock, now: Moment) -> Result<Measures> {
    if !is_paused(clock.purpose) {
        return Ok(Measures::default());
    }
    let rows = pauses::of_round(db, clock.case_id, clock.round)?;
    let calendar = reference.calendar_in(&clock.region);
    let extensions = clocks::extensions(db, clock.id)?;
    Ok(Measures {
        pauses: stopping(&rows, now),
        extensions: extensions.iter().map(|extension| added(extension, calendar)).collect(),
    })
}

/// The pauses that stop clocks, as values.
#[must_use]
pub fn stopping(rows: &[PauseRow], now: Moment) -> Vec<Pause> {
    let stops = rows.iter().filter(|row| row.stops);
    stops.map(|row| Pause::new(row.from_at, row.to_at.unwrap_or(now).max(row.from_at), &row.reason)).collect()
}

/// What an extension adds: working days, which move on with calendar and pauses; or a given date.
#[must_use]
pub fn added(extension: &Extension, calendar: &Calendar) -> Limit {
    match u32::try_from(extension.working_days) {
        Ok(days) if days > 0 => Limit::WorkingDays(days),
        _ => Limit::FixedDate(last_day(extension.new_due_at, calendar)),
    }
}

/// The limit a clock was started with.
///
/// # Errors
/// `Internal` when what is stored is none.
pub fn limit_of(clock: &Clock) -> Result<Limit> {
    clock.time_limit.parse().map_err(|e| Error::internal(format!("clock {}: {e}", clock.id)))
}

/// The due moments of a clock by the calendar in force: the original one and the one with its extensions.
///
/// # Errors
/// `Internal` when the engine has no answer.
pub fn due_moments(reference: &Reference, clock: &Clock, with: &Measures) -> Result<(Moment, Moment)> {
    let (calendar, limit) = (reference.calendar_in(&clock.region), limit_of(clock)?);
    let fault = |e| Error::internal(format!("deadline: {e}"));
    let original = due(clock.start_at, limit, calendar, &with.pauses).map_err(fault)?.due;
    if with.extensions.is_empty() {
        return Ok((original, original));
    }
    let extended = due_extended(clock.start_at, limit, &with.extensions, calendar, &with.pauses).map_err(fault)?.due;
    Ok((original, extended.max(original)))
}

/// When the clock of the reply begins and its limit, if it has not begun and its event has come: also where the event was
/// another one before, because the case was of another kind then, or a new document changed it.
///
/// # Errors
/// Of the database.
pub fn reply_to_begin(db: &mut Db, rules: &Rules, case: &Case) -> Result<Option<(Moment, Limit)>> {
    if case.due_at.is_some() || case.finished_at.is_some() {
        return Ok(None);
    }
    let begun = match rules.start {
        StartEvent::Received => match case.submission_id {
            Some(id) => Some(submissions::get(db, id)?.created_at),
            None => Some(case.received_at),
        },
        StartEvent::Confirmed => Some(case.received_at),
        StartEvent::Registered => case.registered_at,
        StartEvent::Assigned => case.assigned_at,
    };
    Ok(begun.map(|at| (at, rules.reply_limit())))
}

/// Starts the clock of the reply if its event has come and it does not run yet.
///
/// # Errors
/// Of the database or the engine.
pub fn begin_reply(db: &mut Db, office: &Office, reference: &Reference, case: &mut Case) -> Result<Option<Clock>> {
    let (_, rules) = rules_of(reference, office, case)?;
    match reply_to_begin(db, &rules, case)? {
        Some((at, _)) => start(db, office, reference, case, ClockPurpose::Reply, None, at),
        None => Ok(None),
    }
}

/// When a limit from `start` ends, without pauses and extensions.
///
/// # Errors
/// `Internal` when the engine has no answer.
pub fn due_by(start: Moment, limit: Limit, calendar: &Calendar) -> Result<Moment> {
    Ok(due(start, limit, calendar, &[]).map_err(|e| Error::internal(format!("deadline: {e}")))?.due)
}

/// Starts a clock of the case at `start`, if the rules have one for the purpose; for `unit_id` where it is not the lead
/// unit's. The reply's due moments are written into the case.
///
/// # Errors
/// Of the database or the engine.
pub fn start(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &mut Case,
    purpose: ClockPurpose,
    unit_id: Option<i64>,
    start: Moment,
) -> Result<Option<Clock>> {
    let (policy_id, rules) = rules_of(reference, office, case)?;
    let Some(limit) = rules.limits.of(purpose) else { return Ok(None) };
    let region = reference.region_of(unit_id.or(case.unit_id));
    let calendar = reference.calendar_in(region);
    let due_at = due_by(start, limit, calendar)?;
    let new = NewClock {
        case_id: case.id,
        round: case.round,
        purpose,
        unit_id,
        region: region.to_owned(),
        policy_id,
        start_at: start,
        time_limit: limit.to_string(),
        original_due_at: due_at,
        due_at,
        calendar_version: calendar.version(),
        next_check_at: next_check(rules.warnings_of(purpose), &[], start, due_at, calendar),
    };
    let id = clocks::insert(db, &new)?;
    let clock = clocks::get(db, id)?;
    show(db, case, &clock)?;
    Ok(Some(clock))
}

/// Measures a running clock anew, by the case's present rules and unit, and writes what changed. The original due moment of
/// a reply moves with a change of its limit, because the case was in the wrong class before.
///
/// # Errors
/// Of the database or the engine.
pub fn refresh(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &mut Case,
    clock: Clock,
    now: Moment,
) -> Result<Clock> {
    let mut clock = measured(db, office, reference, case, clock, now)?;
    check_next(db, office, reference, case, &mut clock)?;
    clocks::save(db, &clock)?;
    show(db, case, &clock)?;
    Ok(clock)
}

/// A running clock as it is by the case's present rules, unit, pauses and extensions; nothing is written. Where neither its
/// limit nor its region changed, what would end earlier is the calendar's doing: the promised day stands until a control
/// officer has decided, and a change of the calendar that is not measured yet is left to the job that tells them.
///
/// # Errors
/// Of the database or the engine.
pub fn measured(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &Case,
    mut clock: Clock,
    now: Moment,
) -> Result<Clock> {
    let (policy_id, rules) = rules_of(reference, office, case)?;
    clock.policy_id = policy_id;
    let (terms, promised) = ((clock.time_limit.clone(), clock.region.clone()), (clock.original_due_at, clock.due_at));
    if let Some(limit) = rules.limits.of(clock.purpose) {
        clock.time_limit = limit.to_string();
    }
    clock.region = reference.region_of(clock.unit_id.or(case.unit_id)).to_owned();
    let with = measures(db, reference, &clock, now)?;
    let measured = due_moments(reference, &clock, &with)?;
    let same_terms = terms == (clock.time_limit.clone(), clock.region.clone());
    let holds = if same_terms { (measured.0.max(promised.0), measured.1.max(promised.1)) } else { measured };
    (clock.original_due_at, clock.due_at) = holds;
    if holds == measured {
        clock.calendar_version = reference.calendar.version();
    }
    Ok(clock)
}

/// Measures every running clock of the case anew.
///
/// # Errors
/// Of the database or the engine.
pub fn refresh_all(db: &mut Db, office: &Office, reference: &Reference, case: &mut Case, now: Moment) -> Result<()> {
    for clock in clocks::running(db, case.id)? {
        refresh(db, office, reference, case, clock, now)?;
    }
    Ok(())
}

/// Sets when the sweep looks at a clock next: at the first warning not given for its due moment; never while it is paused.
///
/// # Errors
/// Of the database.
pub fn check_next(db: &mut Db, office: &Office, reference: &Reference, case: &Case, clock: &mut Clock) -> Result<()> {
    let (_, rules) = rules_of(reference, office, case)?;
    let given: Vec<When> =
        clocks::noticed(db, clock.id, clock.due_at)?.iter().filter_map(|kind| kind.parse().ok()).collect();
    let calendar = reference.calendar_in(&clock.region);
    let stands = is_paused(clock.purpose)
        && pauses::of_round(db, clock.case_id, clock.round)?.iter().any(|row| row.stops && row.to_at.is_none());
    clock.next_check_at = if clock.finished_at.is_some() || stands {
        None
    } else {
        next_check(rules.warnings_of(clock.purpose), &given, clock.start_at, clock.due_at, calendar)
    };
    Ok(())
}

/// Writes the reply's due moments into the case and its round.
///
/// # Errors
/// Of the database.
pub fn show(db: &mut Db, case: &mut Case, clock: &Clock) -> Result<()> {
    if clock.purpose != ClockPurpose::Reply {
        return Ok(());
    }
    (case.original_due_at, case.due_at) = (Some(clock.original_due_at), Some(clock.due_at));
    cases::set_round_due(db, case)
}

/// Stops one clock: what it measures is done.
///
/// # Errors
/// Of the database.
pub fn stop(db: &mut Db, clock_id: i64, now: Moment) -> Result<()> {
    let clock = clocks::get(db, clock_id)?;
    clocks::save(db, &Clock { finished_at: Some(now), next_check_at: None, ..clock })
}

/// The last day of a case's reply, by the calendar of its unit.
#[must_use]
pub fn due_on(reference: &Reference, case: &Case) -> Option<Date> {
    case.due_at.map(|due| last_day(due, reference.calendar_of(case.unit_id)))
}

/// What the case still asks of others is asked no longer.
fn ask_no_longer(db: &mut Db, case_id: i64, now: Moment) -> Result<()> {
    if let Some(asked) = supplements::open(db, case_id)? {
        supplements::settle(db, asked.id, SupplementState::Ended, None, None)?;
    }
    for asked in consultations::open(db, case_id)? {
        consultations::settle(db, asked.id, ConsultationState::Withdrawn, None, Some(now))?;
    }
    extensions::decide(db, case_id, RequestState::Lapsed, "", None, now)
}

/// Ends the case's clocks and its round: it is finished (辦結) at `now`.
///
/// # Errors
/// Of the database.
pub fn finish(db: &mut Db, office: &Office, reference: &Reference, case: &mut Case, now: Moment) -> Result<()> {
    let opened_at = cases::round_opened_at(db, case)?;
    case.finished_at = Some(now);
    ask_no_longer(db, case.id, now)?;
    let running: Vec<i64> =
        pauses::of_round(db, case.id, case.round)?.iter().filter(|p| p.to_at.is_none()).map(|p| p.id).collect();
    for id in &running {
        pauses::end(db, *id, now, None)?;
    }
    if !running.is_empty() {
        refresh_all(db, office, reference, case, now)?;
    }
    let waited = stopping(&pauses::of_round(db, case.id, case.round)?, now);
    clocks::finish_all(db, case.id, now)?;
    let used = days_used(opened_at, now, reference.calendar_of(case.unit_id), &waited);
    cases::finish_round(db, case, now, now.month_in(&office.zone), used.0)
}
