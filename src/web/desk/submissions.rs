//! Submissions that were never confirmed: the registrar takes one in by hand with a reason, or puts it aside.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::message::pieces;
use super::{Desk, PAGE, errors, parameters, posted, refusal};
use crate::acts::accept::{accept, dismiss};
use crate::domain::case::Channel;
use crate::domain::staff::Role;
use crate::domain::submission::SubmissionState as S;
use crate::error::{Error, Message, Result};
use crate::store::submissions::{self, Submission};
use crate::store::{Db, parties, texts};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who reads and decides.
pub const ROLES: &[Role] = &[Role::Registrar];
/// What waits for a decision: nothing more is to be expected of the petitioner.
pub const TO_DECIDE: &[S] = &[S::Bounced, S::Expired];
/// What may still be confirmed.
const WAITING: &[S] = &[S::Unconfirmed];

/// `GET /desk/submissions`: registrars.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(ROLES)?;
    let asked = parameters(&request);
    let waiting = asked.get("state").is_some_and(|s| s == "unconfirmed");
    let before = asked.get("before").and_then(|id| id.parse().ok());
    let desk = Desk::of(&state, &request, &signed_in);
    tracing::info!(staff_id = desk.staff().id, "unconfirmed submissions looked at");
    page(&desk, StatusCode::OK, waiting, before, Vec::new(), None).await
}

/// `POST /desk/submissions/{id}/{decision}`: registrars.
///
/// # Errors
/// `Refused` for others; `NotFound` for another decision.
pub async fn decide(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(i64, String)>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(ROLES)?;
    let (id, decision) = path.into_inner();
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let reason = form.text("reason").to_owned();
    let done = desk
        .run(move |web, staff, now| match decision.as_str() {
            "accept" => {
                let receipt = accept(&web.app.office, now, staff, id, &reason)?;
                Ok(Message::new("notice-submission-accepted").with("number", receipt.number))
            }
            "dismiss" => {
                dismiss(&web.app.office, now, staff, id, &reason)?;
                Ok(Message::new("notice-submission-dismissed"))
            }
            _ => Err(Error::NotFound),
        })
        .await;
    let (error, list) = match done {
        Ok(message) => return desk.go("/desk/submissions", Some(&message)),
        Err(Fault(error)) => match &error {
            Error::Invalid(list) => (error.clone(), errors(list, &format!("submission_{id}"))),
            Error::Refused(message) => (error.clone(), vec![refusal(message)]),
            _ => return Err(error.into()),
        },
    };
    page(&desk, status_of(&error), false, None, list, Some(id)).await
}

async fn page(
    desk: &Desk,
    status: StatusCode,
    waiting: bool,
    before: Option<i64>,
    errors: Vec<Value>,
    shown: Option<i64>,
) -> Answer {
    desk.page(status, "desk/submissions", "queue-submissions", move |web, db, _, _| {
        let states = if waiting { WAITING } else { TO_DECIDE };
        let mut found = submissions::in_states(db, states, before, PAGE as i64 + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        // The one that was being decided on stays in sight with its mistake, wherever it stands.
        if let Some(id) = shown.filter(|id| found.iter().all(|s| s.id != *id)) {
            let one = submissions::get(db, id)?;
            if states.contains(&one.state) || WAITING.contains(&one.state) {
                found.insert(0, one);
            }
        }
        let here = if waiting { "/desk/submissions?state=unconfirmed" } else { "/desk/submissions" };
        let mark = if waiting { "&" } else { "?" };
        let next = found.last().filter(|_| more).map(|s| format!("{here}{mark}before={}", s.id));
        let rows: Vec<Value> = found.iter().map(|s| row(web, db, s)).collect::<Result<_>>()?;
        Ok(json!({
            "errors": errors,
            "tabs": [
                { "name_key": "submissions-to-decide", "url": "/desk/submissions", "active": !waiting },
                { "name_key": "submissions-waiting", "url": "/desk/submissions?state=unconfirmed", "active": waiting },
            ],
            "rows": rows,
            "first_url": before.map(|_| here),
            "next_url": next,
        }))
    })
    .await
}

/// The registrar has to reach the petitioner to decide, so who they are is shown.
fn row(web: &Web, db: &mut Db, submission: &Submission) -> Result<Value> {
    let party = parties::open(db, &web.app.office.keys, submission.party_id)?;
    let (id, body) = (submission.id, texts::get(db, submission.text_id)?);
    let folded = if submission.channel == Channel::Email { pieces(&body) } else { Vec::new() };
    Ok(json!({
        "id": id,
        "state": submission.state,
        "submitted_at": submission.created_at,
        "expires_at": (submission.state != S::Expired).then_some(submission.expires_at),
        "subject": submission.subject,
        "body": body,
        "pieces": folded,
        "name": party.name,
        "email": party.email,
        "phone": party.phone,
        "kind": submission.kind,
        "accept_action": format!("/desk/submissions/{id}/accept"),
        "dismiss_action": format!("/desk/submissions/{id}/dismiss"),
    }))
}
