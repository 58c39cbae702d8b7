//! What the letter of a saved report says, in the words of its reader: figures alone, no case and no person.

use serde::{Deserialize, Serialize};

/// The letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLetter {
    /// What the report is called.
    pub report: String,
    /// Which period it counts.
    pub period: String,
    /// Until when, and whether that is final.
    pub counted: String,
    /// What of the period it counts.
    pub scope: String,
    /// The headline figures.
    pub figures: Vec<FigureLine>,
    /// Its tables, as far as a letter holds them, with the charts drawn from them.
    pub tables: Vec<ReportTable>,
    /// The names of the files that come with it.
    pub files: Vec<String>,
    /// Whether files were too large to come with it.
    pub left_out: bool,
    /// Who sent it by hand.
    pub sent_by: Option<String>,
    /// The agency.
    pub agency: String,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureLine {
    /// What it is.
    pub label: String,
    /// Its value with its unit.
    pub value: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTable {
    /// What it shows.
    pub title: String,
    /// The chart drawn from it, where the letter shows one.
    pub picture: Option<ReportPicture>,
    /// Over the names of rows.
    pub row_heading: String,
    /// Over the further columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<ReportRow>,
    /// How many more there are than the letter lists.
    pub more: usize,
}

/// A chart in a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPicture {
    /// The name of its file's part in the letter.
    pub content_id: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// How wide it is shown, in pixels.
    pub width: i32,
    /// How high.
    pub height: i32,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// What it is called.
    pub label: String,
    /// Its values as they are read.
    pub cells: Vec<String>,
    /// Whether it is the sum of the others.
    pub total: bool,
}
