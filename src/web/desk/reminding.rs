//! Reminders on the page of a case: that somebody asked and until when to explain, what was asked and answered in its
//! thread, and which warning a line of the history tells.

use serde_json::{Value, json};

use super::case::Seen;
use crate::acts::deputy_of;
use crate::domain::policy::When;
use crate::domain::time::Moment;
use crate::domain::watch::OVERDUE;
use crate::error::Result;
use crate::store::{Db, clocks, lists, reminders};

/// What decides whether asking and explaining make sense now.
pub struct Asked {
    overdue: bool,
    waiting: bool,
    open: bool,
    /// Who may explain in place of the handler, while that is asked and they are away.
    pub deputy_id: Option<i64>,
}

impl Asked {
    /// Reads it.
    ///
    /// # Errors
    /// Of the database.
    pub fn of(db: &mut Db, seen: &Seen, now: Moment) -> Result<Self> {
        let late: Vec<i64> = clocks::running(db, seen.case.id)?
            .iter()
            .filter(|clock| clock.due_at <= now)
            .map(|clock| clock.id)
            .collect();
        let today = now.date_in(seen.reference.calendar.zone());
        let asked = reminders::of_case(db, seen.case.id)?;
        let open = || asked.iter().filter(|reminder| reminder.explained_at.is_none());
        let waits = |id: &i64| {
            open().any(|reminder| reminder.clock_id == *id && reminder.explain_by().is_ok_and(|day| today <= day))
        };
        let (waiting, open) = (late.iter().all(waits), open().next().is_some());
        let deputy_id = if open { deputy_of(db, &seen.reference.units, &seen.rights, today)? } else { None };
        Ok(Self { overdue: !late.is_empty(), waiting, open, deputy_id })
    }

    /// Whether an act of that name is to be offered; every other is.
    #[must_use]
    pub fn makes_sensible(&self, name: &str) -> bool {
        match name {
            "remind_handler" => self.overdue && !self.waiting,
            "explain_delay" => self.open,
            _ => true,
        }
    }
}

/// The reminders that wait for an explanation.
///
/// # Errors
/// Of the database.
pub fn open(db: &mut Db, seen: &Seen) -> Result<Vec<Value>> {
    let asked: Vec<_> =
        reminders::of_case(db, seen.case.id)?.into_iter().filter(|reminder| reminder.explained_at.is_none()).collect();
    let names = lists::names(db, asked.iter().map(|reminder| reminder.asked_by))?;
    let zone = seen.reference.calendar.zone();
    let mut rows = Vec::new();
    for reminder in &asked {
        rows.push(json!({
            "who": names.get(&reminder.asked_by).cloned().unwrap_or_default(),
            "asked_on": reminder.asked_at.date_in(zone).to_string(),
            "explain_by": reminder.explain_by()?.to_string(),
            "clock": clocks::get(db, reminder.clock_id)?.purpose,
        }));
    }
    Ok(rows)
}

/// What was asked and answered, as entries of the thread: kind, when, who, text.
///
/// # Errors
/// Of the database.
pub fn said(db: &mut Db, case_id: i64) -> Result<Vec<(&'static str, Moment, String, String)>> {
    let asked = reminders::of_case(db, case_id)?;
    let names = lists::names(db, asked.iter().flat_map(|r| [Some(r.asked_by), r.explained_by]).flatten())?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let mut said: Vec<(&str, Moment, String, String)> = Vec::new();
    for reminder in asked {
        said.push(("reminder", reminder.asked_at, name(reminder.asked_by), reminder.note));
        let Some((at, by)) = reminder.explained_at.zip(reminder.explained_by) else { continue };
        // One answer to several reminders is shown once.
        if said.iter().all(|(kind, when, ..)| (*kind, *when) != ("explanation", at)) {
            said.push(("explanation", at, name(by), reminder.explanation));
        }
    }
    Ok(said)
}

/// Which warning a line of the history tells: of which clock, and when before or after its end.
#[must_use]
pub fn notice(facts: &Value) -> Value {
    let clock = facts["clock"].as_str().unwrap_or("reply");
    let when: Option<When> = facts["when"].as_str().and_then(|text| text.parse().ok());
    let (when, days) = match when {
        Some(When::Before(days)) => ("before", days),
        Some(When::Used(percent)) => ("used", percent),
        Some(When::OnDay) => ("on_day", 0),
        Some(When::After(days)) => ("after", days),
        // Written before warnings were of the policy's making.
        None => ("before", 2),
    };
    if facts["notice"] == OVERDUE {
        json!({ "key": "control-notice-overdue", "args": { "clock": clock, "days": days.max(1) } })
    } else {
        json!({ "key": "control-notice-due-soon", "args": { "clock": clock, "when": when, "days": days } })
    }
}
