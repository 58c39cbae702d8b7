//! `chenqing calendar`: the office days. Official tables are imported, typhoon days entered and revoked, a year is drawn.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar_print::{closure_json, minute, preview_json, preview_text, time, year_text};
use super::calendar_text;
use crate::acts::calendar_change::{Change, preview};
use crate::acts::import_calendar::{Imported, import};
use crate::acts::{close_offices, reopen_offices};
use crate::app::App;
use crate::domain::calendar_file::{self, CalendarFile};
use crate::domain::calendar_year::draw;
use crate::domain::closure::Closure;
use crate::domain::day::parse_date;
use crate::error::{Error, Message};
use crate::store::closures;
use crate::store::reference::Reference;
use crate::web::pages::Pages;

/// The calendar of office days.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  chenqing calendar import 2027.csv --dry-run
  chenqing calendar import 2027.csv
  chenqing calendar show 2027
  chenqing calendar close --region taipei --date 2026-07-22 --reason 颱風停班
  chenqing calendar close --region all --date 2026-07-22 --from 12:00 --reason 颱風停班
  chenqing calendar reopen 3

Exit codes: 0 done, or nothing changes; 2 refused, and nothing was changed.
Open cases are measured anew by the running server (the job recompute).")]
pub struct CalendarArgs {
    #[command(subcommand)]
    verb: CalendarVerb,
}

#[derive(Subcommand, Debug)]
enum CalendarVerb {
    /// Imports official yearly tables (政府行政機關辦公日曆表; UTF-8 or Big5). A file with a fault is refused whole
    Import {
        /// The files, each of another year
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Shows what would change, and changes nothing
        #[arg(long)]
        dry_run: bool,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Draws a year: * day off, + make-up workday, x offices shut, / shut for a part of the day, . weekend
    Show {
        /// The year of the common era
        #[arg(value_name = "YEAR")]
        year: i16,
        /// The region whose closures are drawn; left out, that of the registry desk
        #[arg(long, value_name = "CODE")]
        region: Option<String>,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Enters a day on which offices are shut (停止上班)
    Close(CloseArgs),
    /// Revokes a closure
    Reopen {
        /// Its number, as `calendar list` says it
        #[arg(value_name = "ID")]
        id: i64,
        /// Shows what would change, and changes nothing
        #[arg(long)]
        dry_run: bool,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists the closures, the newest first
    List {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Debug)]
struct CloseArgs {
    /// Code of the region, or all
    #[arg(long, value_name = "CODE|all")]
    region: String,
    /// The day: 2026-07-22
    #[arg(long, value_name = "DATE")]
    date: String,
    /// From which time on
    #[arg(long, value_name = "HH:MM", default_value = "00:00")]
    from: String,
    /// To which time
    #[arg(long, value_name = "HH:MM", default_value = "24:00")]
    to: String,
    /// Why, in the words that petitioners read: 颱風停班
    #[arg(long)]
    reason: String,
    /// Shows what would change, and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// Closures that are listed.
const LISTED: i64 = 200;

/// Runs the verb.
///
/// # Errors
/// One sentence: the file and its line, the region, what is shut already.
pub fn run(args: &CalendarArgs, file: Option<&Path>) -> Result<u8, String> {
    // Files are read before the database is opened: what is wrong with them needs none.
    let given = match &args.verb {
        CalendarVerb::Import { files, .. } => Some(read(files)?),
        _ => None,
    };
    let app = super::open(file)?;
    let said = match (&args.verb, given) {
        (CalendarVerb::Import { dry_run, json, .. }, Some(given)) => {
            change(&app, &Change::Import(given), *dry_run, *json)?
        }
        (CalendarVerb::Show { year, region, json }, _) => show(&app, *year, region.as_deref(), *json)?,
        (CalendarVerb::Close(args), _) => {
            let closure = closure(&app, args)?;
            change(&app, &Change::Close(closure), args.dry_run, args.json)?
        }
        (CalendarVerb::Reopen { id, dry_run, json }, _) => change(&app, &Change::Reopen(*id), *dry_run, *json)?,
        (CalendarVerb::List { json }, _) => list(&app, *json)?,
        (CalendarVerb::Import { .. }, None) => String::new(),
    };
    // Whoever read it through a pipe has seen enough.
    let _ = stdout().lock().write_all(said.as_bytes());
    Ok(0)
}

/// Several files as one, each year in one of them.
fn read(files: &[PathBuf]) -> Result<CalendarFile, String> {
    let mut all = CalendarFile { years: Vec::new(), days: Vec::new() };
    for path in files {
        let text = calendar_text::read(path)?;
        let file = calendar_file::parse(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        if let Some(year) = file.years.iter().find(|year| all.years.contains(year)) {
            return Err(format!("{}: the year {year} is in an earlier file already", path.display()));
        }
        all.years.extend(file.years);
        all.days.extend(file.days);
    }
    all.years.sort_unstable();
    all.days.sort_by_key(|day| day.date);
    Ok(all)
}

fn closure(app: &App, args: &CloseArgs) -> Result<Closure, String> {
    let date: Date = parse_date(args.date.trim())?;
    let reference = reference(app)?;
    let region = if args.region == "all" { String::new() } else { region(&reference, &args.region)? };
    let closure = Closure {
        region,
        date,
        from_minute: minute(&args.from)?,
        to_minute: minute(&args.to)?,
        reason: args.reason.trim().to_owned(),
    };
    let others = app.office.store.read(closures::in_force).map_err(|e| e.to_string())?;
    let today = app.clock.now().date_in(&app.office.zone);
    close_offices::check(&reference, &others, &closure, today).map_err(told)?;
    Ok(closure)
}

/// Shows what a change does and, unless it is a trial, does it.
fn change(app: &App, change: &Change, dry_run: bool, as_json: bool) -> Result<String, String> {
    let (office, now) = (&app.office, app.clock.now());
    let before = reference(app)?;
    let shown = preview(office, now, change).map_err(told)?;
    let mut changed = false;
    let mut id = None;
    if !dry_run {
        match change {
            Change::Import(file) => {
                changed = import(office, now, None, file, None).map_err(told)? != Imported::Unchanged;
            }
            Change::Close(closure) => {
                id = Some(close_offices::close(office, now, None, closure, None).map_err(told)?);
                changed = true;
            }
            Change::Reopen(closure) => {
                reopen_offices::reopen(office, now, None, *closure, None).map_err(told)?;
                changed = true;
            }
        }
    }
    if as_json {
        let mut value = preview_json(&before, &shown);
        value["changed"] = json!(changed);
        value["closure"] = json!(id);
        return pretty(&value);
    }
    let mut text = preview_text(&before, &shown);
    text.push_str(&match (dry_run, changed, id) {
        (true, ..) => "Nothing was changed: this was a trial.\n".to_owned(),
        (false, false, _) => String::new(),
        (false, true, Some(id)) => format!("In force as closure {id}; `chenqing calendar reopen {id}` revokes it.\n"),
        (false, true, None) => "The new calendar is in force.\n".to_owned(),
    });
    Ok(text)
}

fn show(app: &App, year: i16, region: Option<&str>, as_json: bool) -> Result<String, String> {
    if !(1970..=2099).contains(&year) {
        return Err(format!("the year {year} is outside 1970 to 2099"));
    }
    let reference = reference(app)?;
    let region = match region {
        Some(code) => self::region(&reference, code)?,
        None => reference.region_of(None).to_owned(),
    };
    let drawn = draw(reference.calendar_in(&region), year);
    if as_json {
        return pretty(&serde_json::to_value(&drawn).map_err(|e| e.to_string())?);
    }
    Ok(year_text(&drawn))
}

fn list(app: &App, as_json: bool) -> Result<String, String> {
    let rows = app.office.store.read(|db| closures::newest(db, LISTED)).map_err(|e| e.to_string())?;
    if as_json {
        let rows: Vec<Value> = rows.iter().map(closure_json).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        return pretty(&json!(rows));
    }
    if rows.is_empty() {
        return Ok("No closures.\n".to_owned());
    }
    let mut text = String::new();
    for row in rows {
        let closure = row.closure().map_err(|e| e.to_string())?;
        let hours = format!("{}–{}", time(closure.from_minute), time(closure.to_minute));
        let state = if row.revoked_at.is_some() { " (revoked)" } else { "" };
        let region = if closure.region.is_empty() { "all" } else { &closure.region };
        text.push_str(&format!("{:>4}  {}  {hours}  {region:<14} {}{state}\n", row.id, closure.date, closure.reason));
    }
    Ok(text)
}

fn reference(app: &App) -> Result<std::sync::Arc<Reference>, String> {
    app.office.store.read(|db| app.office.reference(db)).map_err(|e| e.to_string())
}

/// The code of a region the agency has.
///
/// # Errors
/// One sentence that lists them.
pub fn region(reference: &Reference, code: &str) -> Result<String, String> {
    if reference.regions.iter().any(|region| region.code == code) {
        return Ok(code.to_owned());
    }
    let known: Vec<&str> = reference.regions.iter().map(|region| region.code.as_str()).collect();
    Err(format!("there is no region {code:?}; the agency has {}", known.join(", ")))
}

fn pretty(value: &Value) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|e| e.to_string())
}

/// An error as one English sentence.
fn told(error: Error) -> String {
    let messages: Vec<Message> = match &error {
        Error::Refused(message) => vec![message.clone()],
        Error::Invalid(fields) => fields.iter().map(|field| field.message.clone()).collect(),
        Error::NotFound => return "there is no such closure".to_owned(),
        _ => return error.to_string(),
    };
    let Ok(pages) = Pages::new(None) else { return error.to_string() };
    let text = |message: &Message| {
        let args: serde_json::Map<String, Value> =
            message.args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        pages.text("en", message.key, &Value::Object(args)).unwrap_or_else(|_| message.key.to_owned())
    };
    messages.iter().map(text).collect::<Vec<_>>().join(" ")
}
