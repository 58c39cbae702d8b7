//! Consultations: other units that were asked for their part of a case (會辦).

use std::collections::HashMap;

use diesel::prelude::*;

use super::Db;
use super::schema::{clocks, consultations};
use crate::domain::asking::ConsultationState;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `consultations`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = consultations)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Consultation {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub unit_id: i64,
    pub clock_id: i64,
    /// Text: what is asked.
    pub question_id: i64,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub state: ConsultationState,
    /// Text: what was answered.
    pub answer_id: Option<i64>,
    pub answered_by: Option<i64>,
    pub answered_at: Option<Moment>,
}

/// A new one.
#[derive(Clone, Copy, Debug, Insertable)]
#[diesel(table_name = consultations, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewConsultation {
    pub case_id: i64,
    pub round: i32,
    pub unit_id: i64,
    pub clock_id: i64,
    pub question_id: i64,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub state: ConsultationState,
}

/// Stores a new one; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: NewConsultation) -> Result<i64> {
    Ok(diesel::insert_into(consultations::table).values(new).returning(consultations::id).get_result(db)?)
}

/// Every one of a case, the first one first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Consultation>> {
    Ok(consultations::table.filter(consultations::case_id.eq(case_id)).order(consultations::id).load(db)?)
}

/// Those of a case that wait for an answer, the first one first.
///
/// # Errors
/// Of the database.
pub fn open(db: &mut Db, case_id: i64) -> Result<Vec<Consultation>> {
    Ok(consultations::table
        .filter(consultations::case_id.eq(case_id).and(consultations::state.eq(ConsultationState::Open)))
        .order(consultations::id)
        .load(db)?)
}

/// The units of these cases that were asked, and whether each still is.
///
/// # Errors
/// Of the database.
pub fn units_of(db: &mut Db, case_ids: &[i64]) -> Result<HashMap<i64, Vec<(i64, bool)>>> {
    let rows: Vec<(i64, i64, ConsultationState)> = consultations::table
        .filter(consultations::case_id.eq_any(case_ids.to_vec()))
        .select((consultations::case_id, consultations::unit_id, consultations::state))
        .load(db)?;
    let mut of: HashMap<i64, Vec<(i64, bool)>> = HashMap::new();
    for (case_id, unit_id, state) in rows {
        of.entry(case_id).or_default().push((unit_id, state == ConsultationState::Open));
    }
    Ok(of)
}

/// Until when these cases' units within `units` have to answer: the earliest of each case.
///
/// # Errors
/// Of the database.
pub fn due_of(db: &mut Db, case_ids: &[i64], units: &[i64]) -> Result<HashMap<i64, Moment>> {
    let rows: Vec<(i64, Moment)> = consultations::table
        .inner_join(clocks::table.on(clocks::id.eq(consultations::clock_id)))
        .filter(consultations::case_id.eq_any(case_ids.to_vec()))
        .filter(consultations::state.eq(ConsultationState::Open))
        .filter(consultations::unit_id.eq_any(units.to_vec()))
        .select((consultations::case_id, clocks::due_at))
        .load(db)?;
    let mut of: HashMap<i64, Moment> = HashMap::new();
    for (case_id, due) in rows {
        of.entry(case_id).and_modify(|at| *at = (*at).min(due)).or_insert(due);
    }
    Ok(of)
}

/// Settles one: answered with a text by somebody, or withdrawn.
///
/// # Errors
/// Of the database.
pub fn settle(
    db: &mut Db,
    id: i64,
    state: ConsultationState,
    answer: Option<(i64, i64)>,
    answered_at: Option<Moment>,
) -> Result<()> {
    diesel::update(consultations::table.find(id))
        .set((
            consultations::state.eq(state),
            consultations::answer_id.eq(answer.map(|(text, _)| text)),
            consultations::answered_by.eq(answer.map(|(_, staff)| staff)),
            consultations::answered_at.eq(answered_at),
        ))
        .execute(db)?;
    Ok(())
}
