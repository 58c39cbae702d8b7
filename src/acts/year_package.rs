//! A year is reported: its figures are locked as the year's package, and every manager is owed the letter that says so.
//! Once a year, however often it is asked for.

use crate::acts::Office;
use crate::domain::figures::PeriodFigures;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::letters::{self, NewLetter, Recipient};
use crate::store::staff;
use crate::store::year_packages::{Package, insert};

/// Locks the figures of a year and owes the letters. Returns how many, or `None` when the year was reported before.
///
/// # Errors
/// Of the database.
pub fn report(office: &Office, now: Moment, figures: &PeriodFigures) -> Result<Option<usize>> {
    let locked = PeriodFigures { locked_at: Some(now), ..figures.clone() };
    let figures = serde_json::to_string(&locked).map_err(Error::internal)?;
    let sha256 = sha256(figures.as_bytes());
    let (office, letter) = (office.clone(), letter_of(&locked, &sha256));
    let package = Package { year: i32::from(locked.year), made_at: now, figures, sha256: Some(sha256) };
    office.store.clone().write(move |db| {
        if !insert(db, &package)? {
            return Ok(None);
        }
        let managers = staff::with_role(db, Role::Manager)?;
        let mut owed = 0;
        for manager in managers.iter().filter(|m| !m.email.is_empty()) {
            let new = NewLetter {
                letter: &letter,
                to: Recipient::Staff(manager.id),
                locale: "zh-TW",
                case_id: None,
                submission_id: None,
                reply_id: None,
                // Opens nothing by itself: the reader signs in.
                link: Some(Link {
                    purpose: Purpose::Management,
                    row: i64::from(package.year),
                    nonce: String::new(),
                    expires_at: Moment(i64::MAX),
                }),
                query_code: None,
                by_post: false,
            };
            letters::insert(db, &office.keys, &new, now)?;
            owed += 1;
        }
        Ok(Some(owed))
    })
}

fn letter_of(figures: &PeriodFigures, checksum: &str) -> Letter {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Letter::YearPackage {
        year: figures.year,
        received: count(figures.total.received),
        closed: count(figures.total.closed),
        open_at_end: count(figures.total.open_at_end),
        on_time_rate: figures.total.on_time_rate,
        mean_days: figures.total.mean_days,
        satisfaction: figures.total.ratings.overall(),
        agency: figures.agency.name_zh.clone(),
        checksum: checksum.to_owned(),
    }
}
