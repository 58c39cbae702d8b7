//! A registrar fetches a message as it came. It says who wrote it, so each look is logged; where the message belongs to a
//! case, the rights to its petitioner's identity hold, and its history says that somebody looked.

use serde_json::json;

use crate::acts::join_message::registrar_only;
use crate::acts::{Office, rights_of};
use crate::domain::event::acts;
use crate::domain::rights::may_see_identity;
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, cases, events, notes, submissions};

/// The message, once the look is logged.
///
/// # Errors
/// `Refused` for whoever may not; `Invalid` on `reason` where the case is sealed and none is given.
pub fn raw_message(office: &Office, now: Moment, staff: &Staff, id: i64, reason: &str) -> Result<MessageRow> {
    registrar_only(staff)?;
    let (office, staff, reason) = (office.clone(), staff.clone(), one_line(reason));
    office.store.clone().write(move |db| {
        let row = messages::get(db, id)?;
        match may_open(db, &office, &staff, &row)? {
            None => return Err(Error::refused("refused-identity")),
            Some(true) if reason.is_empty() => return Err(Error::invalid("reason", "field-reason")),
            Some(_) => {}
        }
        messages::log_view(db, id, staff.id, now)?;
        if let Some(case_id) = case_of(db, &row)? {
            cases::lock_for_log(db, case_id)?;
            notes::log_view(db, case_id, staff.id, &reason, now)?;
            let facts = json!({ "message": id });
            events::append(db, case_id, now, acts::MAIL_FETCHED, &Actor::Staff(staff.clone()), &facts)?;
        }
        Ok(row)
    })
}

/// Whether `staff` may know who wrote a message: as [`may_see_identity`] where it belongs to a case, and registrars
/// otherwise.
///
/// # Errors
/// Of the database.
pub fn may_open(db: &mut Db, office: &Office, staff: &Staff, row: &MessageRow) -> Result<Option<bool>> {
    if registrar_only(staff).is_err() {
        return Ok(None);
    }
    let Some(case_id) = case_of(db, row)? else { return Ok(Some(false)) };
    let case = cases::get(db, case_id)?;
    Ok(may_see_identity(staff, &rights_of(db, &case, None)?, &office.reference(db)?.units))
}

/// The case a message ended in, by its submission too.
///
/// # Errors
/// Of the database.
pub fn case_of(db: &mut Db, row: &MessageRow) -> Result<Option<i64>> {
    match (row.case_id, row.submission_id) {
        (Some(case), _) => Ok(Some(case)),
        (None, Some(submission)) => Ok(submissions::get(db, submission)?.case_id),
        (None, None) => Ok(None),
    }
}
