//! The agency's deadline policies: the documents and which is in force, one of them in words, and a new one in two steps:
//! what it changes and which open cases it touches, then its storing. Administrators write, auditors read.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::policy_form;
use super::policy_words::Words;
use crate::acts::policy_text::{self, Unreadable};
use crate::acts::remeasure::{Effect, Touched, effect, remeasure};
use crate::acts::set_policies::{self, MOST_NOTE, MOST_TEXT, NewDocument};
use crate::domain::policy::Policies;
use crate::domain::staff::Role;
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, FieldError, Message, Result};
use crate::store::policies::{PolicyRow, PolicySet, all};
use crate::store::reference::Reference;
use crate::store::{Db, lists};
use crate::web::answer::{Answer, Fault};
use crate::web::desk::{Desk, posted};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

const READERS: &[Role] = &[Role::Administrator, Role::Auditor];
const WRITERS: &[Role] = &[Role::Administrator];
/// The page of policies.
const HERE: &str = "/admin/policies";
/// Cases that a preview names.
const SHOWN: usize = 50;
/// Cases measured anew at once when a document is stored; the job does the rest.
const AT_ONCE: usize = 200;

/// `GET /admin/policies`: administrators and auditors. `?document=ID` shows another than the one in force.
///
/// # Errors
/// `Refused` for everybody else; `NotFound` for an unknown document.
pub async fn show(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    query: web::Query<HashMap<String, String>>,
) -> Answer {
    signed_in.needs(READERS)?;
    let asked = query.get("document").map(|text| text.parse::<i64>()).transpose().map_err(|_| Error::NotFound)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let page = move |web: &Web, db: &mut Db, desk: &Desk, now| documents(web, db, desk, asked, now);
    desk.page(StatusCode::OK, "admin/policies", "", page).await
}

/// `GET /admin/policies/new`: administrators. The form, filled in from the document in force.
///
/// # Errors
/// `Refused` for everybody else.
pub async fn form(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(WRITERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let room = |web: &Web, now| with_reference(web, |r| Ok(policy_form::has_room(&in_force(web, r, now)?.policies)));
    if !desk.run(move |web, _, now| room(web, now)).await? {
        return desk.go("/admin/policies/text", None);
    }
    let page = |web: &Web, db: &mut Db, _: &Desk, now: Moment| {
        let reference = web.app.office.reference(db)?;
        let tomorrow = now.date_in(&web.app.office.zone).tomorrow().map_err(Error::internal)?;
        let values = policy_form::values(&in_force(web, &reference, now)?.policies, &tomorrow.to_string());
        form_page(&reference, web, now, values, &[])
    };
    desk.page(StatusCode::OK, "admin/policy_form", "", page).await
}

/// `GET /admin/policies/text`: administrators. The text of the document in force.
///
/// # Errors
/// `Refused` for everybody else.
pub async fn text(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(WRITERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let page = |web: &Web, db: &mut Db, _: &Desk, now: Moment| {
        let reference = web.app.office.reference(db)?;
        let id = in_force(web, &reference, now)?.id;
        let source = all(db)?.into_iter().find(|row| row.id == id).map(|row| row.source).unwrap_or_default();
        Ok(text_page(&reference, &source, "", &[]))
    };
    desk.page(StatusCode::OK, "admin/policy_text", "", page).await
}

/// `POST /admin/policies/preview`: administrators. What a document would change; nothing is stored. With `edit`, its text to
/// go on with.
///
/// # Errors
/// `Refused` for everybody else and for a wrong CSRF word.
pub async fn preview(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(WRITERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    if form.flag("edit") {
        let page = move |web: &Web, db: &mut Db, _: &Desk, _| {
            let reference = web.app.office.reference(db)?;
            Ok(text_page(&reference, form.text("source"), form.text("note"), &[]))
        };
        return desk.page(StatusCode::OK, "admin/policy_text", "", page).await;
    }
    let read = desk.run({
        let form = form.clone();
        move |web, _, now| with_reference(web, |reference| draft(web, reference, &form, now))
    });
    match read.await? {
        Ok(draft) => {
            let page = move |web: &Web, db: &mut Db, desk: &Desk, now| preview_page(web, db, desk, &draft, now);
            desk.page(StatusCode::OK, "admin/policy_preview", "", page).await
        }
        Err(wrong) => again(&desk, form, wrong).await,
    }
}

/// `POST /admin/policies`: administrators. Stores the document that was looked at.
///
/// # Errors
/// `Refused` for everybody else and for a wrong CSRF word; `Conflict` when a colleague stored another one meanwhile.
pub async fn store(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(WRITERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let new = NewDocument {
        source: lines(form.text("source")),
        note: form.text("note").to_owned(),
        seen: form.number("seen").unwrap_or_default(),
    };
    let stored = desk
        .run(move |web, staff, now| {
            let id = set_policies::set_policies(&web.app.office, now, staff, &new)?;
            // The job does what is left; that it does, is no reason to say that storing failed.
            if let Err(e) = remeasure(&web.app.office, now, AT_ONCE) {
                tracing::warn!(error = %e, "open cases were not measured anew at once");
            }
            Ok(id)
        })
        .await;
    match stored {
        Ok(id) => desk.go(&format!("{HERE}?document={id}"), Some(&Message::new("notice-policy-stored"))),
        Err(Fault(Error::Invalid(list))) => again(&desk, form, Wrong { list, line: None }).await,
        Err(fault) => Err(fault),
    }
}

/// A document that is not stored yet.
struct Draft {
    policies: Policies,
    source: String,
    note: String,
}

/// Why a form makes no document.
struct Wrong {
    list: Vec<FieldError>,
    /// The line of the text that the first mistake is in.
    line: Option<usize>,
}

fn with_reference<T>(web: &Web, f: impl FnOnce(&Reference) -> Result<T>) -> Result<T> {
    let office = &web.app.office;
    let reference = office.store.read(|db| office.reference(db))?;
    f(&reference)
}

fn in_force<'a>(web: &Web, reference: &'a Reference, now: Moment) -> Result<&'a PolicySet> {
    reference.policies_on(now.date_in(&web.app.office.zone)).ok_or_else(|| Error::internal("no policies are installed"))
}

/// What the form says, as a document; from the text where it is the text's form.
fn draft(web: &Web, reference: &Reference, form: &Form, now: Moment) -> Result<std::result::Result<Draft, Wrong>> {
    let (ceiling, note) = (web.app.office.rules.ceiling_days, one_line(form.text("note")));
    let mut wrong = Vec::new();
    if note.is_empty() || note.chars().count() > MOST_NOTE {
        wrong.push(FieldError::new("note", "policy-note-wrong"));
    }
    if form.text("mode") == "text" {
        let source = lines(form.text("source"));
        if source.len() > MOST_TEXT {
            return Err(Error::refused("refused-too-large"));
        }
        return Ok(match policy_text::read(&source, reference, ceiling) {
            Ok(policies) if wrong.is_empty() => Ok(Draft { policies, source, note }),
            Ok(_) => Err(Wrong { list: wrong, line: None }),
            Err(Unreadable { line, message, .. }) => {
                wrong.insert(0, FieldError { field: "source", message });
                Err(Wrong { list: wrong, line })
            }
        });
    }
    let (policies, fields) = policy_form::read(form, &in_force(web, reference, now)?.policies);
    wrong.extend(fields);
    if wrong.is_empty()
        && let Err(fault) = policy_text::check(&policies, reference, ceiling)
    {
        wrong.push(policy_form::told(fault.message(), policy_form::field_of(&fault)));
    }
    if !wrong.is_empty() {
        return Ok(Err(Wrong { list: wrong, line: None }));
    }
    let source = policy_text::write(&policies)?;
    Ok(Ok(Draft { policies, source, note }))
}

/// Line ends as they are stored: browsers send others.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The form again, with what was typed and what is wrong in it.
async fn again(desk: &Desk, form: Form, wrong: Wrong) -> Answer {
    let as_text = form.text("mode") != "form";
    let page = move |web: &Web, db: &mut Db, desk: &Desk, now: Moment| {
        let reference = web.app.office.reference(db)?;
        let errors: Vec<Value> = wrong.list.iter().map(|e| told(web, desk.locale(), e, wrong.line)).collect();
        if as_text {
            return Ok(text_page(&reference, form.text("source"), form.text("note"), &errors));
        }
        form_page(&reference, web, now, policy_form::typed(&form), &errors)
    };
    let name = if as_text { "admin/policy_text" } else { "admin/policy_form" };
    desk.page(StatusCode::UNPROCESSABLE_ENTITY, name, "", page).await
}

/// A mistake as the page tells it: where the text goes wrong, and in which policy.
fn told(web: &Web, locale: &str, error: &FieldError, line: Option<usize>) -> Value {
    let mut text = web.text(locale, &error.message);
    let policy = error.message.args.iter().find(|(name, code)| *name == "policy" && !code.is_empty());
    if let Some((_, code)) = policy {
        text = web.text(locale, &Message::new("policy-in").with("policy", code).with("what", text));
    }
    if let Some(line) = line.filter(|_| error.field == "source") {
        text = web.text(locale, &Message::new("policy-at-line").with("line", line.to_string()).with("what", text));
    }
    json!({ "field": error.field, "text": text })
}

fn documents(web: &Web, db: &mut Db, desk: &Desk, asked: Option<i64>, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let current = in_force(web, &reference, now)?.id;
    let id = asked.unwrap_or(current);
    let rows = all(db)?;
    let names = lists::names(db, rows.iter().filter_map(|row| row.created_by))?;
    let state = |row: &PolicyRow| {
        let set = reference.policies.iter().find(|set| set.id == row.id);
        set.map_or("replaced", |set| document_state(&reference, set, current, now.date_in(&web.app.office.zone)))
    };
    let list: Vec<Value> = rows
        .iter()
        .zip(reference.policies.iter().map(|set| set.from))
        .map(|(row, from)| {
            json!({
                "from": from.to_string(), "note": row.note, "created_at": row.created_at, "state": state(row),
                "by": row.created_by.and_then(|id| names.get(&id)), "url": format!("{HERE}?document={}", row.id),
                "shown": row.id == id,
            })
        })
        .collect();
    let (row, set) = rows
        .iter()
        .find(|row| row.id == id)
        .zip(reference.policies.iter().find(|set| set.id == id))
        .ok_or(Error::NotFound)?;
    let words = Words::new(web, &reference, desk.locale());
    Ok(json!({
        "may_write": desk.staff().is_any(WRITERS),
        "documents": list,
        "from": set.from.to_string(),
        "state": state(row),
        "policies": words.document(&set.policies),
        "source": row.source,
    }))
}

fn document_state(reference: &Reference, set: &PolicySet, current: i64, today: jiff::civil::Date) -> &'static str {
    if reference.policies_on(set.from).is_none_or(|found| found.id != set.id) {
        "replaced"
    } else if set.id == current {
        "in_force"
    } else if set.from > today {
        "later"
    } else {
        "past"
    }
}

fn form_page(reference: &Reference, web: &Web, now: Moment, values: Value, errors: &[Value]) -> Result<Value> {
    let special = in_force(web, reference, now)?.policies.list.iter().filter(|p| !p.matches.is_for_all()).count();
    Ok(json!({
        "errors": errors, "form_action": format!("{HERE}/preview"), "form": values,
        "offers": policy_form::offers(), "special": special,
    }))
}

fn text_page(reference: &Reference, source: &str, note: &str, errors: &[Value]) -> Value {
    let codes: Vec<&str> = reference.categories.iter().map(|category| category.code.as_str()).collect();
    let classes: Vec<&str> = reference.speed_classes.iter().map(|class| class.code.as_str()).collect();
    json!({
        "errors": errors, "form_action": format!("{HERE}/preview"), "source": source, "note": note,
        "categories": codes.join(", "), "speed_classes": classes.join(", "),
    })
}

fn preview_page(web: &Web, db: &mut Db, desk: &Desk, draft: &Draft, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let from = draft.policies.from_day().map_err(Error::internal)?;
    let before = reference.policies_on(from).ok_or_else(|| Error::internal("no policies are installed"))?;
    let effect = effect(db, &web.app.office, draft.policies.clone(), SHOWN, now)?;
    let words = Words::new(web, &reference, desk.locale());
    let rows: Vec<Value> = effect.first.iter().flat_map(|touched| touched_rows(&words, &reference, touched)).collect();
    Ok(json!({
        "from": from.to_string(),
        "later": from > now.date_in(&web.app.office.zone),
        "replaces": before.from == from,
        "differences": words.differences(&before.policies, &draft.policies),
        "effect": numbers(&effect),
        "rows": rows,
        "store_action": HERE,
        "source": draft.source,
        "note": draft.note,
        "seen": set_policies::newest(&reference),
    }))
}

fn numbers(effect: &Effect) -> Value {
    json!({
        "open": effect.open, "cases": effect.cases, "earlier": effect.earlier, "later": effect.later,
        "more": effect.cases.saturating_sub(effect.first.len()),
    })
}

fn touched_rows(words: &Words<'_>, reference: &Reference, touched: &Touched) -> Vec<Value> {
    let calendar = reference.calendar_of(touched.case.unit_id);
    let day = |at: Moment| last_day(at, calendar).to_string();
    let limit = |text: &str| text.parse().map_or_else(|_| String::new(), |limit| words.limit(limit));
    let row = |change: &crate::acts::remeasure::Change| {
        json!({
            "number": touched.case.number(), "clock": words.clock(change.purpose),
            "old_limit": limit(&change.old_limit), "new_limit": limit(&change.new_limit),
            "old_day": change.old_due.map(day), "new_day": day(change.new_due),
        })
    };
    touched.changes.iter().map(row).collect()
}
