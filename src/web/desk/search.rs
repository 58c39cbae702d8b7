//! Finding a case at once, for whoever answers the telephone: by its number, or by the petitioner's whole name, telephone
//! or e-mail. Sent by POST, so that nothing personal stands in an address; a find by identity is logged.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::case::see;
use super::{Desk, posted, redirect, rows};
use crate::domain::case_number::CaseNumber;
use crate::domain::rights::may_find;
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::lists::{self, CaseRow};
use crate::store::{notes, parties};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may look for a number; which case they get is decided by their rights.
const BY_NUMBER: &[Role] =
    &[Role::Registrar, Role::Handler, Role::Supervisor, Role::ControlOfficer, Role::Manager, Role::Auditor];
/// Who may look for a person.
const BY_IDENTITY: &[Role] = &[Role::Registrar, Role::Handler, Role::Supervisor, Role::ControlOfficer];
/// Hits that are shown: the newest.
const MOST: i64 = 50;
/// The reason that the log of identity keeps.
const REASON: &str = "search";

/// `GET /desk/search`: everybody who works on cases.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(BY_NUMBER)?;
    answer(&Desk::of(&state, &request, &signed_in), String::new(), Vec::new()).await
}

/// `POST /desk/search`: everybody who works on cases; by identity only those who handle them.
///
/// # Errors
/// `Refused` for others and for a wrong CSRF word.
pub async fn find(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(BY_NUMBER)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let typed = one_line(form.text("q"));
    if let Some(number) = CaseNumber::parse(&typed) {
        let number = number.to_string();
        let seen = desk.run({
            let number = number.clone();
            move |web, staff, _| web.app.office.store.read(|db| see(web, db, staff, &number).map(|_| ()))
        });
        return match seen.await {
            Ok(()) => Ok(redirect(&format!("/desk/cases/{number}"))),
            Err(fault) if fault.0 == Error::NotFound => answer(&desk, typed, Vec::new()).await,
            Err(fault) => Err(fault),
        };
    }
    let found = match typed.as_str() {
        "" => Vec::new(),
        _ if !desk.staff().is_any(BY_IDENTITY) => Vec::new(),
        _ => {
            let typed = typed.clone();
            desk.run(move |web, staff, now| by_identity(web, staff, &typed, now)).await?
        }
    };
    answer(&desk, typed, found).await
}

/// Cases of the person, as far as finding them may tell who the petitioner is.
fn by_identity(web: &Web, staff: &Staff, typed: &str, now: Moment) -> Result<Vec<CaseRow>> {
    let office = &web.app.office;
    let found = office.store.read(|db| {
        let reference = office.reference(db)?;
        let people = parties::find(db, &office.keys, typed, MOST)?;
        let found = lists::of_parties(db, staff.id, &people, MOST)?;
        let visible = found.into_iter().filter(|(_, rights)| may_find(staff, rights, &reference.units));
        Ok(visible.map(|(row, _)| row).collect::<Vec<_>>())
    })?;
    tracing::info!(staff_id = staff.id, hits = found.len(), "search by identity");
    let (ids, staff_id): (Vec<i64>, i64) = (found.iter().map(|row| row.id).collect(), staff.id);
    if !ids.is_empty() {
        office
            .store
            .write(move |db| ids.iter().try_for_each(|case_id| notes::log_view(db, *case_id, staff_id, REASON, now)))?;
    }
    Ok(found)
}

async fn answer(desk: &Desk, typed: String, found: Vec<CaseRow>) -> Answer {
    desk.page(StatusCode::OK, "desk/search", "", move |web, db, desk, now| {
        let rows: Vec<Value> = rows::of(web, db, desk.locale(), now, &found)?;
        let more = found.len() >= usize::try_from(MOST).unwrap_or(usize::MAX);
        Ok(json!({ "q": typed, "rows": rows, "more": more, "first_url": null, "next_url": null }))
    })
    .await
}
