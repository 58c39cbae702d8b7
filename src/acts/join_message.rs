//! A registrar joins a message of the pen to a case: its writer belongs to the matter, though nothing proved it.

use crate::acts::joining::append;
use crate::acts::{Office, rights_of};
use crate::domain::incoming::Mail;
use crate::domain::rights::may_see;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::attachments::StoredFile;
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, cases};

/// Joins an open message to the case of a number; its files must be stored already. The case's id.
///
/// # Errors
/// `Refused` for anyone but a registrar, or when it was decided already; `Invalid` for a number that is no case's they may
/// see.
pub fn join_message(
    office: &Office,
    now: Moment,
    staff: &Staff,
    id: i64,
    number: &str,
    mail: &Mail,
    files: &[StoredFile],
) -> Result<i64> {
    registrar_only(staff)?;
    let number = crate::domain::case_number::CaseNumber::parse(number)
        .ok_or_else(|| Error::invalid("number", "mail-no-such-case"))?
        .to_string();
    let sealed = messages::seal(&office.keys, mail)?;
    let (office, staff, mail, files) = (office.clone(), staff.clone(), mail.clone(), files.to_vec());
    office.store.clone().write(move |db| {
        let mut row = open(db, id)?;
        let unknown = |e| if e == Error::NotFound { Error::invalid("number", "mail-no-such-case") } else { e };
        let case = cases::by_number(db, &number).map_err(unknown)?;
        let (rights, reference) = (rights_of(db, &case, None)?, office.reference(db)?);
        if !may_see(&staff, &rights, &reference.units) {
            return Err(Error::invalid("number", "mail-no-such-case"));
        }
        sealed.write(&mut row);
        decide(&mut row, &staff, "", now);
        append(db, &office, &mut row, case.id, &mail, &files, &Actor::Staff(staff.clone()), now)?;
        messages::save(db, &row)?;
        Ok(case.id)
    })
}

/// Refuses anyone but a registrar.
///
/// # Errors
/// `Refused`.
pub(super) fn registrar_only(staff: &Staff) -> Result<()> {
    if staff.is(Role::Registrar) { Ok(()) } else { Err(Error::refused("refused-registrar-only")) }
}

/// Takes a message that a person may still decide on.
///
/// # Errors
/// `NotFound`; `Refused` when it was decided.
pub(super) fn open(db: &mut Db, id: i64) -> Result<MessageRow> {
    let row = messages::lock(db, id)?;
    if row.state.is_open() { Ok(row) } else { Err(Error::refused("refused-already-decided")) }
}

/// Lays down who decided.
pub(super) fn decide(row: &mut MessageRow, staff: &Staff, reason: &str, now: Moment) {
    (row.decided_by, row.decided_at) = (Some(staff.id), Some(now));
    reason.clone_into(&mut row.decision_reason);
}
