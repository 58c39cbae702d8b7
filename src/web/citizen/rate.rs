//! The link of a reply: five questions, one answer, changeable until the link runs out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, dead_link, listed, message, told};
use crate::acts::rate as act;
use crate::domain::link::{Link, Purpose};
use crate::domain::rating::Rating;
use crate::error::{Error, Message, Result};
use crate::store::cases::{self, Case};
use crate::store::replies::Reply as ReplyRow;
use crate::store::reviews::{self, RatingRow};
use crate::web::answer::Answer;
use crate::web::forms::{self, Form};
use crate::web::state::{State, Web};

const QUESTIONS: [&str; 5] = ["result", "clarity", "speed", "attitude", "overall"];

/// `GET /r/{token}`: the questions, with the answer given before.
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let found = match find(web, reader, &token) {
            Ok(found) => found,
            Err(e) => return closed(e),
        };
        let typed = found.rating.as_ref().map_or_else(|| typed(&Form::default()), before);
        Ok(Reply::Page(StatusCode::OK, "citizen/rate", page(reader, &token, &found, &typed, &Value::Null, &[])))
    })
    .await
}

/// `POST /r/{token}`: stores the answer, or shows the questions again.
///
/// # Errors
/// Of the database; `Refused` for a form that cannot be read.
pub async fn rate(request: HttpRequest, state: State, token: web::Path<String>, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let done = read(web, &token).and_then(|link| act::rate(&web.app.office, reader.now, &link, &rating_of(&form)));
        let (status, failure, errors) = match done {
            Ok(()) => return Ok(Reply::SeeOther(reader.href(&format!("/r/{token}/thanks")), None)),
            Err(Error::Invalid(fields)) => (StatusCode::UNPROCESSABLE_ENTITY, Value::Null, listed(&fields)),
            Err(ref e @ (Error::Unavailable(_) | Error::Contended(_))) => {
                tracing::warn!(error = %e, "a rating was not stored");
                (StatusCode::SERVICE_UNAVAILABLE, told(&Message::new("error-unavailable")), Vec::new())
            }
            Err(e) => return closed(e),
        };
        let found = match find(web, reader, &token) {
            Ok(found) => found,
            Err(e) => return closed(e),
        };
        Ok(Reply::Page(status, "citizen/rate", page(reader, &token, &found, &typed(&form), &failure, &errors)))
    })
    .await
}

/// `GET /r/{token}/thanks`
///
/// # Errors
/// Of the database.
pub async fn thanks(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let found = match find(web, reader, &token) {
            Ok(found) => found,
            Err(e) => return closed(e),
        };
        let questions = reader.href(&format!("/r/{token}"));
        let Some(rating) = &found.rating else { return Ok(Reply::SeeOther(questions, None)) };
        let data = json!({
            "case_number": found.case.number(),
            "overall": rating.overall,
            "low": rating.overall <= 2,
            "expires_at": found.reply.rating_until,
            "links": { "rate": questions },
        });
        Ok(Reply::Page(StatusCode::OK, "citizen/rated", data))
    })
    .await
}

/// What a link to rate opens.
struct Found {
    case: Case,
    reply: ReplyRow,
    rating: Option<RatingRow>,
}

fn read(web: &Web, token: &str) -> Result<Link> {
    web.app.office.keys.read_token(Purpose::Rate, token).ok_or(Error::NotFound)
}

fn find(web: &Web, reader: &Reader, token: &str) -> Result<Found> {
    let link = read(web, token)?;
    web.app.office.store.read(|db| {
        let reply = act::by_link(db, &link)?;
        if !act::is_open(&reply, reader.now) {
            return Err(Error::refused("refused-link-expired"));
        }
        let case = cases::get(db, reply.case_id)?;
        let rating = reviews::of_reply(db, reply.id)?;
        Ok(Found { case, reply, rating })
    })
}

fn closed(error: Error) -> Result<Reply> {
    match error {
        Error::Refused(m) if m.key == "refused-link-expired" => {
            Ok(message(StatusCode::GONE, "rating_expired", json!({})))
        }
        other => dead_link(other),
    }
}

fn page(reader: &Reader, token: &str, found: &Found, form: &Value, failure: &Value, errors: &[Value]) -> Value {
    json!({
        "form_action": reader.href(&format!("/r/{token}")),
        "token": token,
        "case_number": found.case.number(),
        "subject": found.case.subject,
        "replied_at": found.reply.decided_at.unwrap_or(found.reply.updated_at),
        "expires_at": found.reply.rating_until,
        "answered_at": found.rating.as_ref().map(|rating| rating.updated_at),
        "questions": QUESTIONS,
        "levels": [5, 4, 3, 2, 1],
        "comment_max": 2000,
        "failure": failure,
        "errors": errors,
        "form": form,
    })
}

fn rating_of(form: &Form) -> Rating {
    // A level that was not chosen is 0, which the rating's own rules refuse.
    let level = |name: &str| form.number(name).and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
    Rating {
        result: level("result"),
        clarity: level("clarity"),
        speed: level("speed"),
        attitude: level("attitude"),
        overall: level("overall"),
        comment: form.text("comment").to_owned(),
        may_call: form.flag("may_call"),
    }
}

fn typed(form: &Form) -> Value {
    let mut typed = json!({ "comment": form.text("comment"), "may_call": form.flag("may_call") });
    for question in QUESTIONS {
        typed[question] = json!(form.number(question).filter(|n| (1..=5).contains(n)));
    }
    typed
}

fn before(rating: &RatingRow) -> Value {
    json!({
        "result": rating.result, "clarity": rating.clarity, "speed": rating.speed, "attitude": rating.attitude,
        "overall": rating.overall, "comment": rating.comment, "may_call": rating.may_call,
    })
}
