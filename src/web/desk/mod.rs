//! The desk, where staff work: signing in, lists, the case, drafts, letters. Every handler says who may call it; what is
//! done to a case is decided by its act.

pub mod absences;
pub mod act;
pub mod case;
pub mod clocks;
pub mod control;
pub mod draft;
pub mod extensions;
pub mod files;
pub mod letter;
pub mod letters;
pub mod login;
pub mod mail;
pub mod message;
pub mod moves;
pub mod new;
pub mod original;
pub mod password;
pub mod queue;
pub mod search;
pub mod submissions;
pub mod tasks;
pub mod weekly;

mod asked;
mod asking;
mod history;
mod notice;
mod offer;
mod preview;
mod reminding;
mod rows;
mod shell;
mod thread;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{Answer, Fault};
use super::forms::{self, Form};
use super::session::SignedIn;
use super::state::{Frame, State, Web, blocking};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{FieldError, Message, Result};
use crate::store::Db;

pub use queue::indented;
pub use shell::capped;
pub use thread::size;

/// Rows on a page of a list.
const PAGE: usize = 50;

/// A signed-in request on the desk (also of figures and administration).
#[derive(Clone)]
pub struct Desk {
    state: State,
    signed_in: SignedIn,
    frame: Frame,
    notice: Option<String>,
}

impl Desk {
    /// The desk of a request.
    #[must_use]
    pub fn of(state: &State, request: &HttpRequest, signed_in: &SignedIn) -> Self {
        Self {
            state: state.clone(),
            signed_in: signed_in.clone(),
            frame: Frame::of(request),
            notice: notice::cookie_of(request),
        }
    }

    /// Who works.
    #[must_use]
    pub fn staff(&self) -> &Staff {
        &self.signed_in.staff
    }

    /// The reader's language.
    #[must_use]
    pub fn locale(&self) -> &'static str {
        self.frame.locale
    }

    /// Answers with a page. `build` gives its data, on a blocking thread and over one connection; the shell with its lists
    /// (`active` names the one that is shown) and the notice of the act before come from here.
    ///
    /// # Errors
    /// What `build` returned; `Internal` when the page lacks a field.
    pub async fn page<F>(&self, status: StatusCode, page: &str, active: &str, build: F) -> Answer
    where
        F: FnOnce(&Web, &mut Db, &Self, Moment) -> Result<Value> + Send + 'static,
    {
        let (desk, active) = (self.clone(), active.to_owned());
        let (shell, data) = blocking(&self.state, move |web| {
            let now = web.now();
            web.app.office.store.read(|db| {
                let mut data = build(web, db, &desk, now)?;
                let notice = notice::open(web, desk.notice.as_deref(), desk.staff().id, now);
                if let Some(map) = data.as_object_mut() {
                    map.insert("notice".into(), json!(notice));
                }
                Ok((shell::of(web, db, &desk, &active, now)?, data))
            })
        })
        .await?;
        let mut response = self.state.page(status, page, self.frame.locale, shell, data)?;
        if self.notice.is_some() {
            notice::forget(&mut response);
        }
        Ok(response)
    }

    /// Leads on to another page of the desk, which tells `message` once.
    ///
    /// # Errors
    /// Of the keys.
    pub fn go(&self, to: &str, message: Option<&Message>) -> Answer {
        let mut response = redirect(to);
        if let Some(message) = message {
            notice::put(&self.state, &mut response, self.staff().id, message)?;
        }
        Ok(response)
    }

    /// Runs an act.
    ///
    /// # Errors
    /// Its own.
    pub async fn run<T, F>(&self, act: F) -> std::result::Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&Web, &Staff, Moment) -> Result<T> + Send + 'static,
    {
        let staff = self.staff().clone();
        blocking(&self.state, move |web| act(web, &staff, web.now())).await
    }
}

/// Reads a posted form and checks its CSRF word.
///
/// # Errors
/// `Refused` for a malformed form or a wrong word.
pub async fn posted(state: &State, request: &HttpRequest, signed_in: &SignedIn, body: web::Payload) -> Result<Form> {
    let form = forms::read(request, body, &state.app.config.attachments).await?;
    signed_in.check_csrf(form.text("_csrf"))?;
    Ok(form)
}

/// 303: the browser gets the next page by itself, and a reload repeats nothing.
#[must_use]
pub fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// The parameters of a URL; the first of each name counts.
#[must_use]
pub fn parameters(request: &HttpRequest) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if !value.is_empty() {
            found.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
    }
    found
}

/// A message as pages take it.
fn told(message: &Message) -> Value {
    let args: serde_json::Map<String, Value> = message.args.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
    json!({ "key": message.key, "args": args })
}

/// Field errors as pages take them; `prefix` tells the same field of several forms apart.
#[must_use]
pub fn errors(list: &[FieldError], prefix: &str) -> Vec<Value> {
    list.iter()
        .map(|e| {
            let mut error = told(&e.message);
            let field = if prefix.is_empty() { e.field.to_owned() } else { format!("{prefix}-{}", e.field) };
            error["field"] = json!(field);
            error
        })
        .collect()
}

/// A refusal above a form, beside no field.
#[must_use]
pub fn refusal(message: &Message) -> Value {
    let mut error = told(message);
    error["field"] = Value::Null;
    error
}
