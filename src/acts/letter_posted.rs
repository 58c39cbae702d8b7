//! A paper letter other than a reply was printed and posted: it no longer waits, and the case's history says so. A reply
//! is posted with its case ([`super::mark_posted`]).

use serde_json::json;

use crate::acts::{Office, rights_of};
use crate::domain::case::Verb;
use crate::domain::delivery::LetterState;
use crate::domain::event::acts;
use crate::domain::rights::may;
use crate::domain::staff::{Actor, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{cases, events, letters, replies};

/// Records that the letter was posted.
///
/// # Errors
/// `Refused` for a reply, or whoever may not post for the case; `Conflict` when it does not wait to be posted.
pub fn letter_posted(office: &Office, now: Moment, staff: &Staff, letter_id: i64) -> Result<()> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let letter = letters::get(db, letter_id)?;
        let case = cases::lock_for_log(db, letter.case_id.ok_or(Error::NotFound)?)?;
        let reply = replies::of_round(db, case.id, case.round)?;
        let rights = rights_of(db, &case, reply.as_ref())?;
        may(&staff, Verb::MarkPosted, &rights, &office.reference(db)?.units)?;
        if letter.reply_id.is_some() {
            return Err(Error::refused("refused-reply-by-case"));
        }
        letters::set_state(db, letter.id, LetterState::ToPost, LetterState::Posted, None, Some(now))?;
        let facts = json!({ "letter": letter.id, "kind": letter.kind });
        events::append(db, case.id, now, acts::LETTER_SENT, &Actor::Staff(staff.clone()), &facts)
    })
}
