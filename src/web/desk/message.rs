//! One message of the ledger: what it says, what became of it and why, how it came in; the registrar joins it to a case,
//! makes a case of it, or puts it aside.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::files::disposition;
use super::mail::{READERS, row, source};
use super::{Desk, errors, posted, refusal, size};
use crate::acts::discard_message::discard_message;
use crate::acts::join_message::join_message;
use crate::acts::open_from_message::open_from_message;
use crate::acts::raw_message::{may_open, raw_message};
use crate::domain::staff::Role;
use crate::error::{Error, Message, Result};
use crate::post::incoming::intake::{carried, keep, mail_of};
use crate::post::incoming::{Read, Role as Part, fold, read, safe_html};
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, lists};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking};

/// Who decides, and sees a message as it came.
const DECIDERS: &[Role] = &[Role::Registrar];
/// What surrounds the HTML of a stranger.
const HEAD: &str = "<!doctype html><meta charset=\"utf-8\"><title></title><style>body{font:16px/1.6 sans-serif;margin:1rem;overflow-wrap:anywhere}</style>";

/// `GET /desk/mail/{id}`: registrars and control officers.
///
/// # Errors
/// `Refused` for others; `NotFound`.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    tracing::info!(staff_id = desk.staff().id, message = *id, "a message looked at");
    page(&desk, StatusCode::OK, *id, Vec::new(), Form::default()).await
}

/// `POST /desk/mail/{id}/{act}`: registrars. `join`, `open`, `discard`.
///
/// # Errors
/// `Refused` for others; `NotFound` for another act.
pub async fn decide(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(i64, String)>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(DECIDERS)?;
    let (id, act) = path.into_inner();
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run({
            let (form, act) = (form.clone(), act.clone());
            move |web, staff, now| {
                let office = &web.app.office;
                let reason = form.text("reason");
                let taken = |web: &Web| -> Result<_> {
                    let message = office.store.read(|db| messages::get(db, id))?;
                    let read = read(&web.app.files.get(&message.sha256)?);
                    Ok((mail_of(&read), keep(&web.app, now, &read)?))
                };
                match act.as_str() {
                    "join" => {
                        let (mail, files) = taken(web)?;
                        join_message(office, now, staff, id, form.text("number"), &mail, &files)?;
                        Ok(Message::new("notice-mail-joined").with("number", form.text("number")))
                    }
                    "open" => {
                        let (mail, files) = taken(web)?;
                        let receipt = open_from_message(office, now, staff, id, reason, &mail, &files)?;
                        Ok(Message::new("notice-submission-accepted").with("number", receipt.number))
                    }
                    "discard" => {
                        discard_message(office, now, staff, id, reason)?;
                        Ok(Message::new("notice-mail-discarded"))
                    }
                    _ => Err(Error::NotFound),
                }
            }
        })
        .await;
    let (error, list) = match done {
        Ok(message) => return desk.go("/desk/mail/pen", Some(&message)),
        Err(Fault(error)) => match &error {
            Error::Invalid(list) => (error.clone(), errors(list, &act)),
            Error::Refused(message) => (error.clone(), vec![refusal(message)]),
            _ => return Err(error.into()),
        },
    };
    page(&desk, status_of(&error), id, list, form).await
}

/// `POST /desk/mail/{id}/raw`: registrars, as far as they may know who wrote. The message as it came. A POST, because the
/// look is logged.
///
/// # Errors
/// `Refused` for others; `Invalid` without a reason where the case is sealed.
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
            let message = raw_message(&web.app.office, now, staff, id, &reason)?;
            web.app.files.get(&message.sha256)
        })
        .await;
    match done {
        Ok(bytes) => Ok(saved(&format!("message-{id}.eml"), "application/octet-stream", bytes)),
        Err(Fault(error @ Error::Invalid(_))) => {
            let list = match &error {
                Error::Invalid(list) => errors(list, "raw"),
                _ => Vec::new(),
            };
            page(&desk, status_of(&error), id, list, form).await
        }
        Err(fault) => Err(fault),
    }
}

/// `GET /desk/mail/{id}/files/{nth}`: registrars, as far as they may know who wrote. A file of the message, from 1.
///
/// # Errors
/// `Refused` for others; `NotFound`.
pub async fn file(state: State, signed_in: SignedIn, path: web::Path<(i64, usize)>) -> Answer {
    signed_in.needs(DECIDERS)?;
    let (id, nth) = path.into_inner();
    let read = opened(&state, signed_in, id).await?;
    let file = nth.checked_sub(1).and_then(|at| read.attachments.into_iter().nth(at)).ok_or(Error::NotFound)?;
    Ok(saved(&file.name, "application/octet-stream", file.bytes))
}

/// `GET /desk/mail/{id}/html`: registrars, as far as they may know who wrote. The HTML made safe, for the frame.
///
/// # Errors
/// `Refused` for others; `NotFound` where there is none.
pub async fn html(state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(DECIDERS)?;
    let html = opened(&state, signed_in, *id).await?.html.ok_or(Error::NotFound)?;
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

/// A message read for whoever may know who wrote it.
async fn opened(state: &State, signed_in: SignedIn, id: i64) -> std::result::Result<Read, Fault> {
    let staff = signed_in.staff;
    blocking(state, move |web| {
        let office = &web.app.office;
        let message = office.store.read(|db| {
            let message = messages::get(db, id)?;
            let open = may_open(db, office, &staff, &message)? == Some(false);
            if open { Ok(message) } else { Err(Error::NotFound) }
        })?;
        Ok(read(&web.app.files.get(&message.sha256)?))
    })
    .await
}

async fn page(desk: &Desk, status: StatusCode, id: i64, list: Vec<Value>, typed: Form) -> Answer {
    desk.page(status, "desk/message", "queue-mail", move |web, db, desk, _| {
        let message = messages::get(db, id)?;
        let mut data = view(web, db, desk, &message)?;
        data["errors"] = json!(list);
        data["typed"] = json!({ "number": typed.text("number"), "reason": typed.text("reason") });
        Ok(data)
    })
    .await
}

fn view(web: &Web, db: &mut Db, desk: &Desk, message: &MessageRow) -> Result<Value> {
    let (staff, id) = (desk.staff(), message.id);
    let may = may_open(db, &web.app.office, staff, message)?;
    // The control officer reads what nobody's case seals; who wrote stays hidden.
    let open = may == Some(false);
    let text_open = open || (may.is_none() && message.case_id.is_none() && message.submission_id.is_none());
    let read =
        if text_open { web.app.files.get(&message.sha256).map(|bytes| read(&bytes)) } else { Err(Error::NotFound) };
    let (gone, read) = (text_open && read.is_err(), read.unwrap_or_default());
    let names = lists::names(db, message.decided_by)?;
    let receipts: Vec<Value> = messages::receipts_of(db, id)?
        .iter()
        .map(|receipt| json!({ "source": source(&receipt.source), "reference": receipt.reference, "at": receipt.at }))
        .collect();
    let rules = &web.app.config.attachments;
    let files: Vec<Value> = read
        .attachments
        .iter()
        .zip(1..)
        .map(|(file, nth)| {
            json!({
                "name": file.name,
                "size": size(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)),
                "url": open.then(|| format!("/desk/mail/{id}/files/{nth}")),
                "carried": carried(rules, file).is_some(),
            })
        })
        .collect();
    let decides = message.state.is_open() && staff.is_any(DECIDERS);
    Ok(json!({
        "message": row(web, db, desk, message)?,
        "decided_by": message.decided_by.and_then(|id| names.get(&id)),
        "decided_at": message.decided_at,
        "decision_reason": Some(&message.decision_reason).filter(|reason| !reason.is_empty()),
        "error": message.error,
        "attempts": message.attempts,
        "size": size(message.size),
        "sent_at": read.date,
        "to": if open { read.to.iter().chain(&read.cc).map(|mailbox| mailbox.address.clone()).collect() } else { Vec::new() },
        "notes": read.notes,
        "signs": read.signs,
        "pieces": pieces(&read.text),
        "files": files,
        "html_url": (open && read.html.is_some()).then(|| format!("/desk/mail/{id}/html")),
        "receipts": receipts,
        "sealed": !text_open,
        "gone": gone,
        "raw_action": may.map(|_| format!("/desk/mail/{id}/raw")),
        "raw_needs_reason": may == Some(true),
        "open_action": decides.then(|| format!("/desk/mail/{id}/open")),
        "discard_action": decides.then(|| format!("/desk/mail/{id}/discard")),
    }))
}

/// A text in pieces: what was written now stands open, quotations and signatures are folded.
pub(super) fn pieces(text: &str) -> Vec<Value> {
    fold(text)
        .into_iter()
        .filter(|piece| !piece.text.trim().is_empty())
        .map(|piece| json!({ "folded": piece.role != Part::New, "role": role(piece.role), "text": piece.text.trim_end() }))
        .collect()
}

const fn role(part: Part) -> &'static str {
    match part {
        Part::New => "new",
        Part::Quoted => "quoted",
        Part::Signature => "signature",
    }
}
