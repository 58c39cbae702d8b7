//! The command line: one file a verb. Every verb has `--help` with an example, says errors in one sentence on standard
//! error, and ends with 0 when it did what was asked, 1 when it found something wrong, 2 when it could not begin.

mod agency;
mod audit;
mod calendar;
mod calendar_print;
pub mod calendar_text;
mod check;
pub mod deadline;
mod deadline_answer;
pub mod deadline_case;
mod deadline_lines;
pub mod demo;
mod job;
pub mod mail;
mod migrate;
mod open_data;
mod output;
pub mod report;
pub mod seed;
mod serve;
pub mod simulate;
mod staff;

use std::io::{BufReader, Write, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

/// Chenqing (陳情): the petition-case service for an agency's director's mailbox.
#[derive(Parser, Debug)]
#[command(name = "chenqing", version, about, max_term_width = 100)]
pub struct Cli {
    /// Configuration file; variables CHENQING__SECTION__KEY come after it
    #[arg(long, global = true, env = "CHENQING_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Shows the whole service with invented cases, on this machine only
    Demo(demo::DemoArgs),
    /// Runs the service: web, jobs, delivery of letters
    Serve(serve::ServeArgs),
    /// Brings the database to this program's schema and installs the agency's files
    Migrate(migrate::MigrateArgs),
    /// Checks configuration, database, mail server, calendar and disk, a line each
    Check(check::CheckArgs),
    /// Accounts of staff
    Staff(staff::StaffArgs),
    /// The calendar of office days: import, draw, typhoon days
    Calendar(calendar::CalendarArgs),
    /// Computes when something is due, and explains it
    Deadline(Box<deadline::DeadlineArgs>),
    /// Replays a year under another policy document or calendar
    Simulate(simulate::SimulateArgs),
    /// Runs one of the jobs now, or lists them
    Job(job::JobArgs),
    /// Incoming mail: how a message is read and decided
    Mail(mail::MailArgs),
    /// Writes the figures of a year as a file
    Report(report::ReportArgs),
    /// Fills an empty database with synthetic cases
    Seed(seed::SeedArgs),
    /// Verifies the history of the cases
    Audit(audit::AuditArgs),
}

/// Runs the program; the exit code is the process's.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let file = cli.config.as_deref();
    let done = match &cli.verb {
        Verb::Demo(args) => demo::run(args),
        Verb::Serve(args) => serve::run(args, file),
        Verb::Migrate(args) => migrate::run(args, file),
        Verb::Check(args) => check::run(args, file),
        Verb::Staff(args) => staff::run(args, file),
        Verb::Calendar(args) => calendar::run(args, file),
        Verb::Deadline(args) => deadline_verb(args, file),
        Verb::Simulate(args) => simulate::run(args, file),
        Verb::Job(args) => job::run(args, file),
        Verb::Mail(args) => mail::run(args, file),
        Verb::Report(args) => report::run(args, file),
        Verb::Seed(args) => seed::run(args, file),
        Verb::Audit(args) => audit::run(args, file),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(sentence) => {
            // Standard error may be closed; there is nobody left to tell then.
            let _ = writeln!(std::io::stderr(), "chenqing: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn deadline_verb(args: &deadline::DeadlineArgs, file: Option<&std::path::Path>) -> Result<u8, String> {
    if let Some(number) = &args.case {
        let app = open(file)?;
        return deadline_case::run(&app, number, args.explain, args.json, &mut stdout().lock());
    }
    // The installed calendar is opened only when the question needs it: a batch with its own calendars, or --calendar,
    // works without any database.
    let reference = || {
        let app = open(file)?;
        app.office.store.read(|db| app.office.reference(db)).map_err(|e| e.to_string())
    };
    deadline::run(
        args,
        &|| {
            let reference = reference()?;
            let region = match &args.region {
                Some(code) => calendar::region(&reference, code)?,
                None => reference.region_of(None).to_owned(),
            };
            Ok(reference.calendar_in(&region).clone())
        },
        &|code| reference().ok().and_then(|r| r.speed_class(code).ok().map(|class| class.limit)),
        &mut stdout().lock(),
        &mut BufReader::new(stdin().lock()),
    )
}

/// The application over the configured database, for verbs that work beside a running server.
///
/// # Errors
/// One sentence: configuration, secrets, database or schema.
fn open(file: Option<&std::path::Path>) -> Result<App, String> {
    let config = Config::load(file)?;
    start_log(&config.log);
    migrated(&config)?;
    App::build(config, Clock::System)
}

/// Refuses a database whose schema is not this program's.
fn migrated(config: &Config) -> Result<(), String> {
    match crate::store::pending(&config.database.url)? {
        0 => Ok(()),
        number => Err(format!("the database lacks {number} migration(s): run `chenqing migrate` first")),
    }
}

/// Starts the log on standard error, so that standard output stays for what was asked.
fn start_log(config: &crate::config::Log) {
    let quiet = "tokio_cron_scheduler=warn,actix_server=warn,actix_web=warn";
    // Whatever the level: at `trace` these libraries write passwords, messages and what servers say.
    let silent = "async_imap=info,ureq=info,ureq_proto=info";
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{quiet},{},{silent}", config.level))
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false);
    // A second start, in one process, keeps the first: only tests do it.
    let _ = if config.format == "json" { log.json().try_init() } else { log.try_init() };
}
