//! `chenqing seed`: fills an empty database with synthetic cases.

use std::io::IsTerminal;
use std::path::Path;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo;
use crate::keys::random_word;
use crate::seed::{self, Plan};
use crate::store::{Store, staff};

pub use super::migrate::prepare;

/// Fills an empty database with realistic synthetic cases: for load tests and large demonstrations. It must be migrated
/// and hold the built-in sample agency; the sample's accounts are added when there are none.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  chenqing migrate && chenqing seed --cases 1000000 --seed 1")]
pub struct SeedArgs {
    /// How many cases
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    cases: u64,
    /// The same seed gives the same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Over how many years up to now
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(i16).range(1..=30))]
    years: i16,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: a database that is not empty, not migrated, or cannot be reached.
pub fn run(args: &SeedArgs, file: Option<&Path>) -> Result<u8, String> {
    let config = Config::load(file)?;
    super::start_log(&config.log);
    super::migrated(&config)?;
    let _lock = super::serve::sole_server(&config)?;
    let store = Store::open_unsynced(&config.database)?;
    let app = App::over(store, config, Clock::System)?;
    let now = app.clock.now();
    let nobody = app.office.store.read(|db| Ok(staff::all(db)?.is_empty())).map_err(|e| e.to_string())?;
    let password = nobody.then(|| random_word::<5>().map(|word| format!("seed-{word}"))).transpose();
    let password = password.map_err(|e| e.to_string())?;
    if let Some(password) = &password {
        demo::add_accounts(&app.office, demo::beginning(now, &app.office.zone), password)
            .map_err(|e| format!("the sample's accounts cannot be added: {e}"))?;
    }
    let bar = bar(args.cases);
    let plan = Plan { cases: args.cases, seed: args.seed, years: args.years };
    let made = seed::fill(&app.office, now, plan, |made| bar.set_position(made)).map_err(|e| match e {
        crate::error::Error::Refused(_) => "the database holds cases already: seed fills only an empty one".to_owned(),
        other => format!("the database cannot be filled: {other}"),
    })?;
    bar.finish_and_clear();
    if args.json {
        println!("{}", serde_json::json!({ "cases": made, "seed": args.seed, "password": password }));
        return Ok(0);
    }
    println!("{made} cases over {} years are stored.", args.years);
    if let Some(password) = password {
        println!(
            "The sample's accounts (registrar, handler, supervisor …) were added, all with the password {password}"
        );
    }
    Ok(0)
}

/// A bar on a terminal, nothing elsewhere.
fn bar(cases: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} cases, {per_sec}, {eta} left");
    ProgressBar::new(cases).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
