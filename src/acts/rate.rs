//! The petitioner rates the reply by the link in it: one answer, changeable until the link runs out. A low one opens one
//! review a reply.

use serde_json::json;
use validator::Validate;

use crate::acts::owing::{people, supervisors};
use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::link::Link;
use crate::domain::rating::Rating;
use crate::domain::reply::{ReplyState, ReviewState};
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::submission::{from_validator, many_lines};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::replies::{self, Reply};
use crate::store::reviews::{self, NewRating, NewReviewTask};
use crate::store::{Db, staff as staff_store};

/// Rates the reply that the link opens, or changes the rating.
///
/// # Errors
/// `NotFound` when the link is not ours; `Refused` when it has run out; `Invalid` when a level is missing.
pub fn rate(office: &Office, now: Moment, link: &Link, rating: &Rating) -> Result<()> {
    let rating = Rating { comment: many_lines(&rating.comment), ..rating.clone() };
    rating.validate().map_err(|e| Error::Invalid(from_validator(&e)))?;
    let (office, link) = (office.clone(), link.clone());
    office.store.clone().write(move |db| {
        let reply = by_link(db, &link)?;
        if !is_open(&reply, now) {
            return Err(Error::refused("refused-link-expired"));
        }
        let gate = Gate::other(db, &office, Actor::Petitioner, Verb::Rate, reply.case_id)?;
        let rating_id = store(db, &office, &reply, &rating, now)?;
        let changed = rating_id.1;
        gate.done(db, now, &json!({ "reply": reply.id, "overall": rating.overall, "changed": changed }))?;
        if rating.is_low() {
            open_review(db, &office, &gate, &reply, rating_id.0, &rating, now)?;
        }
        Ok(())
    })
}

/// The reply that a rating link opens.
///
/// # Errors
/// `NotFound` when the link is not ours or was replaced.
pub fn by_link(db: &mut Db, link: &Link) -> Result<Reply> {
    let reply = replies::get(db, link.row)?;
    let known = reply.nonce == link.nonce && reply.state == ReplyState::Approved;
    if known { Ok(reply) } else { Err(Error::NotFound) }
}

/// Whether the reply can still be rated.
#[must_use]
pub fn is_open(reply: &Reply, now: Moment) -> bool {
    reply.rating_until.is_some_and(|until| now < until)
}

/// Stores or changes the rating; its id and whether it was a change.
fn store(db: &mut Db, office: &Office, reply: &Reply, rating: &Rating, now: Moment) -> Result<(i64, bool)> {
    if let Some(mut row) = reviews::of_reply(db, reply.id)? {
        (row.result, row.clarity, row.speed) = (rating.result, rating.clarity, rating.speed);
        (row.attitude, row.overall) = (rating.attitude, rating.overall);
        row.comment.clone_from(&rating.comment);
        row.may_call = rating.may_call;
        row.updated_at = now;
        row.changes += 1;
        reviews::save(db, &row)?;
        return Ok((row.id, true));
    }
    let new = NewRating {
        case_id: reply.case_id,
        reply_id: reply.id,
        result: rating.result,
        clarity: rating.clarity,
        speed: rating.speed,
        attitude: rating.attitude,
        overall: rating.overall,
        comment: rating.comment.clone(),
        may_call: rating.may_call,
        created_at: now,
        created_month: now.month_in(&office.zone),
        updated_at: now,
        changes: 0,
    };
    Ok((reviews::insert(db, &new)?, false))
}

fn open_review(
    db: &mut Db,
    office: &Office,
    gate: &Gate,
    reply: &Reply,
    rating_id: i64,
    rating: &Rating,
    now: Moment,
) -> Result<()> {
    let opened = reviews::open_task(
        db,
        &NewReviewTask {
            case_id: gate.case.id,
            reply_id: reply.id,
            rating_id,
            state: ReviewState::Open,
            unit_id: gate.case.unit_id,
            handler_id: Some(reply.author_id),
            approver_id: reply.approver_id,
            opened_at: now,
            reason: String::new(),
        },
    )?;
    if !opened {
        return Ok(());
    }
    let letter = Letter::ReviewTask {
        number: gate.case.number().to_owned(),
        subject: gate.case.subject.clone(),
        overall: u8::try_from(rating.overall).unwrap_or(1),
        comment: (!rating.comment.is_empty()).then(|| rating.comment.clone()),
    };
    let readers = reviewers(db, gate, reply)?;
    people(db, office, gate.case.id, &readers, &letter, now)
}

/// Who is told of the review: control officers and the unit's supervisors, but neither handler nor approver.
fn reviewers(db: &mut Db, gate: &Gate, reply: &Reply) -> Result<Vec<Staff>> {
    let mut readers = staff_store::with_role(db, Role::ControlOfficer)?;
    if let Some(unit_id) = gate.case.unit_id {
        readers.extend(supervisors(db, &gate.reference.units, unit_id)?);
    }
    readers.retain(|p| p.id != reply.author_id && Some(p.id) != reply.approver_id);
    Ok(readers)
}
