//! An internal note: never shown to the petitioner.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::notes;

/// The longest note, in characters.
const LONGEST: usize = 5000;

/// Writes a note. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty or very long note; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn note(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64, body: &str) -> Result<i64> {
    let body = many_lines(body);
    if body.is_empty() || body.chars().count() > LONGEST {
        return Err(Error::invalid("note", "note-length"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let gate = Gate::staff(db, &office, &staff, Verb::Note, case_id, version)?;
        notes::insert(db, case_id, staff.id, &body, now)?;
        gate.done(db, now, &json!({}))?;
        Ok(gate.case.version)
    })
}
