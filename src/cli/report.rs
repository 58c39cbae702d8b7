//! `chenqing report`: the figures of a year as a file.

use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::app::App;
use crate::config::Config;
use crate::domain::time::Moment;
use crate::error::Error;
use crate::reports::{self, Format, year};
use crate::web::pages::Pages;

/// Writes reports.
#[derive(Args, Debug, Clone)]
#[command(after_help = "\
Examples:
  chenqing report year 2025 --format html --output 2025.html
  chenqing report year 2026 --format json --output - | jq .total

Exit codes: 0 written, 2 the year has not begun, or the file cannot be written.")]
pub struct ReportArgs {
    #[command(subcommand)]
    verb: ReportVerb,
}

#[derive(Subcommand, Debug, Clone)]
enum ReportVerb {
    /// Writes the figures of a year: the reported ones once it was reported, otherwise counted up to now
    Year(YearArgs),
}

/// `chenqing report year`.
#[derive(Args, Debug, Clone)]
pub struct YearArgs {
    /// The year of the common era
    #[arg(value_name = "YYYY")]
    pub year: i16,
    /// The format
    #[arg(long, value_enum)]
    pub format: FormatArg,
    /// Where to; - is standard output
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// The language, where the format has one
    #[arg(long, value_enum, default_value_t = Language::ZhTw)]
    pub lang: Language,
    /// Counts a year anew that was reported, to see what has changed since
    #[arg(long)]
    pub recount: bool,
}

/// The formats.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatArg {
    /// A page to print, whole in itself
    Html,
    /// A table for spreadsheets, UTF-8
    Csv,
    /// For programs
    Json,
}

/// The languages.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese
    #[value(name = "zh-TW")]
    ZhTw,
    /// English
    En,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: the year, the database or the file.
pub fn run(args: &ReportArgs, file: Option<&Path>) -> Result<u8, String> {
    let ReportVerb::Year(args) = &args.verb;
    let app = super::open(file)?;
    let bytes = report(&app, args, app.clock.now())?;
    let named = |e: std::io::Error| format!("{} cannot be written: {e}", args.output.display());
    if args.output == Path::new("-") {
        match stdout().lock().write_all(&bytes) {
            // Whoever read the report through a pipe has seen enough.
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => return Err(named(e)),
            _ => return Ok(0),
        }
    }
    fs::write(&args.output, bytes).map_err(named)?;
    Ok(0)
}

/// The report as it is written to the file.
///
/// # Errors
/// One sentence.
pub fn report(app: &App, args: &YearArgs, now: Moment) -> Result<Vec<u8>, String> {
    let pages = Pages::in_zone(Config::folder(&app.config.pages.folder), app.office.zone.clone())?;
    let (format, locale) = (args.format.format(), args.lang.locale());
    let office = &app.office;
    let figures = office.store.read(|db| {
        let reference = office.reference(db)?;
        let of = if args.recount { year::count } else { year::of_year };
        of(db, &reference, &office.zone, args.year, now)
    });
    let figures = figures.map_err(|e| match e {
        Error::NotFound => format!("the year {} has not begun", args.year),
        other => format!("the figures of {} cannot be counted: {other}", args.year),
    })?;
    reports::write(&figures, format, locale, &pages).map_err(|e| e.to_string())
}

impl FormatArg {
    const fn format(self) -> Format {
        match self {
            Self::Html => Format::Html,
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
        }
    }
}

impl Language {
    pub(super) const fn locale(self) -> &'static str {
        match self {
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }
}
