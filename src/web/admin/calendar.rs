//! The calendar of office days: the year drawn, the official table imported, typhoon days entered and revoked. Each change
//! is shown first with what it does, and done by a second click; nothing is stored between the two.

mod view;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::Value;

use crate::acts::calendar_change::{Change, preview};
use crate::acts::import_calendar::{self, Imported, decode, import};
use crate::acts::{close_offices, reopen_offices};
use crate::domain::calendar_file::{CalendarFile, parse};
use crate::domain::closure::{Closure, WHOLE_DAY};
use crate::domain::staff::Role;
use crate::error::{Error, FieldError, Message, Result};
use crate::store::closures;
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::desk::{Desk, errors, posted, refusal};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who reads the page; who of them changes what is the acts' business.
const READERS: &[Role] = &[Role::Administrator, Role::Auditor, Role::ControlOfficer];
/// Bytes of a file: an official year has about twelve thousand.
const MOST_BYTES: usize = 64 * 1024;
/// The page.
const HERE: &str = "/admin/calendar";

/// `GET /admin/calendar`: administrators, auditors, control officers.
///
/// # Errors
/// `Refused` for everybody else.
pub async fn show(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    query: web::Query<HashMap<String, String>>,
) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let asked = Asked {
        year: query.get("year").and_then(|year| year.parse().ok()),
        region: query.get("region").cloned(),
        ..Asked::default()
    };
    page(&desk, StatusCode::OK, asked).await
}

/// `POST /admin/calendar/import`: administrators. First with a file, which is shown; then with its text, which is imported.
///
/// # Errors
/// `Refused` for everybody else; a faulty file comes back on the page with its line.
pub async fn import_file(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(import_calendar::ROLES)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let (file, text) = match given(&form) {
        Ok(given) => given,
        Err(error) => return again(&desk, form, error, "file").await,
    };
    let fields = vec![("text", text)];
    step(&desk, form, Change::Import(file), fields, "/admin/calendar/import").await
}

/// `POST /admin/calendar/close`: administrators and control officers.
///
/// # Errors
/// `Refused` for everybody else; mistakes come back beside their fields.
pub async fn close(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(close_offices::ROLES)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let checked = desk
        .run({
            let form = form.clone();
            move |web, _, now| {
                let closure = closure(&form)?;
                let office = &web.app.office;
                let (reference, others) =
                    office.store.read(|db| Ok((office.reference(db)?, closures::in_force(db)?)))?;
                close_offices::check(&reference, &others, &closure, now.date_in(&office.zone))?;
                Ok(closure)
            }
        })
        .await;
    let closure = match checked {
        Ok(closure) => closure,
        Err(Fault(error)) => return again(&desk, form, error, "").await,
    };
    let fields = ["region", "date", "span", "reason"].map(|name| (name, form.text(name).to_owned())).to_vec();
    step(&desk, form, Change::Close(closure), fields, "/admin/calendar/close").await
}

/// `POST /admin/calendar/closures/{id}/revoke`: administrators and control officers.
///
/// # Errors
/// `Refused` for everybody else; `NotFound`.
pub async fn revoke(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(close_offices::ROLES)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let action = format!("/admin/calendar/closures/{id}/revoke");
    step(&desk, form, Change::Reopen(*id), Vec::new(), &action).await
}

/// What the page is asked to show beside the calendar.
#[derive(Clone, Debug, Default)]
struct Asked {
    year: Option<i16>,
    region: Option<String>,
    form: Form,
    errors: Vec<Value>,
}

async fn page(desk: &Desk, status: StatusCode, asked: Asked) -> Answer {
    desk.page(status, "admin/calendar", "", move |web, db, desk, now| view::page(web, db, desk, &asked, now)).await
}

/// The page once more, with what is wrong and what was typed.
async fn again(desk: &Desk, form: Form, error: Error, field: &'static str) -> Answer {
    let list = match &error {
        Error::Invalid(list) => errors(list, ""),
        Error::Refused(message) if field.is_empty() => vec![refusal(message)],
        Error::Refused(message) => errors(&[FieldError { field, message: message.clone() }], ""),
        Error::Conflict => vec![refusal(&Message::new("refused-calendar-changed"))],
        _ => return Err(error.into()),
    };
    page(desk, status_of(&Error::Invalid(Vec::new())), Asked { form, errors: list, ..Asked::default() }).await
}

/// Shows what a change does, or, when that was confirmed, does it.
async fn step(desk: &Desk, form: Form, change: Change, fields: Vec<(&'static str, String)>, action: &str) -> Answer {
    let Some(seen) = form.number("seen") else {
        let action = action.to_owned();
        let shown = desk
            .page(StatusCode::OK, "admin/calendar_preview", "", move |web, db, desk, now| {
                let found = preview(&web.app.office, now, &change)?;
                view::preview(web, db, desk, &change, &found, &fields, &action)
            })
            .await;
        return match shown {
            Err(Fault(error @ Error::Refused(_))) => again(desk, form, error, "").await,
            other => other,
        };
    };
    let done = desk.run(move |web, staff, now| carry_out(web, staff, now, &change, seen)).await;
    match done {
        Ok(message) => desk.go(HERE, Some(&message)),
        Err(Fault(error)) => again(desk, form, error, "").await,
    }
}

fn carry_out(
    web: &Web,
    staff: &crate::domain::staff::Staff,
    now: crate::domain::time::Moment,
    change: &Change,
    seen: i64,
) -> Result<Message> {
    let office = &web.app.office;
    match change {
        Change::Import(file) => Ok(Message::new(match import(office, now, Some(staff), file, Some(seen))? {
            Imported::Unchanged => "notice-calendar-same",
            Imported::Version(_) => "notice-calendar-imported",
        })),
        Change::Close(closure) => {
            close_offices::close(office, now, Some(staff), closure, Some(seen))?;
            Ok(Message::new("notice-closed"))
        }
        Change::Reopen(id) => {
            reopen_offices::reopen(office, now, Some(staff), *id, Some(seen))?;
            Ok(Message::new("notice-reopened"))
        }
    }
}

/// The table that was uploaded, or the text of it that the preview sent along.
fn given(form: &Form) -> Result<(CalendarFile, String)> {
    let text = match form.files.iter().find(|file| file.field == "file") {
        Some(file) if file.too_large || file.bytes.len() > MOST_BYTES => {
            return Err(Error::invalid("file", "calendar-fault-size"));
        }
        Some(file) => decode(&file.bytes).ok_or_else(|| Error::invalid("file", "calendar-fault-encoding"))?,
        None => form.text("text").to_owned(),
    };
    if text.trim().is_empty() {
        return Err(Error::invalid("file", "calendar-fault-none"));
    }
    let file = parse(&text).map_err(|fault| Error::Invalid(vec![FieldError { field: "file", message: fault.told }]))?;
    Ok((file, text))
}

/// What was typed as a closure.
fn closure(form: &Form) -> Result<Closure> {
    let mut wrong = Vec::new();
    let date = form.text("date").trim().parse();
    if date.is_err() {
        wrong.push(FieldError::new("date", "field-date"));
    }
    let (from_minute, to_minute) = match form.text("span") {
        "morning" => (0, WHOLE_DAY / 2),
        "afternoon" => (WHOLE_DAY / 2, WHOLE_DAY),
        "day" => (0, WHOLE_DAY),
        _ => {
            wrong.push(FieldError::new("span", "field-choose"));
            (0, WHOLE_DAY)
        }
    };
    let region = match form.text("region") {
        "all" => String::new(),
        // Left out is no region; the check that follows would take it for everywhere.
        "" => "-".to_owned(),
        code => code.to_owned(),
    };
    let reason = form.text("reason").trim().to_owned();
    match (date, wrong.is_empty()) {
        (Ok(date), true) => Ok(Closure { region, date, from_minute, to_minute, reason }),
        _ => {
            if reason.is_empty() {
                wrong.push(FieldError::new("reason", "field-reason"));
            }
            Err(Error::Invalid(wrong))
        }
    }
}
