//! The ledger of incoming mail as staff see it: every message and what became of it, and the holding pen, where each waits
//! for one click.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{Desk, PAGE, parameters};
use crate::acts::look_at_message::{case_of, concerned, may_open};
use crate::acts::rights_of;
use crate::domain::incoming::MessageState;
use crate::domain::party::masked;
use crate::domain::rights::may_see;
use crate::domain::staff::Role;
use crate::error::Result;
use crate::store::messages::{self, MessageRow};
use crate::store::{Db, cases};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may look at the ledger.
pub const READERS: &[Role] = &[Role::Registrar, Role::ControlOfficer];
/// Where the pen is.
const PEN: &str = "/desk/mail/pen";

/// `GET /desk/mail`: registrars and control officers. Every message, or those that ended alike.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    let asked = parameters(&request);
    let chosen = asked.get("state").and_then(|code| MessageState::parse(code));
    list(&request, &state, &signed_in, chosen, "desk/mail").await
}

/// `GET /desk/mail/pen`: registrars and control officers.
///
/// # Errors
/// `Refused` for others.
pub async fn pen(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    list(&request, &state, &signed_in, Some(MessageState::Pen), "desk/mail_pen").await
}

async fn list(
    request: &HttpRequest,
    state: &State,
    signed_in: &SignedIn,
    chosen: Option<MessageState>,
    page: &str,
) -> Answer {
    signed_in.needs(READERS)?;
    let before: Option<i64> = parameters(request).get("before").and_then(|id| id.parse().ok());
    let desk = Desk::of(state, request, signed_in);
    desk.page(StatusCode::OK, page, "queue-mail", move |web, db, desk, _| {
        let limit = PAGE as i64 + 1;
        let mut found = match chosen {
            Some(state) => messages::in_state(db, state, before, limit)?,
            None => messages::newest(db, before, limit)?,
        };
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let rows: Vec<Value> = found.iter().map(|message| row(web, db, desk, message)).collect::<Result<_>>()?;
        let here = url(chosen);
        let mark = if here.contains('?') { '&' } else { '?' };
        let next = found.last().filter(|_| more).map(|message| format!("{here}{mark}before={}", message.id));
        Ok(json!({
            "tabs": tabs(db, chosen)?,
            "rows": rows,
            "may_decide": desk.staff().is(Role::Registrar),
            "first_url": before.map(|_| here),
            "next_url": next,
        }))
    })
    .await
}

/// Where the messages of a state are listed.
fn url(state: Option<MessageState>) -> String {
    match state {
        Some(MessageState::Pen) => PEN.to_owned(),
        Some(state) => format!("/desk/mail?state={state}"),
        None => "/desk/mail".to_owned(),
    }
}

/// The pen first; counts stand where somebody has to do something.
fn tabs(db: &mut Db, chosen: Option<MessageState>) -> Result<Vec<Value>> {
    use MessageState as S;
    let states = [None, Some(S::NewSubmission), Some(S::Appended), Some(S::Noted), Some(S::Spam), Some(S::Ignored)];
    let states = [Some(S::Pen)].into_iter().chain(states).chain([Some(S::Discarded), Some(S::Waiting)]);
    states
        .map(|state| {
            let counted = state.filter(|state| matches!(state, S::Pen | S::Spam | S::Waiting));
            let count = counted.map(|state| messages::count(db, state)).transpose()?.map(super::capped);
            Ok(json!({ "state": state, "url": url(state), "count": count, "active": state == chosen }))
        })
        .collect()
}

/// A message as lists show it. Who wrote is for those who may know it; of what concerns a case only so much that it is
/// recognised, because each look at the whole is logged.
///
/// # Errors
/// Of the database or the keys.
pub(super) fn row(web: &Web, db: &mut Db, desk: &Desk, message: &MessageRow) -> Result<Value> {
    let (office, staff, id) = (&web.app.office, desk.staff(), message.id);
    let open = may_open(db, office, staff, message)? == Some(false);
    let reference = office.reference(db)?;
    let seen = |db: &mut Db, case_id: i64| -> Result<Option<String>> {
        let case = cases::get(db, case_id)?;
        let visible = may_see(staff, &rights_of(db, &case, None)?, &reference.units);
        Ok(visible.then(|| case.number().to_owned()))
    };
    let number = case_of(db, message)?.map(|case| seen(db, case)).transpose()?.flatten();
    let suggested = message.suggested_case_id.filter(|_| message.state.is_open());
    let suggested = suggested.map(|case| seen(db, case)).transpose()?.flatten();
    let receipts = messages::receipts_of(db, id)?;
    let source = receipts.first().map(|receipt| source(&receipt.source));
    let confirmed = number.is_some();
    let from = message.sender(&office.keys)?.filter(|_| open);
    let from = if concerned(db, message)?.is_some() { from.map(|from| masked(&from)) } else { from };
    Ok(json!({
        "id": id,
        "url": format!("/desk/mail/{id}"),
        "state": message.state,
        "stored_at": message.stored_at,
        "from": from,
        "subject": message.subject(&office.keys)?.filter(|subject| !subject.is_empty()),
        "reasons": message.reasons(),
        "by_hand": message.decided_by.is_some(),
        "source": source,
        "more_receipts": receipts.len().saturating_sub(1),
        "case_number": number,
        "case_url": number.as_ref().map(|number| format!("/desk/cases/{number}")),
        "unconfirmed": message.state == MessageState::NewSubmission && !confirmed,
        "letter_url": message.letter_id.map(|letter| format!("/desk/letters/{letter}")),
        "suggested": suggested,
        "join_action": format!("/desk/mail/{id}/join"),
    }))
}

/// A source as pages take it: its kind, and the name of one among several.
pub(super) fn source(text: &str) -> Value {
    let (kind, name) = text.split_once(':').unwrap_or((text, ""));
    let kind = if ["pipe", "folder", "imap"].contains(&kind) { kind } else { "other" };
    json!({ "kind": kind, "name": name })
}
