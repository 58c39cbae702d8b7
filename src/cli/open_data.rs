//! `chenqing report open-data`: what may be published of a year, as a file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::App;
use crate::config::Config;
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
    #[arg(value_name = "YYYY")]
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

/// The file of the figures of a year.
///
/// # Errors
/// One sentence.
pub fn written(app: &App, args: &OpenDataArgs, figures: &PeriodFigures) -> Result<Vec<u8>, String> {
    let pages = Pages::in_zone(Config::folder(&app.config.pages.folder), app.office.zone.clone())?;
    let bytes = open_data::of(figures, &pages).and_then(|of| match args.format {
        OpenFormat::Zip => open_data::zip(&of, &pages),
        OpenFormat::Json => open_data::json(&of),
    });
    bytes.map_err(|e| match e {
        Error::Refused(_) => format!(
            "the figures that were locked for {} do not have the checksum they were locked with: compare them with a backup",
            args.year
        ),
        other => other.to_string(),
    })
}
