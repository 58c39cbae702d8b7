//! Staff enter what came by telephone, visit, letter and the like: a case at once. Number and query code are told once, on
//! the case's page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::queue::indented;
use super::{Desk, errors, posted, refusal};
use crate::acts::enter::{Entry, enter};
use crate::domain::case::{Channel, Kind, ReplyBy};
use crate::domain::party::Reachable;
use crate::domain::reply::way;
use crate::domain::staff::Role;
use crate::domain::submission::Petition;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message, Result};
use crate::keys::random_word;
use crate::store::Db;
use crate::web::answer::{Answer, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};
use crate::web::uploads;

const ROLES: &[Role] = &[Role::Registrar];

/// `GET /desk/new`: registrars.
///
/// # Errors
/// `Refused` for others.
pub async fn form(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(ROLES)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let key = random_word::<20>()?;
    desk.page(StatusCode::OK, "desk/new", "", move |web, db, desk, now| {
        let received = now.to_jiff().to_zoned(web.app.office.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
        let fresh = Form::with(&[
            ("channel", Channel::Phone.code()),
            ("kind", Kind::Suggestion.code()),
            ("received_at", &received),
            ("idempotency_key", &key),
        ]);
        view(web, db, desk, &fresh, &[], Vec::new())
    })
    .await
}

/// `POST /desk/new`: registrars.
///
/// # Errors
/// `Refused` for others and for a wrong CSRF word.
pub async fn enter_case(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(ROLES)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run({
            let form = form.clone();
            move |web, staff, now| {
                let (entry, wrong) = entry(web, &form, now);
                let taken = uploads::take(web, &form, 0, now)?;
                let outcome = checked(entry, wrong, taken.wrong).and_then(|entry| {
                    enter(&web.app.office, now, staff, entry, &taken.files, form.text("idempotency_key"))
                });
                // Whatever is wrong, the files that came need not be chosen again.
                Ok((outcome, uploads::shown(web, now, &taken.files)?))
            }
        })
        .await;
    let (done, kept) = done?;
    let list = match done {
        Ok(receipt) => {
            let message = match receipt.query_code.as_str() {
                // The form was sent twice, and no letter carries the code: it was told the first time.
                "" => Message::new("notice-submission-accepted").with("number", &receipt.number),
                code => Message::new("notice-entered").with("number", &receipt.number).with("code", code),
            };
            return desk.go(&format!("/desk/cases/{}", receipt.number), Some(&message));
        }
        Err(Error::Invalid(list)) => errors(&list, ""),
        Err(Error::Refused(message)) if message.key == "refused-idempotency" => vec![refusal(&message)],
        Err(error) => return Err(error.into()),
    };
    let status = status_of(&Error::Invalid(Vec::new()));
    desk.page(status, "desk/new", "", move |web, db, desk, _| view(web, db, desk, &form, &list, kept)).await
}

/// What was typed as an entry, and the fields that cannot be read.
fn entry(web: &Web, form: &Form, now: Moment) -> (Entry, Vec<FieldError>) {
    let mut wrong = Vec::new();
    let mut must = |field: &'static str, read: bool, key: &'static str| {
        if !read {
            wrong.push(FieldError::new(field, key));
        }
    };
    let channel = Channel::parse(form.text("channel")).filter(|c| *c != Channel::Web);
    must("channel", channel.is_some(), "field-choose");
    let received_at = moment(web, form.text("received_at"));
    must("received_at", received_at.is_some(), "field-date-time");
    must("received_at", received_at.is_none_or(|at| at <= now), "field-in-future");
    let kind = Kind::parse(form.text("kind"));
    must("kind", kind.is_some(), "field-choose");
    let reply_by = ReplyBy::parse(form.text("reply_by"));
    must("reply_by", reply_by.is_some(), "field-choose");
    // Where none is chosen, one that is open stands in, so that the choice alone is told as missing.
    let given = |field: &str| !form.text(field).trim().is_empty();
    let reach = Reachable { by_email: given("email"), by_post: given("address"), by_phone: given("phone") };
    let petition = Petition {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        phone: form.text("phone").to_owned(),
        address: form.text("address").to_owned(),
        subject: form.text("subject").to_owned(),
        body: form.text("body").to_owned(),
        kind: kind.unwrap_or(Kind::Suggestion),
        category: form.optional("category"),
        place: form.text("place").to_owned(),
        confidential: form.flag("confidential"),
        reply_by: reply_by.unwrap_or(way(ReplyBy::OnFile, reach)),
        locale: "zh-TW".into(),
        channel: channel.unwrap_or(Channel::Phone),
    };
    let entry = Entry {
        petition,
        received_at: received_at.unwrap_or(now),
        incoming_ref: form.optional("incoming_ref"),
        referring_agency: form.optional("referring_agency"),
        respondent_unit_id: form.number("respondent_unit_id"),
    };
    (entry, wrong)
}

/// Every mistake at once: those of the form, of the petition and of its files.
fn checked(entry: Entry, mut wrong: Vec<FieldError>, files: Vec<FieldError>) -> Result<Entry> {
    if let Err(Error::Invalid(more)) = entry.petition.clone().tidy().check_by_staff() {
        wrong.extend(more);
    }
    wrong.extend(files);
    if wrong.is_empty() { Ok(entry) } else { Err(Error::Invalid(wrong)) }
}

/// A local date and time as the browser sends it.
fn moment(web: &Web, text: &str) -> Option<Moment> {
    let at: DateTime = text.trim().parse().ok()?;
    web.app.office.zone.to_ambiguous_timestamp(at).compatible().ok().map(Moment::from_jiff)
}

fn view(web: &Web, db: &mut Db, desk: &Desk, form: &Form, errors: &[Value], kept: Vec<Value>) -> Result<Value> {
    let (reference, locale) = (web.app.office.reference(db)?, desk.locale());
    let channels: Vec<Channel> = Channel::ALL.iter().copied().filter(|c| *c != Channel::Web).collect();
    let categories: Vec<Value> = reference
        .categories
        .iter()
        .map(|c| json!({ "code": c.code, "name": if locale == "en" { &c.name_en } else { &c.name_zh } }))
        .collect();
    let units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .map(|unit| json!({ "id": unit.id, "label": indented(&reference.units, unit.id, locale) }))
        .collect();
    let mut typed = serde_json::Map::new();
    for field in [
        "channel",
        "received_at",
        "referring_agency",
        "incoming_ref",
        "name",
        "phone",
        "email",
        "address",
        "reply_by",
        "subject",
        "body",
        "kind",
        "category",
        "place",
    ] {
        typed.insert(field.to_owned(), json!(form.text(field)));
    }
    typed.insert("respondent_unit_id".into(), json!(form.number("respondent_unit_id")));
    typed.insert("confidential".into(), json!(form.flag("confidential")));
    Ok(json!({
        "errors": errors,
        "form_action": "/desk/new",
        "idempotency_key": form.text("idempotency_key"),
        "channels": channels,
        "kinds": Kind::ALL,
        "categories": categories,
        "units": units,
        "limits": uploads::limits(&web.app.config.attachments),
        "form": typed,
        "ways": ReplyBy::ALL,
        "kept_files": kept,
    }))
}
