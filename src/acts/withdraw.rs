//! The petitioner takes the petition back, by number and query code or through staff.

use serde_json::json;

use crate::acts::ending::end;
use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office};
use crate::domain::case::{CloseCode, Verb};
use crate::domain::letter::Letter;
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::Db;

/// Withdraws at the petitioner's own hand; the caller has checked number and query code.
///
/// # Errors
/// `Refused` when the case has ended already.
pub fn by_petitioner(office: &Office, now: Moment, case_id: i64) -> Result<()> {
    let office = office.clone();
    office.store.clone().write(move |db| {
        let mut gate = Gate::other(db, &office, Actor::Petitioner, Verb::Withdraw, case_id)?;
        finish(db, &office, &mut gate, "", now)
    })
}

/// Withdraws at the petitioner's wish, told to staff; the reason says how they told it. Returns the case's new version.
///
/// # Errors
/// `Invalid` without a reason; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn by_staff(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64, reason: &str) -> Result<i64> {
    let reason = many_lines(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Withdraw, case_id, version)?;
        finish(db, &office, &mut gate, &reason, now)?;
        Ok(gate.case.version)
    })
}

fn finish(db: &mut Db, office: &Office, gate: &mut Gate, reason: &str, now: Moment) -> Result<()> {
    end(db, office, gate, CloseCode::Withdrawn, reason, &json!({}), now)?;
    let letter = Letter::Withdrawn { number: gate.case.number().to_owned(), subject: gate.case.subject.clone() };
    petitioner(db, office, &gate.case, &letter, Enclosed::default(), now)
}
