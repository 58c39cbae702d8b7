//! For administrators: jobs and when they last ran, which years the calendar covers, accounts. No case matter.

pub mod calendar;
pub mod letters;
pub mod policies;

mod policy_form;
mod policy_words;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::answer::Answer;
use super::desk::{self, Desk, posted};
use super::session::SignedIn;
use super::state::{State, Web};
use crate::acts::calendar_missing::{Missing, missing};
use crate::domain::calendar::DayKind;
use crate::domain::staff::{Role, roles_from_text};
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::jobs::outcome::Outcome;
use crate::jobs::{self, JOBS, Ran};
use crate::store::Db;
use crate::store::leases::{self, Lease};
use crate::store::reference::Reference;
use crate::store::staff::{self, StaffRow};

/// `GET /admin`: administrators and auditors.
///
/// # Errors
/// `Refused` for everybody else.
pub async fn overview(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(&[Role::Administrator, Role::Auditor])?;
    let may_run = signed_in.staff.is(Role::Administrator);
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "admin/overview", "", move |web, db, desk, now| {
        page_data(web, db, desk.locale(), may_run, now)
    })
    .await
}

/// `POST /admin/jobs/{name}/run`: administrators.
///
/// # Errors
/// `Refused` for everybody else, `NotFound` for an unknown job, and what the job says.
pub async fn run_job(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    name: web::Path<String>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(&[Role::Administrator])?;
    posted(&state, &request, &signed_in, body).await?;
    let job = JOBS.iter().find(|job| job.name == name.as_str()).ok_or(Error::NotFound)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let locale = desk.locale();
    let told = desk
        .run(move |web, _, _| match jobs::run_once(&web.app, job) {
            Ran::Done(result) => Ok(Message::new("notice-job-ran").with("result", web.text(locale, &result))),
            Ran::Elsewhere => Ok(Message::new("notice-job-elsewhere")),
            Ran::Failed(e) => Err(e),
        })
        .await?;
    desk.go("/admin", Some(&told))
}

fn page_data(web: &Web, db: &mut Db, locale: &str, may_run: bool, now: Moment) -> Result<Value> {
    let (leases, people, reference) = (leases::all(db)?, staff::all(db)?, web.app.office.reference(db)?);
    let missed = missing(db, &reference, now.date_in(&web.app.office.zone))?;
    Ok(json!({
        "jobs": JOBS.iter().map(|job| job_row(web, job, &leases, locale, may_run)).collect::<Vec<_>>(),
        "calendar": calendar(&reference, missed, now),
        "staff": people.iter().map(|row| person(row, &reference, locale, now)).collect::<Result<Vec<_>>>()?,
    }))
}

fn job_row(web: &Web, job: &jobs::Job, leases: &[Lease], locale: &str, may_run: bool) -> Value {
    let lease = leases.iter().find(|lease| lease.name == job.name);
    let last = lease.map(|l| l.last_result.clone()).unwrap_or_default();
    let result = Outcome::read(&last);
    let words = match &result {
        // A message that this version does not know is shown as it was stored.
        Outcome::Message(key, args) => web.pages.text(locale, key, &Value::Object(args.clone())).unwrap_or(last),
        Outcome::Text(text) => text.clone(),
    };
    json!({
        "name": job.name,
        "schedule": job.schedule(&web.app.config.jobs),
        "last_finished_at": lease.and_then(|l| l.last_finished_at),
        "failed": result.failed(),
        "last_result": words,
        "run_action": may_run.then(|| format!("/admin/jobs/{}/run", job.name)),
    })
}

/// The years with an official table, and the first year that limits reach into without one.
fn calendar(reference: &Reference, missed: Option<Missing>, now: Moment) -> Value {
    let data = reference.calendar.data();
    let years = data.years.clone().unwrap_or_default();
    let this_year = now.date_in(&data.zone).year();
    let rows: Vec<Value> = years
        .iter()
        .filter(|year| **year >= this_year - 1)
        .map(|year| {
            let of = |kind: DayKind| data.days.iter().filter(|d| d.date.year() == *year && d.kind == kind).count();
            json!({ "year": year, "days_off": of(DayKind::DayOff), "makeup_days": of(DayKind::MakeUp) })
        })
        .collect();
    let missing = [this_year, this_year + 1].into_iter().find(|year| !years.contains(year));
    json!({
        "covered_until": years.last().map(|year| format!("{year}-12-31")),
        "missing_year": missed.map(|m| m.year).or(missing),
        "missing_clocks": missed.filter(|m| m.clocks > 0).map(|m| desk::capped(m.clocks)),
        "url": "/admin/calendar",
        "years": rows,
    })
}

fn person(row: &StaffRow, reference: &Reference, locale: &str, now: Moment) -> Result<Value> {
    let state = if !row.active {
        "disabled"
    } else if row.locked_until.is_some_and(|until| until > now) {
        "locked"
    } else if row.must_change_password {
        "must_change"
    } else {
        "active"
    };
    let roles = roles_from_text(&row.roles).ok_or_else(|| Error::internal(format!("roles of staff {}", row.id)))?;
    Ok(json!({
        "username": row.username,
        "name": row.name,
        "unit_name": reference.units.get(row.unit_id).map(|u| u.name(locale).to_owned()).unwrap_or_default(),
        "roles": roles,
        "last_login_at": row.last_login_at,
        "state": state,
    }))
}
