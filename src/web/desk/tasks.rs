//! Low ratings that somebody other than handler and approver has to look at again. The decision is an act on the case.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::queue::{read_key, write_key};
use super::{Desk, PAGE, parameters};
use crate::domain::case::{Verb, after};
use crate::domain::measure::PLANNERS;
use crate::domain::queue::Reach;
use crate::domain::rights::{may, may_see};
use crate::domain::staff::{Role, Staff};
use crate::error::Result;
use crate::store::lists::{self, Key};
use crate::store::reviews::ReviewTask;
use crate::store::{Db, cases, desk as desk_lists, replies, reviews};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may decide on some.
pub const ROLES: &[Role] = &[Role::ControlOfficer, Role::Supervisor];

/// `GET /desk/tasks`: control officers, and supervisors for their part of the tree.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(ROLES)?;
    let after = parameters(&request).get("after").and_then(|text| read_key(text));
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "desk/tasks", "queue-tasks", move |web, db, desk, _| {
        let reach = reach(web, db, desk.staff())?;
        let mut found = desk_lists::reviews(db, &reach, after, PAGE as i64 + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let key = |task: &ReviewTask| write_key(Key { at: task.opened_at, id: task.id });
        let next = found.last().filter(|_| more).map(|task| format!("/desk/tasks?after={}", key(task)));
        let people = found.iter().flat_map(|t| [t.handler_id, t.approver_id]).flatten();
        let names = lists::names(db, people)?;
        let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        let mut rows: Vec<Value> = Vec::new();
        for task in &found {
            rows.extend(row(web, db, desk.staff(), task, &name)?);
        }
        Ok(json!({ "errors": [], "rows": rows, "first_url": after.map(|_| "/desk/tasks"), "next_url": next }))
    })
    .await
}

/// Which reviews somebody sees.
///
/// # Errors
/// Of the database.
pub fn reach(web: &Web, db: &mut Db, staff: &Staff) -> Result<Reach> {
    let reference = web.app.office.reference(db)?;
    let everywhere = staff.is(Role::ControlOfficer);
    Ok(if everywhere { Reach::Agency } else { Reach::Units(reference.units.subtree(staff.unit_id)) })
}

fn row(
    web: &Web,
    db: &mut Db,
    staff: &Staff,
    task: &ReviewTask,
    name: &dyn Fn(Option<i64>) -> String,
) -> Result<Option<Value>> {
    let case = cases::get(db, task.case_id)?;
    let reference = web.app.office.reference(db)?;
    let reply = replies::of_round(db, case.id, case.round)?;
    let rights = crate::acts::rights_of(db, &case, reply.as_ref())?;
    if !may_see(staff, &rights, &reference.units) {
        return Ok(None);
    }
    let rating = reviews::of_reply(db, task.reply_id)?;
    let own = task.handler_id == Some(staff.id) || task.approver_id == Some(staff.id);
    let may_decide = !own
        && may(staff, Verb::KeepClosed, &rights, &reference.units).is_ok()
        && after(case.state, Verb::KeepClosed).is_ok();
    let url = format!("/desk/cases/{}", case.number());
    Ok(Some(json!({
        "id": task.id,
        "version": case.version,
        "case_number": case.number(),
        "case_url": url,
        "subject": case.subject,
        "overall": rating.as_ref().map_or(1, |r| r.overall),
        "comment": rating.as_ref().map(|r| r.comment.clone()).unwrap_or_default(),
        "may_call": rating.as_ref().is_some_and(|r| r.may_call),
        "changed": rating.as_ref().is_some_and(|r| r.changes > 0),
        "opened_at": task.opened_at,
        "handler_name": name(task.handler_id),
        "approver_name": name(task.approver_id),
        "own": own,
        "may_decide": may_decide,
        "reopen_action": may_decide.then(|| format!("{url}/reopen")),
        "keep_action": may_decide.then(|| format!("{url}/keep_closed")),
        "measure_url": staff.is_any(PLANNERS).then(|| format!("/management/measures/new?case={}", case.number())),
    })))
}
