//! One message of the ledger: what it says, what became of it and why, how it came in; the registrar joins it to a case,
//! makes a case of it, or puts it aside.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::mail::{READERS, row, source};
use super::{Desk, errors, posted, refusal, size, thread};
use crate::acts::discard_message::discard_message;
use crate::acts::join_message::join_message;
use crate::acts::look_at_message::{Look, concerned, look_at_message, may_open};
use crate::acts::open_from_message::open_from_message;
use crate::domain::incoming::{Mail, MessageState};
use crate::domain::party::without_addresses;
use crate::domain::staff::Role;
use crate::error::{Error, Message, Result};
use crate::post::incoming::intake::{carried, keep, mail_of};
use crate::post::incoming::{Piece, Role as Part, fold, read};
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, lists};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who decides, and sees a message as it came.
pub(super) const DECIDERS: &[Role] = &[Role::Registrar];

/// `GET /desk/mail/{id}`: registrars and control officers. Who wrote about a case is asked for by a button.
///
/// # Errors
/// `Refused` for others; `NotFound`.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, *id, Told::default()).await
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
                    let (files, left_out) = keep(&web.app, now, &read)?;
                    Ok((Mail { left_out, ..mail_of(&read) }, files))
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
    match done {
        Ok(message) => desk.go("/desk/mail/pen", Some(&message)),
        Err(Fault(error)) => again(&desk, id, &act, form, error).await,
    }
}

/// `POST /desk/mail/{id}/identity`: registrars, as far as they may know who wrote. Who it was, in this answer and in no
/// other: a reload asks again, and every look is logged.
///
/// # Errors
/// `Refused` for others; `Invalid` without a reason where the case is sealed.
pub async fn identity(
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
    let looked = desk
        .run(move |web, staff, now| look_at_message(&web.app.office, now, staff, id, &reason, Look::Sender).map(drop))
        .await;
    match looked {
        Ok(()) => page(&desk, StatusCode::OK, id, Told { looked: true, ..Told::default() }).await,
        Err(Fault(error)) => again(&desk, id, "identity", form, error).await,
    }
}

/// The page once more, with what is wrong and what was typed into the form of `act`.
///
/// # Errors
/// What cannot be told there.
pub(super) async fn again(desk: &Desk, id: i64, act: &str, typed: Form, error: Error) -> Answer {
    let errors = match &error {
        Error::Invalid(list) => errors(list, act),
        Error::Refused(message) if !["raw", "identity"].contains(&act) => vec![refusal(message)],
        _ => return Err(error.into()),
    };
    page(desk, status_of(&error), id, Told { errors, typed, looked: false }).await
}

/// What an act left to be told on the page.
#[derive(Default)]
struct Told {
    errors: Vec<Value>,
    typed: Form,
    /// Who wrote is shown in this answer.
    looked: bool,
}

async fn page(desk: &Desk, status: StatusCode, id: i64, told: Told) -> Answer {
    desk.page(status, "desk/message", "queue-mail", move |web, db, desk, _| {
        let message = messages::get(db, id)?;
        let mut data = view(web, db, desk, &message, told.looked)?;
        data["errors"] = json!(told.errors);
        data["typed"] = json!({ "number": told.typed.text("number"), "reason": told.typed.text("reason") });
        Ok(data)
    })
    .await
}

fn view(web: &Web, db: &mut Db, desk: &Desk, message: &MessageRow, looked: bool) -> Result<Value> {
    let (staff, id, erased) = (desk.staff(), message.id, message.erased_at.is_some());
    let may = may_open(db, &web.app.office, staff, message)?;
    let case = concerned(db, message)?;
    // What opens by itself, beside what a look with a reason opens for one answer.
    let open = may == Some(false) && !erased;
    // The control officer reads what is nobody's case yet; who wrote stays hidden.
    let text_open = open || looked || (may.is_none() && case.is_none() && message.submission_id.is_none());
    let shown = looked || (open && case.is_none());
    let read = if text_open && !erased {
        web.app.files.get(&message.sha256).map(|bytes| read(&bytes))
    } else {
        Err(Error::NotFound)
    };
    let (gone, read) = (text_open && !erased && read.is_err(), read.unwrap_or_default());
    // A report of a mail server names whom the letter went to.
    let hidden = message.state == MessageState::Noted && case.is_some() && !looked;
    let text = if hidden { without_addresses(&read.text) } else { read.text.clone() };
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
                "action": open.then(|| format!("/desk/mail/{id}/files/{nth}")),
                "left_out": carried(rules, file).err(),
            })
        })
        .collect();
    let decides = message.state.is_open() && staff.is_any(DECIDERS) && !erased;
    let joined = matches!(message.state, MessageState::NewSubmission | MessageState::Appended);
    Ok(json!({
        "message": row(web, db, desk, message)?,
        "decided_by": message.decided_by.and_then(|id| names.get(&id)),
        "decided_at": message.decided_at,
        "decision_reason": Some(&message.decision_reason).filter(|reason| !reason.is_empty()),
        "error": message.error,
        "attempts": message.attempts,
        "size": size(message.size),
        "sent_at": read.date,
        "from": if shown { message.sender(&web.app.office.keys)? } else { None },
        "to": if shown { read.to.iter().chain(&read.cc).map(|mailbox| mailbox.address.clone()).collect() } else { Vec::new() },
        "looked": looked,
        "identity_action": may.filter(|_| !shown && !erased).map(|_| format!("/desk/mail/{id}/identity")),
        "needs_reason": may == Some(true),
        "notes": read.notes,
        "signs": read.signs,
        "pieces": pieces(&text),
        "files": files,
        "left_out": if joined && text_open { thread::left_out(message, None) } else { Vec::new() },
        "html_action": (open && read.html.is_some()).then(|| format!("/desk/mail/{id}/html")),
        "receipts": receipts,
        "sealed": !text_open && !erased,
        "gone": gone,
        "erased_at": message.erased_at,
        "raw_action": may.filter(|_| !erased).map(|_| format!("/desk/mail/{id}/raw")),
        "open_action": decides.then(|| format!("/desk/mail/{id}/open")),
        "discard_action": decides.then(|| format!("/desk/mail/{id}/discard")),
    }))
}

/// A text in pieces: what was written now stands open, quotations and signatures are folded. Where nothing was written
/// now, as in a message that was only forwarded, everything stands open.
pub(super) fn pieces(text: &str) -> Vec<Value> {
    let all: Vec<_> = fold(text).into_iter().filter(|piece| !piece.text.trim().is_empty()).collect();
    let written = all.iter().any(|piece| piece.role == Part::New);
    let one = |piece: Piece<'_>| json!({ "folded": written && piece.role != Part::New, "role": role(piece.role), "text": piece.text.trim_end() });
    all.into_iter().map(one).collect()
}

const fn role(part: Part) -> &'static str {
    match part {
        Part::New => "new",
        Part::Quoted => "quoted",
        Part::Signature => "signature",
    }
}
