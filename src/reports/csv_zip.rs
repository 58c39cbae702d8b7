//! The report as CSV, a file for each table in one archive, with a text that says how they are read. UTF-8 with a byte order
//! mark, so that spreadsheets read them as they are; no text is a formula.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::book::{Book, Cell, Sheet, plain};
use super::guard::guarded;
use crate::error::{Error, Result};

/// Before each text: without it spreadsheets take UTF-8 for an older encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the archive.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write(book: &Book) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No moment: the same tables are the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut file = |name: &str, bytes: &[u8]| -> Result<()> {
        zip.start_file(name, options).map_err(Error::internal)?;
        zip.write_all(bytes).map_err(Error::internal)
    };
    file("README.txt", &readme(book))?;
    for (at, (_, sheet)) in book.sheets().enumerate() {
        file(&name(at, sheet), &table(book, sheet)?)?;
    }
    zip.finish().map(Cursor::into_inner).map_err(Error::internal)
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
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    let mut record = |cells: Vec<String>| out.write_record(cells).map_err(Error::internal);
    let tree = sheet.is_tree();
    let mut head = vec![guarded(&book.words.code)];
    head.extend(tree.then(|| guarded(&book.words.level)));
    head.push(guarded(&sheet.row_heading));
    head.extend(sheet.columns.iter().map(|column| guarded(&column.heading)));
    record(head)?;
    for row in &sheet.rows {
        let mut cells = vec![guarded(&row.code)];
        // As in every other format the uppermost step is the first.
        cells.extend(tree.then(|| (u16::from(row.level) + 1).to_string()));
        cells.push(guarded(&row.label));
        cells.extend(row.cells.iter().map(value));
        record(cells)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
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
fn readme(book: &Book) -> Vec<u8> {
    let mut lines = vec![plain(&book.title)];
    lines.extend([&book.agency, &book.period, &book.made, &book.checksum].map(|line| plain(line)));
    lines.push(String::new());
    lines.extend(book.words.readme.iter().map(|line| plain(line)));
    for (at, (_, sheet)) in book.sheets().enumerate() {
        lines.extend([String::new(), format!("{}　{}", name(at, sheet), plain(&sheet.title))]);
        lines.extend(Some(plain(&sheet.note)).filter(|note| !note.is_empty()));
        for column in &sheet.columns {
            lines.push(format!("  {}　{}", plain(&column.code), plain(&column.heading)));
        }
    }
    let mut text = BYTE_ORDER_MARK.to_vec();
    for line in lines {
        text.extend(line.trim_end().as_bytes());
        text.extend(b"\r\n");
    }
    text
}
