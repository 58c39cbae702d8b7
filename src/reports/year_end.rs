//! The year-end package: from the configured day on, a daily sweep reports last year, once.

use jiff::civil::Date;

use super::year;
use crate::acts::{Office, year_package};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::figures;

/// Reports last year if its day has come, it was not reported yet, and there is anything to report. `from` is the day as
/// MM-DD, in the agency's time. Says in words what it did.
///
/// # Errors
/// `Internal` when `from` is no day; of the database.
pub fn sweep(office: &Office, from: &str, now: Moment) -> Result<String> {
    let Some(last_year) = due(office, from, now)? else { return Ok("not yet the day".to_owned()) };
    let figures = office.store.read(|db| {
        let begun = figures::first_month(db)?.is_some_and(|month| month / 100 <= i32::from(last_year));
        if !begun || figures::package(db, last_year)?.is_some() {
            return Ok(None);
        }
        let reference = office.reference(db)?;
        year::count(db, &reference, &office.zone, last_year, now).map(Some)
    })?;
    let Some(figures) = figures else { return Ok(format!("nothing to report of {last_year}")) };
    Ok(match year_package::report(office, now, &figures)? {
        Some(letters) => format!("{last_year} reported to {letters}"),
        None => format!("{last_year} was reported by another node"),
    })
}

/// Last year, if the day to report it has come.
fn due(office: &Office, from: &str, now: Moment) -> Result<Option<i16>> {
    let today = now.date_in(&office.zone);
    let day: Date = format!("{:04}-{from}", today.year())
        .parse()
        .map_err(|_| Error::internal(format!("jobs.year_package_from is {from:?}; it must be a day like 01-05")))?;
    Ok((today >= day).then(|| today.year() - 1))
}
