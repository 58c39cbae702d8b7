//! Requests for more time (展期), from the question to its decision.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use jiff::civil::Date;

use super::Db;
use super::lists::COUNTED;
use super::reference::{date, day_number};
use super::schema::{case_references, cases, extension_requests};
use crate::domain::asking::RequestState;
use crate::domain::queue::Reach;
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `extension_requests`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = extension_requests)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Request {
    pub id: i64,
    pub case_id: i64,
    pub clock_id: i64,
    pub until_day: i32,
    /// The lowest rank that may grant it, as the rules were when it was asked.
    pub rank: Role,
    pub reason: String,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub state: RequestState,
    pub decided_by: Option<i64>,
    pub decided_at: Option<Moment>,
    pub decision_reason: String,
}

impl Request {
    /// The last day that is asked for.
    ///
    /// # Errors
    /// `Internal` when the stored day is none.
    pub fn until(&self) -> Result<Date> {
        date(self.until_day)
    }
}

/// Stores a request; its id.
///
/// # Errors
/// Of the database.
pub fn ask(
    db: &mut Db,
    (case_id, clock_id): (i64, i64),
    (until, rank): (Date, Role),
    reason: &str,
    asked_by: i64,
    now: Moment,
) -> Result<i64> {
    Ok(diesel::insert_into(extension_requests::table)
        .values((
            extension_requests::case_id.eq(case_id),
            extension_requests::clock_id.eq(clock_id),
            extension_requests::until_day.eq(day_number(until)),
            extension_requests::rank.eq(rank),
            extension_requests::reason.eq(reason),
            extension_requests::asked_by.eq(asked_by),
            extension_requests::asked_at.eq(now),
            extension_requests::state.eq(RequestState::Open),
            extension_requests::decision_reason.eq(""),
        ))
        .returning(extension_requests::id)
        .get_result(db)?)
}

/// The requests of a case, the first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Request>> {
    Ok(extension_requests::table
        .filter(extension_requests::case_id.eq(case_id))
        .order(extension_requests::id)
        .load(db)?)
}

/// The request of a case that waits for a decision.
///
/// # Errors
/// Of the database.
pub fn open(db: &mut Db, case_id: i64) -> Result<Option<Request>> {
    Ok(extension_requests::table
        .filter(extension_requests::case_id.eq(case_id).and(extension_requests::state.eq(RequestState::Open)))
        .order(extension_requests::id.desc())
        .first(db)
        .optional()?)
}

/// Decides on the open requests of a case.
///
/// # Errors
/// Of the database.
pub fn decide(
    db: &mut Db,
    case_id: i64,
    state: RequestState,
    reason: &str,
    decided_by: Option<i64>,
    now: Moment,
) -> Result<()> {
    let these = extension_requests::case_id.eq(case_id).and(extension_requests::state.eq(RequestState::Open));
    diesel::update(extension_requests::table.filter(these))
        .set((
            extension_requests::state.eq(state),
            extension_requests::decision_reason.eq(reason),
            extension_requests::decided_by.eq(decided_by),
            extension_requests::decided_at.eq(Some(now)),
        ))
        .execute(db)?;
    Ok(())
}

/// The open requests that these ranks decide on, within reach, without the cases that complain of the viewer; the oldest
/// first, a page after an id.
///
/// # Errors
/// Of the database.
pub fn waiting(
    db: &mut Db,
    ranks: &[Role],
    reach: &Reach,
    viewer: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Request>> {
    let complained = case_references::table.filter(
        case_references::case_id
            .eq(extension_requests::case_id)
            .and(case_references::respondent_staff_id.eq(Some(viewer))),
    );
    let mut query = extension_requests::table
        // Written out, as the partial index has it: SQLite does not look at what is bound.
        .filter(sql::<Bool>("extension_requests.state = 'open'"))
        .filter(extension_requests::rank.eq_any(ranks.to_vec()))
        .filter(diesel::dsl::not(diesel::dsl::exists(complained)))
        .order(extension_requests::id)
        .limit(limit)
        .into_boxed();
    if let Reach::Units(units) = reach {
        let within =
            cases::table.filter(cases::id.eq(extension_requests::case_id).and(cases::unit_id.eq_any(units.clone())));
        query = query.filter(diesel::dsl::exists(within));
    }
    if let Some(id) = after {
        query = query.filter(extension_requests::id.gt(id));
    }
    Ok(query.load(db)?)
}

/// How many there are, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn count(db: &mut Db, ranks: &[Role], reach: &Reach, viewer: i64) -> Result<usize> {
    Ok(waiting(db, ranks, reach, viewer, None, COUNTED + 1)?.len())
}
