//! The petitioner is asked for what is missing (補陳, Administrative Procedure Act 171). Their own clock starts; whether
//! those of reply and ceiling stand still meanwhile is the agency's policy.

use serde_json::json;

use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office, counting};
use crate::domain::asking::SupplementState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::policy::{ClockPurpose, SUPPLEMENT_PAUSE};
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::supplements::{NewSupplement, insert};
use crate::store::{pauses, texts};

/// The longest question, in characters.
const LONGEST: usize = 5000;

/// Asks the petitioner. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty or very long question; `Refused` when the policies set no limit for supplements; `Conflict`,
/// `NotFound` from the gate.
pub fn ask_supplement(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    question: &str,
) -> Result<i64> {
    let question = many_lines(question);
    if question.is_empty() || question.chars().count() > LONGEST {
        return Err(Error::invalid("question", "supplement-question"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::AskSupplement, case_id, version)?;
        let reference = gate.reference.clone();
        let (_, rules) = counting::rules_of(&reference, &office, &gate.case)?;
        let no_rule = || Error::refused("refused-no-limit");
        let stops = rules.pause(SUPPLEMENT_PAUSE).ok_or_else(no_rule)?.stops;
        let case = &mut gate.case;
        let clock =
            counting::start(db, &office, &reference, case, ClockPurpose::Supplement, None, now)?.ok_or_else(no_rule)?;
        let pause = (SUPPLEMENT_PAUSE, stops);
        let new = NewSupplement {
            case_id,
            round: case.round,
            clock_id: clock.id,
            pause_id: pauses::begin(db, (case_id, case.round), pause, "", Some(staff.id), now)?,
            question_id: texts::insert(db, &question)?,
            asked_by: staff.id,
            asked_at: now,
            state: SupplementState::Open,
        };
        insert(db, new)?;
        counting::refresh_all(db, &office, &reference, case, now)?;
        let until = last_day(clock.due_at, reference.calendar_in(&clock.region));
        gate.done(db, now, &json!({ "until": until.to_string(), "stops": stops }))?;
        let (unit, unit_phone) = gate.unit();
        let letter = Letter::SupplementAsked {
            number: gate.case.number().to_owned(),
            subject: gate.case.subject.clone(),
            question: question.clone(),
            until,
            officer_name: staff.name.clone(),
            officer_phone: if staff.phone.is_empty() { unit_phone } else { staff.phone.clone() },
            unit,
        };
        petitioner(db, &office, &gate.case, &letter, Enclosed::default(), now)?;
        Ok(gate.case.version)
    })
}
