//! Supplements that petitioners were asked for (補陳).

use diesel::prelude::*;

use super::Db;
use super::schema::supplements;
use crate::domain::asking::SupplementState;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `supplements`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = supplements)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Supplement {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub clock_id: i64,
    pub pause_id: i64,
    /// Text: what is missing.
    pub question_id: i64,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub state: SupplementState,
    /// Text: what was given.
    pub answer_id: Option<i64>,
    pub answered_at: Option<Moment>,
}

/// A new one.
#[derive(Clone, Copy, Debug, Insertable)]
#[diesel(table_name = supplements, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewSupplement {
    pub case_id: i64,
    pub round: i32,
    pub clock_id: i64,
    pub pause_id: i64,
    pub question_id: i64,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub state: SupplementState,
}

/// Stores a new one; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: NewSupplement) -> Result<i64> {
    Ok(diesel::insert_into(supplements::table).values(new).returning(supplements::id).get_result(db)?)
}

/// Every one of a case, the first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Supplement>> {
    Ok(supplements::table.filter(supplements::case_id.eq(case_id)).order(supplements::id).load(db)?)
}

/// The one that a case waits for.
///
/// # Errors
/// Of the database.
pub fn open(db: &mut Db, case_id: i64) -> Result<Option<Supplement>> {
    Ok(supplements::table
        .filter(supplements::case_id.eq(case_id).and(supplements::state.eq(SupplementState::Open)))
        .order(supplements::id.desc())
        .first(db)
        .optional()?)
}

/// Settles one.
///
/// # Errors
/// Of the database.
pub fn settle(
    db: &mut Db,
    id: i64,
    state: SupplementState,
    answer_id: Option<i64>,
    answered_at: Option<Moment>,
) -> Result<()> {
    diesel::update(supplements::table.find(id))
        .set((
            supplements::state.eq(state),
            supplements::answer_id.eq(answer_id),
            supplements::answered_at.eq(answered_at),
        ))
        .execute(db)?;
    Ok(())
}
