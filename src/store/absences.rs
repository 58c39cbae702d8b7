//! Absences: from which day to which somebody is away, and who stands in.

use diesel::prelude::*;
use jiff::civil::Date;

use super::Db;
use super::reference::{date, day_number};
use super::schema::absences;
use crate::domain::standing_in::Away;
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `absences`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Absence {
    pub id: i64,
    pub staff_id: i64,
    /// First day, as `YYYYMMDD`.
    pub from_day: i32,
    /// Last day, as `YYYYMMDD`.
    pub to_day: i32,
    pub deputy_id: Option<i64>,
    pub entered_by: i64,
    pub entered_at: Moment,
}

impl Absence {
    /// First and last day.
    ///
    /// # Errors
    /// `Internal` when a stored day is none.
    pub fn days(&self) -> Result<(Date, Date)> {
        Ok((date(self.from_day)?, date(self.to_day)?))
    }
}

/// Who is away on a day.
///
/// # Errors
/// Of the database.
pub fn away_on(db: &mut Db, day: Date) -> Result<Away> {
    let day = day_number(day);
    let pairs: Vec<(i64, Option<i64>)> = absences::table
        .filter(absences::to_day.ge(day).and(absences::from_day.le(day)))
        .order(absences::id)
        .select((absences::staff_id, absences::deputy_id))
        .load(db)?;
    Ok(Away::new(pairs))
}

/// The absences of these people that have not ended before a day, the earliest first.
///
/// # Errors
/// Of the database.
pub fn of_people(db: &mut Db, people: &[i64], from: Date) -> Result<Vec<Absence>> {
    Ok(absences::table
        .filter(absences::to_day.ge(day_number(from)).and(absences::staff_id.eq_any(people.to_vec())))
        .order((absences::from_day, absences::id))
        .load(db)?)
}

/// Reads an absence.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Absence> {
    Ok(absences::table.find(id).get_result(db)?)
}

/// Enters an absence; its id.
///
/// # Errors
/// Of the database.
pub fn insert(
    db: &mut Db,
    staff_id: i64,
    (from, to): (Date, Date),
    deputy_id: Option<i64>,
    entered_by: i64,
    now: Moment,
) -> Result<i64> {
    Ok(diesel::insert_into(absences::table)
        .values((
            absences::staff_id.eq(staff_id),
            absences::from_day.eq(day_number(from)),
            absences::to_day.eq(day_number(to)),
            absences::deputy_id.eq(deputy_id),
            absences::entered_by.eq(entered_by),
            absences::entered_at.eq(now),
        ))
        .returning(absences::id)
        .get_result(db)?)
}

/// Ends an absence the day before `day`; one that has not begun by then is deleted.
///
/// # Errors
/// Of the database.
pub fn end_before(db: &mut Db, absence: &Absence, day: Date) -> Result<()> {
    if absence.from_day >= day_number(day) {
        diesel::delete(absences::table.find(absence.id)).execute(db)?;
    } else {
        let last = day.yesterday().map_or(absence.to_day, day_number);
        diesel::update(absences::table.find(absence.id)).set(absences::to_day.eq(last)).execute(db)?;
    }
    Ok(())
}
