//! The clocks of a case with their days: beside the case, on a page of its own that prints well, and as JSON.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Desk;
use super::case::{Seen, facts, see};
use crate::acts::explained::{ClockExplained, explained};
use crate::domain::days_used::days_used;
use crate::domain::limit::Limit;
use crate::domain::pauses::Pause;
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::{Db, calendar_moves, cases};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `GET /desk/cases/{number}/clocks`: whoever may see the case.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, number: web::Path<String>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    let number = number.into_inner();
    desk.page(StatusCode::OK, "desk/clocks", "", move |web, db, desk, now| {
        let seen = see(web, db, desk.staff(), &number)?;
        Ok(json!({
            "case": facts(web, db, desk.locale(), now, &seen)?,
            "now": now,
            "clocks": of_case(web, db, desk.locale(), &seen, now)?,
        }))
    })
    .await
}

/// `GET /desk/cases/{number}/clocks.json`: the same for programs, with the codes.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn json(request: HttpRequest, state: State, signed_in: SignedIn, number: web::Path<String>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    let locale = desk.locale();
    let number = number.into_inner();
    let told = desk
        .run(move |web, staff, now| {
            web.app.office.store.read(|db| {
                let seen = see(web, db, staff, &number)?;
                let clocks = explained(db, &web.app.office, &seen.case, locale, now)?;
                Ok(json!({ "number": seen.case.number(), "at": now, "clocks": clocks }))
            })
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(told))
}

/// The clocks as pages show them, the reply's first.
///
/// # Errors
/// Of the database.
pub fn of_case(web: &Web, db: &mut Db, locale: &str, seen: &Seen, now: Moment) -> Result<Vec<Value>> {
    let opened_at = cases::round_opened_at(db, &seen.case)?;
    let clocks = explained(db, &web.app.office, &seen.case, locale, now)?;
    clocks
        .iter()
        .map(|clock| {
            let waits = calendar_moves::waits(db, clock.id)?.filter(|_| clock.finished_at.is_none());
            let would_be = waits.map(|m| last_day(m.new_due_at, seen.reference.calendar_of(seen.case.unit_id)));
            Ok(one(seen, clock, would_be, opened_at, now))
        })
        .collect()
}

/// One clock; `would_be` is the earlier last day that waits for a control officer.
fn one(seen: &Seen, clock: &ClockExplained, would_be: Option<Date>, opened_at: Moment, now: Moment) -> Value {
    let of_round = clock.purpose == ClockPurpose::Reply && clock.round == seen.case.round;
    let stopped: Vec<Pause> = clock
        .pauses
        .iter()
        .filter(|pause| pause.stops)
        .map(|pause| Pause::new(pause.from_at, pause.to_at.unwrap_or(now).max(pause.from_at), ""))
        .collect();
    let used = clock.finished_at.filter(|_| of_round && seen.case.state.is_finished());
    let used = used.map(|at| days_used(opened_at, at, seen.reference.calendar_of(seen.case.unit_id), &stopped));
    let pauses: Vec<Value> = clock
        .pauses
        .iter()
        .map(|pause| {
            json!({
                "label": pause.reason, "note": given(&pause.note), "from_at": pause.from_at, "to_at": pause.to_at,
                "stops": pause.stops,
            })
        })
        .collect();
    let extensions: Vec<Value> = clock
        .extensions
        .iter()
        .map(|e| {
            json!({
                "at": e.at, "by": e.by, "old_due_on": e.old_due_on.to_string(), "new_due_on": e.new_due_on.to_string(),
                "reason": e.reason,
            })
        })
        .collect();
    json!({
        "id": clock.id,
        "purpose": clock.purpose,
        "round": clock.round,
        "clock_unit": clock.unit,
        "start_at": clock.start_at,
        "due_on": clock.due_on.to_string(),
        "original_due_on": clock.original_due_on.to_string(),
        "finished_at": clock.finished_at,
        // A late one is told so; what still runs is late once its last moment has passed.
        "late": clock.finished_at.unwrap_or(now) > clock.due_at,
        "stands": clock.stands,
        "uncovered": clock.uncovered && clock.finished_at.is_none(),
        "would_be_on": would_be.map(|day| day.to_string()),
        "explained": clock.explained,
        "days_used": used.map(|used| used.to_string()),
        "pauses": pauses,
        "extensions": extensions,
        "explanation": { "rule": rule(clock.limit), "calendar_since": clock.calendar_since, "days": clock.days },
    })
}

/// A limit in words.
fn rule(limit: Limit) -> Value {
    match limit {
        Limit::WorkingDays(days) => json!({ "key": "clock-limit-working-days", "args": { "days": days } }),
        Limit::CalendarDays(days) => json!({ "key": "clock-limit-calendar-days", "args": { "days": days } }),
        Limit::WorkingMinutes(minutes) => json!({ "key": "limit-working-minutes", "args": { "minutes": minutes } }),
        Limit::FixedDate(_) => json!({ "key": "limit-fixed-date", "args": {} }),
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
