//! Leave: who is away from when to when, and who stands in. Everyone sees and enters their own; a supervisor that of the
//! people of the own part of the tree.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Desk, errors, posted, refusal};
use crate::acts::absence::{self, Leave, may_enter, may_stand_in};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message, Result};
use crate::store::{Db, absences, lists, staff as staff_store};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `GET /desk/absences`: everybody who is signed in.
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, Vec::new(), Form::default()).await
}

/// `POST /desk/absences`: everybody for themselves, supervisors for their people.
///
/// # Errors
/// `Refused` for a wrong CSRF word.
pub async fn enter(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run({
            let form = form.clone();
            move |web, staff, now| absence::enter(&web.app.office, now, staff, &leave(staff, &form)?)
        })
        .await;
    match done {
        Ok(_) => desk.go("/desk/absences", Some(&Message::new("notice-absence-entered"))),
        Err(Fault(error)) => again(&desk, form, error).await,
    }
}

/// `POST /desk/absences/{id}/end`: the same people.
///
/// # Errors
/// `Refused` for somebody else's leave; `NotFound` when there is none.
pub async fn end(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.run(move |web, staff, now| absence::end(&web.app.office, now, staff, *id)).await?;
    desk.go("/desk/absences", Some(&Message::new("notice-absence-ended")))
}

async fn again(desk: &Desk, form: Form, error: Error) -> Answer {
    let list = match &error {
        Error::Invalid(list) => errors(list, ""),
        Error::Refused(message) => vec![refusal(message)],
        _ => return Err(error.into()),
    };
    page(desk, status_of(&error), list, form).await
}

/// What the form says; nobody named means oneself.
fn leave(staff: &Staff, form: &Form) -> Result<Leave> {
    let day = |field: &str| form.text(field).trim().parse::<Date>().ok();
    let deputy = form.text("deputy_id").trim();
    match (day("from"), day("to")) {
        (Some(from), Some(to)) => Ok(Leave {
            staff_id: form.number("staff_id").unwrap_or(staff.id),
            from,
            to,
            deputy_id: match deputy {
                "" => None,
                id => Some(id.parse().map_err(|_| Error::invalid("deputy_id", "field-choose"))?),
            },
        }),
        (from, to) => {
            let missing = [("from", from.is_none()), ("to", to.is_none())];
            let wrong = missing.iter().filter(|(_, missing)| *missing);
            Err(Error::Invalid(wrong.map(|(field, _)| FieldError::new(field, "field-date")).collect()))
        }
    }
}

async fn page(desk: &Desk, status: StatusCode, list: Vec<Value>, form: Form) -> Answer {
    desk.page(status, "desk/absences", "", move |web, db, desk, now| {
        view(web, db, desk.staff(), desk.locale(), now, list, &form)
    })
    .await
}

fn view(
    web: &Web,
    db: &mut Db,
    staff: &Staff,
    locale: &str,
    now: Moment,
    errors: Vec<Value>,
    form: &Form,
) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let units = &reference.units;
    let active = staff_store::all(db)?.into_iter().filter(|row| row.active);
    let everybody: Vec<Staff> = active.map(|row| row.person()).collect::<Result<_>>()?;
    let people: Vec<&Staff> = everybody.iter().filter(|person| may_enter(staff, person, units)).collect();
    let chosen = form.number("staff_id").unwrap_or(staff.id);
    let option = |person: &Staff, selected: bool| {
        let unit = units.get(person.unit_id).map(|unit| unit.name(locale)).unwrap_or_default();
        json!({ "id": person.id, "name": person.name, "unit_name": unit, "selected": selected })
    };
    let deputy = form.number("deputy_id");
    let deputies: Vec<Value> = everybody
        .iter()
        .filter(|other| people.iter().any(|person| may_stand_in(other, person, units)))
        .map(|other| option(other, deputy == Some(other.id)))
        .collect();
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let today = now.date_in(&web.app.office.zone);
    let found = absences::of_people(db, &ids, today)?;
    let names = lists::names(db, found.iter().flat_map(|a| [Some(a.staff_id), a.deputy_id]).flatten())?;
    let mut rows = Vec::new();
    for absence in &found {
        let (from, to) = absence.days()?;
        rows.push(json!({
            "who": names.get(&absence.staff_id),
            "from": from.to_string(),
            "to": to.to_string(),
            "deputy": absence.deputy_id.and_then(|id| names.get(&id)),
            "now": from <= today,
            "end_action": format!("/desk/absences/{}/end", absence.id),
        }));
    }
    Ok(json!({
        "errors": errors,
        "form_action": "/desk/absences",
        "form": { "from": form.text("from"), "to": form.text("to") },
        "people": people.iter().map(|person| option(person, person.id == chosen)).collect::<Vec<_>>(),
        "choose_person": people.len() > 1,
        "deputies": deputies,
        "rows": rows,
    }))
}
