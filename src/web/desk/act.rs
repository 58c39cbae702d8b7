//! One act on a case, posted by its page or its draft. Whatever goes wrong, the page comes back with what was typed: 422
//! with the mistakes beside their fields, 403 with the refusal, 409 when a colleague was faster.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use jiff::civil::Date;
use serde_json::Value;

use super::case::{self, Told};
use super::{Desk, draft, errors, offer, posted, refusal};
use crate::acts::register::{Classification, register};
use crate::acts::{
    approve, assign, extend, identity, keep_closed, mark_posted, no_action, note, record_told, reopen, return_reply,
    take, transfer, withdraw,
};
use crate::domain::case::{CloseCode, Kind};
use crate::domain::reply::Telling;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message, Result};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `POST /desk/cases/{number}/{act}`: whoever may see the case; the act itself decides whether they may do it.
///
/// # Errors
/// `NotFound` for a case they may not see, or an act there is not.
pub async fn act(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    body: web::Payload,
) -> Answer {
    let (number, name) = path.into_inner();
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    match name.as_str() {
        "identity" => show_identity(&desk, number, form).await,
        "draft" => draft::save(&desk, number, form, false).await,
        // From the editor the text comes along; from the case's page the draft is submitted as it was saved.
        "submit_reply" => draft::save(&desk, number, form, true).await,
        name if offer::ACTS.iter().any(|(known, _)| *known == name) => run(&desk, number, name.to_owned(), form).await,
        _ => Err(Error::NotFound.into()),
    }
}

async fn run(desk: &Desk, number: String, name: String, form: Form) -> Answer {
    let done = desk
        .run({
            let (number, name, form) = (number.clone(), name.clone(), form.clone());
            move |web, staff, now| {
                let seen = web.app.office.store.read(|db| case::see(web, db, staff, &number))?;
                carry_out(web, staff, now, seen.case.id, &name, &form)
            }
        })
        .await;
    match done {
        Ok(_) => desk.go(&format!("/desk/cases/{number}"), Some(&Message::new("notice-done"))),
        Err(Fault(error)) => again(desk, number, name, form, error).await,
    }
}

/// The page of the case once more, with what is wrong and what was typed.
///
/// # Errors
/// What cannot be told there.
pub async fn again(desk: &Desk, number: String, name: String, form: Form, error: Error) -> Answer {
    let (conflict, list) = match &error {
        Error::Conflict => (true, Vec::new()),
        Error::Invalid(list) => (false, errors(list, &name)),
        Error::Refused(message) => (false, vec![refusal(message)]),
        _ => return Err(error.into()),
    };
    let told = Told { conflict, errors: list, act: Some(name), typed: form, party: None };
    case::page(desk, status_of(&error), number, told).await
}

/// Who the petitioner is, in this answer and in no other: a reload asks again, and every look is logged.
async fn show_identity(desk: &Desk, number: String, form: Form) -> Answer {
    let opened = desk
        .run({
            let (number, reason) = (number.clone(), form.text("reason").to_owned());
            move |web, staff, now| {
                let seen = web.app.office.store.read(|db| case::see(web, db, staff, &number))?;
                identity::identity(&web.app.office, now, staff, seen.case.id, &reason)
            }
        })
        .await;
    match opened {
        Ok(party) => case::page(desk, StatusCode::OK, number, Told { party: Some(party), ..Told::default() }).await,
        Err(Fault(error)) => again(desk, number, "identity".into(), form, error).await,
    }
}

/// From a form to its act; the case's new version.
fn carry_out(web: &Web, staff: &Staff, now: Moment, id: i64, name: &str, form: &Form) -> Result<i64> {
    let office = &web.app.office;
    let version = form.version()?;
    let reason = form.text("reason");
    match name {
        "register" | "classify" => register(office, now, staff, id, version, &classification(form)?),
        "assign" => {
            let unit = form.number("unit_id").ok_or_else(|| Error::invalid("unit_id", "field-choose"))?;
            assign::assign(office, now, staff, id, version, unit, row_in(form, "handler_id")?)
        }
        "take" => take::take(office, now, staff, id, version),
        "note" => note::note(office, now, staff, id, version, form.text("note")),
        "return_reply" => return_reply::return_reply(office, now, staff, id, version, reason),
        "approve" => approve::approve(office, now, staff, id, version, close_code(form, "result")?),
        "mark_posted" => {
            let day = date_in(form, "posted_on")?;
            mark_posted::mark_posted(office, now, staff, id, version, day, form.text("document_out"))
        }
        "record_told" => {
            let how =
                Telling::parse(form.text("told_how")).ok_or_else(|| Error::invalid("told_how", "field-choose"))?;
            let record = form.text("record").to_owned();
            let told = record_told::ToldReply { how, told_on: date_in(form, "told_on")?, record };
            record_told::record_told(office, now, staff, id, version, &told)
        }
        "extend" => match date_in(form, "until") {
            Ok(until) => extend::extend(office, now, staff, id, version, until, reason),
            Err(error) => Err(with_reason(error, reason)),
        },
        "transfer" => transfer::transfer(office, now, staff, id, version, form.text("agency"), reason),
        "no_action" => {
            let code = close_code(form, "ground").map_err(|error| with_reason(error, reason))?;
            let ground = no_action::Ground { code, reason: reason.to_owned(), notice: form.text("notice").to_owned() };
            no_action::no_action(office, now, staff, id, version, &ground)
        }
        "withdraw" => withdraw::by_staff(office, now, staff, id, version, reason),
        "reopen" => reopen::reopen(office, now, staff, id, version, reason),
        "keep_closed" => keep_closed::keep_closed(office, now, staff, id, version, reason),
        _ => Err(Error::NotFound),
    }
}

/// A mistake in one field told together with a missing reason, so that both are put right at once.
fn with_reason(error: Error, reason: &str) -> Error {
    match error {
        Error::Invalid(mut list) if reason.trim().is_empty() => {
            list.push(FieldError::new("reason", "field-reason"));
            Error::Invalid(list)
        }
        other => other,
    }
}

fn classification(form: &Form) -> Result<Classification> {
    let mut wrong = Vec::new();
    let kind = Kind::parse(form.text("kind"));
    for (field, missing) in [
        ("kind", kind.is_none()),
        ("category", form.text("category").is_empty()),
        ("speed_class", form.text("speed_class").is_empty()),
    ] {
        if missing {
            wrong.push(FieldError::new(field, "field-choose"));
        }
    }
    let (Some(kind), true) = (kind, wrong.is_empty()) else { return Err(Error::Invalid(wrong)) };
    Ok(Classification {
        kind,
        category: form.text("category").to_owned(),
        speed_class: form.text("speed_class").to_owned(),
        confidential: form.flag("confidential"),
        respondent_unit_id: row_in(form, "respondent_unit_id")?,
    })
}

/// A row that may be left open.
fn row_in(form: &Form, field: &'static str) -> Result<Option<i64>> {
    match form.text(field).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid(field, "field-choose")),
    }
}

fn close_code(form: &Form, field: &'static str) -> Result<CloseCode> {
    CloseCode::parse(form.text(field)).ok_or_else(|| Error::invalid(field, "field-choose"))
}

fn date_in(form: &Form, field: &'static str) -> Result<Date> {
    form.text(field).trim().parse().map_err(|_| Error::invalid(field, "field-date"))
}

/// The errors of a page as JSON, for the draft's page too.
#[must_use]
pub fn told_errors(error: &Error) -> Option<(bool, Vec<Value>)> {
    match error {
        Error::Conflict => Some((true, Vec::new())),
        Error::Invalid(list) => Some((false, errors(list, ""))),
        Error::Refused(message) => Some((false, vec![refusal(message)])),
        _ => None,
    }
}
