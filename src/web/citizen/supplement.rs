//! The petitioner gives what was asked for: a text and files, bound to the visit that number and code opened.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, listed, message, visit};
use crate::acts::supplement_given as act;
use crate::domain::link::Purpose;
use crate::domain::watch::last_day;
use crate::error::{Error, FieldError, Message, Result};
use crate::keys::random_word;
use crate::store::cases::{self, Case};
use crate::store::supplements::Supplement;
use crate::store::{Db, clocks, supplements, texts};
use crate::web::answer::Answer;
use crate::web::forms::{self, Form};
use crate::web::state::{State, Web};
use crate::web::uploads;

/// `GET /status/supplement`: the form, or the case when nothing is asked for.
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    let word = visit::word(&state, &request);
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let typed = Form::with(&[("idempotency_key", &random_word::<16>()?)]);
        match asked(web, reader, &word)? {
            Ok((case, open)) => page(web, reader, &word, (&case, &open), &typed, StatusCode::OK, &[]),
            Err(elsewhere) => Ok(elsewhere),
        }
    })
    .await
}

/// `POST /status/supplement`: on to the case, or the form again with what was typed.
///
/// # Errors
/// `Refused` for another visit's form, or one that cannot be read; of the database.
pub async fn give(request: HttpRequest, state: State, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let (word, address) = (visit::word(&state, &request), state.client_address(&request));
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let Some(case_id) = visit::case_of(web, &word, reader.now) else {
            return Ok(Reply::SeeOther(reader.href("/status"), None));
        };
        visit::check_form(web, &word, Purpose::Supplement, case_id, form.text("token"), reader.now)?;
        let done = take(web, reader, case_id, &form, &address);
        let (status, errors) = match done {
            Ok(()) => return Ok(Reply::SeeOther(reader.href("/status/case"), None)),
            Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
            // Given or given up in the meantime: the case says so.
            Err(Error::Refused(m)) if ["refused-verb-in-state", "refused-no-supplement"].contains(&m.key) => {
                return Ok(Reply::SeeOther(reader.href("/status/case"), None));
            }
            Err(Error::Refused(m)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, vec![FieldError { field: "answer", message: m }])
            }
            Err(Error::Unavailable(why) | Error::Contended(why)) => {
                tracing::warn!(error = %why, "a supplement was not taken in");
                let failed = FieldError { field: "answer", message: Message::new("submit-not-accepted") };
                (StatusCode::SERVICE_UNAVAILABLE, vec![failed])
            }
            Err(e) => return Err(e),
        };
        match asked(web, reader, &word) {
            Ok(Ok((case, open))) => page(web, reader, &word, (&case, &open), &form, status, &errors),
            Ok(Err(elsewhere)) => Ok(elsewhere),
            // What was typed can still be copied.
            Err(_) => Ok(typed_still(form.text("answer"))),
        }
    })
    .await
}

fn take(web: &Web, reader: &Reader, case_id: i64, form: &Form, address: &str) -> Result<()> {
    let text = form.text("answer");
    if text.trim().is_empty() {
        return Err(Error::invalid("answer", "supplement-answer"));
    }
    if let Err(minutes) = web.flood.count(address) {
        let message = Message::new("refused-too-many-submissions").with("minutes", minutes.to_string());
        return Err(Error::Refused(message));
    }
    let files = uploads::take_all(web, form, reader.now)?;
    act::by_petitioner(&web.app.office, reader.now, case_id, text, &files, form.text("idempotency_key"))
}

/// The case of the visit and what it asks for; or where to go when there is no such thing.
fn asked(web: &Web, reader: &Reader, word: &str) -> Result<std::result::Result<(Case, Supplement), Reply>> {
    let Some(case_id) = visit::case_of(web, word, reader.now) else {
        return Ok(Err(Reply::SeeOther(reader.href("/status"), None)));
    };
    let open = |db: &mut Db| Ok((cases::get(db, case_id)?, supplements::open(db, case_id)?));
    let (case, open) = web.app.office.store.read(open)?;
    Ok(match open {
        Some(open) => Ok((case, open)),
        None => Err(Reply::SeeOther(reader.href("/status/case"), None)),
    })
}

fn page(
    web: &Web,
    reader: &Reader,
    word: &str,
    (case, open): (&Case, &Supplement),
    typed: &Form,
    status: StatusCode,
    errors: &[FieldError],
) -> Result<Reply> {
    let reference = web.reference()?;
    let (question, clock) =
        web.app.office.store.read(|db| Ok((texts::get(db, open.question_id)?, clocks::get(db, open.clock_id)?)))?;
    let until = last_day(clock.due_at, reference.calendar_in(&clock.region));
    let data = json!({
        "form_action": reader.href("/status/supplement"),
        "token": visit::form_word(web, word, Purpose::Supplement, case.id, reader.now)?,
        "idempotency_key": typed.text("idempotency_key"),
        "errors": listed(errors),
        "case_number": case.number(),
        "subject": case.subject,
        "question": question,
        "until": until.to_string(),
        "late": clock.due_at <= reader.now,
        "form": { "answer": typed.text("answer") },
        "limits": uploads::limits(&web.app.config.attachments),
        "links": { "back": reader.href("/status/case") },
    });
    Ok(Reply::Page(status, "citizen/supplement", data))
}

fn typed_still(typed: &str) -> Reply {
    let Reply::Page(status, page, mut data) = message(StatusCode::SERVICE_UNAVAILABLE, "unavailable", json!({})) else {
        return message(StatusCode::SERVICE_UNAVAILABLE, "unavailable", json!({}));
    };
    data["typed"] = Value::from(typed);
    Reply::Page(status, page, data)
}
