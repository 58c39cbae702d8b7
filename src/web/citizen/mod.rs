//! Citizens' pages, each in Chinese and English. A handler reads the request, and one piece of blocking work acts, reads
//! and renders; GET never changes anything.

pub mod confirm;
pub mod files;
pub mod home;
pub mod open_data;
pub mod rate;
pub mod status;
pub mod submit;
pub mod submitted;
pub mod supplement;
pub mod view;
pub mod visit;
pub mod withdraw;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentType, LOCATION, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::answer::Answer;
use super::state::{State, Web, blocking, locale_of, other_locale_url, prefix};
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message, Result};

/// What a page's work has to know of the request.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The language.
    pub locale: &'static str,
    /// Now.
    pub now: Moment,
    other: String,
}

impl Reader {
    /// The reader of a request.
    #[must_use]
    pub fn of(request: &HttpRequest, state: &Web) -> Self {
        Self { locale: locale_of(request), now: state.now(), other: other_locale_url(request) }
    }

    /// The same reader, addressed in another language.
    #[must_use]
    pub fn in_locale(mut self, locale: &'static str) -> Self {
        self.locale = locale;
        self
    }

    /// Says where the page shown stands when that is not where the request went: a form is sent to one place and shown at
    /// another.
    #[must_use]
    pub fn showing(mut self, path: &str) -> Self {
        self.other = format!("{}{path}", if self.locale == "en" { "" } else { "/en" });
        self
    }

    /// The address of a citizens' page in the reader's language.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", prefix(self.locale))
    }
}

/// What a page's work comes to.
#[derive(Debug)]
pub enum Reply {
    /// A page.
    Page(StatusCode, &'static str, Value),
    /// Look there, and keep this cookie.
    SeeOther(String, Option<Cookie<'static>>),
    /// A file to save: name, media type, bytes.
    File(String, String, Vec<u8>),
}

/// A page that says something happened or did not.
#[must_use]
pub fn message(status: StatusCode, name: &str, args: Value) -> Reply {
    Reply::Page(status, "citizen/message", json!({ "name": name, "args": args, "link": null, "typed": null }))
}

/// Errors as a page's form lists them.
#[must_use]
pub fn listed(errors: &[FieldError]) -> Vec<Value> {
    let one = |error: &FieldError| {
        let mut value = told(&error.message);
        value["field"] = error.field.into();
        value
    };
    errors.iter().map(one).collect()
}

/// A message as a page's data.
#[must_use]
pub fn told(message: &Message) -> Value {
    let args: serde_json::Map<String, Value> =
        message.args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({ "key": message.key, "args": args })
}

/// The page of a link that opens nothing: incomplete, replaced, run out. Other errors go on.
///
/// # Errors
/// Those that say nothing about the link.
pub fn dead_link(error: Error) -> Result<Reply> {
    match error {
        Error::NotFound => Ok(message(StatusCode::NOT_FOUND, "link_invalid", json!({}))),
        Error::Refused(m) if m.key == "refused-link-expired" => {
            Ok(message(StatusCode::GONE, "link_expired", json!({})))
        }
        Error::Refused(m) if m.key == "refused-link-replaced" => {
            Ok(message(StatusCode::GONE, "link_replaced", json!({})))
        }
        other => Err(other),
    }
}

/// Does a page's work away from the server's own threads, renders what it comes to, and answers.
///
/// # Errors
/// What the work returned, which becomes a page of its own.
pub async fn answer<F>(state: &State, reader: Reader, work: F) -> Answer
where
    F: FnOnce(&Web, &Reader) -> Result<Reply> + Send + 'static,
{
    let done = blocking(state, move |web| match work(web, &reader)? {
        Reply::Page(status, page, mut data) => {
            data["shell"] = web.shell_for(reader.locale, &reader.other, None)?;
            let html = web.pages.render(page, reader.locale, &data).map_err(Error::Internal)?;
            Ok(Done::Html(status, html))
        }
        Reply::SeeOther(to, cookie) => Ok(Done::SeeOther(to, cookie)),
        Reply::File(name, media, bytes) => Ok(Done::File(name, media, bytes)),
    })
    .await?;
    Ok(match done {
        Done::Html(status, html) => {
            let mut response = HttpResponse::build(status);
            response.insert_header(ContentType::html()).insert_header((CACHE_CONTROL, "no-store"));
            if status == StatusCode::SERVICE_UNAVAILABLE {
                response.insert_header((RETRY_AFTER, "10"));
            }
            response.body(html)
        }
        Done::SeeOther(to, cookie) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store"));
            if let Some(cookie) = cookie {
                response.cookie(cookie);
            }
            response.finish()
        }
        Done::File(name, media, bytes) => visit::download(&name, &media, bytes),
    })
}

/// A reply whose page is rendered.
enum Done {
    Html(StatusCode, String),
    SeeOther(String, Option<Cookie<'static>>),
    File(String, String, Vec<u8>),
}

/// What the privacy notice says of this installation.
///
/// # Errors
/// Of the database.
pub fn privacy(web: &Web) -> Result<Value> {
    Ok(json!({ "retention_years": web.app.config.cases.retention_years, "contact": web.reference()?.agency.phone }))
}
