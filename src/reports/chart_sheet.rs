//! How the charts of a report lie in a workbook, the same in ODS and XLSX: on a last sheet one below the other, each with its
//! title, its unit and source, its numbers as a table, and the picture under them.

use super::book::{Book, BookWords, Chart, plain};
use super::charts;

/// The width of the pictures and the height of the rows behind them, in points.
pub(super) const WIDTH: f64 = 460.0;
pub(super) const ROW: f64 = 16.5;
/// The widths of the first column and of the others, in half-width characters.
pub(super) const COLUMNS: (f64, f64) = (30.0, 14.0);
/// The row of the first chart, below the title of the sheet.
const FIRST: u32 = 2;

/// A chart and its rows.
pub(super) struct Placed<'a> {
    /// The chart.
    pub(super) chart: &'a Chart,
    /// Its file, for formats that carry pictures.
    pub(super) at: usize,
    /// The row of its title; its note, its headings and its numbers follow.
    pub(super) top: u32,
    /// The first row of the picture, and how many it covers.
    pub(super) picture: (u32, u32),
    /// How high the picture is, in points.
    pub(super) height: f64,
}

impl Placed<'_> {
    /// The row of the note.
    pub(super) const fn note(&self) -> u32 {
        self.top + 1
    }

    /// The row of the headings.
    pub(super) const fn head(&self) -> u32 {
        self.top + 2
    }

    /// The row of the first number.
    pub(super) const fn first(&self) -> u32 {
        self.top + 3
    }

    /// What it is counted in, and where it comes from.
    pub(super) fn said(&self, words: &BookWords) -> String {
        plain(&format!("{}{}　{}{}", words.unit, self.chart.unit, words.source, self.chart.source))
    }
}

/// Every chart of a report with its place.
pub(super) fn placed(book: &Book) -> Vec<Placed<'_>> {
    let mut top = FIRST;
    let mut placed = Vec::new();
    for (at, chart) in book.sections.iter().flat_map(|section| &section.charts).enumerate() {
        let height = WIDTH * f64::from(charts::height(chart)) / f64::from(charts::WIDTH);
        let begin = top + 3 + u32::try_from(chart.categories.len()).unwrap_or(u32::MAX);
        let rows = rows(height);
        placed.push(Placed { chart, at, top, picture: (begin, rows), height });
        top = begin + rows + 2;
    }
    placed
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture is some rows high")]
fn rows(height: f64) -> u32 {
    (height / ROW).ceil() as u32
}
