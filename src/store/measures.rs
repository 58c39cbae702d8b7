//! Improvement measures, how each went, and the cases that gave the reason.

use diesel::prelude::*;
use jiff::civil::Date;

use super::Db;
use super::reference::{date, day_number};
use super::schema::{measure_cases, measure_steps, measures};
use crate::domain::measure::{MeasureState, Ownership, Plan};
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// Measures on a page at most; an agency has a few dozen a year.
const MOST: i64 = 500;

/// A row of `measures`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Measure {
    pub id: i64,
    /// The year whose figures or ratings gave the reason.
    pub year: i32,
    pub category: Option<String>,
    pub title: String,
    pub cause: String,
    pub action: String,
    pub unit_id: i64,
    pub owner_id: Option<i64>,
    /// The last day, as `YYYYMMDD`.
    pub due_day: i32,
    pub state: MeasureState,
    pub version: i64,
    pub planned_at: Moment,
}

impl Measure {
    /// The last day.
    ///
    /// # Errors
    /// `Internal` when the stored day is none.
    pub fn due_on(&self) -> Result<Date> {
        date(self.due_day)
    }

    /// What its rights depend on.
    #[must_use]
    pub const fn ownership(&self) -> Ownership {
        Ownership { unit_id: self.unit_id, owner_id: self.owner_id }
    }
}

/// A measure that is planned.
#[derive(Clone, Debug)]
pub struct NewMeasure {
    /// The year whose figures or ratings gave the reason.
    pub year: i32,
    /// The category it is about, when it is about one.
    pub category: Option<String>,
    /// In words.
    pub plan: Plan,
    /// Who carries it out.
    pub owned: Ownership,
    /// By when.
    pub due_on: Date,
    /// The cases that gave the reason.
    pub cases: Vec<i64>,
}

/// Plans a measure; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewMeasure, staff_id: i64, now: Moment) -> Result<i64> {
    let id: i64 = diesel::insert_into(measures::table)
        .values((
            measures::year.eq(new.year),
            measures::category.eq(new.category.as_deref()),
            measures::title.eq(&new.plan.title),
            measures::cause.eq(&new.plan.cause),
            measures::action.eq(&new.plan.action),
            measures::unit_id.eq(new.owned.unit_id),
            measures::owner_id.eq(new.owned.owner_id),
            measures::due_day.eq(day_number(new.due_on)),
            measures::state.eq(MeasureState::Planned),
            measures::version.eq(1_i64),
            measures::planned_at.eq(now),
        ))
        .returning(measures::id)
        .get_result(db)?;
    for case_id in &new.cases {
        diesel::insert_into(measure_cases::table)
            .values((measure_cases::measure_id.eq(id), measure_cases::case_id.eq(case_id)))
            .execute(db)?;
    }
    note(db, id, MeasureState::Planned, "", staff_id, now)?;
    Ok(id)
}

/// Reads a measure.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Measure> {
    Ok(measures::table.find(id).get_result(db)?)
}

/// The measures of a year, the earliest last day first; without a year those of every year that are still open.
///
/// # Errors
/// Of the database.
pub fn list(db: &mut Db, year: Option<i32>) -> Result<Vec<Measure>> {
    let order = (measures::due_day, measures::id);
    Ok(match year {
        Some(year) => measures::table.filter(measures::year.eq(year)).order(order).limit(MOST).load(db)?,
        None => {
            let open = [MeasureState::Planned, MeasureState::UnderWay];
            measures::table.filter(measures::state.eq_any(open)).order(order).limit(MOST).load(db)?
        }
    })
}

/// Whether somebody answers for a measure, however far it has come.
///
/// # Errors
/// Of the database.
pub fn any_of(db: &mut Db, staff_id: i64) -> Result<bool> {
    let owned = measures::table.filter(measures::owner_id.eq(staff_id)).select(measures::id);
    Ok(owned.first::<i64>(db).optional()?.is_some())
}

/// The years there are measures of, the latest first.
///
/// # Errors
/// Of the database.
pub fn years(db: &mut Db) -> Result<Vec<i32>> {
    Ok(measures::table.select(measures::year).distinct().order(measures::year.desc()).load(db)?)
}

/// Brings a measure to a state (or says how it goes, in the state it has).
///
/// # Errors
/// `Conflict` when a colleague was faster than whoever saw `version`.
pub fn step(
    db: &mut Db,
    id: i64,
    version: i64,
    (state, words): (MeasureState, &str),
    staff_id: i64,
    now: Moment,
) -> Result<()> {
    let changed = diesel::update(measures::table.filter(measures::id.eq(id).and(measures::version.eq(version))))
        .set((measures::state.eq(state), measures::version.eq(measures::version + 1)))
        .execute(db)?;
    if changed != 1 {
        return Err(Error::Conflict);
    }
    note(db, id, state, words, staff_id, now)
}

fn note(db: &mut Db, id: i64, state: MeasureState, words: &str, staff_id: i64, now: Moment) -> Result<()> {
    diesel::insert_into(measure_steps::table)
        .values((
            measure_steps::measure_id.eq(id),
            measure_steps::state.eq(state),
            measure_steps::note.eq(words),
            measure_steps::staff_id.eq(staff_id),
            measure_steps::at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// A step of a measure.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Step {
    pub id: i64,
    pub measure_id: i64,
    pub state: MeasureState,
    pub note: String,
    pub staff_id: i64,
    pub at: Moment,
}

/// How a measure went, first step first.
///
/// # Errors
/// Of the database.
pub fn steps(db: &mut Db, id: i64) -> Result<Vec<Step>> {
    Ok(measure_steps::table.filter(measure_steps::measure_id.eq(id)).order(measure_steps::id).load(db)?)
}

/// The cases that gave the reason.
///
/// # Errors
/// Of the database.
pub fn cases_of(db: &mut Db, id: i64) -> Result<Vec<i64>> {
    Ok(measure_cases::table
        .filter(measure_cases::measure_id.eq(id))
        .order(measure_cases::case_id)
        .select(measure_cases::case_id)
        .load(db)?)
}
