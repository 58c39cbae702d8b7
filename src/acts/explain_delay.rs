//! The handler, whoever stands in for them, or the supervisor explains to the control officer why a case is late, and until
//! when it will be done.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::reminders;

/// The longest explanation, in characters.
const LONGEST: usize = 2000;

/// Answers every open reminder of the case. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty or very long text; `Refused` when nobody asked; from the gate.
pub fn explain_delay(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    explanation: &str,
) -> Result<i64> {
    let explanation = many_lines(explanation);
    if explanation.is_empty() || explanation.chars().count() > LONGEST {
        return Err(Error::invalid("explanation", "explanation-length"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let gate = Gate::deputy(db, &office, &staff, Verb::ExplainDelay, case_id, version, now)?;
        let answered = reminders::explain(db, case_id, &explanation, staff.id, now)?;
        if answered == 0 {
            return Err(Error::refused("refused-explain-none"));
        }
        gate.done(db, now, &json!({ "reminders": answered }))?;
        Ok(gate.case.version)
    })
}
