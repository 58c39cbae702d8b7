//! A year without an official table: as long as an open case's limit runs into one, or today lies in one, the
//! administrators are told every office day, because weekends alone would count as days off.

use jiff::civil::Date;

use crate::acts::Office;
use crate::acts::owing::administrators;
use crate::domain::day::Day;
use crate::domain::letter::Letter;
use crate::domain::link::Purpose;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::lists::COUNTED;
use crate::store::reference::{self, Reference};
use crate::store::{Db, running};

/// When the administrators were told last.
const TOLD: &str = "calendar_missing_told";

/// A year that is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The year.
    pub year: i16,
    /// Clocks of open cases that run into it, at most one more than [`COUNTED`].
    pub clocks: usize,
}

/// The first year from this one on without a table that anything is counted in.
///
/// # Errors
/// Of the database.
pub fn missing(db: &mut Db, reference: &Reference, today: Date) -> Result<Option<Missing>> {
    let calendar = &reference.calendar;
    // A calendar without a list of years covers them all.
    let Some(years) = &calendar.data().years else { return Ok(None) };
    let Some(year) = (today.year()..Date::MAX.year()).find(|year| !years.contains(year)) else { return Ok(None) };
    let begins = calendar.first_instant(Day::of(Date::constant(year, 1, 1)));
    let clocks = running::count_due_after(db, begins, COUNTED + 1)?;
    Ok((clocks > 0 || year == today.year()).then_some(Missing { year, clocks }))
}

/// Owes every administrator the letter of the day, if there is anything to say, once a day and on office days. Returns how
/// many letters.
///
/// # Errors
/// Of the database.
pub fn warn(office: &Office, now: Moment) -> Result<usize> {
    let today = now.date_in(&office.zone);
    let office = office.clone();
    office.store.clone().write(move |db| {
        let reference = office.reference(db)?;
        if !reference.calendar_of(None).is_working_day(today) {
            return Ok(0);
        }
        let Some(missing) = missing(db, &reference, today)? else { return Ok(0) };
        if reference::value(db, TOLD)?.as_deref() == Some(today.to_string().as_str()) {
            return Ok(0);
        }
        reference::set_value(db, TOLD, &today.to_string())?;
        let clocks = i64::try_from(missing.clocks).unwrap_or(i64::MAX);
        let agency = reference.agency.name_zh.clone();
        let letter = Letter::CalendarMissing { year: missing.year, clocks, agency };
        administrators(db, &office, &letter, (Purpose::Calendar, i64::from(missing.year)), now)
    })
}
