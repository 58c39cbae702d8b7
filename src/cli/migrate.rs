//! `chenqing migrate`: schema and agency's files.

use std::path::Path;

use clap::Args;
use jiff::tz::TimeZone;

use super::agency;
use crate::acts::{Office, install};
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::Keys;
use crate::store::{Store, migrate};

/// Brings the database to this program's schema and installs the agency's files. Safe to run again at any time.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  CHENQING__DATABASE__URL=postgres://chenqing@db/chenqing chenqing migrate")]
pub struct MigrateArgs {}

/// Runs the verb.
///
/// # Errors
/// One sentence.
pub fn run(_: &MigrateArgs, file: Option<&Path>) -> Result<u8, String> {
    let config = Config::load(file)?;
    super::start_log(&config.log);
    let lock = super::serve::sole_server(&config)?;
    let applied = prepare(&config, &Clock::System)?;
    drop(lock);
    match applied.as_slice() {
        [] => println!("The schema is up to date; the agency's files are installed."),
        names => println!("Applied {}; the agency's files are installed.", names.join(", ")),
    }
    Ok(0)
}

/// Migrates the database and installs the agency; the names of the migrations applied.
///
/// # Errors
/// One sentence.
pub fn prepare(config: &Config, clock: &Clock) -> Result<Vec<String>, String> {
    let files = agency::read(&config.agency.folder, config.cases.ceiling_days)?;
    let applied = migrate(&config.database.url)?;
    let zone = TimeZone::get(&config.agency.time_zone)
        .map_err(|_| format!("agency.time_zone is {:?}: there is no such time zone", config.agency.time_zone))?;
    // Installing needs no secret; a key of no meaning stands in when none is configured yet.
    let keys =
        Keys::new(&config.secrets.keys).or_else(|_| Keys::new(&["0:no secret is needed to install an agency"]))?;
    let office = Office::new(Store::open(&config.database)?, keys, config.cases.clone(), zone);
    install::install(&office, clock.now(), &files)
        .map_err(|e| format!("the agency's files cannot be installed: {e}"))?;
    Ok(applied)
}
