//! The history of a case, line by line.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::case::Seen;
use super::reminding;
use crate::acts::explained::reason_name;
use crate::domain::event::{Event, acts};
use crate::domain::incoming::{Automatic, ReportKind};
use crate::error::Result;
use crate::store::{Db, events, lists};
use crate::web::pages;

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
        acts::LETTER_SENT | acts::LETTER_FAILED | acts::LETTER_RETRIED | acts::LETTER_REDIRECTED => {
            Some(key("letter-kind", text("kind")?))
        }
        acts::MAIL_NOTED => {
            let what = text("what")?;
            Some(match (ReportKind::parse(what), Automatic::parse(what)) {
                (Some(_), _) => key("mail-report", what),
                (None, Some(_)) => key("mail-automatic", what),
                (None, None) => json!({ "key": "mail-reason-delivery-failed-for-now", "args": {} }),
            })
        }
        acts::NOTICE => Some(reminding::notice(facts)),
        "assign" => {
            let unit = seen.reference.units.get(facts["unit"].as_i64()?)?.name(locale);
            Some(json!({ "text": handler.map_or_else(|| unit.to_owned(), |name| format!("{unit} {name}")) }))
        }
        acts::POLICY_CHANGED => {
            let reply = facts["clocks"].as_array()?.iter().find(|clock| clock["clock"] == "reply")?;
            let day = |field: &str| reply[field].as_str().map(|text| written(text, locale));
            Some(match (day("old_due"), day("new_due")?) {
                (Some(old), new) => json!({ "key": "policy-changed-dates", "args": { "old": old, "new": new } }),
                (None, new) => json!({ "key": "policy-begun-date", "args": { "new": new } }),
            })
        }
        "consult" | "answer_consultation" | "withdraw_consultation" => {
            Some(json!({ "text": seen.reference.units.get(facts["unit"].as_i64()?)?.name(locale) }))
        }
        "wait" | "end_wait" => {
            let code = text("reason")?;
            let name = reason_name(&seen.reference, code, locale);
            Some(json!({ "text": name.unwrap_or_else(|| code.to_owned()) }))
        }
        "supplement_missing" => Some(key("close", text("ground")?)),
        "transfer" => Some(json!({ "text": text("agency")? })),
        "no_action" => Some(key("close", text("ground")?)),
        "approve_by_email" | "approve_by_letter" | "approve_by_phone" | "approve_on_file" => {
            Some(key("close", text("result")?))
        }
        "record_told" => Some(key("telling", text("how")?)),
        acts::CALENDAR_MOVED | acts::CALENDAR_KEPT => {
            let purpose = text("clock")?.replace('_', "-");
            let days = json!({ "old": short(text("old_due")?, locale), "new": short(text("new_due")?, locale) });
            Some(json!({ "key": format!("move-line-{purpose}"), "args": days }))
        }
        "rate" => Some(key("level", &facts["overall"].as_i64()?.to_string())),
        _ => None,
    }
}

/// A day of the facts as the reader writes days.
fn written(day: &str, locale: &str) -> String {
    match day.parse::<Date>() {
        Ok(date) if locale != "en" => format!("{}/{:02}/{:02}", date.year() - 1911, date.month(), date.day()),
        _ => day.to_owned(),
    }
}
