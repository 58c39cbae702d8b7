//! The history of cases: appended in the act's own transaction, one hash chain a case.

use diesel::prelude::*;
use serde_json::Value;

use super::Db;
use super::schema::{events, work};
use crate::domain::event::Event;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::sha256;
use crate::on;

#[derive(Queryable)]
struct Row {
    _id: i64,
    case_id: i64,
    seq: i64,
    at: Moment,
    act: String,
    actor: String,
    staff_id: Option<i64>,
    facts: String,
    previous: String,
    hash: String,
}

/// Appends what happened. The case must be locked in this transaction, which keeps the chain without gaps.
///
/// # Errors
/// Of the database.
pub fn append(db: &mut Db, case_id: i64, at: Moment, act: &str, actor: &Actor, facts: &Value) -> Result<()> {
    let head: Option<(i64, String)> = events::table
        .filter(events::case_id.eq(case_id))
        .order(events::seq.desc())
        .select((events::seq, events::hash))
        .first(db)
        .optional()?;
    let (seq, previous) = head.unwrap_or_default();
    let mut event = Event {
        case_id,
        seq: seq + 1,
        at,
        act: act.to_owned(),
        actor: actor.code().to_owned(),
        staff_id: actor.staff_id(),
        // serde_json's map is sorted by key, so equal facts are equal text.
        facts: facts.to_string(),
        previous,
        hash: String::new(),
    };
    event.hash = sha256(event.canonical().as_bytes());
    diesel::insert_into(events::table)
        .values((
            events::case_id.eq(event.case_id),
            events::seq.eq(event.seq),
            events::at.eq(event.at),
            events::act.eq(event.act),
            events::actor.eq(event.actor),
            events::staff_id.eq(event.staff_id),
            events::facts.eq(event.facts),
            events::previous.eq(event.previous),
            events::hash.eq(event.hash),
        ))
        .execute(db)?;
    owe(db, "seal", case_id)
}

/// Notes that a follower has work with a case; it deletes only the generation it saw.
fn owe(db: &mut Db, kind: &str, case_id: i64) -> Result<()> {
    let row = (work::kind.eq(kind), work::case_id.eq(case_id), work::generation.eq(1_i64));
    on!(db, c => diesel::insert_into(work::table)
        .values(row)
        .on_conflict((work::kind, work::case_id))
        .do_update()
        .set(work::generation.eq(work::generation + 1))
        .execute(c))?;
    Ok(())
}

/// The history of a case, first event first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Event>> {
    let rows: Vec<Row> = events::table.filter(events::case_id.eq(case_id)).order(events::seq).load(db)?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A batch of the whole history in order of case and position, after the given place: for verification.
///
/// # Errors
/// Of the database.
pub fn after(db: &mut Db, case_id: i64, seq: i64, limit: i64) -> Result<Vec<Event>> {
    let rows: Vec<Row> = events::table
        .filter(events::case_id.ge(case_id).and(events::case_id.gt(case_id).or(events::seq.gt(seq))))
        .order((events::case_id, events::seq))
        .limit(limit)
        .load(db)?;
    Ok(rows.into_iter().map(from_row).collect())
}

fn from_row(row: Row) -> Event {
    Event {
        case_id: row.case_id,
        seq: row.seq,
        at: row.at,
        act: row.act,
        actor: row.actor,
        staff_id: row.staff_id,
        facts: row.facts,
        previous: row.previous,
        hash: row.hash,
    }
}
