//! Offices are shut on the day (臨時停止上班), everywhere or in a region: entered in seconds, in force with a new version of
//! the calendar.

use jiff::civil::Date;

use crate::acts::Office;
use crate::domain::closure::{Closure, WHOLE_DAY};
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::reference::Reference;
use crate::store::{calendars, closures};

/// Who may enter and revoke closures.
pub const ROLES: &[Role] = &[Role::Administrator, Role::ControlOfficer];

/// Characters of a reason: it stands in letters.
const LONGEST_REASON: usize = 100;
/// Days before and after today that a closure may be of: what lies farther off is a slip of the keyboard.
const FARTHEST_DAYS: i32 = 366;

/// Enters a closure; its id. `by` is nobody at the command line of the machine itself; `seen` is the version that the
/// preview was compared with, where there was one.
///
/// # Errors
/// `Refused` for other roles and for what is shut already; `Invalid` field by field; `Conflict` when the calendar changed
/// since `seen`.
pub fn close(office: &Office, now: Moment, by: Option<&Staff>, closure: &Closure, seen: Option<i64>) -> Result<i64> {
    if by.is_some_and(|staff| !staff.is_any(ROLES)) {
        return Err(Error::refused("refused-role"));
    }
    let (office, by) = (office.clone(), by.map(|staff| staff.id));
    let closure = Closure { reason: one_line(&closure.reason), ..closure.clone() };
    office.store.clone().write(move |db| {
        let reference = office.reference(db)?;
        calendars::lock(db)?;
        let version = calendars::in_force(db)?;
        if seen.is_some_and(|seen| seen != version) {
            return Err(Error::Conflict);
        }
        check(&reference, &closures::in_force(db)?, &closure, now.date_in(&office.zone))?;
        let note = format!("closure {} {}", closure.date, closure.region);
        let version = calendars::activate(db, &[], &[], note.trim_end(), now)?;
        closures::insert(db, &closure, version, by, now)
    })
}

/// Checks a closure before it is previewed or entered.
///
/// # Errors
/// As for [`close`].
pub fn check(reference: &Reference, others: &[Closure], closure: &Closure, today: Date) -> Result<()> {
    let mut wrong = Vec::new();
    if !closure.region.is_empty() && !reference.regions.iter().any(|region| region.code == closure.region) {
        wrong.push(FieldError::new("region", "field-choose"));
    }
    let far = jiff::Span::new().days(FARTHEST_DAYS);
    if today.checked_add(far).is_ok_and(|last| closure.date > last)
        || today.checked_sub(far).is_ok_and(|first| closure.date < first)
    {
        wrong.push(FieldError::new("date", "closure-too-far"));
    }
    if closure.from_minute < 0 || closure.to_minute > WHOLE_DAY || closure.from_minute >= closure.to_minute {
        wrong.push(FieldError::new("to", "closure-ends-before"));
    }
    match closure.reason.chars().count() {
        0 => wrong.push(FieldError::new("reason", "field-reason")),
        length if length > LONGEST_REASON => wrong.push(FieldError::new("reason", "closure-reason-long")),
        _ => {}
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let covers = |other: &&Closure| {
        other.holds_in(&closure.region)
            && other.date == closure.date
            && other.from_minute <= closure.from_minute
            && other.to_minute >= closure.to_minute
    };
    if others.iter().any(|other| covers(&other)) {
        return Err(Error::refused("refused-closed-already"));
    }
    Ok(())
}
