//! A saved report is sent now, or deleted after being asked for it once more.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::json;

use crate::acts::delete_report::delete_report;
use crate::acts::saved_reports::changeable;
use crate::domain::saved_report::SAVERS;
use crate::error::{Error, Message};
use crate::reports::saved_mail::{Mailing, send_now};
use crate::web::answer::{Answer, Fault};
use crate::web::desk::{Desk, posted};
use crate::web::session::SignedIn;
use crate::web::state::State;

/// `POST /management/reports/{id}/send`: whoever may change it.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not.
pub async fn send(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(SAVERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let (desk, id) = (Desk::of(&state, &request, &signed_in), *id);
    let owed = desk
        .run(move |web, staff, now| {
            let most_bytes = web.app.config.mail.max_letter_bytes;
            let mailing = Mailing { office: &web.app.office, files: &web.app.files, most_bytes };
            send_now(mailing, &web.pages, staff, (id, form.text("idempotency_key")), now)
        })
        .await;
    let told = match owed {
        Ok(owed) => Message::new("notice-saved-sent").with("number", owed.to_string()),
        // The page says so above the list of its recipients.
        Err(Fault(Error::Refused(message))) if message.key == "refused-saved-nobody" => message,
        Err(fault) => return Err(fault),
    };
    desk.go(&format!("/management/reports/{id}"), Some(&told))
}

/// `GET /management/reports/{id}/delete`: whoever may change it is asked whether they mean it.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not.
pub async fn ask(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(SAVERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/saved_delete", "", move |_, db, desk, _| {
        let report = changeable(db, desk.staff(), *id)?;
        Ok(json!({
            "name": report.name,
            "next": report.next_run_at,
            "version": report.version,
            "form_action": format!("/management/reports/{}/delete", report.id),
            "back_url": format!("/management/reports/{}", report.id),
        }))
    })
    .await
}

/// `POST /management/reports/{id}/delete`: whoever may change it.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not; `Conflict` when a colleague changed it meanwhile.
pub async fn delete(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(SAVERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let (desk, id) = (Desk::of(&state, &request, &signed_in), *id);
    desk.run(move |web, staff, _| delete_report(&web.app.office, staff, id, form.version()?)).await?;
    desk.go("/management/reports", Some(&Message::new("notice-saved-deleted")))
}
