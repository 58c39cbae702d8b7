//! For programs: what the form and the status page do, in JSON. Errors are JSON too, in the language of Accept-Language.

pub mod docs;
pub mod progress;
pub mod schema;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64;
use utoipa::OpenApi;

use super::answer::{Answer, api_locale};
use super::forms::{self, Upload};
use super::intake::{Handed, Input, receive};
use super::state::{State, Web, blocking};
use crate::acts::submit as act;
use crate::error::{Error, FieldError, Message, Result};
use schema::{Api, NewPetition, Taken};

pub use docs::show as docs;
pub use progress::show as status;

/// `GET /api/openapi.json`
///
/// # Errors
/// `Internal` when the description cannot be written.
pub async fn openapi() -> Answer {
    let text = Api::openapi().to_pretty_json().map_err(Error::internal)?;
    Ok(HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-cache")).body(text))
}

/// `POST /api/v1/petitions`, JSON or a form with files.
///
/// # Errors
/// `Invalid` with every wrong field, `Refused`, `Unavailable`: nothing was taken in then.
pub async fn submit(request: HttpRequest, state: State, body: web::Payload) -> Answer {
    let key = header(&request, "Idempotency-Key");
    if !act::is_key(&key) {
        return Err(Error::invalid("Idempotency-Key", "api-key").into());
    }
    let (input, uploads, locale) = given(&request, &state, body).await?;
    let address = state.client_address(&request);
    let handed = Handed { input, uploads, kept: Vec::new(), key, locale, address };
    let taken = blocking(&state, move |web| take(web, handed)).await?;
    Ok(HttpResponse::Accepted().insert_header((CACHE_CONTROL, "no-store")).json(taken))
}

/// The petition in a request, by its media type; and the language of its letters.
async fn given(request: &HttpRequest, state: &State, body: web::Payload) -> Result<(Input, Vec<Upload>, &'static str)> {
    let rules = &state.app.config.attachments;
    let locale = |asked: &str| match asked {
        "" => api_locale(request),
        "en" => "en",
        _ => "zh-TW",
    };
    if forms::is(request, "multipart/form-data") || forms::is(request, "application/x-www-form-urlencoded") {
        let form = forms::read(request, body, rules).await?;
        let mut input = Input::of(&form);
        if input.reply_by.is_empty() {
            input.reply_by = "email".into();
        }
        let locale = locale(form.text("locale"));
        return Ok((input, form.files, locale));
    }
    if !forms::is(request, "application/json") {
        return Err(Error::refused("refused-content-type"));
    }
    // Base 64 takes four characters for three bytes.
    let bytes = forms::whole(body, forms::most_bytes(rules) / 3 * 4).await?;
    let unreadable = |e: serde_json::Error| Error::Refused(Message::new("refused-json").with("why", e.to_string()));
    // serde would also read a list, as the fields in their order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::Refused(Message::new("refused-json").with("why", "expected an object")));
    }
    let new: NewPetition = serde_json::from_slice(&bytes).map_err(unreadable)?;
    let locale = locale(&new.locale);
    let uploads = files(&new, rules.max_bytes)?;
    Ok((new.into_input(), uploads, locale))
}

fn files(new: &NewPetition, most: u64) -> Result<Vec<Upload>> {
    let (mut uploads, mut wrong) = (Vec::new(), Vec::new());
    for file in &new.attachments {
        let name = forms::plain_name(&file.name);
        match BASE64.decode(file.content.as_bytes()) {
            Ok(bytes) => {
                let too_large = bytes.len() as u64 > most;
                uploads.push(Upload { field: "attachments".into(), name, bytes, too_large });
            }
            Err(_) => {
                let message = Message::new("api-base64").with("name", name);
                wrong.push(FieldError { field: "attachments", message });
            }
        }
    }
    if wrong.is_empty() { Ok(uploads) } else { Err(Error::Invalid(wrong)) }
}

fn take(web: &Web, handed: Handed) -> Result<Taken> {
    let reference = web.reference()?;
    let submission = receive(web, web.now(), &reference, handed)
        .map_err(|not_taken| not_taken.failure.unwrap_or(Error::Invalid(not_taken.errors)))?;
    Ok(Taken {
        // A digest, not the row's number: it names the submission in a conversation and opens nothing.
        submission_id: web.app.office.keys.index("submission", &submission.id.to_string())?,
        state: submission.state.code().to_owned(),
        confirm_before: submission.expires_at.to_string(),
    })
}

fn header(request: &HttpRequest, name: &str) -> String {
    request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().trim().to_owned()
}
