//! An extension (展期): granted before the limit ends, by whoever's rank suffices for all working days together, with a
//! reason that the petitioner is told. The original due moment stays: finished after it counts as late even when extended.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office, counting, rights_of};
use crate::domain::asking::RequestState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::rights::{outranks, rank_in};
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_days};
use crate::error::{Error, FieldError, Message, Result};
use crate::store::clocks::{self, Clock};
use crate::store::{Db, extensions};

/// Extends the case to the end of `until`, and so decides on an open request. Returns its new version.
///
/// # Errors
/// `Invalid` for a day that is not later, not worked, or too far, or without a reason; `Refused` when the limit has
/// ended already, it was extended too often, or a higher rank has to grant it.
pub fn extend(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    until: Date,
    reason: &str,
) -> Result<i64> {
    let reason = many_lines(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Extend, case_id, version)?;
        let wanted = wanted(db, &office, &gate, until, now)?;
        if !suffices(db, &gate, &staff, wanted.rank)? {
            let beyond = Message::new("refused-extend-beyond");
            return Err(Error::Refused(
                beyond.with("days", wanted.in_all.to_string()).with("rank", wanted.rank.code()),
            ));
        }
        let reference = gate.reference.clone();
        let (clock, old_due, added) = (wanted.clock, wanted.old_due, wanted.added);
        let row = clocks::insert_extension(db, &clock, clock.due_at, added, &reason, staff.id, now)?;
        gate.case.extended = true;
        let clock = counting::refresh(db, &office, &reference, &mut gate.case, clock, now)?;
        clocks::set_extension_due(db, row, clock.due_at)?;
        extensions::decide(db, case_id, RequestState::Granted, &reason, Some(staff.id), now)?;
        gate.done(db, now, &json!({ "old_due": old_due.to_string(), "new_due": until.to_string(), "days": added }))?;
        let (unit, unit_phone) = gate.unit();
        let letter = Letter::Extended {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            old_due,
            new_due: last_day(clock.due_at, reference.calendar_in(&clock.region)),
            reason: reason.clone(),
            officer_name: staff.name.clone(),
            officer_phone: if staff.phone.is_empty() { unit_phone } else { staff.phone.clone() },
            unit,
        };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        Ok(gate.case.version)
    })
}

/// More time, checked against the case's rules.
pub struct Wanted {
    /// The reply's clock, with its due moments as they stand today.
    pub clock: Clock,
    /// The last day before it.
    pub old_due: Date,
    /// Working days that it adds.
    pub added: i32,
    /// Working days of all extensions together, from the original last day.
    pub in_all: i64,
    /// The lowest rank that may grant it.
    pub rank: Role,
}

/// Checks whether the case may have until the end of `until`.
///
/// # Errors
/// `Invalid` for a day that is not later, not worked, or too far; `Refused` when the limit has ended already or it was
/// extended too often.
pub fn wanted(db: &mut Db, office: &Office, gate: &Gate, until: Date, now: Moment) -> Result<Wanted> {
    let (reference, case) = (&gate.reference, &gate.case);
    let mut clock = clocks::reply_clock(db, case.id, case.round)?;
    let with = counting::measures(db, reference, &clock, now)?;
    // While the case waits the dates move on with every day; a promised day that a changed calendar would take back stands.
    let measured = counting::due_moments(reference, &clock, &with)?;
    (clock.original_due_at, clock.due_at) = (measured.0.max(clock.original_due_at), measured.1.max(clock.due_at));
    let calendar = reference.calendar_in(&clock.region);
    let (_, rules) = counting::rules_of(reference, office, case)?;
    if now >= clock.due_at {
        return Err(Error::refused("refused-extend-late"));
    }
    if with.extensions.len() >= rules.extension.times as usize {
        let often = Message::new("refused-extend-often").with("times", rules.extension.times.to_string());
        return Err(Error::Refused(often));
    }
    let old_due = last_day(clock.due_at, calendar);
    if until <= old_due || !calendar.is_working_day(until) {
        return Err(Error::invalid("until", "extend-until"));
    }
    let in_all = working_days(last_day(clock.original_due_at, calendar), until, calendar);
    let days = u32::try_from(in_all).unwrap_or(u32::MAX);
    let rank = rules.rank_for(days).filter(|_| days <= rules.extension.days).ok_or_else(|| {
        let message = Message::new("extend-too-far").with("days", rules.extension.days.to_string());
        Error::Invalid(vec![FieldError { field: "until", message }])
    })?;
    // Counted from where the calendar ends the time before, so that the count ends on `until`.
    let added = i32::try_from(working_days(last_day(measured.1, calendar), until, calendar)).unwrap_or(i32::MAX);
    Ok(Wanted { clock, old_due, added, in_all, rank })
}

/// Whether somebody's rank suffices on this case for what `needed` may grant.
///
/// # Errors
/// Of the database.
pub fn suffices(db: &mut Db, gate: &Gate, staff: &Staff, needed: Role) -> Result<bool> {
    let rights = rights_of(db, &gate.case, gate.reply.as_ref())?;
    Ok(rank_in(staff, &rights, &gate.reference.units).is_some_and(|rank| outranks(rank, needed)))
}
