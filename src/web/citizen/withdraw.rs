//! The petitioner takes the petition back: asked once more, and bound to the visit that number and code opened.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::json;

use super::{Reader, Reply, answer, message, visit};
use crate::acts::withdraw as act;
use crate::domain::case::CloseCode;
use crate::domain::link::Purpose;
use crate::error::{Error, Result};
use crate::store::cases::{self, Case};
use crate::web::answer::Answer;
use crate::web::forms;
use crate::web::state::{State, Web};

/// `GET /status/withdraw`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    let word = visit::word(&state, &request);
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let Some(case) = case_of(web, reader, &word)? else {
            return Ok(Reply::SeeOther(reader.href("/status"), None));
        };
        if let Some(ended) = ended(&case) {
            return Ok(ended);
        }
        let data = json!({
            "form_action": reader.href("/status/withdraw"),
            "token": visit::form_word(web, &word, Purpose::Withdraw, case.id, reader.now)?,
            "case_number": case.number(),
            "subject": case.subject,
            "links": { "back": reader.href("/status/case") },
        });
        Ok(Reply::Page(StatusCode::OK, "citizen/withdraw", data))
    })
    .await
}

/// `POST /status/withdraw`: on to the page that says it is done.
///
/// # Errors
/// `Refused` for another visit's form; of the database.
pub async fn withdraw(request: HttpRequest, state: State, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let (word, typed) = (visit::word(&state, &request), form.text("token").to_owned());
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let Some(case) = case_of(web, reader, &word)? else {
            return Ok(Reply::SeeOther(reader.href("/status"), None));
        };
        visit::check_form(web, &word, Purpose::Withdraw, case.id, &typed, reader.now)?;
        match act::by_petitioner(&web.app.office, reader.now, case.id) {
            // Ended in the meantime, perhaps by a double click: the page says how.
            Ok(()) | Err(Error::Refused(_)) => Ok(Reply::SeeOther(reader.href("/status/withdraw"), None)),
            Err(Error::Unavailable(why) | Error::Contended(why)) => {
                tracing::warn!(error = %why, "a case was not withdrawn");
                Ok(message(StatusCode::SERVICE_UNAVAILABLE, "unavailable", json!({})))
            }
            Err(e) => Err(e),
        }
    })
    .await
}

fn case_of(web: &Web, reader: &Reader, word: &str) -> Result<Option<Case>> {
    let case_id = visit::case_of(web, word, reader.now);
    case_id.map(|id| web.app.office.store.read(|db| cases::get(db, id))).transpose()
}

fn ended(case: &Case) -> Option<Reply> {
    let name = match case.close_code {
        _ if !case.state.is_finished() => return None,
        Some(CloseCode::Withdrawn) => "withdrawn",
        _ => "already_finished",
    };
    Some(message(StatusCode::OK, name, json!({ "number": case.number() })))
}
