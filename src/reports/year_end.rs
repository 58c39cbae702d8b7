//! The year-end package: from the configured day on, a daily sweep reports last year, once.

use jiff::civil::Date;

use super::year;
use crate::acts::{Office, year_package};
use crate::domain::figures::PeriodName;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::store::{figures, year_packages};

/// Reports last year if its day has come, it was not reported yet, and there is anything to report. `from` is the day as
/// MM-DD, in the agency's time. Says in words what it did.
///
/// # Errors
/// `Internal` when `from` is no day; of the database.
pub fn sweep(office: &Office, from: &str, now: Moment) -> Result<Message> {
    let Some(last_year) = due(office, from, now)? else { return Ok(Message::new("job-result-year-early")) };
    let figures = office.store.read(|db| {
        let begun = figures::first_month(db)?.is_some_and(|month| month / 100 <= i32::from(last_year));
        if !begun || year_packages::get(db, last_year)?.is_some() {
            return Ok(None);
        }
        let reference = office.reference(db)?;
        let name = PeriodName::Year(last_year);
        year::report(db, &reference, &office.zone, name, now, &mut |_| ()).map(Some)
    })?;
    let of_year = |key| Message::new(key).with("year", last_year.to_string());
    let Some(figures) = figures else { return Ok(of_year("job-result-year-nothing")) };
    Ok(match year_package::report(office, now, &figures)? {
        Some(letters) => of_year("job-result-year-reported").with("letters", letters.to_string()),
        None => of_year("job-result-year-elsewhere"),
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
