//! Months that are over are folded: their sums are counted once and kept. A month that changes afterwards (a petition entered
//! late, a rating changed) is folded anew; the database itself notes which.

use jiff::tz::TimeZone;

use crate::acts::Office;
use crate::domain::figures::{MonthFold, Period, PeriodName};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{Db, figures, folds};

/// Folds what waits. Returns how many months.
///
/// # Errors
/// Of the database.
pub fn fold_months(office: &Office, now: Moment) -> Result<usize> {
    let (zone, missing) = (&office.zone, office.store.read(|db| missing(db, &office.zone, now))?);
    if !missing.is_empty() {
        office.store.write(move |db| folds::arm(db, &missing))?;
    }
    let stale = office.store.read(folds::stale)?;
    for month in &stale {
        let month = *month;
        let (version, fold) = office
            .store
            .read(|db| figures::snapshot(db, |db| Ok((folds::version(db, month)?, count(db, zone, month)?))))?;
        // Should the month have changed meanwhile, its version has, too.
        office.store.write(move |db| folds::keep(db, month, version, &fold, now))?;
    }
    Ok(stale.len())
}

/// A month that is over, counted in full.
///
/// # Errors
/// `Internal` for what is no month; of the database.
pub fn count(db: &mut Db, zone: &TimeZone, month: i32) -> Result<MonthFold> {
    let period = whole(zone, month).ok_or_else(|| Error::internal(format!("{month} is no month")))?;
    count_in(db, &period)
}

/// The sums of a month, or of as much of it as has passed.
///
/// # Errors
/// Of the database.
pub fn count_in(db: &mut Db, month: &Period) -> Result<MonthFold> {
    let mut fold = MonthFold::default();
    figures::each_round(db, month, |_, round| fold.round(&round, month))?;
    figures::each_rating(db, month, |rating| fold.rating(&rating))?;
    Ok(fold)
}

/// A fold that is not what a full count finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The month, as YYYYMM.
    pub month: i32,
    /// What is folded.
    pub folded: Box<MonthFold>,
    /// What is counted.
    pub counted: Box<MonthFold>,
}

/// Counts every folded month in full and compares: how many there are, and those that differ. Months that wait to be folded
/// are not looked at. `progress` hears of each.
///
/// # Errors
/// Of the database.
pub fn check(office: &Office, mut progress: impl FnMut(i32)) -> Result<(usize, Vec<Fault>)> {
    let (mut checked, mut faults) = (0, Vec::new());
    for month in office.store.read(folds::months)? {
        progress(month);
        let fault = office.store.read(|db| {
            figures::snapshot(db, |db| {
                let Some(folded) = folds::good(db, month, month)?.remove(&month) else { return Ok(None) };
                let counted = count(db, &office.zone, month)?;
                Ok(Some((folded != counted).then(|| Fault {
                    month,
                    folded: Box::new(folded),
                    counted: Box::new(counted),
                })))
            })
        })?;
        checked += usize::from(fault.is_some());
        faults.extend(fault.flatten());
    }
    Ok((checked, faults))
}

/// The months that are over and have no row yet, each with the first moment after it.
fn missing(db: &mut Db, zone: &TimeZone, now: Moment) -> Result<Vec<(i32, Moment)>> {
    let Some(first) = figures::first_month(db)?.and_then(PeriodName::of_month) else { return Ok(Vec::new()) };
    let known = folds::months(db)?;
    let periods = std::iter::successors(Some(first), |name| Some(name.next()))
        .map_while(|name| Period::of(name, zone, now).filter(Period::complete));
    Ok(periods
        .map(|period| (period.first_month(), period.end()))
        .filter(|(month, _)| known.binary_search(month).is_err())
        .collect())
}

/// A month that is over, as a period.
fn whole(zone: &TimeZone, month: i32) -> Option<Period> {
    Period::of(PeriodName::of_month(month)?, zone, Moment(i64::MAX))
}
