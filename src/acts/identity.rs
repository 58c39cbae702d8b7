//! Looking at who the petitioner is: the one way to open it for a person to read. Checks the right, asks for a reason
//! where one is due, and logs the look.

use serde_json::json;

use crate::acts::{Office, rights_of};
use crate::domain::event::acts;
use crate::domain::party::Party;
use crate::domain::rights::may_see_identity;
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::submissions::Submission;
use crate::store::{Db, cases, events, notes, parties, replies};

/// Opens the petitioner's identity in a case.
///
/// # Errors
/// `Refused` for whoever may not; `Invalid` on `reason` where the case is sealed and none is given.
pub fn identity(office: &Office, now: Moment, staff: &Staff, case_id: i64, reason: &str) -> Result<Party> {
    let (office, staff, reason) = (office.clone(), staff.clone(), one_line(reason));
    office.store.clone().write(move |db| {
        let case = cases::lock_for_log(db, case_id)?;
        let reply = replies::of_round(db, case_id, case.round)?;
        let rights = rights_of(db, &case, reply.as_ref())?;
        let reference = office.reference(db)?;
        match may_see_identity(&staff, &rights, &reference.units) {
            None => return Err(Error::refused("refused-identity")),
            Some(true) if reason.is_empty() => return Err(Error::invalid("reason", "field-reason")),
            Some(_) => {}
        }
        notes::log_view(db, case_id, staff.id, &reason, now)?;
        let actor = Actor::Staff(staff.clone());
        events::append(db, case_id, now, acts::IDENTITY_VIEWED, &actor, &json!({}))?;
        parties::open(db, &office.keys, case.party_id)
    })
}

/// The petitioner's own identity, for the pages that their own link opens.
///
/// # Errors
/// Of the database or the keys.
pub fn own(db: &mut Db, office: &Office, submission: &Submission) -> Result<Party> {
    parties::open(db, &office.keys, submission.party_id)
}
