//! `chenqing deadline`: when something is due and why, for one start or for a file of questions.

use std::io::{BufRead, ErrorKind, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::calendar_text;
use super::deadline_answer::Answer;
use super::deadline_lines::answer_lines;
use crate::domain::calendar::Calendar;
use crate::domain::limit::{Basis, Limit};
use crate::domain::pauses::Pause;
use crate::domain::time::Moment;

/// Computes when something is due, and explains it.
#[derive(Args, Debug, Clone, Default)]
#[command(after_help = "\
Examples:
  chenqing deadline --received 2026-09-18T17:30 --class urgent --explain
  chenqing deadline --received 2026-09-18T17:30 --limit \"4 office hours\" --json
  chenqing deadline --received 2026-09-18T17:30 --limit \"30 days\" --pause 2026-09-21/2026-09-24
  chenqing deadline --case 1150001234-5 --explain
  chenqing deadline --batch questions.jsonl > answers.jsonl

Exit codes: 0 answered, 2 the question makes no sense. With --batch every line has its own answer.")]
pub struct DeadlineArgs {
    /// When the clock starts: 2026-09-18T17:30 in the agency's time, 2026-09-18 for its first minute, or with an offset
    #[arg(long, value_name = "MOMENT", required_unless_present_any = ["batch", "case"])]
    pub received: Option<String>,
    /// The speed class whose limit holds: most_urgent, urgent, normal or one of the agency's own
    #[arg(long, value_name = "CODE", required_unless_present_any = ["limit", "batch", "case"])]
    pub class: Option<String>,
    /// The limit itself, before that of the class: "3 working days", "4 office hours", "90 office minutes", "30 days",
    /// "by 2026-10-01"
    #[arg(long, value_name = "LIMIT")]
    pub limit: Option<String>,
    /// Reads a limit in days on this basis, whatever it says
    #[arg(long, value_enum)]
    pub basis: Option<BasisArg>,
    /// A pause that stops the clock; may be given several times. From a date on means from its first instant
    #[arg(long, value_name = "FROM/TO")]
    pub pause: Vec<String>,
    /// An extension, as a limit that counts on from the last day; may be given several times
    #[arg(long, value_name = "LIMIT")]
    pub extension: Vec<String>,
    /// Another calendar than the installed one: official yearly tables, lists of exceptional days (may be given
    /// several times), or one JSON calendar
    #[arg(long, value_name = "FILE")]
    pub calendar: Vec<PathBuf>,
    /// The time zone that goes with --calendar
    #[arg(long, value_name = "ZONE", default_value = "Asia/Taipei", requires = "calendar")]
    pub zone: String,
    /// Prints the clocks of a case instead, by its number, with their pauses and extensions
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["received", "class", "limit", "basis", "pause", "extension", "calendar", "batch"])]
    pub case: Option<String>,
    /// The region of the installed calendar whose closures count; left out, that of the registry desk
    #[arg(long, value_name = "CODE", conflicts_with = "calendar")]
    pub region: Option<String>,
    /// Prints every day from the start to the last day with its reason
    #[arg(long)]
    pub explain: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
    /// Answers one JSON question a line, from a file or from standard input (-)
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["received", "class", "limit", "basis", "pause", "extension", "explain", "json"])]
    pub batch: Option<PathBuf>,
}

/// The basis of a limit in days.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisArg {
    /// Working days
    Working,
    /// Calendar days
    Calendar,
}

/// Runs the verb. `installed` opens the installed calendar when it is wanted, `classes` knows the limit of a speed
/// class. Answers the exit code.
///
/// # Errors
/// One sentence on what makes no sense.
pub fn run(
    args: &DeadlineArgs,
    installed: &dyn Fn() -> Result<Calendar, String>,
    classes: &dyn Fn(&str) -> Option<Limit>,
    out: &mut dyn Write,
    input: &mut dyn BufRead,
) -> Result<u8, String> {
    let calendar = || {
        if args.calendar.is_empty() { installed() } else { calendar_text::calendar(&args.calendar, &args.zone) }
    };
    if let Some(path) = &args.batch {
        // A batch whose lines bring their calendars needs no installed one; given files and regions must be there.
        let asked = !args.calendar.is_empty() || args.region.is_some();
        let calendar = if asked { Some(calendar()?) } else { calendar().ok() };
        answer_lines(path, calendar.as_ref(), out, input)?;
        return Ok(0);
    }
    let calendar = calendar()?;
    let zone = calendar.zone();
    let received = args.received.as_deref().ok_or("--received is missing")?;
    let pauses = args.pause.iter().map(|text| pause(text, zone)).collect::<Result<Vec<_>, _>>()?;
    let extensions = args.extension.iter().map(|text| text.parse()).collect::<Result<Vec<Limit>, _>>()?;
    let (start, limit) = (moment(received, zone)?, limit(args, classes)?);
    let answer = Answer::compute(start, limit, &extensions, &calendar, &pauses, args.explain)?;
    let written = if args.json { answer.write_json(out) } else { answer.write_text(&calendar, out) };
    match written.and_then(|()| out.flush()) {
        // Whoever read the answer through a pipe has seen enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(0),
    }
}

fn limit(args: &DeadlineArgs, classes: &dyn Fn(&str) -> Option<Limit>) -> Result<Limit, String> {
    let limit = match (&args.limit, &args.class) {
        (Some(text), _) => text.parse()?,
        (None, Some(class)) => classes(class).ok_or_else(|| format!("there is no speed class \"{class}\""))?,
        (None, None) => return Err("give --class or --limit".to_owned()),
    };
    Ok(match args.basis {
        Some(BasisArg::Working) => limit.on(Basis::Working),
        Some(BasisArg::Calendar) => limit.on(Basis::Calendar),
        None => limit,
    })
}

fn pause(text: &str, zone: &TimeZone) -> Result<Pause, String> {
    let (from, to) = text.split_once('/').ok_or_else(|| format!("the pause \"{text}\" is not FROM/TO"))?;
    let pause = Pause::new(moment(from, zone)?, moment(to, zone)?, "");
    if pause.to < pause.from { Err(format!("the pause {text} ends before it starts")) } else { Ok(pause) }
}

/// A moment with its offset, or one of the agency's time; of two that the clocks show alike, the first.
fn moment(text: &str, zone: &TimeZone) -> Result<Moment, String> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(Moment::from_jiff(at));
    }
    let local: DateTime = text.parse().map_err(|_| format!("\"{text}\" is not a moment like 2026-09-18T17:30"))?;
    zone.to_timestamp(local)
        .map(Moment::from_jiff)
        .map_err(|_| format!("{text} lies outside the years that can be told"))
}
