//! The report as PDF, set by typst: a cover, contents with the numbers of pages, every section with its charts and tables.
//! The file is tagged and bookmarked, says itself to be PDF/UA-1 and PDF/A-2a (read aloud, and kept for decades), and is the
//! same to the byte for the same report.

mod columns;
mod paper;
mod tables;
mod world;

use std::path::Path;

use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use self::world::ReportWorld;
use super::book::Book;
use super::charts;
use super::fonts::Fonts;
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// Writes the file, with the fonts of a folder or of the system.
///
/// # Errors
/// `Unavailable` when there is no font with Chinese characters; `Internal` when it cannot be set.
pub fn write(book: &Book, font_folder: Option<&Path>) -> Result<Vec<u8>> {
    let fonts = Fonts::find(font_folder).ok_or_else(|| no_fonts(font_folder))?;
    let paper = serde_json::to_vec(&paper::of(book, &fonts)).map_err(Error::internal)?;
    let mut files = vec![("report.json".to_owned(), paper)];
    for (at, chart) in book.sections.iter().flat_map(|section| &section.charts).enumerate() {
        files.push((paper::chart_file(at), charts::svg(chart, &book.words)?.into_bytes()));
    }
    let world = ReportWorld::new(fonts, files)?;
    let bytes = set(&world, book);
    // What typst keeps for the next time, of which there is none soon.
    typst::comemo::evict(0);
    bytes
}

/// A sentence for whoever looks after the machine.
fn no_fonts(folder: Option<&Path>) -> Error {
    let place = folder.map_or_else(|| "the system's folders".to_owned(), |f| f.display().to_string());
    Error::Unavailable(format!(
        "a PDF needs a font with Chinese characters and there is none in {place}: install one (Debian: \
         fonts-noto-cjk) or name its folder in reports.font_folder"
    ))
}

fn set(world: &ReportWorld, book: &Book) -> Result<Vec<u8>> {
    let document = typst::compile(world).output.map_err(told)?;
    let options = PdfOptions {
        ident: Smart::Custom(book.checksum.clone()),
        creator: Smart::Custom(Some("Chenqing".to_owned())),
        timestamp: made_at(book.made_at).map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
            .map_err(|e| Error::internal(e.message()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(told)
}

fn told(faults: EcoVec<SourceDiagnostic>) -> Error {
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    Error::internal(format!("the PDF cannot be set: {}", said.join("; ")))
}

fn made_at(at: Moment) -> Option<Datetime> {
    let at = jiff::tz::TimeZone::UTC.to_datetime(at.to_jiff());
    let part = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}
