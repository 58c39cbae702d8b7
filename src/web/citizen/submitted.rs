//! The page of a submission that waits: where its mail went, the mail once more, the address corrected. Its token shows
//! this page and confirms nothing: whoever typed the form has not shown that the address is theirs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, dead_link, listed, told};
use crate::acts::{correct_address as correct, identity, resend as again, submit};
use crate::domain::link::{Link, Purpose};
use crate::domain::submission::SubmissionState;
use crate::error::{Error, Message, Result};
use crate::store::submissions::mail_sent_at;
use crate::web::answer::{Answer, status_of};
use crate::web::forms;
use crate::web::state::{State, Web};

/// `GET /s/{token}`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let notice = match request.query_string() {
        "done=resent" => Some("notice-mail-resent"),
        "done=corrected" => Some("notice-address-corrected"),
        _ => None,
    };
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let with = Shown { notice, ..Shown::default() };
        page(web, reader, &token, StatusCode::OK, with).or_else(dead_link)
    })
    .await
}

/// `POST /s/{token}/resend`
///
/// # Errors
/// Of the database.
pub async fn resend(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    let reader = Reader::of(&request, &state).showing(&format!("/s/{token}"));
    answer(&state, reader, move |web, reader| {
        let done = read(web, &token).and_then(|link| again::resend(&web.app.office, reader.now, &link));
        after(web, reader, &token, done.map(drop), "resent", "")
    })
    .await
}

/// `POST /s/{token}/address`
///
/// # Errors
/// Of the database; `Refused` for a form that cannot be read.
pub async fn correct_address(
    request: HttpRequest,
    state: State,
    token: web::Path<String>,
    body: web::Payload,
) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let (token, email) = (token.into_inner(), form.text("email").to_owned());
    let reader = Reader::of(&request, &state).showing(&format!("/s/{token}"));
    answer(&state, reader, move |web, reader| {
        let done =
            read(web, &token).and_then(|link| correct::correct_address(&web.app.office, reader.now, &link, &email));
        after(web, reader, &token, done.map(drop), "corrected", &email)
    })
    .await
}

fn read(web: &Web, token: &str) -> Result<Link> {
    web.app.office.keys.read_token(Purpose::Submission, token).ok_or(Error::NotFound)
}

/// On to the page that says it was done, or the page with what is wrong and what was typed.
fn after(web: &Web, reader: &Reader, token: &str, done: Result<()>, what: &str, typed: &str) -> Result<Reply> {
    let (status, wrong) = match done {
        Ok(()) => return Ok(Reply::SeeOther(reader.href(&format!("/s/{token}?done={what}")), None)),
        Err(Error::NotFound) => return dead_link(Error::NotFound),
        Err(Error::Invalid(fields)) => (StatusCode::UNPROCESSABLE_ENTITY, Err(listed(&fields))),
        Err(ref refused @ Error::Refused(ref message)) => (status_of(refused), Ok(told(message))),
        Err(ref e @ (Error::Unavailable(_) | Error::Contended(_))) => {
            tracing::warn!(error = %e, "a submission was not changed");
            (StatusCode::SERVICE_UNAVAILABLE, Ok(told(&Message::new("error-unavailable"))))
        }
        Err(e) => return Err(e),
    };
    let shown = match wrong {
        Ok(failure) => Shown { failure, typed, ..Shown::default() },
        Err(errors) => Shown { errors, typed, ..Shown::default() },
    };
    page(web, reader, token, status, shown).or_else(dead_link)
}

/// What the page shows beside the submission.
#[derive(Default)]
struct Shown<'a> {
    failure: Value,
    errors: Vec<Value>,
    typed: &'a str,
    notice: Option<&'static str>,
}

fn page(web: &Web, reader: &Reader, token: &str, status: StatusCode, shown: Shown<'_>) -> Result<Reply> {
    let office = &web.app.office;
    let link = read(web, token)?;
    let (submission, email, sent_at) = office.store.read(|db| {
        let submission = submit::by_page(db, &link, reader.now)?;
        let email = identity::own(db, office, &submission)?.email;
        let sent_at = mail_sent_at(db, submission.id)?;
        Ok((submission, email, sent_at))
    })?;
    let can_act = again::waiting(&submission, reader.now).is_ok();
    let left = again::mails_left(office, &submission);
    // The job that marks what has run out comes by every few minutes; the page need not wait for it.
    let state = match submission.state {
        SubmissionState::Unconfirmed | SubmissionState::Bounced if !can_act => SubmissionState::Expired,
        state => state,
    };
    let data = json!({
        "state": state,
        "email": email,
        "subject": submission.subject,
        "submitted_at": submission.created_at,
        "sent_at": sent_at,
        "expires_at": submission.expires_at,
        "can_act": can_act,
        "resend_left": left,
        "correct_left": left,
        "token": token,
        "links": {
            "resend": reader.href(&format!("/s/{token}/resend")),
            "correct": reader.href(&format!("/s/{token}/address")),
        },
        "form": { "email": shown.typed },
        "failure": shown.failure,
        "errors": shown.errors,
        "notice": shown.notice.map(|key| json!({ "key": key, "args": {} })),
    });
    Ok(Reply::Page(status, "citizen/submitted", data))
}
