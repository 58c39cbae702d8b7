//! The registrar registers (and may later re-classify) a case: kind, category, speed class, confidentiality, and whom it
//! complains of. The due moment follows from the class.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acts::{Gate, Office, counting};
use crate::domain::case::{Kind, State, Verb};
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::cases::{self, References};
use crate::store::clocks;

/// What the registrar sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classification {
    /// Kind.
    pub kind: Kind,
    /// Category code.
    pub category: String,
    /// Speed class code.
    pub speed_class: String,
    /// To be kept confidential.
    pub confidential: bool,
    /// The unit complained of: the case does not go there without the control officer.
    pub respondent_unit_id: Option<i64>,
}

/// Registers a new case, or classifies a registered one anew. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an unknown category, class or unit; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn register(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    as_: &Classification,
) -> Result<i64> {
    let (office, staff, class) = (office.clone(), staff.clone(), as_.clone());
    office.store.clone().write(move |db| {
        let verb = match cases::get(db, case_id)?.state {
            State::Received => Verb::Register,
            _ => Verb::Classify,
        };
        let mut gate = Gate::staff(db, &office, &staff, verb, case_id, version)?;
        if gate.reference.category(&class.category).is_none() {
            return Err(Error::invalid("category", "field-choose"));
        }
        if class.respondent_unit_id.is_some_and(|id| gate.reference.units.get(id).is_none()) {
            return Err(Error::invalid("respondent_unit_id", "field-choose"));
        }
        gate.reference.speed_class(&class.speed_class)?;
        gate.case.kind = class.kind;
        gate.case.category = Some(class.category.clone());
        gate.case.speed_class = Some(class.speed_class.clone());
        gate.case.confidential = class.confidential;
        gate.case.registered_at.get_or_insert(now);
        let reference = gate.reference.clone();
        if verb == Verb::Register {
            clocks::finish(db, case_id, ClockPurpose::Registration, now)?;
            counting::start(db, &office, &reference, &mut gate.case, ClockPurpose::Assignment, None, now)?;
        }
        counting::refresh_all(db, &office, &reference, &mut gate.case, now)?;
        counting::begin_reply(db, &office, &reference, &mut gate.case)?;
        let references = cases::references(db, case_id)?;
        if references.respondent_unit_id != class.respondent_unit_id {
            cases::set_references(db, &References { respondent_unit_id: class.respondent_unit_id, ..references })?;
        }
        let facts = json!({
            "kind": class.kind, "category": class.category, "class": class.speed_class,
            "confidential": class.confidential, "due": gate.case.due_at,
        });
        gate.done(db, now, &facts)?;
        Ok(gate.case.version)
    })
}
