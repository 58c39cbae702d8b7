//! What a message of the ledger holds beside its text: the original, its files, its own layout. For registrars, as far as
//! they may know who wrote.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};

use super::files::disposition;
use super::message::{self, DECIDERS};
use super::{Desk, posted};
use crate::acts::look_at_message::{Look, look_at_message, may_open};
use crate::error::Error;
use crate::post::incoming::{Read, read, safe_html};
use crate::store::messages;
use crate::web::answer::{Answer, Fault};
use crate::web::session::SignedIn;
use crate::web::state::State;

/// What surrounds the HTML of a stranger.
const HEAD: &str = "<!doctype html><meta charset=\"utf-8\"><title></title><style>body{font:16px/1.6 sans-serif;margin:1rem;overflow-wrap:anywhere}</style>";

/// `POST /desk/mail/{id}/raw`: registrars, as far as they may know who wrote. The message as it came. A POST, because the
/// look is logged.
///
/// # Errors
/// `Refused` for others; `Invalid` without a reason where the case is sealed; `NotFound` once it was erased.
pub async fn raw(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(DECIDERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let id = id.into_inner();
    let reason = form.text("reason").to_owned();
    let done = desk
        .run(move |web, staff, now| {
            let message = look_at_message(&web.app.office, now, staff, id, &reason, Look::Original)?;
            web.app.files.get(&message.sha256)
        })
        .await;
    match done {
        Ok(bytes) => Ok(saved(&format!("message-{id}.eml"), "application/octet-stream", bytes)),
        Err(Fault(error)) => message::again(&desk, id, "raw", form, error).await,
    }
}

/// `POST /desk/mail/{id}/files/{nth}`: registrars, as far as they may know who wrote. A file of the message, from 1. A
/// POST, because the look is logged.
///
/// # Errors
/// `Refused` for others; `NotFound`, also where the case is sealed: there the original is fetched, with a reason.
pub async fn file(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(i64, usize)>,
    body: web::Payload,
) -> Answer {
    let (id, nth) = path.into_inner();
    let pick = move |read: Read| nth.checked_sub(1).and_then(|at| read.attachments.into_iter().nth(at));
    let file = part(request, state, signed_in, body, id, Look::File(nth), pick).await?;
    Ok(saved(&file.name, "application/octet-stream", file.bytes))
}

/// `POST /desk/mail/{id}/html`: registrars, as far as they may know who wrote. The HTML made safe, for the frame. A POST,
/// because the look is logged.
///
/// # Errors
/// `Refused` for others; `NotFound` where there is none, or the case is sealed.
pub async fn html(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    let html = part(request, state, signed_in, body, *id, Look::Layout, |read| read.html).await?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
        ))
        .body(format!("{HEAD}{}", safe_html(&html))))
}

/// Saved, never shown in the browser: whatever a stranger sent.
fn saved(name: &str, media: &'static str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CONTENT_DISPOSITION, disposition(name)))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(bytes)
}

/// A part of a message, for whoever may know who wrote it without giving a reason, once the look is logged.
async fn part<T: Send + 'static>(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    body: web::Payload,
    id: i64,
    look: Look,
    pick: impl FnOnce(Read) -> Option<T> + Send + 'static,
) -> std::result::Result<T, Fault> {
    signed_in.needs(DECIDERS)?;
    posted(&state, &request, &signed_in, body).await?;
    Desk::of(&state, &request, &signed_in)
        .run(move |web, staff, now| {
            let office = &web.app.office;
            let message = office.store.read(|db| {
                let message = messages::get(db, id)?;
                let open = may_open(db, office, staff, &message)? == Some(false) && message.erased_at.is_none();
                if open { Ok(message) } else { Err(Error::NotFound) }
            })?;
            let picked = pick(read(&web.app.files.get(&message.sha256)?)).ok_or(Error::NotFound)?;
            look_at_message(office, now, staff, id, "", look)?;
            Ok(picked)
        })
        .await
}
