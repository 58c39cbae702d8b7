//! A registrar looks at who wrote a message, or fetches it as it came, whole or in part. Each may tell who the petitioner
//! is, so each look is logged; where the message concerns a case, the rights to its petitioner's identity hold, and its history says that
//! somebody looked.

use serde_json::{Value, json};

use crate::acts::join_message::registrar_only;
use crate::acts::{Office, rights_of};
use crate::domain::event::acts;
use crate::domain::rights::may_see_identity;
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, cases, events, letters, notes, submissions};

/// What somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Who wrote, and to whom.
    Sender,
    /// The message as it came.
    Original,
    /// Its own layout.
    Layout,
    /// One of its files, from 1.
    File(usize),
}

impl Look {
    /// The act of the case's history, and its facts.
    fn event(self, message: i64) -> (&'static str, Value) {
        match self {
            Self::Sender => (acts::IDENTITY_VIEWED, json!({ "message": message })),
            Self::Original => (acts::MAIL_FETCHED, json!({ "message": message })),
            Self::Layout => (acts::MAIL_LAYOUT_VIEWED, json!({ "message": message })),
            Self::File(nth) => (acts::MAIL_FILE_FETCHED, json!({ "file": nth, "message": message })),
        }
    }
}

/// The message, once the look is logged.
///
/// # Errors
/// `Refused` for whoever may not; `Invalid` on `reason` where the case is sealed and none is given; `NotFound` for an
/// original that was erased.
pub fn look_at_message(
    office: &Office,
    now: Moment,
    staff: &Staff,
    id: i64,
    reason: &str,
    look: Look,
) -> Result<MessageRow> {
    registrar_only(staff)?;
    let (office, staff, reason) = (office.clone(), staff.clone(), one_line(reason));
    office.store.clone().write(move |db| {
        let row = messages::get(db, id)?;
        match may_open(db, &office, &staff, &row)? {
            None => return Err(Error::refused("refused-identity")),
            Some(true) if reason.is_empty() => return Err(Error::invalid("reason", "field-reason")),
            Some(_) if row.erased_at.is_some() => return Err(Error::NotFound),
            Some(_) => {}
        }
        messages::log_view(db, id, staff.id, now)?;
        if let Some(case_id) = concerned(db, &row)? {
            cases::lock_for_log(db, case_id)?;
            notes::log_view(db, case_id, staff.id, &reason, now)?;
            let (act, facts) = look.event(id);
            events::append(db, case_id, now, act, &Actor::Staff(staff.clone()), &facts)?;
        }
        Ok(row)
    })
}

/// Whether `staff` may know who wrote a message: as [`may_see_identity`] where it concerns a case, and registrars
/// otherwise, who have to reach the writer to decide.
///
/// # Errors
/// Of the database.
pub fn may_open(db: &mut Db, office: &Office, staff: &Staff, row: &MessageRow) -> Result<Option<bool>> {
    if registrar_only(staff).is_err() {
        return Ok(None);
    }
    let Some(case_id) = concerned(db, row)? else { return Ok(Some(false)) };
    let case = cases::get(db, case_id)?;
    Ok(may_see_identity(staff, &rights_of(db, &case, None)?, &office.reference(db)?.units))
}

/// The case a message ended in, by its submission too, or whose letter it is about.
///
/// # Errors
/// Of the database.
pub fn concerned(db: &mut Db, row: &MessageRow) -> Result<Option<i64>> {
    match (case_of(db, row)?, row.letter_id) {
        (None, Some(letter)) => Ok(letters::get(db, letter)?.case_id),
        (case, _) => Ok(case),
    }
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
