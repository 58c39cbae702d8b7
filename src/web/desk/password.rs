//! Staff change their own password; whoever must, can do nothing else before.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Desk, errors, posted, refusal};
use crate::acts::change_password::{Change, change_password};
use crate::domain::password::{LONG, SHORT};
use crate::error::{Error, Message};
use crate::web::answer::{Answer, Fault};
use crate::web::session::SignedIn;
use crate::web::state::{Frame, State, blocking};

/// `GET /desk/password`: everybody who is signed in.
///
/// # Errors
/// Of the database.
pub async fn form(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    page(&state, &request, &signed_in, StatusCode::OK, Vec::new()).await
}

/// `POST /desk/password`: everybody who is signed in.
///
/// # Errors
/// `Refused` for a wrong CSRF word.
pub async fn change(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    let form = posted(&state, &request, &signed_in, body).await?;
    let change = Change {
        current: form.text("current").to_owned(),
        new: form.text("new").to_owned(),
        repeat: form.text("repeat").to_owned(),
    };
    let session = signed_in.session.clone();
    let changed = blocking(&state, move |web| {
        change_password(&web.app.office, &web.app.config.session, web.now(), &session, &change)
    })
    .await;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    match changed {
        Ok(()) => Desk::of(&state, &request, &signed_in).go("/desk", Some(&Message::new("notice-password-changed"))),
        Err(Fault(Error::Invalid(list))) => page(&state, &request, &signed_in, status, errors(&list, "")).await,
        Err(Fault(Error::Refused(m))) => {
            page(&state, &request, &signed_in, StatusCode::TOO_MANY_REQUESTS, vec![refusal(&m)]).await
        }
        Err(fault) => Err(fault),
    }
}

async fn page(
    state: &State,
    request: &HttpRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    errors: Vec<Value>,
) -> Answer {
    let (frame, person) = (Frame::of(request), signed_in.clone());
    let locale = frame.locale;
    let shell =
        blocking(state, move |web| web.app.office.store.read(|db| web.shell_in(db, &frame, Some(&person)))).await?;
    let data = json!({
        "form_action": "/desk/password",
        "first": signed_in.staff.must_change_password,
        "min_length": LONG,
        "short_length": SHORT,
        "errors": errors,
        "notice": null,
    });
    Ok(state.page(status, "desk/password", locale, shell, data)?)
}
