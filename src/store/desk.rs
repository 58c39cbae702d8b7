//! The desk's other lists: reviews of low ratings, letters and submissions, counted as cases are.

use diesel::prelude::*;

use super::Db;
use super::lists::{COUNTED, Key};
use super::reviews::ReviewTask;
use super::schema::{letters, review_tasks, submissions};
use crate::domain::delivery::LetterState;
use crate::domain::queue::Reach;
use crate::domain::reply::ReviewState;
use crate::domain::submission::SubmissionState;
use crate::error::Result;

/// Open reviews within reach, oldest first, after a key.
///
/// # Errors
/// Of the database.
pub fn reviews(db: &mut Db, reach: &Reach, after: Option<Key>, limit: i64) -> Result<Vec<ReviewTask>> {
    let mut query = review_tasks::table
        .filter(review_tasks::state.eq(ReviewState::Open))
        .order((review_tasks::opened_at, review_tasks::id))
        .limit(limit)
        .into_boxed();
    if let Reach::Units(units) = reach {
        query = query.filter(review_tasks::unit_id.eq_any(units.clone()));
    }
    if let Some(Key { at, id }) = after {
        let later = review_tasks::opened_at.gt(at).or(review_tasks::id.gt(id));
        query = query.filter(review_tasks::opened_at.ge(at).and(later));
    }
    Ok(query.load(db)?)
}

/// How many letters are in a state, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn letters_in(db: &mut Db, state: LetterState) -> Result<usize> {
    let ids: Vec<i64> =
        letters::table.filter(letters::state.eq(state)).select(letters::id).limit(COUNTED + 1).load(db)?;
    Ok(ids.len())
}

/// How many submissions are in one of these states, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn submissions_in(db: &mut Db, states: &[SubmissionState]) -> Result<usize> {
    let ids: Vec<i64> = submissions::table
        .filter(submissions::state.eq_any(states.to_vec()))
        .select(submissions::id)
        .limit(COUNTED + 1)
        .load(db)?;
    Ok(ids.len())
}
