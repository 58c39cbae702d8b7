//! A replied or closed case is opened again (複查): a new round with its own clock; the earlier ending stays in the
//! figures.

use serde_json::json;

use crate::acts::keep_closed::decide_reviews;
use crate::acts::owing::{Enclosed, distributors, people, petitioner};
use crate::acts::{Gate, Office, counting};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::policy::ClockPurpose;
use crate::domain::reply::ReviewState;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::{cases, notes};

/// Opens the case again with a reason. Returns its new version.
///
/// # Errors
/// `Invalid` without a reason; `Refused` for the reply's handler or approver while its review is open; `Conflict`,
/// `NotFound`.
pub fn reopen(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64, reason: &str) -> Result<i64> {
    let reason = many_lines(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Reopen, case_id, version)?;
        decide_reviews(db, case_id, &staff, ReviewState::Reopened, &reason, now)?;
        let reference = gate.reference.clone();
        let case = &mut gate.case;
        case.round += 1;
        (case.handler_id, case.close_code) = (None, None);
        (case.replied_at, case.finished_at, case.closed_at, case.rating_until) = (None, None, None, None);
        case.extended = false;
        cases::open_round(db, case_id, case.round, now, (now, now.month_in(&office.zone)), None, None)?;
        for purpose in [ClockPurpose::Acceptance, ClockPurpose::Reply, ClockPurpose::Ceiling] {
            counting::start(db, &office, &reference, case, purpose, None, now)?;
        }
        notes::insert(db, case_id, staff.id, &reason, now)?;
        gate.done(db, now, &json!({ "round": gate.case.round, "due": gate.case.due_at }))?;
        let Some(due) = gate.case.due_at else { return Ok(gate.case.version) };
        let due_on = last_day(due, &reference.calendar);
        let (number, subject) = (gate.case.number().to_owned(), gate.case.subject.clone());
        let letter = Letter::Reopened { number: number.clone(), subject: subject.clone(), unit: gate.unit().0, due_on };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        if let Some(unit_id) = gate.case.unit_id {
            let unit = reference.units.get(unit_id).map(|u| u.name_zh.clone()).unwrap_or_default();
            let readers = distributors(db, &reference.units, unit_id)?;
            let letter = Letter::CaseForUnit { number, subject, unit, due_on, for_whom: None };
            people(db, &office, case_id, &readers, &letter, now)?;
        }
        Ok(gate.case.version)
    })
}
