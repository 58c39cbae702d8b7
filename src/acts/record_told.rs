//! An approved reply was told to the petitioner by telephone or interview: the written record is kept and the case is
//! replied (Directions for handling people's petitions; domain page, section 2).

use jiff::civil::Date;
use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::{ReplyBy, Verb};
use crate::domain::reply::Telling;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, FieldError, Result};
use crate::store::{reference::day_number, replies};

/// The longest record, in characters.
const LONGEST: usize = 2000;

/// How, when and with what outcome the reply was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldReply {
    /// On the telephone or in an interview.
    pub how: Telling,
    /// On which day.
    pub told_on: Date,
    /// What was said, in short.
    pub record: String,
}

/// Records that `staff` told the reply. Nobody has a link to rate it; the case closes after the same days as others.
/// Returns the case's new version.
///
/// # Errors
/// `Invalid` for a date in the future or before the approval, or without a record; `Refused` for a reply that goes out as
/// a letter; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn record_told(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    telling: &ToldReply,
) -> Result<i64> {
    let (office, staff) = (office.clone(), staff.clone());
    let (how, told_on, record) = (telling.how, telling.told_on, many_lines(&telling.record));
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::RecordTold, case_id, version)?;
        let reply = gate.reply()?.clone();
        if reply.way != Some(ReplyBy::Phone) {
            return Err(Error::refused("refused-reply-by-letter"));
        }
        let mut wrong = Vec::new();
        if told_on > now.date_in(&office.zone) {
            wrong.push(FieldError::new("told_on", "field-in-future"));
        }
        if gate.case.finished_at.is_some_and(|at| told_on < at.date_in(&office.zone)) {
            wrong.push(FieldError::new("told_on", "told-before-approval"));
        }
        if record.is_empty() || record.chars().count() > LONGEST {
            wrong.push(FieldError::new("record", "told-record"));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let told = replies::Told {
            reply_id: reply.id,
            how,
            told_on: day_number(told_on),
            staff_id: staff.id,
            at: now,
            body: record.clone(),
        };
        replies::record_told(db, &told)?;
        gate.case.replied_at = Some(now);
        gate.case.rating_until = Some(now.plus_seconds(office.rules.rating_days * DAY));
        gate.done(db, now, &json!({ "how": how, "told_on": told_on.to_string() }))?;
        Ok(gate.case.version)
    })
}
