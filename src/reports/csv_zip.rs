//! The report as CSV, a file for each table in one archive, with a text that says how they are read. UTF-8 with a byte order
//! mark, so that spreadsheets read them as they are; no text is a formula.

use super::book::{Book, Cell, Sheet, plain};
use super::guard::guarded;
use super::zipped::{self, Zipped, text};
use crate::error::Result;

/// Writes the archive.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write(book: &Book) -> Result<Vec<u8>> {
    let mut zip = Zipped::begin();
    zip.add("README.txt", &text(&readme(book)))?;
    for (at, (_, sheet)) in book.sheets().enumerate() {
        zip.add(&name(at, sheet), &table(book, sheet)?)?;
    }
    zip.finish()
}

/// What the file of a table is called: its place, so that folders show them in order, and its code.
#[must_use]
pub fn name(at: usize, sheet: &Sheet) -> String {
    let code: String =
        sheet.code.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    format!("{:02}-{code}.csv", at + 1)
}

/// A table: the code and the name of each row, its step where it is a tree, then its values.
fn table(book: &Book, sheet: &Sheet) -> Result<Vec<u8>> {
    let tree = sheet.is_tree();
    let mut head = vec![guarded(&book.words.code)];
    head.extend(tree.then(|| guarded(&book.words.level)));
    head.push(guarded(&sheet.row_heading));
    head.extend(sheet.columns.iter().map(|column| guarded(&column.heading)));
    let rows = sheet.rows.iter().map(|row| {
        let mut cells = vec![guarded(&row.code)];
        // As in every other format the uppermost step is the first.
        cells.extend(tree.then(|| (u16::from(row.level) + 1).to_string()));
        cells.push(guarded(&row.label));
        cells.extend(row.cells.iter().map(value));
        cells
    });
    zipped::table(std::iter::once(head).chain(rows))
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Count(number) => number.to_string(),
        Cell::Rate(share) => format!("{share:.4}"),
        Cell::Days(number) | Cell::Score(number) => format!("{number:.2}"),
        Cell::Date(day) => day.to_string(),
    }
}

/// What the report is, how its files are read, and what each of them holds.
fn readme(book: &Book) -> Vec<String> {
    let mut lines = Vec::from([&book.title, &book.agency, &book.period, &book.made, &book.checksum].map(String::clone));
    lines.push(String::new());
    lines.extend(book.words.readme.iter().cloned());
    for (at, (_, sheet)) in book.sheets().enumerate() {
        lines.extend([String::new(), format!("{}　{}", name(at, sheet), sheet.title)]);
        lines.extend(Some(sheet.note.clone()).filter(|note| !plain(note).is_empty()));
        lines.extend(sheet.columns.iter().map(|column| format!("  {}　{}", column.code, column.heading)));
    }
    lines
}
