//! Synthetic cases in any number, for load tests and large demonstrations: the rows that acts would have written, made
//! from a seed and put into an empty database in bulk. Letters are not among them.

mod days;
mod detour;
mod file;
mod life;
mod maker;
mod parts;

use std::sync::mpsc::sync_channel;
use std::thread;

use jiff::civil::Date;

use crate::acts::Office;
use crate::demo::content::Content;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::bulk::{self, Rows};
use crate::store::staff;
use maker::Maker;

/// Cases in one transaction.
const BATCH: u64 = 4000;
/// Batches that may wait for the database.
const AHEAD: usize = 2;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many cases.
    pub cases: u64,
    /// The seed: the same one gives the same cases.
    pub seed: u64,
    /// Over how many years up to now.
    pub years: i16,
}

/// Fills an empty database that holds the sample agency and its people. `progress` is told how many cases are stored.
/// Returns how many were made: a few less than asked for when the present day is not over.
///
/// # Errors
/// `Refused` when it is not empty; of the database.
pub fn fill(office: &Office, now: Moment, plan: Plan, mut progress: impl FnMut(u64)) -> Result<u64> {
    let content = Content::read().map_err(Error::Internal)?;
    let (empty, reference, people, last_text) = office
        .store
        .read(|db| Ok((bulk::is_empty(db)?, office.reference(db)?, staff::all(db)?, bulk::last_text(db)?)))?;
    if !empty {
        return Err(Error::refused("refused-not-empty"));
    }
    let people = people.iter().map(|row| row.person()).collect::<Result<Vec<_>>>()?;
    let today = now.date_in(&office.zone);
    let first = Date::new(today.year().saturating_sub(plan.years), today.month(), today.day().min(28)).unwrap_or(today);
    let days = days::days(first, today, plan.cases, &reference.calendar);
    let mut maker = Maker::new(office, &reference, &content, &people, plan, now, last_text)?;
    let (batches, waiting) = sync_channel::<(u64, Rows)>(AHEAD);
    let made = thread::scope(|scope| {
        let maker = scope.spawn(move || make(&mut maker, &days, |made, rows| batches.send((made, rows)).is_ok()));
        for (made, rows) in &waiting {
            // The closure may run again after a lost race, so it only borrows the rows.
            office.store.write(move |db| bulk::insert(db, &rows))?;
            progress(made);
        }
        drop(waiting);
        maker.join().unwrap_or_else(|_| Err(Error::internal("the maker of cases panicked")))
    })?;
    office.store.write(bulk::analyze)?;
    Ok(made)
}

/// Makes the cases day by day and hands them on in batches; `false` from `hand_on` ends it.
fn make(maker: &mut Maker<'_>, days: &[(Date, u64)], mut hand_on: impl FnMut(u64, Rows) -> bool) -> Result<u64> {
    let (mut made, mut held) = (0, 0);
    for (date, number) in days {
        let mut left = *number;
        while left > 0 {
            // A day of a large installation may be more than a batch.
            let part = left.min(BATCH);
            let today = maker.day(*date, part)?;
            left -= part;
            made += today;
            held += today;
            if held >= BATCH {
                held = 0;
                if !hand_on(made, maker.take()?) {
                    return Ok(made);
                }
            }
        }
    }
    hand_on(made, maker.take()?);
    Ok(made)
}
