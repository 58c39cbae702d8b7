//! What `chenqing report` is asked: which period, in which format and language, into which file.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::open_data::OpenDataArgs;
use crate::domain::figures::PeriodName;
use crate::reports::Format;

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
  chenqing report open-data 2025 --output open-data-2025.zip

Exit codes: 0 written, 2 the period has not begun, the format is not built in, or the file cannot be written, 3 written,
but the locked figures of the year do not have the checksum they were locked with.")]
pub struct ReportArgs {
    #[command(subcommand)]
    pub(super) verb: ReportVerb,
}

/// The reports.
#[derive(Subcommand, Debug, Clone)]
pub(super) enum ReportVerb {
    /// Writes the figures of a year: the reported ones once it was reported, otherwise counted up to now
    Year(YearArgs),
    /// Writes the figures of a quarter; of one that is not over, counted up to now
    Quarter(QuarterArgs),
    /// Writes the figures of a month; of one that is not over, counted up to now
    Month(MonthArgs),
    /// Writes what may be published of a year: counts with small ones suppressed, dictionary and licence
    OpenData(OpenDataArgs),
}

/// `chenqing report year`.
#[derive(Args, Debug, Clone)]
pub struct YearArgs {
    /// The year of the common era
    #[arg(value_name = "YYYY", value_parser = year)]
    pub year: i16,
    /// The format
    #[arg(long, value_enum, required_unless_present = "changes")]
    format: Option<FormatArg>,
    /// Where to; - is standard output
    #[arg(long, value_name = "FILE", required_unless_present = "changes")]
    output: Option<PathBuf>,
    /// The language, where the format has one
    #[arg(long, value_enum, default_value_t = Language::ZhTw)]
    pub(super) lang: Language,
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

/// A year as it is typed.
pub(in crate::cli) fn year(text: &str) -> Result<i16, String> {
    typed(text, "a year is written 2025", |name| matches!(name, PeriodName::Year(_))).map(PeriodName::year)
}

fn quarter(text: &str) -> Result<PeriodName, String> {
    typed(text, "a quarter is written 2026Q3", |name| matches!(name, PeriodName::Quarter(..)))
}

fn month(text: &str) -> Result<PeriodName, String> {
    typed(text, "a month is written 2026-09", |name| matches!(name, PeriodName::Month(..)))
}

/// A period of its kind as it is typed; of a year of the Republic it is said what is meant.
fn typed(text: &str, form: &str, is: fn(&PeriodName) -> bool) -> Result<PeriodName, String> {
    if let Some(name) = PeriodName::parse(text).filter(is) {
        return Ok(name);
    }
    Err(match PeriodName::of_republic(text).filter(is) {
        Some(name) => format!("{form}; {text} of the Republic is {name}"),
        None => form.to_owned(),
    })
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
pub(super) struct Asked {
    pub(super) name: PeriodName,
    /// Whether a locked year is counted anew.
    pub(super) recount: bool,
    pub(super) format: FormatArg,
    pub(super) output: PathBuf,
    pub(super) lang: Language,
}

impl ReportArgs {
    pub(super) fn asked(&self) -> Asked {
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
            // Written in a format of its own.
            ReportVerb::OpenData(args) => Asked {
                name: PeriodName::Year(args.year),
                recount: false,
                format: FormatArg::Zip,
                output: args.output.clone(),
                lang: Language::ZhTw,
            },
        }
    }
}

impl FormatArg {
    pub(super) const fn format(self) -> Format {
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
    pub(in crate::cli) const fn locale(self) -> &'static str {
        match self {
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }
}
