//! What every handler has at hand: the application, the pages, and the way from a request to them.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::Fault;
use super::flood::{Flood, network};
use super::pages::Pages;
use super::session::SignedIn;
use crate::app::App;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::keys::sha256;
use crate::reports::dashboard::Dashboard;
use crate::reports::kept::Kept;
use crate::reports::recent::Recent;
use crate::store::Db;
use crate::store::reference::Reference;

/// The state of the web server, shared by all its workers.
pub struct Web {
    /// The application.
    pub app: App,
    /// The pages.
    pub pages: Pages,
    /// The guard against floods of submissions.
    pub flood: Flood,
    /// The days of the dashboard, each with the moment it was looked at.
    pub days: Kept<Date, (Moment, Dashboard)>,
    /// Years that were counted a moment ago.
    pub recent: Recent,
}

/// How handlers get at it.
pub type State = web::Data<Web>;

impl Web {
    /// The state over an application.
    ///
    /// # Errors
    /// One sentence naming a template that cannot be read.
    pub fn new(app: App) -> std::result::Result<Self, String> {
        let folder = crate::config::Config::folder(&app.config.pages.folder);
        let pages = Pages::in_zone(folder, app.office.zone.clone())?
            .with_fonts(crate::config::Config::folder(&app.config.reports.font_folder));
        let flood = Flood::new(app.config.limits.submissions);
        let days = Kept::new(app.config.figures.dashboard_seconds);
        Ok(Self { app, pages, flood, days, recent: Recent::default() })
    }

    /// The current moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.app.clock.now()
    }

    /// A page for a citizen: `data` beside the shell.
    ///
    /// # Errors
    /// `Internal` when the page lacks a field.
    pub fn citizen_page(&self, request: &HttpRequest, page: &str, data: Value) -> Result<HttpResponse> {
        let shell = self.shell(request, None)?;
        self.page(StatusCode::OK, page, locale_of(request), shell, data)
    }

    /// As [`Web::citizen_page`] with another status: a form with mistakes is 422.
    ///
    /// # Errors
    /// `Internal` when the page lacks a field.
    pub fn citizen_page_with(
        &self,
        status: StatusCode,
        request: &HttpRequest,
        page: &str,
        data: Value,
    ) -> Result<HttpResponse> {
        let shell = self.shell(request, None)?;
        self.page(status, page, locale_of(request), shell, data)
    }

    /// Renders a page with a given shell.
    ///
    /// # Errors
    /// `Internal` when the page lacks a field.
    pub fn page(
        &self,
        status: StatusCode,
        page: &str,
        locale: &str,
        shell: Value,
        mut data: Value,
    ) -> Result<HttpResponse> {
        if let Some(map) = data.as_object_mut() {
            map.insert("shell".into(), shell);
        }
        let html = self.pages.render(page, locale, &data).map_err(Error::Internal)?;
        Ok(HttpResponse::build(status)
            .insert_header(ContentType::html())
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(html))
    }

    /// What surrounds every page. The desk's queues are put in by the desk.
    ///
    /// # Errors
    /// Of the database.
    pub fn shell(&self, request: &HttpRequest, signed_in: Option<&SignedIn>) -> Result<Value> {
        let frame = Frame::of(request);
        self.shell_for(frame.locale, &frame.other_locale_url, signed_in)
    }

    /// As [`Web::shell`], for blocking work that has a connection and no request.
    ///
    /// # Errors
    /// Of the database.
    pub fn shell_in(&self, db: &mut Db, frame: &Frame, signed_in: Option<&SignedIn>) -> Result<Value> {
        let reference = self.app.office.reference(db)?;
        Ok(self.shell_of(&reference, frame.locale, &frame.other_locale_url, signed_in))
    }

    /// As [`Web::shell`], away from the request: its language, and where the page stands in the other one.
    ///
    /// # Errors
    /// Of the database.
    pub fn shell_for(&self, locale: &str, other_locale_url: &str, signed_in: Option<&SignedIn>) -> Result<Value> {
        Ok(self.shell_of(&*self.reference()?, locale, other_locale_url, signed_in))
    }

    fn shell_of(
        &self,
        reference: &Reference,
        locale: &str,
        other_locale_url: &str,
        signed_in: Option<&SignedIn>,
    ) -> Value {
        let staff = signed_in.map(|s| {
            let unit = reference.units.get(s.staff.unit_id).map(|u| u.name(locale).to_owned()).unwrap_or_default();
            json!({ "name": s.staff.name, "roles": s.staff.roles, "unit": unit })
        });
        json!({
            "agency_name": reference.agency.name(locale),
            "locale": locale,
            "other_locale_url": other_locale_url,
            "staff": staff,
            "csrf": signed_in.map(|s| s.session.csrf.clone()),
            "queues": [],
            "demo": self.app.demo,
            "hotline": reference.agency.hotline,
        })
    }

    /// The reference data in force, or those last read while the database cannot be asked: a page that says so must not
    /// fail as well.
    ///
    /// # Errors
    /// Of the database.
    pub fn reference(&self) -> Result<Arc<Reference>> {
        let office = &self.app.office;
        match office.store.read(|db| office.reference(db)) {
            Err(Error::Unavailable(why)) => office.last_reference().ok_or(Error::Unavailable(why)),
            read => read,
        }
    }

    /// A message in a locale; its key when the message files lack it, which a test excludes.
    #[must_use]
    pub fn text(&self, locale: &str, message: &Message) -> String {
        let args: serde_json::Map<String, Value> =
            message.args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        self.pages.text(locale, message.key, &Value::Object(args)).unwrap_or_else(|_| message.key.to_owned())
    }

    /// A keyed digest of where a request comes from, for counting attempts without keeping addresses.
    ///
    /// # Errors
    /// `Internal` when the keys do not serve.
    pub fn asker(&self, request: &HttpRequest) -> Result<String> {
        self.app.office.keys.index("asker", &network(&self.client_address(request)))
    }

    /// The client's address: the peer's, or what a trusted proxy says.
    #[must_use]
    pub fn client_address(&self, request: &HttpRequest) -> String {
        let peer = request.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default();
        if !self.app.config.server.trusted_proxies.contains(&peer) {
            return peer;
        }
        let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
        // The last entry is the one our proxy wrote; those before it are the client's word.
        forwarded.rsplit(',').map(str::trim).find(|a| !a.is_empty()).map_or(peer, str::to_owned)
    }
}

/// What a page takes from its request beside its own data.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The reader's language.
    pub locale: &'static str,
    /// This page in the other language.
    pub other_locale_url: String,
}

impl Frame {
    /// The frame of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self { locale: locale_of(request), other_locale_url: other_locale_url(request) }
    }
}

/// Runs blocking work (every act is) away from the server's own threads.
///
/// # Errors
/// What the work returned, or `Unavailable` when the server is stopping.
pub async fn blocking<T, F>(state: &State, work: F) -> std::result::Result<T, Fault>
where
    T: Send + 'static,
    F: FnOnce(&Web) -> Result<T> + Send + 'static,
{
    let state = state.clone();
    web::block(move || work(&state))
        .await
        .map_err(|e| Fault(Error::Unavailable(format!("the work was not run: {e}"))))?
        .map_err(Fault)
}

/// The locale of a request: English below `/en`, and where staff chose it; Chinese otherwise.
#[must_use]
pub fn locale_of(request: &HttpRequest) -> &'static str {
    let path = request.path();
    let chosen = request.cookie(LOCALE_COOKIE).is_some_and(|c| c.value() == "en");
    let desk = ["/desk", "/management", "/admin", "/demo"].iter().any(|p| path.starts_with(p));
    if path == "/en" || path.starts_with("/en/") || (desk && chosen) { "en" } else { "zh-TW" }
}

/// The cookie in which staff keep their language.
pub const LOCALE_COOKIE: &str = "chenqing-locale";

/// The prefix of citizens' URLs in a locale.
#[must_use]
pub fn prefix(locale: &str) -> &'static str {
    if locale == "en" { "/en" } else { "" }
}

/// Where this page stands in the other language.
#[must_use]
pub fn other_locale_url(request: &HttpRequest) -> String {
    let path = request.path();
    let here = locale_of(request);
    if ["/desk", "/management", "/admin", "/demo"].iter().any(|p| path.starts_with(p)) {
        return format!("/desk/locale/{}", if here == "en" { "zh-TW" } else { "en" });
    }
    match path.strip_prefix("/en") {
        Some("" | "/") => "/".into(),
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        _ => format!("/en{path}"),
    }
}

/// The digest under which a session's or link's secret is stored.
#[must_use]
pub fn digest(secret: &str) -> String {
    sha256(secret.as_bytes())
}
