//! The desk's front page: one list of cases, filtered, a page after a key.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{Desk, PAGE, parameters, redirect, rows};
use crate::domain::case::{Kind, State as CaseState};
use crate::domain::queue::{Queue, Reach};
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::domain::watch::soon_until;
use crate::error::{Error, Result};
use crate::store::lists::{self, Filter, Key, Slice};
use crate::store::reference::Reference;
use crate::store::{Db, consultations};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// What was asked for, as it stands in the address.
#[derive(Clone, Debug, Default)]
struct Asked {
    unit: Option<i64>,
    state: Option<CaseState>,
    kind: Option<Kind>,
    category: Option<String>,
    after: Option<Key>,
}

/// `GET /desk`: everybody who is signed in; a list only those it is of use to. Who has no list is led to their own page.
///
/// # Errors
/// `Refused` for a list that is not theirs.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    let own = Queue::of(desk.staff());
    let asked = parameters(&request);
    let queue = match asked.get("queue") {
        Some(code) => Some(Queue::parse(code).ok_or(Error::NotFound)?),
        None => own.first().copied(),
    };
    let Some(queue) = queue else { return Ok(redirect(home(desk.staff().is(Role::Administrator)))) };
    if !own.contains(&queue) {
        return Err(Error::refused("refused-role").into());
    }
    let asked = Asked {
        unit: asked.get("unit").and_then(|id| id.parse().ok()),
        state: asked.get("state").and_then(|code| CaseState::parse(code)),
        kind: asked.get("kind").and_then(|code| Kind::parse(code)),
        category: asked.get("category").cloned(),
        after: asked.get("after").and_then(|text| read_key(text)),
    };
    let active = format!("queue-{queue}");
    desk.page(StatusCode::OK, "desk/queue", &active, move |web, db, desk, now| list(web, db, desk, queue, &asked, now))
        .await
}

/// Where those go who work on no cases.
const fn home(administrator: bool) -> &'static str {
    if administrator { "/admin" } else { "/management" }
}

/// A list as the person sees it.
///
/// # Errors
/// Of the database.
pub fn slice(web: &Web, db: &mut Db, desk: &Desk, queue: Queue, filter: Filter, now: Moment) -> Result<Slice> {
    let reference = web.app.office.reference(db)?;
    Ok(Slice {
        queue,
        reach: queue.reach(desk.staff(), &reference.units),
        viewer: desk.staff().id,
        now,
        soon: soon_until(now, &reference.calendar, web.app.config.cases.due_soon_days),
        filter,
    })
}

fn list(web: &Web, db: &mut Db, desk: &Desk, queue: Queue, asked: &Asked, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let filter = Filter {
        units: asked.unit.map(|id| reference.units.subtree(id)),
        state: asked.state,
        kind: asked.kind,
        category: asked.category.clone(),
    };
    let slice = slice(web, db, desk, queue, filter, now)?;
    // One more than is shown says whether there is a next page.
    let mut found = lists::page(db, &slice, asked.after, PAGE as i64 + 1)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let here = address(queue, asked);
    let next = found.last().filter(|_| more).map(|row| format!("{here}&after={}", write_key(slice.key(row))));
    if let (Queue::CoHandling, Reach::Units(units)) = (queue, &slice.reach) {
        // The unit's own date, not that of the reply.
        let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
        let due = consultations::due_of(db, &ids, units)?;
        found.iter_mut().for_each(|row| row.due_at = due.get(&row.id).copied().or(row.due_at));
    }
    Ok(json!({
        "name_key": format!("queue-{queue}"),
        "queue": queue,
        "filters": filters(&reference, &slice.reach, desk.locale(), asked),
        "rows": rows::of(web, db, desk.locale(), now, &found)?,
        "first_url": asked.after.map(|_| here),
        "next_url": next,
    }))
}

fn filters(reference: &Reference, reach: &Reach, locale: &str, asked: &Asked) -> Value {
    let within = |id: i64| match reach {
        Reach::Agency => true,
        Reach::Units(units) => units.contains(&id),
    };
    let units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .filter(|unit| within(unit.id))
        .map(|unit| json!({ "id": unit.id, "name": indented(&reference.units, unit.id, locale), "selected": asked.unit == Some(unit.id) }))
        .collect();
    let categories: Vec<Value> = reference
        .categories
        .iter()
        .map(|c| {
            let selected = asked.category.as_deref() == Some(c.code.as_str());
            json!({ "code": c.code, "name": if locale == "en" { &c.name_en } else { &c.name_zh }, "selected": selected })
        })
        .collect();
    let kinds: Vec<Value> =
        Kind::ALL.iter().map(|k| json!({ "code": k, "selected": asked.kind == Some(*k) })).collect();
    let states: Vec<Value> = CaseState::ALL
        .iter()
        .filter(|s| !s.is_finished())
        .map(|s| json!({ "code": s, "selected": asked.state == Some(*s) }))
        .collect();
    json!({ "form_action": "/desk", "units": units, "categories": categories, "kinds": kinds, "states": states })
}

/// A unit's name, moved in by its depth in the tree.
#[must_use]
pub fn indented(units: &Units, id: i64, locale: &str) -> String {
    let name = units.get(id).map(|unit| unit.name(locale)).unwrap_or_default();
    format!("{}{name}", "　".repeat(units.depth(id)))
}

/// The list's address with its filters, without the page.
fn address(queue: Queue, asked: &Asked) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("queue", queue.code());
    if let Some(unit) = asked.unit {
        query.append_pair("unit", &unit.to_string());
    }
    if let Some(state) = asked.state {
        query.append_pair("state", state.code());
    }
    if let Some(kind) = asked.kind {
        query.append_pair("kind", kind.code());
    }
    if let Some(category) = &asked.category {
        query.append_pair("category", category);
    }
    format!("/desk?{}", query.finish())
}

/// A key as it stands in an address.
#[must_use]
pub fn write_key(key: Key) -> String {
    format!("{}.{}", key.at.0, key.id)
}

/// Reads [`write_key`].
#[must_use]
pub fn read_key(text: &str) -> Option<Key> {
    let (at, id) = text.split_once('.')?;
    Some(Key { at: Moment(at.parse().ok()?), id: id.parse().ok()? })
}
