//! The demonstration: a sample agency with two years of believable cases, planned from a seed and then carried out through
//! the program's own acts under a clock that is set by hand, so that every history in it is true.

mod accounts;
mod act;
pub mod chance;
pub mod content;
mod flow;
mod mail;
pub mod message;
mod near;
pub mod office_time;
mod past;
mod plan;
mod steps;
mod story;
mod waiting;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::acts::Office;
use crate::app::App;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use act::Stage;
use content::Content;
use plan::Planner;

pub use accounts::{Account, accounts};

/// Fewer cases than this cannot show everything.
pub const LEAST_CASES: usize = 80;

/// The moment the demonstration begins: the first instant of last year.
#[must_use]
pub fn beginning(now: Moment, zone: &TimeZone) -> Moment {
    let year = now.date_in(zone).year() - 1;
    let first = Date::new(year, 1, 1).unwrap_or(date(1970, 1, 1));
    zone.to_ambiguous_timestamp(first.to_datetime(jiff::civil::Time::midnight()))
        .compatible()
        .map_or(now, Moment::from_jiff)
}

/// Adds every account of the demonstration.
///
/// # Errors
/// Of the database.
pub fn add_accounts(office: &Office, now: Moment, password: &str) -> Result<()> {
    let content = Content::read().map_err(Error::Internal)?;
    accounts::add(office, now, &content, password).map(drop)
}

/// Makes accounts and cases in a migrated database with an installed agency and nothing else. The application's clock is
/// a fixed one, and stands at `now` afterwards. The same seed and present give the same cases.
///
/// # Errors
/// Of the database; `Internal` when a step of the plan was refused, which a test excludes.
pub fn make(app: &App, now: Moment, cases: usize, seed: u64, password: &str) -> Result<()> {
    let content = Content::read().map_err(Error::Internal)?;
    let start = beginning(now, &app.office.zone);
    app.clock.set(start);
    let staff = accounts::add(&app.office, start, &content, password)?;
    accounts::show(&app.office, &content, password)?;
    let reference = app.office.store.read(|db| app.office.reference(db))?;
    let stories = Planner::new(&content, &reference, now, start, seed).stories(cases.max(LEAST_CASES));
    Stage::new(app, staff, stories, now).play(start, &content)
}
