//! Ratings and the reviews that low ones open.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::schema::{ratings, review_tasks};
use super::{Db, rounds};
use crate::domain::reply::ReviewState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A row of `ratings`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = ratings, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct RatingRow {
    pub id: i64,
    pub case_id: i64,
    pub reply_id: i64,
    pub result: i32,
    pub clarity: i32,
    pub speed: i32,
    pub attitude: i32,
    pub overall: i32,
    pub comment: String,
    pub may_call: bool,
    pub created_at: Moment,
    pub created_month: i32,
    pub updated_at: Moment,
    pub changes: i64,
}

/// A first rating of a reply.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = ratings, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewRating {
    pub case_id: i64,
    pub reply_id: i64,
    pub result: i32,
    pub clarity: i32,
    pub speed: i32,
    pub attitude: i32,
    pub overall: i32,
    pub comment: String,
    pub may_call: bool,
    pub created_at: Moment,
    pub created_month: i32,
    pub updated_at: Moment,
    pub changes: i64,
}

/// Stores a first rating; its id.
///
/// # Errors
/// `Conflict` when the reply has one.
pub fn insert(db: &mut Db, new: &NewRating) -> Result<i64> {
    let id = diesel::insert_into(ratings::table).values(new.clone()).returning(ratings::id).get_result(db)?;
    rounds::rated(db, new.reply_id, new.created_at)?;
    Ok(id)
}

/// The rating of a reply.
///
/// # Errors
/// Of the database.
pub fn of_reply(db: &mut Db, reply_id: i64) -> Result<Option<RatingRow>> {
    Ok(ratings::table.filter(ratings::reply_id.eq(reply_id)).get_result(db).optional()?)
}

/// Every rating of a case.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<RatingRow>> {
    Ok(ratings::table.filter(ratings::case_id.eq(case_id)).order(ratings::id).load(db)?)
}

/// Writes a changed rating back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, rating: &RatingRow) -> Result<()> {
    diesel::update(ratings::table.find(rating.id)).set(rating.clone()).execute(db)?;
    Ok(())
}

/// A row of `review_tasks`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = review_tasks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct ReviewTask {
    pub id: i64,
    pub case_id: i64,
    pub reply_id: i64,
    pub rating_id: i64,
    pub state: ReviewState,
    pub unit_id: Option<i64>,
    pub handler_id: Option<i64>,
    pub approver_id: Option<i64>,
    pub opened_at: Moment,
    pub decided_at: Option<Moment>,
    pub decided_by: Option<i64>,
    pub reason: String,
}

/// A review to open.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = review_tasks, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewReviewTask {
    pub case_id: i64,
    pub reply_id: i64,
    pub rating_id: i64,
    pub state: ReviewState,
    pub unit_id: Option<i64>,
    pub handler_id: Option<i64>,
    pub approver_id: Option<i64>,
    pub opened_at: Moment,
    pub reason: String,
}

/// Opens a review, once a reply; `false` when the reply has one already.
///
/// # Errors
/// Of the database.
pub fn open_task(db: &mut Db, new: &NewReviewTask) -> Result<bool> {
    let row = new.clone();
    Ok(on!(db, c => diesel::insert_into(review_tasks::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Reads a review.
///
/// # Errors
/// `NotFound`.
pub fn task(db: &mut Db, id: i64) -> Result<ReviewTask> {
    Ok(review_tasks::table.find(id).get_result(db)?)
}

/// The reviews of a case.
///
/// # Errors
/// Of the database.
pub fn tasks_of_case(db: &mut Db, case_id: i64) -> Result<Vec<ReviewTask>> {
    Ok(review_tasks::table.filter(review_tasks::case_id.eq(case_id)).order(review_tasks::id).load(db)?)
}

/// Open reviews, oldest first.
///
/// # Errors
/// Of the database.
pub fn open_tasks(db: &mut Db, limit: i64) -> Result<Vec<ReviewTask>> {
    Ok(review_tasks::table
        // Written out, as the partial index has it: SQLite does not look at what is bound.
        .filter(sql::<Bool>("review_tasks.state = 'open'"))
        .order((review_tasks::opened_at, review_tasks::id))
        .limit(limit)
        .load(db)?)
}

/// Writes a review back.
///
/// # Errors
/// Of the database.
pub fn save_task(db: &mut Db, task: &ReviewTask) -> Result<()> {
    diesel::update(review_tasks::table.find(task.id)).set(task.clone()).execute(db)?;
    Ok(())
}
