//! How letters look: every one with invented data, in both languages, as text and HTML, and which of the agency's own
//! templates are in use or have a fault.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::letter::{Letter, Locale};
use crate::domain::staff::Role;
use crate::error::{Error, Result};
use crate::letters::{Rendered, samples};
use crate::web::answer::Answer;
use crate::web::desk::{Desk, parameters};
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking};

/// Who may look.
const READERS: &[Role] = &[Role::Administrator, Role::Auditor];

/// `GET /admin/letters`: administrators and auditors.
///
/// # Errors
/// `Refused` for everybody else.
pub async fn list(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "admin/letters", "", |web, _, _, _| {
        let letters = &web.app.letters;
        let rows: Vec<Value> = samples::all(Locale::ZhTw)
            .iter()
            .map(|letter| {
                let kind = letter.code();
                json!({ "kind": kind, "url": format!("/admin/letters/{kind}"), "own": own_files(web, kind, None) })
            })
            .collect();
        let folder = web.app.config.letters.folder.as_str();
        Ok(json!({
            "folder": Some(folder).filter(|folder| !folder.is_empty()),
            "faults": letters.faults().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "rows": rows,
        }))
    })
    .await
}

/// `GET /admin/letters/{letter}?locale=en`: administrators and auditors. One letter in one language.
///
/// # Errors
/// `Refused` for everybody else; `NotFound` when there is no such letter.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, letter: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let locale = locale_of(&request);
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "admin/letter", "", move |web, _, _, _| {
        let (sample, rendered) = rendered(web, &letter, locale)?;
        let kind = sample.code();
        let url = |locale: Locale| format!("/admin/letters/{kind}?locale={}", locale.code());
        Ok(json!({
            "kind": kind,
            "english": locale == Locale::En,
            "zh_url": url(Locale::ZhTw),
            "en_url": url(Locale::En),
            "subject": rendered.subject,
            "text": rendered.text,
            "html_url": format!("/admin/letters/{kind}/html?locale={}", locale.code()),
            "own": own_files(web, kind, Some(locale)),
        }))
    })
    .await
}

/// `GET /admin/letters/{letter}/html?locale=en`: administrators and auditors. The HTML part alone, for the frame.
///
/// # Errors
/// As for [`show`].
pub async fn html(request: HttpRequest, state: State, signed_in: SignedIn, letter: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let locale = locale_of(&request);
    let html = blocking(&state, move |web| Ok(rendered(web, &letter, locale)?.1.html)).await?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
        ))
        .body(html))
}

fn locale_of(request: &HttpRequest) -> Locale {
    parameters(request).get("locale").and_then(|code| Locale::parse(code)).unwrap_or(Locale::ZhTw)
}

/// A sample in the words of the agency.
fn rendered(web: &Web, kind: &str, locale: Locale) -> Result<(Letter, Rendered)> {
    let letter = samples::all(locale).into_iter().find(|letter| letter.code() == kind).ok_or(Error::NotFound)?;
    let zone = &web.app.office.zone;
    let invented = samples::context(&letter, locale, zone.clone());
    let mut context = web.app.face.context(locale, zone);
    (context.recipient_name, context.link, context.query_code) =
        (invented.recipient_name, invented.link, invented.query_code);
    let rendered = web.app.letters.render(&letter, &context).map_err(Error::Internal)?;
    Ok((letter, rendered))
}

/// The own files that a letter is made of.
fn own_files(web: &Web, kind: &str, locale: Option<Locale>) -> Vec<String> {
    let here = |file: &&str| {
        let of = |locale: &Locale| {
            let code = locale.code();
            file.starts_with(&format!("{code}/{kind}/")) || file.starts_with(&format!("{code}/shared/"))
        };
        let written = locale.map_or_else(|| Locale::ALL.iter().any(of), |locale| of(&locale));
        file.starts_with("shared/") || written
    };
    web.app.letters.own_files().filter(here).map(str::to_owned).collect()
}
