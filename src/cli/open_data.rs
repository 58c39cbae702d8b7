//! `chenqing report open-data`: what may be published of a year, as a file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::report::year;
use crate::domain::figures::PeriodFigures;
use crate::error::Error;
use crate::reports::open_data;
use crate::web::pages::Pages;

/// `chenqing report open-data`. The files hold both languages.
#[derive(Args, Debug, Clone)]
#[command(after_help = "\
Counts of 1 to 4 are suppressed, and further counts from which they could be computed (docs/open_data.md). Of a year that was
not locked yet everything is marked provisional. The files hold both languages.

Examples:
  chenqing report open-data 2025 --output open-data-2025.zip
  chenqing report open-data 2025 --format json --output - | jq .suppression")]
pub struct OpenDataArgs {
    /// The year of the common era
    #[arg(value_name = "YYYY", value_parser = year)]
    pub year: i16,
    /// The format
    #[arg(long, value_enum, default_value_t = OpenFormat::Zip)]
    format: OpenFormat,
    /// Where to; - is standard output
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

/// The formats of open data.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum OpenFormat {
    /// A CSV file for each table, the dictionary and the licence, in a ZIP archive
    Zip,
    /// The same for programs
    Json,
}

/// The file of the figures of a year; `damaged` says that they are not as they were locked.
///
/// # Errors
/// One sentence.
pub fn written(
    args: &OpenDataArgs,
    figures: &PeriodFigures,
    pages: &Pages,
    damaged: impl Fn() -> String,
) -> Result<Vec<u8>, String> {
    let bytes = open_data::of(figures, pages).and_then(|of| match args.format {
        OpenFormat::Zip => open_data::zip(&of, pages),
        OpenFormat::Json => open_data::json(&of),
    });
    bytes.map_err(|e| match e {
        Error::Refused(_) => damaged(),
        other => other.to_string(),
    })
}
