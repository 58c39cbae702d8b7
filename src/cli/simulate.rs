//! `chenqing simulate`: a year lived again under another policy document or calendar, beside what it was.

use std::fs;
use std::io::{IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::calendar_text;
use crate::acts::policy_text;
use crate::app::App;
use crate::domain::calendar::CalendarData;
use crate::domain::time::Moment;
use crate::reports::compared::{Line, Replay};
use crate::reports::replay::{self, Other};

/// Replays a year's cases under another policy document or calendar and prints how many would have been on time, beside how
/// many were. Nothing is changed.
#[derive(Args, Debug, Clone)]
#[command(after_help = "\
Examples:
  chenqing simulate --policy policies.toml --year 2025
  chenqing simulate --year 2025 --calendar 114-reissued.csv --json

Exit codes: 0 printed, 2 the policy, the calendar or the database cannot be read.")]
pub struct SimulateArgs {
    /// The policy document; without it each case keeps the one it was received under
    #[arg(long, value_name = "FILE", required_unless_present = "calendar")]
    pub policy: Option<PathBuf>,
    /// The year in which the cases were received or opened again
    #[arg(long, value_name = "YYYY")]
    pub year: i16,
    /// Official yearly tables or lists of exceptional days in place of the installed calendar (may be given several times)
    #[arg(long, value_name = "FILE")]
    pub calendar: Vec<PathBuf>,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: the policy, the calendar, or the database.
pub fn run(args: &SimulateArgs, file: Option<&Path>) -> Result<u8, String> {
    let app = super::open(file)?;
    let replay = simulate(&app, args, app.clock.now())?;
    let text = if args.json {
        serde_json::to_string_pretty(&replay).map_err(|e| e.to_string())? + "\n"
    } else {
        text(&replay, &under(args))
    };
    match stdout().lock().write_all(text.as_bytes()) {
        // Whoever read the figures through a pipe has seen enough.
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.to_string()),
        _ => Ok(0),
    }
}

/// The year, now and then.
///
/// # Errors
/// One sentence.
pub fn simulate(app: &App, args: &SimulateArgs, now: Moment) -> Result<Replay, String> {
    let office = &app.office;
    let reference = office.store.read(|db| office.reference(db)).map_err(|e| e.to_string())?;
    let policies = args.policy.as_deref().map(|path| {
        let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
        let text = fs::read_to_string(path).map_err(|e| named(&e))?;
        policy_text::read(&text, &reference, office.rules.ceiling_days).map_err(|e| named(&e))
    });
    let policies = policies.transpose()?;
    let calendar = if args.calendar.is_empty() { None } else { Some(calendar(app, args, reference.calendar.data())?) };
    let other = Other {
        policies: policies.as_ref(),
        calendar,
        default_speed_class: &office.rules.default_speed_class,
        zone: &office.zone,
    };
    let failed = |e: crate::error::Error| format!("the year {} cannot be replayed: {e}", args.year);
    let bar = bar(replay::number(&office.store, args.year).map_err(failed)?);
    let replay = replay::replay(&office.store, &reference, &other, args.year, now, |done| bar.set_position(done));
    bar.finish_and_clear();
    replay.map_err(failed)
}

/// The days of the files with the installed office hours; a JSON calendar brings its own.
fn calendar(app: &App, args: &SimulateArgs, installed: &CalendarData) -> Result<CalendarData, String> {
    let zone = app.config.agency.time_zone.as_str();
    let read = calendar_text::calendar(&args.calendar, zone)?;
    if read.data().years.is_none() {
        return Ok(read.data().clone());
    }
    Ok(CalendarData {
        years: read.data().years.clone(),
        days: read.data().days.clone(),
        dated_hours: Vec::new(),
        ..installed.clone()
    })
}

fn under(args: &SimulateArgs) -> String {
    let name = |path: &PathBuf| path.display().to_string();
    args.policy.iter().chain(&args.calendar).map(name).collect::<Vec<_>>().join(", ")
}

/// A bar on a terminal, nothing elsewhere.
fn bar(rounds: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} cases, {per_sec}, {eta} left");
    ProgressBar::new(rounds).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The figures as a table.
#[must_use]
pub fn text(replay: &Replay, under: &str) -> String {
    let mut out = format!(
        "{} under {under}\n\n{:<44}{:>10}{:>18}{:>18}{:>14}{:>17}{:>10}{:>14}{:>10}\n",
        replay.year,
        "",
        "closed",
        "on time now",
        "then",
        "becomes late",
        "becomes on time",
        "open",
        "overdue now",
        "then"
    );
    let all = Line { name_en: "All".into(), ..replay.total.clone() };
    out.push_str(&row(&all));
    for (title, lines) in [
        ("By speed class", &replay.speed_class),
        ("By category", &replay.category),
        ("By branch or division", &replay.unit),
        ("By channel", &replay.channel),
    ] {
        out.push_str(&format!("\n{title}\n"));
        lines.iter().for_each(|line| out.push_str(&row(line)));
    }
    let c = &replay.total.compared;
    out.push_str(&format!(
        "\n{} cases would have had another last day. With extensions: {} on time now, {} then.\n",
        c.moved, c.on_time_extended_now, c.on_time_extended_then
    ));
    if replay.uncovered {
        out.push_str("Some last days fall into a year without an official calendar: the figures may change.\n");
    }
    out
}

fn row(line: &Line) -> String {
    let c = &line.compared;
    let share = |number: u64, rate: Option<f64>| match rate {
        Some(rate) => format!("{number} ({rate:.1} %)"),
        None => number.to_string(),
    };
    format!(
        "{:<44}{:>10}{:>18}{:>18}{:>14}{:>17}{:>10}{:>14}{:>10}\n",
        line.name_en.chars().take(43).collect::<String>(),
        c.closed,
        share(c.on_time_now, line.rate_now),
        share(c.on_time_then, line.rate_then),
        c.becomes_late,
        c.becomes_on_time,
        c.open,
        c.overdue_now,
        c.overdue_then
    )
}
