//! Improvement measures (檢討改進措施): the list, one measure with what its category's figures were before and after, and
//! the forms that plan one and say how it goes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::acts::plan_measure::{Planned, plan_measure};
use crate::acts::rights_of;
use crate::acts::step_measure::step_measure;
use crate::domain::measure::{MeasureState, Ownership, PLANNERS, Plan, may_read, may_step};
use crate::domain::rights::may_see;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message, Result};
use crate::keys::random_word;
use crate::reports::effect::effect;
use crate::store::measures::{self, Measure};
use crate::store::reference::Reference;
use crate::store::{Db, cases, lists, staff as staff_store};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::desk::{Desk, errors, indented, parameters, posted, refusal};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `GET /management/measures`: everybody who is signed in, each what they may read; `?year=` those of a year.
///
/// # Errors
/// Of the database.
pub async fn list(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    let year = parameters(&request).get("year").and_then(|text| text.parse::<i32>().ok());
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/measures", "", move |web, db, desk, now| {
        let reference = web.app.office.reference(db)?;
        let found = measures::list(db, year)?;
        let mine = found.into_iter().filter(|m| may_read(desk.staff(), m.ownership(), &reference.units));
        let today = now.date_in(&web.app.office.zone);
        let mine: Vec<Measure> = mine.collect();
        let names = lists::names(db, mine.iter().filter_map(|m| m.owner_id))?;
        let mut rows = Vec::new();
        for measure in &mine {
            let mut row = shown(measure, &reference, desk.locale(), today)?;
            row["owner"] = json!(measure.owner_id.and_then(|id| names.get(&id)));
            rows.push(row);
        }
        let mut tabs = vec![json!({ "year": null, "url": "/management/measures", "active": year.is_none() })];
        for found in measures::years(db)? {
            let url = format!("/management/measures?year={found}");
            tabs.push(json!({ "year": found, "url": url, "active": year == Some(found) }));
        }
        Ok(json!({ "rows": rows, "tabs": tabs, "may_plan": desk.staff().is_any(PLANNERS) }))
    })
    .await
}

/// `GET /management/measures/new`: managers and control officers; `?year=`, `?category=` and `?case=` fill the form in.
///
/// # Errors
/// `Refused` for others.
pub async fn form(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(PLANNERS)?;
    let asked = parameters(&request);
    let given = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let (year, category, case, key) = (given("year"), given("category"), given("case"), random_word::<20>()?);
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/measure_form", "", move |web, db, desk, now| {
        let this_year = now.date_in(&web.app.office.zone).year().to_string();
        let fresh = Form::with(&[
            ("year", if year.is_empty() { &this_year } else { &year }),
            ("category", &category),
            ("cases", &case),
            ("idempotency_key", &key),
        ]);
        plan_view(web, db, desk, &fresh, Vec::new())
    })
    .await
}

/// `POST /management/measures`: managers and control officers.
///
/// # Errors
/// `Refused` for others and for a wrong CSRF word.
pub async fn plan(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(PLANNERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run({
            let form = form.clone();
            move |web, staff, now| {
                let planned = planned(&form)?;
                plan_measure(&web.app.office, now, staff, planned, form.text("idempotency_key"))
            }
        })
        .await;
    let error = match done {
        Ok(id) => {
            return desk.go(&format!("/management/measures/{id}"), Some(&Message::new("notice-measure-planned")));
        }
        Err(Fault(error)) => error,
    };
    let list = told(&error)?;
    desk.page(status_of(&error), "management/measure_form", "", move |web, db, desk, _| {
        plan_view(web, db, desk, &form, list)
    })
    .await
}

/// `GET /management/measures/{id}`: readers of the figures, its owner, supervisors of its unit.
///
/// # Errors
/// `NotFound` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/measure", "", move |web, db, desk, now| {
        view(web, db, desk, *id, None, Vec::new(), now)
    })
    .await
}

/// `POST /management/measures/{id}/step`: planners, its owner, supervisors of its unit.
///
/// # Errors
/// `NotFound` or `Refused` for others; `Conflict` when a colleague was faster.
pub async fn step(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let id = *id;
    let done = desk
        .run({
            let form = form.clone();
            move |web, staff, now| {
                let state = MeasureState::parse(form.text("state"));
                let state = state.ok_or_else(|| Error::invalid("state", "measure-state-choose"))?;
                step_measure(&web.app.office, now, staff, id, form.version()?, state, form.text("note"))
            }
        })
        .await;
    let error = match done {
        Ok(()) => {
            return desk.go(&format!("/management/measures/{id}"), Some(&Message::new("notice-measure-stepped")));
        }
        Err(Fault(error)) => error,
    };
    let list = told(&error)?;
    desk.page(status_of(&error), "management/measure", "", move |web, db, desk, now| {
        view(web, db, desk, id, Some(&form), list, now)
    })
    .await
}

/// What was typed, as far as it can be read.
fn planned(form: &Form) -> Result<Planned> {
    let (year, unit, due) = (
        form.text("year").trim().parse().ok(),
        form.number("unit_id"),
        form.text("due_on").trim().parse::<Date>().ok(),
    );
    let owner = form.text("owner_id").trim();
    let owner_id = (!owner.is_empty()).then(|| owner.parse::<i64>().ok());
    let plan = Plan {
        title: form.text("title").to_owned(),
        cause: form.text("cause").to_owned(),
        action: form.text("action").to_owned(),
    };
    let numbers =
        form.text("cases").split([',', '、', '，']).flat_map(str::split_whitespace).map(str::to_owned).collect();
    match (year, unit, due, owner_id) {
        (Some(year), Some(unit_id), Some(due_on), None | Some(Some(_))) => Ok(Planned {
            year,
            category: form.optional("category"),
            plan,
            owned: Ownership { unit_id, owner_id: owner_id.flatten() },
            due_on,
            numbers,
        }),
        (year, unit, due, owner) => {
            let mut wrong = match plan.tidy() {
                Err(Error::Invalid(wrong)) => wrong,
                _ => Vec::new(),
            };
            let fields = [
                ("year", "measure-year", year.is_none()),
                ("unit_id", "measure-unit-choose", unit.is_none()),
                ("due_on", "measure-due-date", due.is_none()),
                ("owner_id", "measure-owner-choose", owner == Some(None)),
            ];
            wrong.extend(fields.iter().filter(|(.., bad)| *bad).map(|(field, key, _)| FieldError::new(field, key)));
            Err(Error::Invalid(wrong))
        }
    }
}

/// What the form's page says of an error that its reader can mend.
fn told(error: &Error) -> std::result::Result<Vec<Value>, Fault> {
    match error {
        Error::Invalid(list) => Ok(errors(list, "")),
        Error::Conflict => Ok(vec![refusal(&Message::new("refused-measure-changed"))]),
        Error::Refused(message) if message.key == "refused-idempotency" => Ok(vec![refusal(message)]),
        other => Err(Fault(other.clone())),
    }
}

fn plan_view(web: &Web, db: &mut Db, desk: &Desk, form: &Form, errors: Vec<Value>) -> Result<Value> {
    let (reference, locale) = (web.app.office.reference(db)?, desk.locale());
    let (unit, owner) = (form.number("unit_id"), form.number("owner_id"));
    let units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .filter(|u| u.active)
        .map(
            |u| json!({ "id": u.id, "name": indented(&reference.units, u.id, locale), "selected": unit == Some(u.id) }),
        )
        .collect();
    let categories: Vec<Value> = reference
        .categories
        .iter()
        .map(|c| {
            let name = if locale == "en" { &c.name_en } else { &c.name_zh };
            json!({ "code": c.code, "name": name, "selected": form.text("category") == c.code })
        })
        .collect();
    let people: Vec<Value> = staff_store::all(db)?
        .iter()
        .filter(|row| row.active)
        .map(|row| {
            let unit = reference.units.get(row.unit_id).map(|unit| unit.name(locale)).unwrap_or_default();
            json!({ "id": row.id, "name": row.name, "unit_name": unit, "selected": owner == Some(row.id) })
        })
        .collect();
    let fields = ["year", "title", "cause", "action", "due_on", "cases", "idempotency_key"];
    let typed: serde_json::Map<String, Value> =
        fields.into_iter().map(|field| (field.to_owned(), json!(form.text(field)))).collect();
    Ok(json!({
        "errors": errors,
        "form_action": "/management/measures",
        "form": typed,
        "units": units,
        "categories": categories,
        "people": people,
    }))
}

fn view(
    web: &Web,
    db: &mut Db,
    desk: &Desk,
    id: i64,
    form: Option<&Form>,
    errors: Vec<Value>,
    now: Moment,
) -> Result<Value> {
    let (reference, locale, staff) = (web.app.office.reference(db)?, desk.locale(), desk.staff());
    let measure = measures::get(db, id)?;
    if !may_read(staff, measure.ownership(), &reference.units) {
        return Err(Error::NotFound);
    }
    let (zone, steps) = (&web.app.office.zone, measures::steps(db, id)?);
    let names = lists::names(db, steps.iter().map(|step| step.staff_id).chain(measure.owner_id))?;
    let mut data = shown(&measure, &reference, locale, now.date_in(zone))?;
    data["owner"] = json!(measure.owner_id.and_then(|id| names.get(&id)));
    data["cause"] = json!(measure.cause);
    data["action"] = json!(measure.action);
    // Whoever reads a measure need not have a right to each of its cases.
    let mut seen = Vec::new();
    for id in measures::cases_of(db, id)? {
        let case = cases::get(db, id)?;
        if may_see(staff, &rights_of(db, &case, None)?, &reference.units) {
            seen.push(json!({ "number": case.number(), "subject": case.subject }));
        }
    }
    data["cases"] = json!(seen);
    data["effect"] = json!(effect(db, (&reference, zone), &web.recent, &measure, now)?);
    data["steps"] = steps
        .iter()
        .map(|s| json!({ "state": s.state, "note": s.note, "who": names.get(&s.staff_id), "at": s.at }))
        .collect();
    data["may_step"] = json!(may_step(staff, measure.ownership(), &reference.units));
    data["step_action"] = json!(format!("/management/measures/{id}/step"));
    // What a colleague did meanwhile is on the page now: the next attempt is made on top of it.
    data["version"] = json!(measure.version);
    let chosen = form.map_or(measure.state.code(), |form| form.text("state"));
    data["states"] = MeasureState::ALL.iter().map(|s| json!({ "code": s, "selected": s.code() == chosen })).collect();
    data["note"] = json!(form.map_or("", |form| form.text("note")));
    data["errors"] = json!(errors);
    Ok(data)
}

/// What list and page tell alike.
fn shown(measure: &Measure, reference: &Reference, locale: &str, today: Date) -> Result<Value> {
    let category = measure.category.as_deref().map(|code| match reference.category(code) {
        Some(category) if locale == "en" => category.name_en.clone(),
        Some(category) => category.name_zh.clone(),
        None => code.to_owned(),
    });
    let due_on = measure.due_on()?;
    Ok(json!({
        "url": format!("/management/measures/{}", measure.id),
        "title": measure.title,
        "year": measure.year,
        "category": category,
        "unit": reference.units.get(measure.unit_id).map(|unit| unit.name(locale)),
        "due_on": due_on.to_string(),
        "state": measure.state,
        "late": measure.state.is_open() && due_on < today,
    }))
}
