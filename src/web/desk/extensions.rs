//! Requests for more time (待核展期) that somebody's rank decides on: supervisors in their part of the tree, control
//! officers and managers everywhere. The decision is an act on the case.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{Desk, PAGE, parameters};
use crate::domain::queue::Reach;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::extensions::{Request, waiting};
use crate::store::{Db, cases, lists};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may decide on some.
pub const ROLES: &[Role] = &[Role::Supervisor, Role::ControlOfficer, Role::Manager];

/// `GET /desk/extensions`: supervisors, control officers, managers.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(ROLES)?;
    let after = parameters(&request).get("after").and_then(|text| text.parse::<i64>().ok());
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "desk/extensions", "queue-extensions", move |web, db, desk, now| {
        let reference = web.app.office.reference(db)?;
        let (ranks, reach) = decides(desk.staff(), &reference.units);
        let mut found = waiting(db, &ranks, &reach, desk.staff().id, after, PAGE as i64 + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let names = lists::names(db, found.iter().map(|request| request.asked_by))?;
        let rows: Vec<Value> = found
            .iter()
            .map(|request| row(web, db, desk.locale(), request, names.get(&request.asked_by), now))
            .collect::<Result<_>>()?;
        let next = found.last().filter(|_| more).map(|request| format!("/desk/extensions?after={}", request.id));
        Ok(json!({ "rows": rows, "first_url": after.map(|_| "/desk/extensions"), "next_url": next }))
    })
    .await
}

/// The ranks somebody decides for, and where.
#[must_use]
pub fn decides(staff: &Staff, units: &Units) -> (Vec<Role>, Reach) {
    if staff.is(Role::Manager) {
        return (ROLES.to_vec(), Reach::Agency);
    }
    if staff.is(Role::ControlOfficer) {
        return (vec![Role::Supervisor, Role::ControlOfficer], Reach::Agency);
    }
    (vec![Role::Supervisor], Reach::Units(units.subtree(staff.unit_id)))
}

fn row(
    web: &Web,
    db: &mut Db,
    locale: &str,
    request: &Request,
    asked_by: Option<&String>,
    now: Moment,
) -> Result<Value> {
    let case = cases::get(db, request.case_id)?;
    let reference = web.app.office.reference(db)?;
    let calendar = reference.calendar_of(case.unit_id);
    let unit = case.unit_id.and_then(|id| reference.units.get(id)).map(|unit| unit.name(locale).to_owned());
    Ok(json!({
        "case_number": case.number(),
        "case_url": format!("/desk/cases/{}", case.number()),
        "subject": case.subject,
        "unit_name": unit,
        "asked_by": asked_by,
        "asked_at": request.asked_at,
        "due_on": case.due_at.map(|due| last_day(due, calendar).to_string()),
        "too_late": case.due_at.is_some_and(|due| due <= now),
        "until": request.until()?.to_string(),
        "rank": request.rank,
        "reason": request.reason,
    }))
}
