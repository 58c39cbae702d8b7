//! Control (管考): every running clock that is overdue or due soon, who has it, and whether somebody was asked why.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::queue::{indented, read_key, write_key};
use super::shell::capped;
use super::{Desk, PAGE, parameters};
use crate::acts::control_list::{Entry, desk_name, entries, reaches_registry};
use crate::domain::case::Verb;
use crate::domain::control::{ControlState, READERS, purposes, reach, within};
use crate::domain::policy::ClockPurpose;
use crate::domain::queue::Reach;
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::domain::watch::soon_until;
use crate::error::Result;
use crate::store::control::{Slice, count, page};
use crate::store::lists::Key;
use crate::store::reference::Reference;
use crate::store::{Db, lists};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// What was asked for, as it stands in the address.
#[derive(Clone, Copy, Debug)]
struct Asked {
    unit: Option<i64>,
    purpose: Option<ClockPurpose>,
    state: ControlState,
    after: Option<Key>,
}

/// `GET /desk/control`: control officers and managers; supervisors for their part of the tree.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let asked = parameters(&request);
    let asked = Asked {
        unit: asked.get("unit").and_then(|id| id.parse().ok()),
        purpose: asked.get("purpose").and_then(|code| ClockPurpose::parse(code)),
        state: asked.get("state").and_then(|code| ControlState::parse(code)).unwrap_or(ControlState::Overdue),
        after: asked.get("after").and_then(|text| read_key(text)),
    };
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "desk/control", "queue-control", move |web, db, desk, now| {
        list(web, db, desk, asked, now)
    })
    .await
}

fn list(web: &Web, db: &mut Db, desk: &Desk, asked: Asked, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let whole = reach(desk.staff(), &reference.units);
    let part = within(&whole, &reference.units, asked.unit);
    let slice = |state: ControlState| Slice {
        registry: reaches_registry(&reference, &part),
        reach: part.clone(),
        purposes: purposes(asked.purpose),
        after: (state == ControlState::Soon).then_some(now),
        until: match state {
            ControlState::Overdue => now,
            ControlState::Soon => soon_until(now, &reference.calendar, web.app.config.cases.due_soon_days),
        },
        viewer: Some(desk.staff().id),
    };
    let mut tabs = Vec::new();
    for state in ControlState::ALL {
        let url = address(&Asked { state: *state, ..asked });
        let count = capped(count(db, &slice(*state))?);
        tabs.push(json!({ "state": state, "url": url, "count": count, "active": *state == asked.state }));
    }
    // One more than is shown says whether there is a next page.
    let mut found = page(db, &slice(asked.state), asked.after, PAGE as i64 + 1)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let here = address(&asked);
    let next = found.last().filter(|_| more).map(|row| format!("{here}&after={}", write_key(row.key())));
    let found = entries(db, &reference, found, now)?;
    let names = lists::names(
        db,
        found.iter().filter_map(|e| e.reminder.as_ref()).flat_map(|r| [Some(r.asked_by), r.explained_by]).flatten(),
    )?;
    let may_ask = desk.staff().is(Role::ControlOfficer);
    let rows: Vec<Value> = found
        .iter()
        .map(|entry| {
            let mut row = row(&reference, desk.locale(), entry);
            row["reminder"] = reminder(entry, &names, web);
            row["remind_action"] = json!((may_ask && waits_for_nobody(entry, now, &reference)).then(|| {
                format!("/desk/cases/{}/{}", entry.row.number.as_deref().unwrap_or_default(), Verb::RemindHandler)
            }));
            row
        })
        .collect();
    Ok(json!({
        "errors": [],
        "tabs": tabs,
        "filters": filters(&reference, &whole, desk.locale(), &asked),
        "rows": rows,
        "weekly_url": "/desk/control/weekly",
        "first_url": asked.after.map(|_| here),
        "next_url": next,
    }))
}

/// Whether the handler may be asked (again): nobody was, it was answered, or the days to answer have passed.
fn waits_for_nobody(entry: &Entry, now: Moment, reference: &Reference) -> bool {
    let today = now.date_in(reference.calendar_in(&entry.row.region).zone());
    let open = entry.reminder.as_ref().filter(|reminder| reminder.explained_at.is_none());
    entry.overdue && open.is_none_or(|reminder| reminder.explain_by().is_ok_and(|day| today > day))
}

/// A clock as a row of the page and of the weekly list.
pub fn row(reference: &Reference, locale: &str, entry: &Entry) -> Value {
    let number = entry.row.number.as_deref().unwrap_or_default();
    let due_state = match (entry.overdue, entry.days) {
        (true, _) => "overdue",
        (false, 0) => "today",
        (false, _) => "soon",
    };
    json!({
        "clock_id": entry.row.id,
        "version": entry.row.version,
        "number": number,
        "url": format!("/desk/cases/{number}"),
        "subject": entry.row.subject,
        "badges": if entry.row.confidential { vec!["confidential"] } else { Vec::new() },
        "purpose": entry.row.purpose,
        "unit": desk_name(reference, entry.unit_id, locale),
        "handler": entry.handler,
        "due_on": entry.due_on.to_string(),
        "due_state": due_state,
        "due_days": entry.days,
        "extensions": entry.extensions,
    })
}

/// What was asked and answered of a clock.
fn reminder(entry: &Entry, names: &std::collections::HashMap<i64, String>, web: &Web) -> Value {
    let Some(reminder) = &entry.reminder else { return Value::Null };
    let zone = &web.app.office.zone;
    json!({
        "asked_on": reminder.asked_at.date_in(zone).to_string(),
        "asked_by": names.get(&reminder.asked_by),
        "explain_by": reminder.explain_by().map(|day| day.to_string()).unwrap_or_default(),
        "explained_on": reminder.explained_at.map(|at| at.date_in(zone).to_string()),
        "explained_by": reminder.explained_by.and_then(|id| names.get(&id)),
        "text": reminder.explanation,
    })
}

fn filters(reference: &Reference, whole: &Reach, locale: &str, asked: &Asked) -> Value {
    let in_reach = |id: i64| match whole {
        Reach::Agency => true,
        Reach::Units(units) => units.contains(&id),
    };
    let units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .filter(|unit| in_reach(unit.id))
        .map(|unit| {
            let name = indented(&reference.units, unit.id, locale);
            json!({ "id": unit.id, "name": name, "selected": asked.unit == Some(unit.id) })
        })
        .collect();
    let purposes: Vec<Value> =
        ClockPurpose::ALL.iter().map(|p| json!({ "code": p, "selected": asked.purpose == Some(*p) })).collect();
    json!({ "form_action": "/desk/control", "state": asked.state, "units": units, "purposes": purposes })
}

/// The list's address with its filters, without the page.
fn address(asked: &Asked) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", asked.state.code());
    if let Some(unit) = asked.unit {
        query.append_pair("unit", &unit.to_string());
    }
    if let Some(purpose) = asked.purpose {
        query.append_pair("purpose", purpose.code());
    }
    format!("/desk/control?{}", query.finish())
}
