//! More time is asked for, before the limit ends (展期). Who may grant it follows from how much it is in all: the ladder of
//! the agency's policies. They are told at once, because nothing is extended once the date has passed.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::control_list::desk_name;
use crate::acts::extend::{Wanted, wanted};
use crate::acts::owing::{people, supervisors};
use crate::acts::{Gate, Office, rights_of};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::rights::may_see;
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{Db, extensions, staff as staff_store};

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
        let letter = Letter::ExtensionAsked {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            unit: desk_name(&gate.reference, gate.case.unit_id, "zh-TW"),
            by: staff.name.clone(),
            old_due: wanted.old_due,
            until,
            days: wanted.in_all,
            reason: reason.clone(),
            for_whom: None,
        };
        let deciding = deciding(db, &gate, &wanted, &staff)?;
        people(db, &office, case_id, &deciding, &letter, now)?;
        Ok(gate.case.version)
    })
}

/// Who may decide on it, but for whoever asks: those of the lowest rank that suffices, of the next one where there are none.
fn deciding(db: &mut Db, gate: &Gate, wanted: &Wanted, asks: &Staff) -> Result<Vec<Staff>> {
    let ladder = [Role::Supervisor, Role::ControlOfficer, Role::Manager];
    let rights = rights_of(db, &gate.case, gate.reply.as_ref())?;
    for rank in ladder.into_iter().skip_while(|rank| *rank != wanted.rank) {
        let mut people = match (rank, gate.case.unit_id) {
            (Role::Supervisor, Some(unit)) => supervisors(db, &gate.reference.units, unit)?,
            (rank, _) => staff_store::with_role(db, rank)?,
        };
        people.retain(|person| person.id != asks.id && may_see(person, &rights, &gate.reference.units));
        if !people.is_empty() {
            return Ok(people);
        }
    }
    Ok(Vec::new())
}
