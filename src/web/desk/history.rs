//! The side of a case's page: its clock, day by day, and its history, line by line.

use serde_json::{Value, json};

use super::case::Seen;
use crate::acts::measured;
use crate::domain::days_used::days_used;
use crate::domain::event::{Event, acts};
use crate::domain::explanation::explain;
use crate::domain::limit::Limit;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::store::clocks::{self, Extension};
use crate::store::{Db, calendar_moves, cases, events, lists};
use crate::web::pages;

/// The clock of the current round; nothing when it has none.
///
/// # Errors
/// Of the database.
pub fn clock(db: &mut Db, seen: &Seen, now: Moment) -> Result<Value> {
    let (case, calendar) = (&seen.case, &seen.reference.calendar);
    let clock = match clocks::reply_clock(db, case.id, case.round) {
        Err(Error::NotFound) => return Ok(Value::Null),
        other => measured::clock(db, &seen.reference, other?, now)?,
    };
    let waits = calendar_moves::waits(db, clock.id)?.filter(|_| clock.finished_at.is_none());
    let opened_at = cases::round_opened_at(db, case)?;
    let extensions = clocks::extensions(db, clock.id)?;
    let names = lists::names(db, extensions.iter().map(|e| e.staff_id))?;
    let day = |at: Moment| last_day(at, calendar).to_string();
    let lines: Vec<Value> = extensions
        .iter()
        .map(|e| {
            json!({
                "at": e.at, "by": names.get(&e.staff_id), "old_due_on": day(e.old_due_at),
                "new_due_on": day(e.new_due_at), "reason": e.reason,
            })
        })
        .collect();
    let limit: Limit = clock.time_limit.parse().map_err(|e| Error::internal(format!("clock {}: {e}", clock.id)))?;
    Ok(json!({
        "due_on": day(clock.due_at),
        "original_due_on": day(clock.original_due_at),
        "uncovered": clock.finished_at.is_none() && measured::is_uncovered(&seen.reference, &clock),
        "would_be_on": waits.map(|m| day(m.new_due_at)),
        "finished_at": case.finished_at,
        "days_used": case.finished_at.map(|at| days_used(opened_at, at, calendar, &[]).to_string()),
        "extensions": lines,
        "explanation": explanation(clock.start_at, limit, &extensions, seen),
    }))
}

/// Why this date, day by day. Only the last extension says where the limit ends: each replaced the one before.
fn explanation(start: Moment, limit: Limit, extensions: &[Extension], seen: &Seen) -> Value {
    let calendar = &seen.reference.calendar;
    let rule = match limit {
        Limit::WorkingDays(days) => json!({ "key": "limit-working-days", "args": { "days": days } }),
        Limit::CalendarDays(days) => json!({ "key": "limit-calendar-days", "args": { "days": days } }),
        Limit::WorkingMinutes(minutes) => json!({ "key": "limit-working-minutes", "args": { "minutes": minutes } }),
        Limit::FixedDate(_) => json!({ "key": "limit-fixed-date", "args": {} }),
    };
    let extended: Vec<Limit> =
        extensions.last().map(|e| Limit::FixedDate(last_day(e.new_due_at, calendar))).into_iter().collect();
    // What the engine cannot explain (beyond the calendar) has its rule at least.
    let days = explain(start, limit, &extended, calendar, &[]).unwrap_or_default();
    json!({ "rule": rule, "days": days })
}

/// The history, oldest first.
///
/// # Errors
/// Of the database.
pub fn lines(db: &mut Db, locale: &str, seen: &Seen) -> Result<Vec<Value>> {
    let events = events::of_case(db, seen.case.id)?;
    let facts: Vec<Value> = events.iter().map(|e| serde_json::from_str(&e.facts).unwrap_or_default()).collect();
    let people = facts.iter().filter_map(|f| f["handler"].as_i64()).chain(events.iter().filter_map(|e| e.staff_id));
    let names = lists::names(db, people)?;
    let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
    Ok(events
        .iter()
        .zip(&facts)
        .map(|(event, facts)| {
            json!({
                "at": event.at,
                "act": event.act,
                "who": name(event.staff_id),
                "actor": event.actor,
                "detail": detail(event, facts, locale, seen, name(facts["handler"].as_i64())),
            })
        })
        .collect())
}

/// A day as dense tables have it.
fn short(day: &str, locale: &str) -> String {
    pages::short_day(day, locale).unwrap_or_else(|| day.to_owned())
}

/// What a line adds to the act's name.
fn detail(event: &Event, facts: &Value, locale: &str, seen: &Seen, handler: Option<String>) -> Option<Value> {
    let text = |field: &str| facts[field].as_str();
    let key = |prefix: &str, code: &str| json!({ "key": format!("{prefix}-{}", code.replace('_', "-")), "args": {} });
    match event.act.as_str() {
        acts::LETTER_SENT | acts::LETTER_FAILED | acts::LETTER_RETRIED => Some(key("letter-kind", text("kind")?)),
        "assign" => {
            let unit = seen.reference.units.get(facts["unit"].as_i64()?)?.name(locale);
            Some(json!({ "text": handler.map_or_else(|| unit.to_owned(), |name| format!("{unit} {name}")) }))
        }
        "transfer" => Some(json!({ "text": text("agency")? })),
        "no_action" => Some(key("close", text("ground")?)),
        "approve_by_email" | "approve_by_letter" | "approve_by_phone" | "approve_on_file" => {
            Some(key("close", text("result")?))
        }
        "record_told" => Some(key("telling", text("how")?)),
        acts::NOTICE => Some(key("letter-kind", text("notice")?)),
        acts::CALENDAR_MOVED | acts::CALENDAR_KEPT => {
            let purpose = text("clock")?.replace('_', "-");
            let days = json!({ "old": short(text("old_due")?, locale), "new": short(text("new_due")?, locale) });
            Some(json!({ "key": format!("move-line-{purpose}"), "args": days }))
        }
        "rate" => Some(key("level", &facts["overall"].as_i64()?.to_string())),
        _ => None,
    }
}
