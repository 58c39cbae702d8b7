//! Warnings that have come: a row a person, told by the morning's digest or, if it was urgent, by a letter of its own. A
//! second table guards that nobody gets two gathered letters of a kind for one day.

use diesel::prelude::*;
use jiff::civil::Date;

use super::Db;
use super::reference::day_number;
use super::schema::{gathered, notices, warnings};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A warning for a person.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = warnings, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewWarning {
    pub staff_id: i64,
    /// For whom they stand in.
    pub for_id: Option<i64>,
    pub case_id: i64,
    pub clock_id: i64,
    /// When of the policy's warning it is: `2 working days before`.
    pub kind: String,
    /// For which due moment of the clock.
    pub due_at: Moment,
    /// When it came.
    pub at: Moment,
    /// When it was told; `None` while it waits for the morning.
    pub told_at: Option<Moment>,
}

/// A warning that waits.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Waiting {
    pub id: i64,
    pub staff_id: i64,
    pub for_id: Option<i64>,
    pub case_id: i64,
    pub clock_id: i64,
    pub kind: String,
    pub due_at: Moment,
    pub at: Moment,
}

/// Writes a warning; `false` when this person had it before.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewWarning) -> Result<bool> {
    let row = new.clone();
    Ok(on!(db, c => diesel::insert_into(warnings::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// For whom warnings wait.
///
/// # Errors
/// Of the database.
pub fn readers(db: &mut Db) -> Result<Vec<i64>> {
    Ok(warnings::table
        .filter(warnings::told_at.is_null())
        .select(warnings::staff_id)
        .distinct()
        .order(warnings::staff_id)
        .load(db)?)
}

/// What waits for somebody and had come by `until`, oldest first.
///
/// # Errors
/// Of the database.
pub fn waiting(db: &mut Db, staff_id: i64, until: Moment) -> Result<Vec<Waiting>> {
    Ok(warnings::table
        .filter(warnings::told_at.is_null().and(warnings::staff_id.eq(staff_id)).and(warnings::at.le(until)))
        .order(warnings::id)
        .select((
            warnings::id,
            warnings::staff_id,
            warnings::for_id,
            warnings::case_id,
            warnings::clock_id,
            warnings::kind,
            warnings::due_at,
            warnings::at,
        ))
        .load(db)?)
}

/// Notes that these were told.
///
/// # Errors
/// Of the database.
pub fn told(db: &mut Db, ids: &[i64], now: Moment) -> Result<()> {
    diesel::update(warnings::table.filter(warnings::id.eq_any(ids.to_vec())))
        .set(warnings::told_at.eq(Some(now)))
        .execute(db)?;
    Ok(())
}

/// Takes a warning away that was not told; `false` when another node did.
///
/// # Errors
/// Of the database.
pub fn take(db: &mut Db, id: i64) -> Result<bool> {
    Ok(diesel::delete(warnings::table.filter(warnings::id.eq(id).and(warnings::told_at.is_null()))).execute(db)? == 1)
}

/// Forgets that a clock gave a warning for a due moment that no longer holds: should it hold again, the warning is given
/// again, to whoever was not told.
///
/// # Errors
/// Of the database.
pub fn forget_notice(db: &mut Db, waiting: &Waiting) -> Result<()> {
    diesel::delete(
        notices::table.filter(
            notices::clock_id
                .eq(waiting.clock_id)
                .and(notices::kind.eq(&waiting.kind))
                .and(notices::due_at.eq(waiting.due_at)),
        ),
    )
    .execute(db)?;
    Ok(())
}

/// Notes that a person gets the gathered letter of a kind for a day (of a week: its Monday); `false` when they got it.
///
/// # Errors
/// Of the database.
pub fn first_gathered(db: &mut Db, kind: &str, staff_id: i64, day: Date, now: Moment) -> Result<bool> {
    let row = (
        gathered::kind.eq(kind),
        gathered::staff_id.eq(staff_id),
        gathered::day.eq(day_number(day)),
        gathered::at.eq(now),
    );
    Ok(on!(db, c => diesel::insert_into(gathered::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Whether a person got the gathered letter of a kind for a day.
///
/// # Errors
/// Of the database.
pub fn was_gathered(db: &mut Db, kind: &str, staff_id: i64, day: Date) -> Result<bool> {
    let found: Option<i64> =
        gathered::table.find((kind, staff_id, day_number(day))).select(gathered::staff_id).first(db).optional()?;
    Ok(found.is_some())
}
