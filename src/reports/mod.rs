//! Reports: the figures of a period as a value, and the formats it is written in. Each format is one file and one arm of
//! [`write()`]. What people read as a document is first a [`book::Book`], whatever it was counted from: its tables as
//! spreadsheets by [`write_book()`], its charts as pictures by [`charts::svg()`].

pub mod behind;
pub mod book;
mod chart_sheet;
pub mod charts;
pub mod columns;
pub mod compared;
mod counting;
pub mod csv;
pub mod csv_zip;
pub mod dashboard;
pub mod document;
pub mod effect;
#[cfg(feature = "pdf")]
mod fonts;
pub mod guard;
pub mod handling_time;
pub mod html;
mod issues;
pub mod json;
pub mod kept;
mod lists;
pub mod ods;
pub mod open_data;
pub mod page;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod pictures;
pub mod raster;
pub mod recent;
pub mod replay;
pub mod saved;
pub mod saved_letter;
pub mod saved_mail;
pub mod scope;
mod series;
pub mod summary;
mod workbook;
pub mod xlsx;
pub mod year;
pub mod year_changes;
pub mod year_end;
mod zipped;

use std::path::Path;

use crate::codes;
use crate::domain::figures::{
    OPEN, OWN, PeriodFigures, PeriodName, Row, SeriesRow, TableName, UNASSIGNED, UNCLASSIFIED,
};
use crate::error::{Error, Result};

codes! {
    /// A format of reports.
    Format {
        /// An OpenDocument spreadsheet.
        Ods = "ods",
        /// An Office Open XML workbook.
        Xlsx = "xlsx",
        /// A document to print and to keep, in programs built with it.
        Pdf = "pdf",
        /// A page to print, whole in itself.
        Html = "html",
        /// Everything as one table for spreadsheets.
        Csv = "csv",
        /// A CSV file for each table, in one archive.
        Zip = "zip",
        /// For programs.
        Json = "json",
    }
}

impl Format {
    /// Whether this program can write it.
    #[must_use]
    pub const fn is_built_in(self) -> bool {
        cfg!(feature = "pdf") || !matches!(self, Self::Pdf)
    }

    /// Whether documents ([`book::Book`]) are written in it.
    #[must_use]
    pub const fn is_document(self) -> bool {
        matches!(self, Self::Ods | Self::Xlsx | Self::Zip | Self::Pdf)
    }

    /// Those that this program can write, in order.
    pub fn built_in() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|format| format.is_built_in())
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ods => BookFormat::Ods.media_type(),
            Self::Xlsx => BookFormat::Xlsx.media_type(),
            Self::Pdf => "application/pdf",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Zip => BookFormat::Csv.media_type(),
            Self::Json => "application/json",
        }
    }
}

codes! {
    /// A format of documents ([`book::Book`]).
    BookFormat {
        /// An OpenDocument spreadsheet.
        Ods = "ods",
        /// An Office Open XML workbook.
        Xlsx = "xlsx",
        /// A table a file, in one archive.
        Csv = "csv",
    }
}

impl BookFormat {
    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "application/zip",
        }
    }
}

/// A document in a format. The same document is the same bytes.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write_book(book: &book::Book, format: BookFormat) -> Result<Vec<u8>> {
    match format {
        BookFormat::Ods => ods::write(book),
        BookFormat::Xlsx => xlsx::write(book),
        BookFormat::Csv => csv_zip::write(book),
    }
}

/// What reports need of the pages.
pub trait Words {
    /// A message of the message files, with its arguments.
    ///
    /// # Errors
    /// `Internal` when there is no such message.
    fn text(&self, locale: &str, key: &str, args: &serde_json::Value) -> Result<String>;

    /// A moment (RFC 3339), or a day (YYYY-MM-DD), as it is written in a language.
    ///
    /// # Errors
    /// `Internal` when it is neither.
    fn moment(&self, locale: &str, text: &str) -> Result<String>;

    /// A page with its data.
    ///
    /// # Errors
    /// `Internal` when the data lack something.
    fn page(&self, locale: &str, name: &str, data: &serde_json::Value) -> Result<String>;

    /// Where the fonts of PDFs are; none: where the system keeps its own.
    fn font_folder(&self) -> Option<&Path>;

    /// The style of a page that stands alone.
    fn style(&self) -> String;
}

/// A document in a format of reports that documents have: spreadsheets, and PDF in programs built with it.
///
/// # Errors
/// `NotFound` for another format, or one that is not built in; `Unavailable` when there is no font for it.
pub fn write_document(book: &book::Book, format: Format, words: &dyn Words) -> Result<Vec<u8>> {
    match format {
        Format::Ods => write_book(book, BookFormat::Ods),
        Format::Xlsx => write_book(book, BookFormat::Xlsx),
        Format::Zip => write_book(book, BookFormat::Csv),
        Format::Pdf => as_pdf(book, words),
        Format::Html | Format::Csv | Format::Json => Err(Error::NotFound),
    }
}

#[cfg(feature = "pdf")]
fn as_pdf(book: &book::Book, words: &dyn Words) -> Result<Vec<u8>> {
    pdf::write(book, words.font_folder())
}

#[cfg(not(feature = "pdf"))]
const fn as_pdf(_: &book::Book, _: &dyn Words) -> Result<Vec<u8>> {
    Err(Error::NotFound)
}

/// A report in a format, in the language of `locale` where the format has one.
///
/// # Errors
/// `Internal` when a text is missing; `NotFound` for a format that is not built in; `Unavailable` when there is no font for it.
pub fn write(figures: &PeriodFigures, format: Format, locale: &str, words: &dyn Words) -> Result<Vec<u8>> {
    match format {
        Format::Ods | Format::Xlsx | Format::Zip | Format::Pdf => {
            write_document(&document::of(figures, locale, words)?, format, words)
        }
        Format::Html => html::write(figures, locale, words).map(String::into_bytes),
        Format::Csv => csv::write(figures, locale, words),
        Format::Json => json::write(figures, words).map(String::into_bytes),
    }
}

/// What a row is called: the agency's name for it, or the program's.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn label(table: TableName, row: &Row, locale: &str, words: &dyn Words) -> Result<String> {
    if let Some(names) = &row.names {
        let name = names.of(locale);
        return if row.code.ends_with(OWN) {
            words.text(locale, "row-own", &serde_json::json!({ "unit": name }))
        } else {
            Ok(name.to_owned())
        };
    }
    let none = serde_json::json!({});
    match (table, row.code.as_str()) {
        (TableName::Month, code) => month(code, locale, words),
        (TableName::ChannelMonth, code) => {
            let channel = words.text(locale, &format!("channel-{code}"), &none)?;
            Ok(format!("{channel} {}", month(row.month.as_deref().unwrap_or_default(), locale, words)?))
        }
        (_, OPEN) => words.text(locale, "row-open", &none),
        (TableName::CloseCode, code) => words.text(locale, &format!("close-{}", code.replace('_', "-")), &none),
        (TableName::Extension | TableName::Reassignment, code) => {
            words.text(locale, &format!("row-{}-{}", table.code(), code.replace('_', "-")), &none)
        }
        (_, UNCLASSIFIED) => words.text(locale, "row-unclassified", &none),
        (_, UNASSIGNED) => words.text(locale, "row-unassigned", &none),
        (table, code) => words.text(locale, &format!("{}-{}", table.code(), code.replace('_', "-")), &none),
    }
}

/// What a period like `2026`, `2026Q3` or `2026-09` is called; in Chinese in years of the Republic.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn period_label(period: &str, locale: &str, words: &dyn Words) -> Result<String> {
    match PeriodName::parse(period) {
        Some(name) => summary::name_of(name, locale, words),
        None => Ok(period.to_owned()),
    }
}

/// What a period of a series is called, with what has to be known of it: that records begin within it, that it
/// still runs, or that it was locked.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn series_label(row: &SeriesRow, locale: &str, words: &dyn Words) -> Result<String> {
    let label = period_label(&row.period, locale, words)?;
    if let Some(month) = &row.records_from {
        let month = period_label(month, locale, words)?;
        return words.text(locale, "series-partial", &serde_json::json!({ "period": label, "month": month }));
    }
    let key = match (row.complete, row.locked) {
        (false, _) => "series-running",
        (true, true) => "series-locked",
        (true, false) => return Ok(label),
    };
    words.text(locale, key, &serde_json::json!({ "period": label }))
}

/// The name of the month that a text like `2026-09` ends with.
fn month(text: &str, locale: &str, words: &dyn Words) -> Result<String> {
    let month: i64 = text.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or_default();
    words.text(locale, "month-name", &serde_json::json!({ "month": month }))
}
