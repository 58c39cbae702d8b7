//! Where a case stands: number and query code open it for half an hour; wrong pairs all answer alike.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::view::{self, Ending, View};
use super::{Reader, Reply, answer, listed, message, told, visit};
use crate::acts::look_up as act;
use crate::error::{Error, FieldError, Message, Result};
use crate::store::attachments::{self, Attachment};
use crate::store::cases;
use crate::web::answer::Answer;
use crate::web::forms;
use crate::web::state::{State, Web};
use crate::web::uploads::size_text;

/// `GET /status`
///
/// # Errors
/// Of the database.
pub async fn form(request: HttpRequest, state: State) -> Answer {
    answer(&state, Reader::of(&request, &state), |_, reader| Ok(ask(reader, StatusCode::OK, "", "", &[]))).await
}

/// `POST /status`: on to the case, or the form again.
///
/// # Errors
/// Of the database; `Refused` for a form that cannot be read, and after too many wrong pairs.
pub async fn look_up(request: HttpRequest, state: State, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let (number, code) = (form.text("number").trim().to_owned(), form.text("code").trim().to_owned());
    let asker = state.asker(&request)?;
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let missing: Vec<FieldError> = [("number", &number), ("code", &code)]
            .into_iter()
            .filter(|(_, text)| text.is_empty())
            .map(|(field, _)| FieldError { field, message: Message::new("field-missing") })
            .collect();
        if !missing.is_empty() {
            return Ok(ask(reader, StatusCode::UNPROCESSABLE_ENTITY, &number, &code, &missing));
        }
        let most = web.app.config.limits.lookups;
        match act::look_up(&web.app.office, reader.now, &number, &code, &asker, most) {
            Ok(case) => {
                let cookie = visit::begin(web, &case, reader.now)?;
                Ok(Reply::SeeOther(reader.href("/status/case"), Some(cookie)))
            }
            Err(Error::NotFound) => {
                let wrong = [FieldError::new("number", "status-not-found")];
                Ok(ask(reader, StatusCode::UNPROCESSABLE_ENTITY, &number, &code, &wrong))
            }
            Err(Error::Unavailable(why) | Error::Contended(why)) => {
                tracing::warn!(error = %why, "a case could not be looked up");
                Ok(message(StatusCode::SERVICE_UNAVAILABLE, "unavailable", json!({})))
            }
            Err(e) => Err(e),
        }
    })
    .await
}

fn ask(reader: &Reader, status: StatusCode, number: &str, code: &str, errors: &[FieldError]) -> Reply {
    let data = json!({
        "form_action": reader.href("/status"),
        "errors": listed(errors),
        "form": { "number": number, "code": code },
    });
    Reply::Page(status, "citizen/status_form", data)
}

/// `GET /status/case`: the case of the visit, or the form when there is none.
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    let word = visit::word(&state, &request);
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let Some(case_id) = visit::case_of(web, &word, reader.now) else {
            return Ok(Reply::SeeOther(reader.href("/status"), None));
        };
        let office = &web.app.office;
        let view = office.store.read(|db| {
            let case = cases::get(db, case_id)?;
            view::view(db, office, &case, reader.locale, reader.now)
        })?;
        Ok(Reply::Page(StatusCode::OK, "citizen/status", page(web, reader, &view)?))
    })
    .await
}

/// `GET /status/files/{id}`: a file of the case of the visit.
///
/// # Errors
/// `NotFound` for everything the petitioner may not have, whether it exists or not.
pub async fn file(request: HttpRequest, state: State, id: web::Path<String>) -> Answer {
    let (word, id) = (visit::word(&state, &request), id.parse::<i64>().map_err(|_| Error::NotFound)?);
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let case_id = visit::case_of(web, &word, reader.now).ok_or(Error::NotFound)?;
        let file = web.app.office.store.read(|db| {
            let file = attachments::get(db, id)?;
            if view::may_have(db, case_id, &file)? { Ok(file) } else { Err(Error::NotFound) }
        })?;
        let bytes = web.app.files.get(&file.sha256)?;
        Ok(Reply::File(file.name, file.media_type, bytes))
    })
    .await
}

fn page(web: &Web, reader: &Reader, view: &View) -> Result<Value> {
    let url = |file: &Attachment| reader.href(&format!("/status/files/{}", file.id));
    let files = |list: &[Attachment]| -> Vec<Value> {
        list.iter().map(|f| json!({ "name": f.name, "size": size_text(f.size), "url": url(f) })).collect()
    };
    let rate = match view.reply.as_ref().and_then(|reply| reply.rate.as_ref()) {
        Some(link) => Some(reader.href(&format!("/r/{}", web.app.office.keys.token(link)?))),
        None => None,
    };
    let explanation = match &view.explanation {
        Some(told_by) => json!({
            "rule": told(&told_by.rule), "calendar_since": told_by.calendar_since, "days": told_by.days,
        }),
        None => Value::Null,
    };
    Ok(json!({
        "case_number": view.number,
        "subject": view.subject,
        "status": view.state,
        "kind": view.kind,
        "category": view.category,
        "received_at": view.received_at,
        "unit_name": view.unit,
        "due_on": view.due_on.map(|day| day.to_string()),
        "stands": view.stands,
        "due_state": view.due_state,
        "due_days": view.due_days,
        "finished_at": view.finished_at,
        "extension": view.extension.as_ref().map(|(day, reason)| {
            json!({ "original_due_on": day.to_string(), "reason": reason })
        }),
        "explanation": explanation,
        "supplements": view.supplements.iter().map(|asked| json!({
            "open": asked.open, "question": asked.question, "asked_at": asked.asked_at,
            "until": asked.until.to_string(), "late": asked.late, "answer": asked.answer,
            "answered_at": asked.answered_at, "attachments": files(&asked.files),
        })).collect::<Vec<_>>(),
        "steps": view.steps.iter().map(|s| json!({ "name": s.name, "state": s.state, "at": s.at })).collect::<Vec<_>>(),
        "reply": view.reply.as_ref().map(|reply| json!({
            "text": reply.text, "sent_at": reply.sent_at, "legal_basis": reply.legal_basis,
            "officer_name": reply.officer_name, "officer_phone": reply.officer_phone, "unit_name": reply.unit,
            "attachments": files(&reply.files),
        })),
        "ending": view.ending.as_ref().map(|ending| {
            json!({ "code": ending.code, "at": ending.at, "text": ending_text(web, reader, ending) })
        }),
        "attachments": files(&view.files),
        "links": {
            "rate": rate,
            "supplement": view.supplements.iter().any(|asked| asked.open).then(|| reader.href("/status/supplement")),
            "withdraw": (!view.state.is_finished()).then(|| reader.href("/status/withdraw")),
        },
    }))
}

/// What the petitioner was told at the end, with the agency that has the case now.
#[must_use]
pub fn ending_text(web: &Web, reader: &Reader, ending: &Ending) -> Option<String> {
    let agency = ending
        .agency
        .as_ref()
        .map(|agency| web.text(reader.locale, &Message::new("status-transferred-to").with("agency", agency.clone())));
    let parts: Vec<String> = agency.into_iter().chain(ending.text.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}
