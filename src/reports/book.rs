//! The document of a report: plain data, already in the reader's language, from which every format is written. Whoever makes
//! it decides what is said and in which order; whoever writes a format only sets it.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::charts::text::number;
use crate::domain::day::short;
use crate::domain::time::Moment;

/// A report as a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// The language, as a tag ("zh-TW", "en").
    pub locale: String,
    /// What the report is.
    pub title: String,
    /// Whose it is.
    pub agency: String,
    /// A line that says which period it covers.
    pub period: String,
    /// A line that says when the records were read.
    pub made: String,
    /// The same moment, which files carry as the moment they were made: the same figures give the same bytes.
    pub made_at: Moment,
    /// A line with the checksum of the figures, by which a copy is compared with what was frozen.
    pub checksum: String,
    /// What the formats themselves say.
    pub words: BookWords,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// The words that a format needs beside the content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookWords {
    /// Over the list of what the report contains.
    pub contents: String,
    /// What stands behind the title of a table where it goes on.
    pub continued: String,
    /// Over the sheet of charts in a workbook.
    pub charts: String,
    /// Around the number of a page and the number of pages ("第 ", " 頁，共 ", " 頁").
    pub page: [String; 3],
    /// Over the column with the codes of rows.
    pub code: String,
    /// Over the column with the steps of a tree, counted from 0.
    pub level: String,
    /// Before the source of a table or chart, with its colon.
    pub source: String,
    /// Before the unit of a table or chart, with its colon.
    pub unit: String,
    /// Paragraphs of the text that lies beside files: how they are read. The list of the files follows them.
    pub readme: Vec<String>,
}

/// A part of a report with a heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its code, unique in the report: letters, digits, `-` and `_`.
    pub code: String,
    /// Its heading.
    pub heading: String,
    /// What the figures say, in plain words.
    pub notes: Vec<String>,
    /// Its charts, before the tables they are drawn from.
    pub charts: Vec<Chart>,
    /// Its tables.
    pub sheets: Vec<Sheet>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its code, unique in the report: letters, digits, `-` and `_`. Files are named after it.
    pub code: String,
    /// What it shows.
    pub title: String,
    /// What it is counted in and where it comes from.
    pub note: String,
    /// Over the column with the names of rows.
    pub row_heading: String,
    /// Whether it is too long for paper: it stands in the files for spreadsheets alone.
    #[serde(default)]
    pub long: bool,
    /// The further columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its code, unique in the table.
    pub code: String,
    /// Its heading.
    pub heading: String,
    /// What stands in it.
    pub kind: Kind,
}

/// What a column, or the axis of a chart, holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Count,
    /// A share between 0 and 1, shown in percent.
    Rate,
    /// Days, with a decimal.
    Days,
    /// A mean of marks, with two decimals.
    Score,
    /// Days of the calendar.
    Date,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its code, where it has one.
    pub code: String,
    /// What it is called.
    pub label: String,
    /// Its step in a tree, from 0.
    pub level: u8,
    /// Whether it is the sum of the others.
    pub total: bool,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing: there is nothing to take a mean or a share of.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A share between 0 and 1.
    Rate(f64),
    /// Days.
    Days(f64),
    /// A mean of marks.
    Score(f64),
    /// A day of the calendar.
    Date(#[serde(serialize_with = "to_text", deserialize_with = "from_text")] Date),
}

/// Where there is no value.
pub(super) const NOTHING: &str = "–";

impl Cell {
    /// The value as people read it in a language.
    #[must_use]
    pub fn written(&self, locale: &str) -> String {
        match self {
            Self::Empty => NOTHING.to_owned(),
            Self::Text(text) => text.clone(),
            Self::Count(value) => number(Kind::Count, exact(*value)),
            Self::Rate(share) => number(Kind::Rate, *share),
            Self::Days(days) => number(Kind::Days, *days),
            Self::Score(mark) => number(Kind::Score, *mark),
            Self::Date(date) => short(*date, locale),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
const fn exact(value: i64) -> f64 {
    value as f64
}

fn to_text<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Its code, unique in the report: letters, digits, `-` and `_`.
    pub code: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// A sentence that says what is seen.
    pub title: String,
    /// What is counted.
    pub unit: String,
    /// What of the period is counted, where it is not everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where the numbers come from, and as of when.
    pub source: String,
    /// What the chart shows, for those who do not see it.
    pub alt: String,
    /// How the values are written.
    pub values: Kind,
    /// What stands along the other axis, in order.
    pub categories: Vec<String>,
    /// The series, one value a category each.
    pub series: Vec<Series>,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Lines over time.
    Line,
    /// Columns side by side.
    Columns,
    /// Columns on top of each other.
    Stacked,
    /// Bars from the left, for long names; further series lie below each other.
    Bars,
}

/// A series of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Its values; `None`: there is none, which is not zero.
    pub values: Vec<Option<f64>>,
}

impl Book {
    /// Every table, in order, with the section it stands in.
    pub fn sheets(&self) -> impl Iterator<Item = (&Section, &Sheet)> {
        self.sections.iter().flat_map(|section| section.sheets.iter().map(move |sheet| (section, sheet)))
    }

    /// Whether it is read in Chinese.
    #[must_use]
    pub fn chinese(&self) -> bool {
        self.locale.starts_with("zh")
    }
}

impl Sheet {
    /// Whether its rows are a tree.
    #[must_use]
    pub fn is_tree(&self) -> bool {
        self.rows.iter().any(|row| row.level > 0)
    }
}

/// A text as files may hold it: without control characters, which XML forbids, and without the signs that turn the direction
/// of writing, behind which a text reads otherwise than it is; line breaks and tabs are spaces.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' => Some(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => None,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            c => Some(c),
        })
        .collect()
}

/// How wide a text is, in widths of a half-width character: Chinese characters are two wide.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Whether a character is as wide as it is high.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_their_reader_writes_them() {
        let day = Cell::Date(jiff::civil::date(2025, 12, 5));
        assert_eq!([day.written("zh-TW"), day.written("en")], ["114/12/05", "5 Dec 2025"]);
    }

    #[test]
    fn texts_lose_what_xml_forbids() {
        assert_eq!(plain("a\u{0}b\u{b}c\nd\te\u{ffff}\u{202e}f"), "abc d ef");
        assert_eq!(plain("陳情😀<&>\"'"), "陳情😀<&>\"'");
    }
}
