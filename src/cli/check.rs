//! `chenqing check`: what an operator wants to know before and after a start, a line each.

mod send;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::agency;
use crate::acts::calendar_missing::{Missing, missing};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, MailTransport};
use crate::domain::time::Moment;
use crate::post::incoming::imap::{self, Account};
use crate::store::{fetch_states, pending, sqlite_path};

/// Checks configuration, database, mail server, calendar and disk. Ends with 1 when something is wrong.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  chenqing --config /etc/chenqing.toml check --json\n  \
                  chenqing --config /etc/chenqing.toml check --send --wait 120")]
pub struct CheckArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// Sends a letter to each form of address that answers may go to or letters return to, and says which of them arrive
    #[arg(long)]
    send: bool,
    /// Seconds to wait for those letters
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "send", value_parser = clap::value_parser!(u64).range(1..=3600))]
    wait: u64,
}

/// The megabytes of disk below which a warning becomes a failure.
const LEAST_MEGABYTES: u64 = 500;

#[derive(Debug, Serialize)]
struct Line {
    what: &'static str,
    ok: bool,
    text: String,
}

/// Runs the verb.
///
/// # Errors
/// One sentence when standard output is closed.
pub fn run(args: &CheckArgs, file: Option<&Path>) -> Result<u8, String> {
    let lines = lines(args, file);
    let ok = lines.iter().all(|line| line.ok);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&lines).map_err(|e| e.to_string())?);
    } else {
        for line in &lines {
            println!("{:<5} {:<14} {}", if line.ok { "ok" } else { "FAIL" }, line.what, line.text);
        }
    }
    Ok(u8::from(!ok))
}

fn lines(args: &CheckArgs, file: Option<&Path>) -> Vec<Line> {
    let config = match Config::load(file).and_then(|config| config.check_for_production().map(|()| config)) {
        Ok(config) => config,
        Err(e) => return vec![line("configuration", Err(e))],
    };
    let mut lines = vec![line("configuration", Ok("complete".into()))];
    lines
        .push(line("agency", agency::read(&config.agency.folder, config.cases.ceiling_days).map(|f| f.agency.name_zh)));
    let schema = pending(&config.database.url).and_then(|number| match number {
        0 => Ok("reachable, schema up to date".to_owned()),
        n => Err(format!("reachable, but {n} migration(s) are missing: run `chenqing migrate`")),
    });
    let reachable = schema.is_ok();
    lines.push(line("database", schema));
    if reachable {
        match App::build(config.clone(), Clock::System) {
            Ok(app) => {
                lines.push(line("mail server", mail(&app)));
                lines.push(line("mail signature", Ok(signature(&app))));
                lines.push(line("mail addresses", Ok(app.post.addresses().describe())));
                lines.extend(app.mailboxes.iter().map(|account| line("mailbox", mailbox(&app, account))));
                if args.send {
                    lines.extend(send::lines(&app, Duration::from_secs(args.wait)));
                }
                lines.push(line("letters", letters(&app)));
                lines.push(line("calendar", calendar(&app)));
            }
            Err(e) => lines.push(line("start", Err(e))),
        }
    }
    lines.push(line("disk", disk(&config)));
    lines
}

fn line(what: &'static str, result: Result<String, String>) -> Line {
    match result {
        Ok(text) => Line { what, ok: true, text },
        Err(text) => Line { what, ok: false, text },
    }
}

fn mail(app: &App) -> Result<String, String> {
    match app.config.mail.transport {
        MailTransport::Folder => Ok(format!("letters are written to {}", app.config.mail.folder)),
        MailTransport::Smtp => app.post.transport().check(),
    }
}

/// Log-in and folder now, and when it was read last.
fn mailbox(app: &App, account: &Account) -> Result<String, String> {
    let states = app.office.store.read(fetch_states::all).map_err(|e| e.to_string())?;
    let state = states.iter().find(|state| state.mailbox == account.name);
    let moment = |at: Moment| app.office.zone.to_datetime(at.to_jiff()).strftime("%Y-%m-%d %H:%M").to_string();
    let last = match state.and_then(|state| state.last_success_at) {
        Some(at) => format!("last read {}", moment(at)),
        None => "never read yet".to_owned(),
    };
    let error = state.filter(|state| state.is_failing()).map(|state| format!("; last error: {}", state.last_error));
    let told = |text: String| format!("{text}; {last}{}", error.unwrap_or_default());
    match imap::check(app, account) {
        Ok(text) => Ok(told(text)),
        Err(text) => Err(told(text)),
    }
}

/// A key that cannot be used has refused the start already.
fn signature(app: &App) -> String {
    app.post.signer().map_or_else(|| "letters are not signed here (mail.dkim)".to_owned(), |s| s.describe().to_owned())
}

/// Own templates with a fault are not in use; the built-in ones are.
fn letters(app: &App) -> Result<String, String> {
    let faults: Vec<String> = app.letters.faults().iter().map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(format!("own templates with faults, the built-in ones are used: {}", faults.join("; ")));
    }
    Ok(match app.letters.own_files().count() {
        0 => "all templates are built in".to_owned(),
        own => format!("{own} own template(s) in use"),
    })
}

/// The calendar must cover this year and whatever year an open case's limit runs into; from October on the next one too,
/// because limits begin to reach into it.
fn calendar(app: &App) -> Result<String, String> {
    let reference = app.office.store.read(|db| app.office.reference(db)).map_err(|e| e.to_string())?;
    let today = app.clock.now().date_in(&app.office.zone);
    let mut needed = vec![today.year()];
    if today.month() >= 10 {
        needed.push(today.year() + 1);
    }
    let missed = app.office.store.read(|db| missing(db, &reference, today)).map_err(|e| e.to_string())?;
    if let Some(Missing { year, clocks }) = missed.filter(|missed| missed.clocks > 0) {
        return Err(format!(
            "{clocks} limit(s) of open cases run into the year {year}, which has no official table: \
             run `chenqing calendar import`"
        ));
    }
    match needed.iter().find(|year| !reference.calendar.covers(**year)) {
        Some(year) => Err(format!("the year {year} has no official table: weekends alone would count as days off")),
        None => {
            Ok(format!("official tables for {}", needed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
        }
    }
}

fn disk(config: &Config) -> Result<String, String> {
    let mut folders = vec![config.attachments.folder.clone()];
    if let Some(folder) = sqlite_path(&config.database.url).and_then(|p| Path::new(p).parent()) {
        folders.push(folder.display().to_string());
    }
    let mut least = u64::MAX;
    for folder in folders {
        let folder = if folder.is_empty() { ".".to_owned() } else { folder };
        let path = Path::new(&folder);
        std::fs::create_dir_all(path).map_err(|e| format!("{folder} cannot be made: {e}"))?;
        tempfile_in(path).map_err(|e| format!("{folder} cannot be written: {e}"))?;
        least = least.min(fs4::available_space(path).map_err(|e| format!("{folder}: {e}"))? / 1_048_576);
    }
    if least < LEAST_MEGABYTES {
        return Err(format!("only {least} MB are free; {LEAST_MEGABYTES} MB are the least"));
    }
    Ok(format!("writable, {least} MB free"))
}

fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".check-{}", std::process::id()));
    std::fs::write(&path, b"check")?;
    std::fs::remove_file(&path)
}
