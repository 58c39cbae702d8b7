//! An extension (展期): asked before the limit ends, with a reason that the petitioner is told. The original due moment
//! stays: finished after it counts as late even when extended.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office, counting};
use crate::domain::case::Verb;
use crate::domain::deadline::due;
use crate::domain::letter::Letter;
use crate::domain::limit::Limit;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_days};
use crate::error::{Error, Result};
use crate::store::clocks;

/// The most that all extensions of a case together may add, in working days (practice: 30 in all).
const MOST_WORKING_DAYS: i64 = 30;
/// Extensions a case may have (practice: 3).
const MOST_TIMES: usize = 3;

/// Extends the case to the end of `until`. Returns its new version.
///
/// # Errors
/// `Invalid` for a day that is not later, not worked, or too far, or without a reason; `Refused` when the limit has
/// ended already or it was extended too often.
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
        let reference = gate.reference.clone();
        let calendar = reference.calendar_of(gate.case.unit_id);
        let clock = clocks::reply_clock(db, case_id, gate.case.round)?;
        if now >= clock.due_at {
            return Err(Error::refused("refused-extend-late"));
        }
        if clocks::extensions(db, clock.id)?.len() >= MOST_TIMES {
            return Err(Error::refused("refused-extend-often"));
        }
        let old_due = last_day(clock.due_at, calendar);
        if until <= old_due || !calendar.is_working_day(until) {
            return Err(Error::invalid("until", "extend-until"));
        }
        let original = last_day(clock.original_due_at, calendar);
        if working_days(original, until, calendar) > MOST_WORKING_DAYS {
            return Err(Error::invalid("until", "extend-too-far"));
        }
        let fault = |e| Error::internal(format!("deadline: {e}"));
        let new_due_at = due(clock.start_at, Limit::FixedDate(until), calendar, &[]).map_err(fault)?.due;
        let added = i32::try_from(working_days(old_due, until, calendar)).unwrap_or(i32::MAX);
        clocks::insert_extension(db, &clock, new_due_at, added, &reason, staff.id, now)?;
        gate.case.extended = true;
        counting::refresh(db, &office, &reference, &mut gate.case, clock, now)?;
        gate.done(db, now, &json!({ "old_due": old_due.to_string(), "new_due": until.to_string() }))?;
        let (unit, unit_phone) = gate.unit();
        let letter = Letter::Extended {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            old_due,
            new_due: until,
            reason: reason.clone(),
            officer_name: staff.name.clone(),
            officer_phone: if staff.phone.is_empty() { unit_phone } else { staff.phone.clone() },
            unit,
        };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        Ok(gate.case.version)
    })
}
