//! A registrar puts a message of the pen aside, with a reason: an advertisement, a test, nothing to handle. It stays in the
//! ledger.

use crate::acts::Office;
use crate::acts::join_message::{decide, open, registrar_only};
use crate::domain::incoming::MessageState;
use crate::domain::staff::Staff;
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::messages;

/// Puts an open message aside.
///
/// # Errors
/// `Refused` for anyone but a registrar, or when it was decided already; `Invalid` without a reason.
pub fn discard_message(office: &Office, now: Moment, staff: &Staff, id: i64, reason: &str) -> Result<()> {
    registrar_only(staff)?;
    let reason = one_line(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let staff = staff.clone();
    office.store.write(move |db| {
        let mut row = open(db, id)?;
        decide(&mut row, &staff, &reason, now);
        row.state = MessageState::Discarded;
        messages::save(db, &row)
    })
}
