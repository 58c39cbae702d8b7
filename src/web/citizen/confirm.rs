//! The link of the confirmation mail: GET shows what will be handed in, POST hands it in; afterwards both show the receipt.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, dead_link, message};
use crate::acts::confirm as act;
use crate::acts::{Receipt, identity, resend, submit};
use crate::domain::calendar::Calendar;
use crate::domain::link::{Link, Purpose};
use crate::domain::submission::SubmissionState as S;
use crate::domain::watch::{last_day, working_days};
use crate::error::{Error, Result};
use crate::store::attachments::{Carrier, of};
use crate::store::submissions::Submission;
use crate::store::{Db, texts};
use crate::web::answer::Answer;
use crate::web::state::{State, Web};
use crate::web::uploads::size_text;

/// `GET /c/{token}`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| seen(web, reader, &token).or_else(dead_link)).await
}

/// `POST /c/{token}`: on to the receipt, which is the same page once confirmed.
///
/// # Errors
/// Of the database.
pub async fn confirm(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        match read(web, &token).and_then(|link| act::confirm(&web.app.office, reader.now, &link)) {
            Ok(_) => Ok(Reply::SeeOther(reader.href(&format!("/c/{token}")), None)),
            Err(e) => refused(web, reader, e),
        }
    })
    .await
}

fn read(web: &Web, token: &str) -> Result<Link> {
    web.app.office.keys.read_token(Purpose::Confirm, token).ok_or(Error::NotFound)
}

fn refused(web: &Web, reader: &Reader, error: Error) -> Result<Reply> {
    match error {
        Error::Refused(m) if m.key == "refused-submission-dismissed" => {
            let reason = web.text(reader.locale, &m);
            Ok(message(StatusCode::GONE, "refused", json!({ "reason": reason })))
        }
        Error::Unavailable(why) | Error::Contended(why) => {
            tracing::warn!(error = %why, "a submission was not confirmed");
            Ok(message(StatusCode::SERVICE_UNAVAILABLE, "not_confirmed", json!({})))
        }
        other => dead_link(other),
    }
}

fn seen(web: &Web, reader: &Reader, token: &str) -> Result<Reply> {
    let office = &web.app.office;
    let link = read(web, token)?;
    office.store.read(|db| {
        let submission = submit::by_link(db, &link)?;
        if matches!(submission.state, S::Confirmed | S::Accepted) {
            let receipt = act::receipt_of(db, office, &submission)?;
            let email = identity::own(db, office, &submission)?.email;
            let data = receipt_page(&office.reference(db)?.calendar, &receipt, &email);
            return Ok(Reply::Page(StatusCode::OK, "citizen/receipt", data));
        }
        match resend::waiting(&submission, reader.now) {
            Ok(()) => Ok(Reply::Page(StatusCode::OK, "citizen/confirm", page(db, web, reader, token, &submission)?)),
            Err(e) => refused(web, reader, e),
        }
    })
}

fn page(db: &mut Db, web: &Web, reader: &Reader, token: &str, submission: &Submission) -> Result<Value> {
    let office = &web.app.office;
    let reference = office.reference(db)?;
    let who = identity::own(db, office, submission)?;
    let category = submission.category.as_deref().and_then(|code| reference.category(code));
    let files: Vec<Value> = of(db, Carrier::Submission(submission.id))?
        .iter()
        .map(|file| json!({ "name": file.name, "size": size_text(file.size), "url": null }))
        .collect();
    Ok(json!({
        "form_action": reader.href(&format!("/c/{token}")),
        "token": token,
        "expires_at": submission.expires_at,
        "summary": {
            "name": who.name, "email": who.email, "phone": who.phone, "address": who.address,
            "subject": submission.subject,
            "body": texts::get(db, submission.text_id)?,
            "kind": submission.kind,
            "category": category.map(|c| if reader.locale == "en" { &c.name_en } else { &c.name_zh }),
            "place": submission.place,
            "confidential": submission.confidential,
            "reply_by": submission.reply_by,
            "attachments": files,
        },
    }))
}

fn receipt_page(calendar: &Calendar, receipt: &Receipt, email: &str) -> Value {
    let due_on = receipt.due_at.map(|due| last_day(due, calendar));
    let days = due_on.map(|due| working_days(receipt.received_at.date_in(calendar.zone()), due, calendar));
    json!({
        "case_number": receipt.number,
        "query_code": receipt.query_code,
        "email": email,
        "subject": receipt.subject,
        "received_at": receipt.received_at,
        "due_on": due_on.map(|day| day.to_string()),
        "due_days": days,
    })
}
