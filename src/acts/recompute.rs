//! After the calendar changed, every running clock is measured anew, a few at a time: unchanged ones only learn the version,
//! later days are written and told, earlier ones wait for a control officer. Stopped anywhere it goes on where it was,
//! because what is left to do is what still has an older version.

use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Office, counting, gate, measured, moving};
use crate::domain::calendar_move::{Dues, MoveState, Way, way};
use crate::domain::letter::{ClosedDay, Letter};
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::calendar_moves::{self, NewMove};
use crate::store::cases::{self, Case};
use crate::store::clocks::{self, Clock};
use crate::store::reference::Reference;
use crate::store::{Db, closures, running};

/// Clocks in one write at most.
const BATCH: i64 = 200;
/// Writes in one run, which stays within the job's lease; the next run goes on.
const RUN: usize = 250;

/// Begins to measure a write's time; what it gives says whether that time is used up.
pub type Enough = fn() -> Box<dyn Fn() -> bool>;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Clocks that were measured.
    pub measured: usize,
    /// Of these, moved on to a later day.
    pub later: usize,
    /// Of these, with an earlier day that waits for a decision.
    pub waiting: usize,
}

/// Measures what is left to be measured.
///
/// # Errors
/// Of the database or the engine.
pub fn recompute(office: &Office, now: Moment, enough: Enough) -> Result<Recomputed> {
    let mut sum = Recomputed::default();
    for _ in 0..RUN {
        let done = batch(office, now, enough)?;
        sum.measured += done.measured;
        sum.later += done.later;
        sum.waiting += done.waiting;
        if done.measured == 0 {
            office.store.write(move |db| calendar_moves::drop_finished(db, now))?;
            break;
        }
    }
    Ok(sum)
}

/// One write's share of it.
///
/// # Errors
/// Of the database or the engine.
pub fn batch(office: &Office, now: Moment, enough: Enough) -> Result<Recomputed> {
    let stale = office.store.read(|db| {
        let version = office.reference(db)?.calendar.version();
        running::older(db, version, (0, 0), 1)
    })?;
    if stale.is_empty() {
        return Ok(Recomputed::default());
    }
    let office = office.clone();
    office.store.clone().write(move |db| step(db, &office, now, &*enough()))
}

fn step(db: &mut Db, office: &Office, now: Moment, enough: &dyn Fn() -> bool) -> Result<Recomputed> {
    let reference = office.reference(db)?;
    let version = reference.calendar.version();
    let list = running::older(db, version, (0, 0), BATCH)?;
    let touched = running::touched(db, &list)?;
    let mut done = Recomputed::default();
    for clock in list {
        if done.measured > 0 && enough() {
            break;
        }
        done.measured += 1;
        // One that stands still has no end to move: it is measured when it goes on.
        let same = touched.stands_still(&clock) || {
            let with = measured::with(db, &reference, &clock, &touched, now)?;
            counting::due_moments(&reference, &clock, &with)? == measured::dues(&clock)
        };
        if same {
            if running::set_version(db, &clock, version)? {
                calendar_moves::drop_waiting(db, clock.id, now)?;
            }
            continue;
        }
        match moved(db, office, &reference, &clock, now)? {
            Way::Later => done.later += 1,
            Way::Earlier => done.waiting += 1,
            Way::Same => {}
        }
    }
    Ok(done)
}

/// Measures a clock under the lock of its case, as every act takes it, and does what follows.
fn moved(db: &mut Db, office: &Office, reference: &Reference, seen: &Clock, now: Moment) -> Result<Way> {
    // A move leaves a colleague's open form valid.
    let case = cases::lock_for_log(db, seen.case_id)?;
    let mut clock = clocks::get(db, seen.id)?;
    let version = reference.calendar.version();
    if clock.finished_at.is_some() || clock.calendar_version >= version {
        return Ok(Way::Same);
    }
    let with = counting::measures(db, reference, &clock, now)?;
    let (old, new) = (measured::dues(&clock), counting::due_moments(reference, &clock, &with)?);
    calendar_moves::drop_waiting(db, clock.id, now)?;
    let row = NewMove { case_id: case.id, clock_id: clock.id, version, old, new, state: MoveState::Done, told: false };
    match way(old, new) {
        Way::Later => {
            let told = tell(db, office, reference, &case, &clock, new, now)?;
            calendar_moves::insert(db, &NewMove { told, ..row }, now)?;
            moving::shift(db, office, reference, &case, &mut clock, new, (&Actor::System, now))?;
            Ok(Way::Later)
        }
        Way::Earlier if !was_kept(db, &clock, new)? => {
            calendar_moves::insert(db, &NewMove { state: MoveState::Waiting, ..row }, now)?;
            clock.calendar_version = version;
            clocks::save(db, &clock)?;
            Ok(Way::Earlier)
        }
        Way::Earlier | Way::Same => {
            clock.calendar_version = version;
            clocks::save(db, &clock)?;
            Ok(Way::Same)
        }
    }
}

/// Whether a control officer decided already that these days stay: nobody is asked twice.
fn was_kept(db: &mut Db, clock: &Clock, new: Dues) -> Result<bool> {
    let moves = calendar_moves::of_clock(db, clock.id)?;
    let last = moves.iter().rfind(|m| m.state != MoveState::Dropped);
    Ok(last.is_some_and(|m| {
        m.state == MoveState::Kept
            && (m.old_original_due_at, m.old_due_at) == measured::dues(clock)
            && (m.new_original_due_at, m.new_due_at) == new
    }))
}

/// Owes the petitioner a letter when the policy says so and they were not told of this day before.
fn tell(
    db: &mut Db,
    office: &Office,
    reference: &Reference,
    case: &Case,
    clock: &Clock,
    new: Dues,
    now: Moment,
) -> Result<bool> {
    let calendar = reference.calendar_in(&clock.region);
    let (old_due, new_due) = (last_day(clock.due_at, calendar), last_day(new.1, calendar));
    let (_, rules) = counting::rules_of(reference, office, case)?;
    if clock.purpose != ClockPurpose::Reply || !rules.tell_moved || old_due == new_due {
        return Ok(false);
    }
    if calendar_moves::of_clock(db, clock.id)?.iter().any(|m| m.told && m.new_due_at == new.1) {
        return Ok(false);
    }
    let start = clock.start_at.date_in(calendar.zone());
    let closed = closures::since(db, clock.calendar_version)?
        .into_iter()
        .filter(|c| c.holds_in(&clock.region) && c.date >= start && c.date <= new_due)
        .map(|c| ClosedDay { on: c.date, reason: c.reason })
        .collect();
    let (unit, unit_phone) = gate::unit_of(case, reference);
    let letter = Letter::DueMoved {
        number: case.number().to_owned(),
        subject: case.subject.clone(),
        old_due,
        new_due,
        closed,
        unit,
        unit_phone,
    };
    petitioner(db, office, case, &letter, Enclosed::default(), now)?;
    Ok(true)
}
