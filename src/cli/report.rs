//! `chenqing report`: the figures of a year, a quarter or a month as a file.

use std::fs;
use std::io::{IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::App;
use crate::config::Config;
use crate::domain::figures::{Period, PeriodFigures, PeriodName};
use crate::domain::time::Moment;
use crate::error::Error;
use crate::reports::year_changes::{YearChanges, year_changes};
use crate::reports::{self, Format, year};
use crate::store::figures;
use crate::web::pages::Pages;

/// Writes reports.
#[derive(Args, Debug, Clone)]
#[command(after_help = "\
Examples:
  chenqing report year 2025 --format ods --output 2025.ods
  chenqing report year 2025 --format pdf --output 2025.pdf
  chenqing report year 2026 --format json --output - | jq .total
  chenqing report quarter 2026Q3 --format csv --output 2026Q3.csv
  chenqing report month 2026-09 --format html --output 2026-09.html --lang en
  chenqing report year 2025 --changes

Exit codes: 0 written, 2 the period has not begun, the format is not built in, or the file cannot be written, 3 written,
but the locked figures of the year do not have the checksum they were locked with.")]
pub struct ReportArgs {
    #[command(subcommand)]
    verb: ReportVerb,
}

#[derive(Subcommand, Debug, Clone)]
enum ReportVerb {
    /// Writes the figures of a year: the reported ones once it was reported, otherwise counted up to now
    Year(YearArgs),
    /// Writes the figures of a quarter, counted up to now
    Quarter(QuarterArgs),
    /// Writes the figures of a month, counted up to now
    Month(MonthArgs),
}

/// `chenqing report year`.
#[derive(Args, Debug, Clone)]
pub struct YearArgs {
    /// The year of the common era
    #[arg(value_name = "YYYY")]
    pub year: i16,
    /// The format
    #[arg(long, value_enum, required_unless_present = "changes")]
    format: Option<FormatArg>,
    /// Where to; - is standard output
    #[arg(long, value_name = "FILE", required_unless_present = "changes")]
    output: Option<PathBuf>,
    /// The language, where the format has one
    #[arg(long, value_enum, default_value_t = Language::ZhTw)]
    lang: Language,
    /// Counts a year anew that was reported, to see what has changed since
    #[arg(long)]
    pub recount: bool,
    /// Lists what would be counted otherwise now of a year that was reported, on standard output
    #[arg(long, conflicts_with_all = ["format", "output", "recount"])]
    pub changes: bool,
    /// The list as JSON
    #[arg(long, requires = "changes")]
    pub json: bool,
}

/// `chenqing report quarter`.
#[derive(Args, Debug, Clone)]
pub struct QuarterArgs {
    /// The quarter, for example 2026Q3
    #[arg(value_name = "YYYYQn", value_parser = quarter)]
    pub quarter: PeriodName,
    #[command(flatten)]
    file: FileArgs,
}

/// `chenqing report month`.
#[derive(Args, Debug, Clone)]
pub struct MonthArgs {
    /// The month, for example 2026-09
    #[arg(value_name = "YYYY-MM", value_parser = month)]
    pub month: PeriodName,
    #[command(flatten)]
    file: FileArgs,
}

/// What is written where.
#[derive(Args, Debug, Clone)]
struct FileArgs {
    /// The format
    #[arg(long, value_enum)]
    format: FormatArg,
    /// Where to; - is standard output
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// The language, where the format has one
    #[arg(long, value_enum, default_value_t = Language::ZhTw)]
    lang: Language,
}

fn quarter(text: &str) -> Result<PeriodName, String> {
    let name = PeriodName::parse(text).filter(|name| matches!(name, PeriodName::Quarter(..)));
    name.ok_or_else(|| "a quarter is written 2026Q3".to_owned())
}

fn month(text: &str) -> Result<PeriodName, String> {
    let name = PeriodName::parse(text).filter(|name| matches!(name, PeriodName::Month(..)));
    name.ok_or_else(|| "a month is written 2026-09".to_owned())
}

/// The formats.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatArg {
    /// An OpenDocument spreadsheet
    Ods,
    /// An Excel workbook
    Xlsx,
    /// A document to print and to keep (in programs built with the feature pdf)
    Pdf,
    /// A page to print, whole in itself
    Html,
    /// Everything as one table, UTF-8
    Csv,
    /// A CSV file for each table, in a ZIP archive
    Zip,
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

/// What is asked for.
struct Asked {
    name: PeriodName,
    /// Whether a locked year is counted anew.
    recount: bool,
    format: FormatArg,
    output: PathBuf,
    lang: Language,
}

impl ReportArgs {
    fn asked(&self) -> Asked {
        let of = |name, file: &FileArgs| Asked {
            name,
            recount: false,
            format: file.format,
            output: file.output.clone(),
            lang: file.lang,
        };
        match &self.verb {
            ReportVerb::Year(args) => Asked {
                name: PeriodName::Year(args.year),
                recount: args.recount,
                // Both are there unless the changes are asked for, which need neither.
                format: args.format.unwrap_or(FormatArg::Json),
                output: args.output.clone().unwrap_or_else(|| PathBuf::from("-")),
                lang: args.lang,
            },
            ReportVerb::Quarter(args) => of(args.quarter, &args.file),
            ReportVerb::Month(args) => of(args.month, &args.file),
        }
    }
}

/// Exit code: written, but the locked figures are damaged.
const DAMAGED: u8 = 3;

/// Runs the verb.
///
/// # Errors
/// One sentence: the period, the database or the file.
pub fn run(args: &ReportArgs, file: Option<&Path>) -> Result<u8, String> {
    let app = super::open(file)?;
    let asked = args.asked();
    let (bytes, damaged) = written(&app, args, app.clock.now())?;
    let named = |e: std::io::Error| format!("{} cannot be written: {e}", asked.output.display());
    if asked.output == Path::new("-") {
        match stdout().lock().write_all(&bytes) {
            // Whoever read the report through a pipe has seen enough.
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => return Err(named(e)),
            _ => {}
        }
    } else {
        fs::write(&asked.output, bytes).map_err(named)?;
    }
    if damaged {
        eprintln!(
            "the figures that were locked for {} do not have the checksum they were locked with: compare them with a backup",
            asked.name
        );
        return Ok(DAMAGED);
    }
    Ok(0)
}

/// The report as it is written to the file.
///
/// # Errors
/// One sentence.
pub fn report(app: &App, args: &ReportArgs, now: Moment) -> Result<Vec<u8>, String> {
    written(app, args, now).map(|(bytes, _)| bytes)
}

/// What is written, and whether the locked figures it was made from are damaged.
fn written(app: &App, args: &ReportArgs, now: Moment) -> Result<(Vec<u8>, bool), String> {
    let asked = args.asked();
    if !asked.format.format().is_built_in() {
        return Err(
            "this program was built without PDF: build it with --features pdf, or take --format html and print it"
                .to_owned(),
        );
    }
    let pages = Pages::in_zone(Config::folder(&app.config.pages.folder), app.office.zone.clone())?
        .with_fonts(Config::folder(&app.config.reports.font_folder));
    if let ReportVerb::Year(YearArgs { changes: true, year, json, lang, .. }) = &args.verb {
        let found = changes(app, *year, now, &pages)?;
        let text = if *json {
            serde_json::to_string_pretty(&found).map(|text| text + "\n").map_err(|e| e.to_string())?
        } else {
            found.text(lang.locale(), &pages).map_err(|e| e.to_string())?
        };
        return Ok((text.into_bytes(), found.locked_damaged));
    }
    let figures = figures_of(app, &asked, now)?;
    let bytes = reports::write(&figures, asked.format.format(), asked.lang.locale(), &pages);
    Ok((bytes.map_err(|e| e.to_string())?, figures.locked_damaged))
}

/// What would be counted otherwise now of a locked year.
fn changes(app: &App, year: i16, now: Moment, pages: &Pages) -> Result<YearChanges, String> {
    let office = &app.office;
    let found = office.store.read(|db| {
        let Some(locked) = year::locked(db, year)? else { return Ok(None) };
        let reference = office.reference(db)?;
        let counted = year::count(db, &reference, &office.zone, year, now)?;
        year_changes(&locked, &counted, now, pages).map(Some)
    });
    match found {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(format!("{year} was not reported yet: there is nothing to compare with")),
        Err(e) => Err(format!("the figures of {year} cannot be counted: {e}")),
    }
}

fn figures_of(app: &App, asked: &Asked, now: Moment) -> Result<PeriodFigures, String> {
    let (office, name) = (&app.office, asked.name);
    let figures = office.store.read(|db| {
        if let (PeriodName::Year(year), false) = (name, asked.recount)
            && let Some(locked) = year::locked(db, year)?
        {
            return Ok(locked);
        }
        let reference = office.reference(db)?;
        let period = Period::of(name, &office.zone, now).ok_or(Error::NotFound)?;
        let bar = bar(figures::number(db, &period)?);
        let report = year::report(db, &reference, &office.zone, name, now, &mut |done| bar.set_position(done));
        bar.finish_and_clear();
        report
    });
    figures.map_err(|e| match e {
        Error::NotFound => format!("{name} has not begun"),
        other => format!("the figures of {name} cannot be counted: {other}"),
    })
}

/// A bar on a terminal, nothing elsewhere.
fn bar(rounds: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} cases, {per_sec}, {eta} left");
    ProgressBar::new(rounds).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl FormatArg {
    const fn format(self) -> Format {
        match self {
            Self::Ods => Format::Ods,
            Self::Xlsx => Format::Xlsx,
            Self::Pdf => Format::Pdf,
            Self::Html => Format::Html,
            Self::Csv => Format::Csv,
            Self::Zip => Format::Zip,
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
