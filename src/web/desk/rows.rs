//! Rows of cases as lists show them: number, subject, who has it, due in words, two badges at most.

use serde_json::{Value, json};

use crate::acts::measured;
use crate::domain::calendar::Calendar;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_days_left, working_days_over};
use crate::error::Result;
use crate::store::Db;
use crate::store::lists::{self, CaseRow};
use crate::web::state::Web;

/// Badges in a row.
const MOST_BADGES: usize = 2;

/// The rows of a list.
///
/// # Errors
/// Of the database.
pub fn of(web: &Web, db: &mut Db, locale: &str, now: Moment, rows: &[CaseRow]) -> Result<Vec<Value>> {
    let reference = web.app.office.reference(db)?;
    let mut rows = rows.to_vec();
    measured::rows(db, &reference, &mut rows, now)?;
    let names = lists::names(db, rows.iter().filter_map(|row| row.handler_id))?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let low = lists::with_open_review(db, &ids)?;
    let soon = i64::from(web.app.config.cases.due_soon_days);
    Ok(rows
        .iter()
        .map(|row| {
            let number = row.number.as_deref().unwrap_or_default();
            let unit = row.unit_id.and_then(|id| reference.units.get(id)).map(|u| u.name(locale).to_owned());
            let who = row.handler_id.and_then(|id| names.get(&id).cloned()).or(unit);
            let mut line = json!({
                "number": number,
                "url": format!("/desk/cases/{number}"),
                "subject": row.subject,
                "who": who,
                "state": row.state,
                "badges": badges(row.confidential, low.contains(&row.id), row.round, row.extended),
            });
            due(&mut line, now, row.due_at, row.finished_at.is_some(), &reference.calendar, soon);
            line
        })
        .collect())
}

/// The badges of a case, the weightiest first.
#[must_use]
pub fn badges(confidential: bool, low: bool, round: i32, extended: bool) -> Vec<&'static str> {
    let all = [(confidential, "confidential"), (low, "low"), (round > 1, "reopened"), (extended, "extended")];
    all.iter().filter(|(is, _)| *is).map(|(_, badge)| *badge).take(MOST_BADGES).collect()
}

/// Puts `due_on`, `due_state` and `due_days` into a case's data.
pub fn due(into: &mut Value, now: Moment, due_at: Option<Moment>, finished: bool, calendar: &Calendar, soon: i64) {
    let (state, days) = match due_at {
        None => ("none", 0),
        Some(_) if finished => ("finished", 0),
        Some(due) if due <= now => ("overdue", working_days_over(now, due, calendar)),
        Some(due) if last_day(due, calendar) == now.date_in(calendar.zone()) => ("today", 0),
        Some(due) => {
            let left = working_days_left(now, due, calendar);
            (if left <= soon { "soon" } else { "later" }, left)
        }
    };
    into["due_on"] = json!(due_at.map(|due| last_day(due, calendar).to_string()));
    into["due_state"] = json!(state);
    into["due_days"] = json!(days);
}
