//! Closures of the day, entered and revoked by people.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::Db;
use super::reference::{date, day_number};
use super::schema::{calendar_versions, closures};
use crate::domain::closure::Closure;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `closures`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct ClosureRow {
    pub id: i64,
    pub region: String,
    pub day: i32,
    pub from_minute: i32,
    pub to_minute: i32,
    pub reason: String,
    pub calendar_version: i64,
    pub entered_by: Option<i64>,
    pub entered_at: Moment,
    pub revoked_by: Option<i64>,
    pub revoked_at: Option<Moment>,
}

impl ClosureRow {
    /// As a value.
    ///
    /// # Errors
    /// `Internal` when the stored day is none.
    pub fn closure(&self) -> Result<Closure> {
        Ok(Closure {
            region: self.region.clone(),
            date: date(self.day)?,
            from_minute: self.from_minute,
            to_minute: self.to_minute,
            reason: self.reason.clone(),
        })
    }
}

/// The closures in force.
///
/// # Errors
/// Of the database.
pub fn in_force(db: &mut Db) -> Result<Vec<Closure>> {
    let rows: Vec<ClosureRow> =
        closures::table.filter(closures::revoked_at.is_null()).order((closures::day, closures::id)).load(db)?;
    rows.iter().map(ClosureRow::closure).collect()
}

/// The closures that were in force with a version of the calendar. A revocation comes with a version of its own, at the same
/// moment.
///
/// # Errors
/// Of the database.
pub fn in_force_at(db: &mut Db, version: i64) -> Result<Vec<Closure>> {
    let revoked_by_then = calendar_versions::table
        .filter(calendar_versions::id.gt(closures::calendar_version).and(calendar_versions::id.le(version)))
        .filter(calendar_versions::created_at.nullable().ge(closures::revoked_at));
    let rows: Vec<ClosureRow> = closures::table
        .filter(closures::calendar_version.le(version).and(not(exists(revoked_by_then))))
        .order((closures::day, closures::id))
        .load(db)?;
    rows.iter().map(ClosureRow::closure).collect()
}

/// The newest closures, revoked ones among them.
///
/// # Errors
/// Of the database.
pub fn newest(db: &mut Db, limit: i64) -> Result<Vec<ClosureRow>> {
    Ok(closures::table.order((closures::day.desc(), closures::id.desc())).limit(limit).load(db)?)
}

/// Reads a closure.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<ClosureRow> {
    Ok(closures::table.find(id).get_result(db)?)
}

/// The closures in force that came with a later version of the calendar.
///
/// # Errors
/// Of the database.
pub fn since(db: &mut Db, version: i64) -> Result<Vec<Closure>> {
    let rows: Vec<ClosureRow> = closures::table
        .filter(closures::revoked_at.is_null().and(closures::calendar_version.gt(version)))
        .order((closures::day, closures::id))
        .load(db)?;
    rows.iter().map(ClosureRow::closure).collect()
}

/// Enters a closure that comes with a version of the calendar; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, closure: &Closure, version: i64, entered_by: Option<i64>, now: Moment) -> Result<i64> {
    Ok(diesel::insert_into(closures::table)
        .values((
            closures::region.eq(&closure.region),
            closures::day.eq(day_number(closure.date)),
            closures::from_minute.eq(closure.from_minute),
            closures::to_minute.eq(closure.to_minute),
            closures::reason.eq(&closure.reason),
            closures::calendar_version.eq(version),
            closures::entered_by.eq(entered_by),
            closures::entered_at.eq(now),
        ))
        .returning(closures::id)
        .get_result(db)?)
}

/// Revokes a closure; `false` when it was revoked before.
///
/// # Errors
/// Of the database.
pub fn revoke(db: &mut Db, id: i64, revoked_by: Option<i64>, now: Moment) -> Result<bool> {
    Ok(diesel::update(closures::table.filter(closures::id.eq(id).and(closures::revoked_at.is_null())))
        .set((closures::revoked_by.eq(revoked_by), closures::revoked_at.eq(Some(now))))
        .execute(db)?
        == 1)
}
