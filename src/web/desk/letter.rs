//! One letter on the desk: where it stands, why it did not leave, and what can be done: send it again, or to another
//! address.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::letters::{READERS, in_words};
use super::{Desk, errors, mail, posted};
use crate::acts::redirect_letter::{STATES, may_redirect, redirect_letter};
use crate::acts::retry_letter::may_retry;
use crate::acts::rights_of;
use crate::domain::delivery::LetterState;
use crate::domain::event::acts;
use crate::domain::incoming::Automatic;
use crate::domain::rights::may_see;
use crate::domain::staff::Role;
use crate::error::{Error, Message, Result};
use crate::keys::random_word;
use crate::store::letters::{self, LetterRow};
use crate::store::{Db, cases, events, lists, messages};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may send letters elsewhere, if they have to do with the case.
const REDIRECTORS: &[Role] = &[Role::Registrar, Role::Handler];

/// Messages about a letter that its page lists.
const NOTED: i64 = 20;

/// `GET /desk/letters/{id}`: who may look at the outbox, and whoever may see the letter's case.
///
/// # Errors
/// `NotFound` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, *id, Vec::new(), None).await
}

/// `POST /desk/letters/{id}/address`: registrars, and the handler of the case. The letter goes to another address.
///
/// # Errors
/// `NotFound` for a case they may not see; `Refused` for others; `Conflict` when it cannot be sent elsewhere any more.
pub async fn redirect(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(REDIRECTORS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let id = id.into_inner();
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run({
            let form = form.clone();
            move |web, staff, now| {
                let (email, further, key) =
                    (form.text("email"), form.flag("from_now_on"), form.text("idempotency_key"));
                redirect_letter(&web.app.office, now, staff, id, email, further, key)
            }
        })
        .await;
    match done {
        Ok(new) => desk.go(&format!("/desk/letters/{new}"), Some(&Message::new("notice-letter-redirected"))),
        Err(Fault(error @ Error::Invalid(_))) => {
            let list = match &error {
                Error::Invalid(list) => errors(list, ""),
                _ => Vec::new(),
            };
            page(&desk, status_of(&error), id, list, Some(form)).await
        }
        Err(fault) => Err(fault),
    }
}

async fn page(desk: &Desk, status: StatusCode, id: i64, list: Vec<Value>, form: Option<Form>) -> Answer {
    desk.page(status, "desk/letter", "queue-letters", move |web, db, desk, _| {
        let row = letters::get(db, id)?;
        let mut data = view(web, db, desk, &row)?;
        // Typed again, it keeps its key.
        let key = form.as_ref().map(|form| form.text("idempotency_key").to_owned()).filter(|key| !key.is_empty());
        let key = key.map_or_else(random_word::<16>, Ok)?;
        data["errors"] = json!(list);
        data["form"] = json!({
            "idempotency_key": key,
            "email": form.as_ref().map_or("", |form| form.text("email")),
            "from_now_on": form.as_ref().is_none_or(|form| form.flag("from_now_on")),
        });
        Ok(data)
    })
    .await
}

fn view(web: &Web, db: &mut Db, desk: &Desk, row: &LetterRow) -> Result<Value> {
    let (office, staff) = (&web.app.office, desk.staff());
    let case = row.case_id.map(|id| cases::get(db, id)).transpose()?;
    let (open, redirect) = match &case {
        Some(case) => {
            let (rights, reference) = (rights_of(db, case, None)?, office.reference(db)?);
            (may_see(staff, &rights, &reference.units), may_redirect(staff, &rights, &reference.units))
        }
        None => (false, false),
    };
    if !open && !staff.is_any(READERS) {
        return Err(Error::NotFound);
    }
    let redirect = redirect && row.party_id.is_some() && STATES.contains(&row.state);
    let retry = row.state == LetterState::Failed && may_retry(db, office, staff, row)?;
    let names = lists::names(db, row.staff_id)?;
    let automatic = case.as_ref().map(|case| automatic(db, case.id)).transpose()?.unwrap_or_default();
    let noted: Vec<Value> = messages::of_letter(db, row.id, NOTED)?
        .iter()
        .map(|message| {
            json!({
                "at": message.stored_at,
                "reason": message.reasons().first(),
                "automatic": automatic.get(&message.id),
                "url": staff.is_any(mail::READERS).then(|| format!("/desk/mail/{}", message.id)),
            })
        })
        .collect();
    Ok(json!({
        "letter": {
            "kind": row.kind,
            "state": row.state,
            "to": if row.staff_id.is_some() { "staff" } else { "petitioner" },
            "to_name": row.staff_id.and_then(|id| names.get(&id)),
            "elsewhere": row.to_sealed.is_some(),
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "next_try_at": row.next_try_at.filter(|_| row.state == LetterState::Waiting),
            "attempts": row.attempts,
            "noted": noted,
            "error": row.error.as_deref().map(|error| in_words(web, desk.locale(), error)),
        },
        "case_number": case.as_ref().map(|case| case.number()),
        "case_url": case.as_ref().filter(|_| open).map(|case| format!("/desk/cases/{}", case.number())),
        "list_url": staff.is_any(READERS).then(|| format!("/desk/letters?state={}", row.state)),
        "retry_action": retry.then(|| format!("/desk/letters/{}/retry", row.id)),
        "redirect_action": redirect.then(|| format!("/desk/letters/{}/address", row.id)),
    }))
}

/// What kind of automatic mail the messages noted in a case are.
fn automatic(db: &mut Db, case_id: i64) -> Result<HashMap<i64, Automatic>> {
    let events = events::of_case(db, case_id)?;
    let noted = events.iter().filter(|event| event.act == acts::MAIL_NOTED);
    Ok(noted
        .filter_map(|event| {
            let facts: Value = serde_json::from_str(&event.facts).ok()?;
            Some((facts["message"].as_i64()?, Automatic::parse(facts["what"].as_str()?)?))
        })
        .collect())
}
