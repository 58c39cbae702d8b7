//! Last days that a changed calendar would take away: a control officer lets each move to the earlier day, or keeps it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::queue::{read_key, write_key};
use super::{Desk, PAGE, parameters, posted, refusal};
pub use crate::acts::decide_move::ROLES;
use crate::acts::decide_move::decide;
use crate::acts::{measured, rights_of};
use crate::domain::rights::may_see;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Message, Result};
use crate::store::calendar_moves::{self, CalendarMove};
use crate::store::lists::Key;
use crate::store::{Db, cases, clocks};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `GET /desk/moves`: control officers.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(ROLES)?;
    let after = parameters(&request).get("after").and_then(|id| id.parse().ok());
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, after, Vec::new()).await
}

/// `POST /desk/moves/{decision}`: control officers. Decides on every move that was chosen, each for itself.
///
/// # Errors
/// `Refused` for others; `NotFound` for another decision.
pub async fn decide_on(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    decision: web::Path<String>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(ROLES)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let accept = match decision.as_str() {
        "accept" => true,
        "keep" => false,
        _ => return Err(Error::NotFound.into()),
    };
    let desk = Desk::of(&state, &request, &signed_in);
    let chosen: Vec<Key> = form.texts("move").iter().filter_map(|text| read_key(text)).take(PAGE).collect();
    if chosen.is_empty() {
        let none = refusal(&Message::new("refused-move-none"));
        return page(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, vec![none]).await;
    }
    let (done, failed) = desk
        .run(move |web, staff, now| {
            let (mut done, mut failed) = (0_usize, None);
            for key in chosen {
                match decide(&web.app.office, now, staff, key.id, key.at, accept) {
                    Ok(()) => done += 1,
                    Err(error @ (Error::Conflict | Error::Refused(_))) => failed = Some(error),
                    Err(error) => return Err(error),
                }
            }
            Ok((done, failed))
        })
        .await?;
    let told = match failed {
        None => {
            let key = if accept { "notice-move-accepted" } else { "notice-move-kept" };
            return desk.go("/desk/moves", Some(&Message::new(key).with("count", done.to_string())));
        }
        Some(Error::Refused(message)) => message,
        Some(_) => Message::new("refused-move-changed"),
    };
    page(&desk, StatusCode::CONFLICT, None, vec![refusal(&told)]).await
}

async fn page(desk: &Desk, status: StatusCode, after: Option<i64>, errors: Vec<Value>) -> Answer {
    desk.page(status, "desk/moves", "queue-moves", move |web, db, desk, now| {
        let mut found = calendar_moves::waiting(db, after.unwrap_or(0), PAGE as i64 + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|row| format!("/desk/moves?after={}", row.id));
        let mut rows = Vec::new();
        for row in &found {
            rows.extend(line(web, db, desk, row, now)?);
        }
        Ok(json!({ "errors": errors, "keep_action": "/desk/moves/keep", "accept_action": "/desk/moves/accept", "rows": rows, "first_url": after.map(|_| "/desk/moves"), "next_url": next }))
    })
    .await
}

/// A row with the days as they are measured now; nothing for a case the reader may not see.
fn line(web: &Web, db: &mut Db, desk: &Desk, row: &CalendarMove, now: Moment) -> Result<Option<Value>> {
    let reference = web.app.office.reference(db)?;
    let case = cases::get(db, row.case_id)?;
    if !may_see(desk.staff(), &rights_of(db, &case, None)?, &reference.units) {
        return Ok(None);
    }
    let clock = clocks::get(db, row.clock_id)?;
    let new = measured::by_calendar(db, &reference, &clock, now)?;
    let day = |at: Moment| last_day(at, reference.calendar_in(&clock.region)).to_string();
    let unit = clock.unit_id.or(case.unit_id).and_then(|id| reference.units.get(id));
    Ok(Some(json!({
        "id": row.id,
        "number": case.number(),
        "url": format!("/desk/cases/{}", case.number()),
        "subject": case.subject,
        "unit_name": unit.map(|unit| unit.name(desk.locale()).to_owned()),
        "purpose": clock.purpose,
        "old_on": day(clock.due_at),
        "new_on": day(new.1),
        "at": row.at,
        "key": write_key(Key { at: new.1, id: row.id }),
    })))
}
