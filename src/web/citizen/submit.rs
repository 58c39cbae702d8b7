//! The form of a petition: shown, shown again with what has to be corrected and everything kept, and taken in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, listed, privacy, told};
use crate::acts::submit as act;
use crate::domain::agency::Category;
use crate::domain::case::Kind;
use crate::error::{Error, Message, Result};
use crate::keys::random_word;
use crate::store::reference::Reference;
use crate::web::answer::{Answer, status_of};
use crate::web::forms;
use crate::web::intake::{Handed, Input, NotTaken, receive};
use crate::web::state::{State, Web, locale_of};
use crate::web::uploads;

/// `GET /petitions/new`
///
/// # Errors
/// Of the database.
pub async fn form(request: HttpRequest, state: State) -> Answer {
    answer(&state, Reader::of(&request, &state), |web, reader| {
        let input = Input { reply_by: "email".into(), ..Input::default() };
        let data = page(web, reader, &*web.reference()?, &input, &random_word::<16>()?, &NotTaken::default())?;
        Ok(Reply::Page(StatusCode::OK, "citizen/submit", data))
    })
    .await
}

/// `POST /petitions`: on to the submission's page, or the form again.
///
/// # Errors
/// `Refused` for a form that cannot be read.
pub async fn submit(request: HttpRequest, state: State, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let handed = Handed {
        input: Input::of(&form),
        kept: form.texts("kept_attachment").to_vec(),
        key: form.text("idempotency_key").to_owned(),
        uploads: form.files,
        locale: locale_of(&request),
        address: state.client_address(&request),
    };
    if !act::is_key(&handed.key) {
        return Err(Error::refused("refused-bad-request").into());
    }
    let reader = Reader::of(&request, &state).showing("/petitions/new");
    answer(&state, reader, move |web, reader| take(web, reader, handed)).await
}

fn take(web: &Web, reader: &Reader, handed: Handed) -> Result<Reply> {
    let reference = web.reference()?;
    let (input, key) = (handed.input.clone(), handed.key.clone());
    let not_taken = match receive(web, reader.now, &reference, handed) {
        Ok(submission) => {
            let token = web.app.office.keys.token(&act::page(&web.app.office, &submission))?;
            return Ok(Reply::SeeOther(reader.href(&format!("/s/{token}")), None));
        }
        Err(not_taken) => not_taken,
    };
    let status = match &not_taken.failure {
        Some(Error::Refused(m)) if m.key == "refused-idempotency" => return Ok(used_before(reader, &input)),
        Some(failure) => {
            tracing::warn!(error = %failure, "a petition was not taken in");
            status_of(failure)
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Reply::Page(status, "citizen/submit", page(web, reader, &reference, &input, &key, &not_taken)?))
}

/// The form was sent before with something else in it: what is new can be copied from here.
fn used_before(reader: &Reader, input: &Input) -> Reply {
    let data = json!({
        "name": "key_reused",
        "args": {},
        "link": { "url": reader.href("/petitions/new"), "label_key": "home-submit" },
        "typed": format!("{}\n\n{}", input.subject, input.body),
    });
    Reply::Page(StatusCode::UNPROCESSABLE_ENTITY, "citizen/message", data)
}

/// The form with what was typed, what is wrong, and what is kept.
fn page(
    web: &Web,
    reader: &Reader,
    reference: &Reference,
    input: &Input,
    key: &str,
    not_taken: &NotTaken,
) -> Result<Value> {
    let (rules, days) = (&web.app.config.attachments, web.app.config.cases.confirm_days);
    let name = |c: &Category| if reader.locale == "en" { c.name_en.clone() } else { c.name_zh.clone() };
    let categories: Vec<Value> =
        reference.categories.iter().map(|c| json!({ "code": c.code, "name": name(c) })).collect();
    Ok(json!({
        "form_action": reader.href("/petitions"),
        "idempotency_key": key,
        "failure": not_taken.failure.as_ref().map(|failure| told(&in_the_way(failure))),
        "errors": listed(&not_taken.errors),
        "form": input.typed(),
        "kinds": Kind::ALL,
        "categories": categories,
        "limits": {
            "subject_min": 2, "subject_max": 200, "body_max": 20_000,
            "attachments_max": rules.max_files, "attachment_mb": uploads::megabytes(rules),
            "attachment_types": uploads::type_names(rules), "attachment_accept": uploads::accept(rules),
            "confirm_days": days,
        },
        "kept_attachments": uploads::shown(web, reader.now, &not_taken.kept)?,
        "privacy": privacy(web)?,
    }))
}

/// What the form says above everything else.
fn in_the_way(failure: &Error) -> Message {
    match failure {
        Error::Refused(message) => message.clone(),
        _ => Message::new("submit-not-accepted"),
    }
}
