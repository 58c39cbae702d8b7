//! The endings without a reply share one way: the case is closed and finished under its code.

use serde_json::Value;

use crate::acts::{Gate, Office, counting};
use crate::domain::case::CloseCode;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::{Db, notes};

/// Closes the case under `code`; `reason` becomes an internal note.
///
/// # Errors
/// Of the database.
pub fn end(
    db: &mut Db,
    office: &Office,
    gate: &mut Gate,
    code: CloseCode,
    reason: &str,
    facts: &Value,
    now: Moment,
) -> Result<()> {
    gate.case.close_code = Some(code);
    gate.case.closed_at = Some(now);
    let reference = gate.reference.clone();
    counting::finish(db, office, &reference, &mut gate.case, now)?;
    if let (Some(staff_id), false) = (gate.actor.staff_id(), reason.is_empty()) {
        notes::insert(db, gate.case.id, staff_id, reason, now)?;
    }
    gate.done(db, now, facts)
}
