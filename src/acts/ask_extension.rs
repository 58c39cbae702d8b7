//! More time is asked for, before the limit ends (展期). Who may grant it follows from how much it is in all: the ladder of
//! the agency's policies.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::extend::wanted;
use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::extensions;

/// Asks for time until the end of `until`. Returns the case's new version.
///
/// # Errors
/// As [`extend`](super::extend::extend()); `Refused` while another request is open.
pub fn ask_extension(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    until: Date,
    reason: &str,
) -> Result<i64> {
    let reason = many_lines(reason);
    if reason.is_empty() {
        return Err(Error::invalid("reason", "field-reason"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let gate = Gate::staff(db, &office, &staff, Verb::AskExtension, case_id, version)?;
        if extensions::open(db, case_id)?.is_some() {
            return Err(Error::refused("refused-extension-asked"));
        }
        let wanted = wanted(db, &office, &gate, until, now)?;
        extensions::ask(db, (case_id, wanted.clock.id), (until, wanted.rank), &reason, staff.id, now)?;
        gate.done(db, now, &json!({ "until": until.to_string(), "days": wanted.in_all, "rank": wanted.rank }))?;
        Ok(gate.case.version)
    })
}
