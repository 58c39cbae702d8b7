//! Staff have a letter sent again that failed for good: the mail server is back, or the address was put right.

use serde_json::json;

use crate::acts::{Office, rights_of};
use crate::domain::event::acts;
use crate::domain::rights::may_see;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::letters::LetterRow;
use crate::store::{Db, cases, events, letters};

/// Who may, for every letter; the handler of a case may for its letters.
pub const ROLES: &[Role] = &[Role::Registrar, Role::ControlOfficer, Role::Administrator];

/// Puts a failed letter back into the outbox, to be tried at once and for all its days.
///
/// # Errors
/// `Refused` for others; `NotFound`; `Conflict` when it is no longer failed.
pub fn retry_letter(office: &Office, now: Moment, staff: &Staff, letter_id: i64) -> Result<()> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let letter = letters::get(db, letter_id)?;
        if !may_retry(db, &office, &staff, &letter)? {
            return Err(Error::refused("refused-role"));
        }
        if let (Some(case_id), Some(_)) = (letter.case_id, letter.party_id) {
            cases::lock_for_log(db, case_id)?;
            let facts = json!({ "letter": letter.id, "kind": letter.kind });
            events::append(db, case_id, now, acts::LETTER_RETRIED, &Actor::Staff(staff.clone()), &facts)?;
        }
        letters::retry(db, letter_id, now)
    })
}

/// Whether `staff` may have the letter sent again.
///
/// # Errors
/// Of the database.
pub fn may_retry(db: &mut Db, office: &Office, staff: &Staff, letter: &LetterRow) -> Result<bool> {
    let Some(case_id) = letter.case_id.filter(|_| !staff.is_any(ROLES)) else { return Ok(staff.is_any(ROLES)) };
    let case = cases::get(db, case_id)?;
    let is_handler = staff.is(Role::Handler) && case.handler_id == Some(staff.id);
    Ok(is_handler && may_see(staff, &rights_of(db, &case, None)?, &office.reference(db)?.units))
}
