//! A letter to the petitioner goes to another address: theirs was mistyped, is full, or no longer read, and they told us a
//! new one. Either all their letters go there from now on, or this one alone. The history says that it happened, and by
//! whom; the address stands in it as a keyed digest only.

use serde_json::json;

use crate::acts::submit::is_key;
use crate::acts::{Office, rights_of};
use crate::domain::delivery::LetterState;
use crate::domain::event::acts;
use crate::domain::rights::{CaseRights, may_see, may_see_identity};
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::submission::{is_email, one_line};
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::error::{Error, Result};
use crate::keys::{Keys, random_word, sha256};
use crate::store::idempotency::{self, Done, Request};
use crate::store::{cases, events, letters, parties};

/// The scope of idempotency keys of letters sent elsewhere.
const SCOPE: &str = "redirect_letter";

/// The states in which a letter can be sent elsewhere: one that is being sent at this moment must be waited for, and one on
/// paper has no such address.
pub const STATES: &[LetterState] = &[LetterState::Failed, LetterState::Waiting, LetterState::Sent];

/// Whether `staff` may send letters of the case elsewhere: registrars and the handler, and nobody whom it complains of.
/// Whoever chooses the address could read what the petitioner is told.
#[must_use]
pub fn may_redirect(staff: &Staff, case: &CaseRights, units: &Units) -> bool {
    let is_handler = staff.is(Role::Handler) && case.handler_id == Some(staff.id);
    (staff.is(Role::Registrar) || is_handler) && may_see_identity(staff, case, units).is_some()
}

/// Sends what the letter says to `email`; with `from_now_on` all further letters of the petitioner go there too. The letter
/// that did not arrive no longer waits. The id of the new letter; the same key and content give the same one again.
///
/// # Errors
/// `Invalid` for what is no address or no key; `NotFound` for a letter to nobody's case or a case they may not see;
/// `Refused` for others, or when the key was used for something else; `Conflict` when the letter is being sent or was sent
/// elsewhere already.
pub fn redirect_letter(
    office: &Office,
    now: Moment,
    staff: &Staff,
    letter_id: i64,
    email: &str,
    from_now_on: bool,
    key: &str,
) -> Result<i64> {
    let email = one_line(email);
    let body = sha256(json!([staff.id, letter_id, email, from_now_on]).to_string().as_bytes());
    let request = Request { scope: SCOPE, key: key.to_owned(), digest: body };
    let (store, office, staff, key) = (office.store.clone(), office.clone(), staff.clone(), key.to_owned());
    let done = idempotency::once(&store, request, now, move |db| {
        let letter = letters::get(db, letter_id)?;
        let (Some(case_id), Some(party_id)) = (letter.case_id, letter.party_id) else { return Err(Error::NotFound) };
        let case = cases::get(db, case_id)?;
        let (rights, reference) = (rights_of(db, &case, None)?, office.reference(db)?);
        if !may_see(&staff, &rights, &reference.units) {
            return Err(Error::NotFound);
        }
        if !may_redirect(&staff, &rights, &reference.units) {
            return Err(Error::refused("refused-redirect"));
        }
        if !is_email(&email) {
            return Err(Error::invalid("email", "petition-email"));
        }
        if !is_key(&key) {
            return Err(Error::invalid("key", "field-invalid"));
        }
        // Read again under the case's lock.
        cases::lock_for_log(db, case_id)?;
        let letter = letters::get(db, letter_id)?;
        if !STATES.contains(&letter.state) {
            return Err(Error::Conflict);
        }
        if letter.state != LetterState::Sent {
            letters::set_state(db, letter.id, letter.state, LetterState::Cancelled, None, None)?;
        }
        if from_now_on {
            parties::set_email(db, &office.keys, party_id, &email)?;
        }
        let own = (!from_now_on).then_some(email.as_str());
        let new = letters::copy(db, &office.keys, &letter, own, now)?;
        let facts = json!({
            "address": digest(&office.keys, &email)?,
            "from_now_on": from_now_on,
            "kind": letter.kind,
            "letter": letter.id,
            "new_letter": new,
        });
        events::append(db, case_id, now, acts::LETTER_REDIRECTED, &Actor::Staff(staff.clone()), &facts)?;
        Ok((new, new.to_string()))
    })?;
    match done {
        Done::Now(new) => Ok(new),
        Done::Before(new) => new.parse().map_err(Error::internal),
    }
}

/// Salted and keyed: it proves later which address it was, and tells nothing before.
fn digest(keys: &Keys, email: &str) -> Result<String> {
    let salt = random_word::<10>()?;
    Ok(format!("{salt}:{}", keys.index("event.address", &format!("{salt}:{email}"))?))
}
