//! The only table from errors to HTTP: each kind of error has one status and one page (or JSON, below `/api`).

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::state::{State, locale_of};
use crate::error::{Error, FieldError, Message};

/// An error on its way to becoming an answer.
#[derive(Clone, Debug)]
pub struct Fault(pub Error);

/// What handlers return.
pub type Answer = Result<HttpResponse, Fault>;

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The status of an error.
#[must_use]
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Refused(message) => match message.key {
            "refused-too-many-tries" | "refused-too-many-mails" | "refused-mail-just-sent" => {
                StatusCode::TOO_MANY_REQUESTS
            }
            "refused-idempotency" => StatusCode::UNPROCESSABLE_ENTITY,
            "refused-link-expired" | "refused-link-replaced" => StatusCode::GONE,
            "refused-bad-request" | "refused-json" => StatusCode::BAD_REQUEST,
            "refused-content-type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "refused-too-many-submissions" | "refused-too-many-downloads" => StatusCode::TOO_MANY_REQUESTS,
            "refused-csrf" => StatusCode::FORBIDDEN,
            "refused-too-large" => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::FORBIDDEN,
        },
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unavailable(_) | Error::Contended(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        status_of(&self.0)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        // The page is put in by `explain`, which knows the request; the error itself travels beside the answer.
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// Middleware: turns a [`Fault`], and the server's own bare errors, into a page or JSON in the reader's language.
///
/// # Errors
/// Those of the inner service that carry no answer.
pub async fn explain(
    state: State,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let fault = response.response().extensions().get::<Fault>().cloned();
    let bare = fault.is_none()
        && (status.is_client_error() || status.is_server_error())
        && !response.headers().contains_key(header::CONTENT_TYPE)
        || fault.is_none() && is_plain_error(&response);
    if fault.is_none() && !bare {
        return Ok(response);
    }
    let error = fault.map_or_else(|| from_status(status), |f| f.0);
    log(&response, &error);
    let (request, old) = response.into_parts();
    let mut answer = if request.path().starts_with("/api/") {
        as_json(&state, &request, status, &error)
    } else {
        elsewhere(&request, &error).unwrap_or_else(|| as_page(&state, &request, status, &error))
    };
    for (name, value) in old.headers() {
        if name == header::ALLOW || name == header::SET_COOKIE || name == header::RETRY_AFTER {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    let wait = match status {
        StatusCode::SERVICE_UNAVAILABLE => Some(10),
        StatusCode::TOO_MANY_REQUESTS => Some(60 * minutes_of(&error)),
        _ => None,
    };
    if let Some(seconds) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(ServiceResponse::new(request, answer))
}

/// The minutes that a refusal names; the window of look-ups where it names none.
fn minutes_of(error: &Error) -> u64 {
    let Error::Refused(message) = error else { return 15 };
    message.args.iter().find(|(name, _)| *name == "minutes").and_then(|(_, m)| m.parse().ok()).unwrap_or(15)
}

/// Whether the server itself answered with a bare text (a malformed request, too large a body).
fn is_plain_error(response: &ServiceResponse<BoxBody>) -> bool {
    (response.status().is_client_error() || response.status().is_server_error())
        && response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"))
}

fn from_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Error::refused("refused-too-large"),
        s if s.is_server_error() => Error::internal(format!("the server answered {s}")),
        _ => Error::refused("refused-bad-request"),
    }
}

fn log(response: &ServiceResponse<BoxBody>, error: &Error) {
    let route = response.request().match_pattern().unwrap_or_default();
    match error {
        Error::Internal(text) => tracing::error!(route, error = %text, "a request failed"),
        Error::Unavailable(text) | Error::Contended(text) => {
            tracing::warn!(route, error = %text, "a request could not be served")
        }
        _ => {}
    }
}

/// Where an error leads instead of being shown: whoever is not signed in signs in and comes back to the page. A form that
/// was posted meanwhile is not led away: its answer says so, and going back still has what was typed.
fn elsewhere(request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
    let Error::Refused(message) = error else { return None };
    let to = match message.key {
        "refused-signed-out" if request.method() == actix_web::http::Method::GET => {
            let asked = request.uri().path_and_query().map_or("/desk", |p| p.as_str());
            let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
            if asked == "/desk" { "/desk/login".to_owned() } else { format!("/desk/login?next={next}") }
        }
        "refused-change-password" => "/desk/password".to_owned(),
        _ => return None,
    };
    Some(
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, to))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
    )
}

/// The error as JSON: kind, message in the reader's language, and the wrong fields.
fn as_json(state: &State, request: &HttpRequest, status: StatusCode, error: &Error) -> HttpResponse {
    let locale = api_locale(request);
    let fields: Vec<Value> = fields_of(error)
        .iter()
        .map(|e| json!({ "field": e.field, "message": state.text(locale, &e.message), "code": e.message.key }))
        .collect();
    let (code, message) = match error {
        Error::Refused(m) => (m.key, state.text(locale, m)),
        other => {
            let key = kind(other);
            (key, state.text(locale, &Message::new(key)))
        }
    };
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "error": { "code": code, "message": message, "fields": fields } }))
}

/// The language an API client asks for; Chinese unless English is preferred.
#[must_use]
pub fn api_locale(request: &HttpRequest) -> &'static str {
    let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if asked.trim_start().to_ascii_lowercase().starts_with("en") { "en" } else { "zh-TW" }
}

/// The message key of a kind of error that brings no message of its own.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::Refused(_) => "error-refused",
        Error::NotFound => "error-not-found",
        Error::Conflict => "error-conflict",
        Error::Invalid(_) => "error-invalid",
        Error::Unavailable(_) | Error::Contended(_) => "error-unavailable",
        Error::Internal(_) => "error-internal",
    }
}

fn fields_of(error: &Error) -> &[FieldError] {
    match error {
        Error::Invalid(fields) => fields,
        _ => &[],
    }
}

fn as_page(state: &State, request: &HttpRequest, status: StatusCode, error: &Error) -> HttpResponse {
    let (name, args) = match error {
        Error::Refused(m) => match m.key {
            "refused-link-expired" => ("link_expired", json!({})),
            "refused-link-replaced" => ("link_replaced", json!({})),
            "refused-too-many-tries" => ("too_many", json!({ "minutes": 15 })),
            "refused-too-large" => ("too_large", json!({ "mb": total_megabytes(state) })),
            "refused-idempotency" => ("key_reused", json!({})),
            "refused-bad-request" => ("bad_request", json!({})),
            _ => ("refused", json!({ "reason": state.text(locale_of(request), m) })),
        },
        Error::NotFound => ("not_found", json!({})),
        Error::Conflict => {
            ("refused", json!({ "reason": state.text(locale_of(request), &Message::new("error-conflict")) }))
        }
        Error::Invalid(fields) => {
            let why: Vec<String> = fields.iter().map(|e| state.text(locale_of(request), &e.message)).collect();
            ("refused", json!({ "reason": why.join(" ") }))
        }
        Error::Unavailable(_) | Error::Contended(_) if request.method() == actix_web::http::Method::POST => {
            ("not_accepted", json!({}))
        }
        Error::Unavailable(_) | Error::Contended(_) => ("unavailable", json!({})),
        Error::Internal(_) => ("error", json!({})),
    };
    let desk = request.path().starts_with("/desk");
    let link = desk.then(|| json!({ "url": "/desk", "label_key": "message-desk" }));
    let data = json!({ "name": name, "args": args, "link": link, "typed": null });
    // The shell needs the database; when that is what failed, the page stands on what was read before, or without it.
    let shell = state.shell(request, None).unwrap_or_else(|_| bare_shell(request, state.app.demo));
    state.page(status, "citizen/message", locale_of(request), shell, data).unwrap_or_else(|e| {
        tracing::error!(error = %e, "the error page itself failed");
        HttpResponse::build(status)
            .insert_header(ContentType::plaintext())
            .body("陳情服務暫時無法使用，請稍後再試。\nThe service cannot answer now. Please try again later.\n")
    })
}

/// The most a request may carry, in megabytes, as the page for too large ones says it.
fn total_megabytes(state: &State) -> u64 {
    super::forms::most_bytes(&state.app.config.attachments) as u64 / 1_048_576
}

fn bare_shell(request: &HttpRequest, demo: bool) -> Value {
    let locale = locale_of(request);
    json!({
        "agency_name": if locale == "en" { "Petition service" } else { "陳情服務" },
        "locale": locale, "other_locale_url": "/", "staff": null, "csrf": null, "queues": [], "demo": demo,
        "hotline": "118",
        "open_data": false,
    })
}
