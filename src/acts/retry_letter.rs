//! Staff have a letter sent again that failed for good: the mail server is back, or the address was put right.

use serde_json::json;

use crate::acts::Office;
use crate::domain::delivery::LetterState;
use crate::domain::event::acts;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{cases, events, letters};

/// Who may.
pub const ROLES: &[Role] = &[Role::Registrar, Role::ControlOfficer, Role::Administrator];

/// Puts a failed letter back into the outbox, to be tried at once.
///
/// # Errors
/// `Refused` for other roles; `NotFound`; `Conflict` when it is no longer failed.
pub fn retry_letter(office: &Office, now: Moment, staff: &Staff, letter_id: i64) -> Result<()> {
    if !staff.is_any(ROLES) {
        return Err(Error::refused("refused-role"));
    }
    let staff = staff.clone();
    office.store.write(move |db| {
        let letter = letters::get(db, letter_id)?;
        if let (Some(case_id), Some(_)) = (letter.case_id, letter.party_id) {
            cases::lock_for_log(db, case_id)?;
            let facts = json!({ "letter": letter.id, "kind": letter.kind });
            events::append(db, case_id, now, acts::LETTER_RETRIED, &Actor::Staff(staff.clone()), &facts)?;
        }
        letters::set_state(db, letter_id, LetterState::Failed, LetterState::Waiting, Some(now), None)
    })
}
