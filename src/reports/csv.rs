//! The report as CSV: UTF-8 with a byte order mark, so that spreadsheets read it as it is; one table whose first columns
//! say which table of the report a row stands in.

use serde_json::json;

use super::columns::{Cell, columns, heading};
use super::guard::guarded;
use super::{Words, label};
use crate::domain::figures::{PeriodFigures, Row};
use crate::error::{Error, Result};

/// Before the text: without it spreadsheets take UTF-8 for an older encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the report. In English the first line holds the keys of the JSON report, in Chinese what they mean.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn write(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    let total = Row::new("total", None, figures.total.clone());
    let zh = locale.starts_with("zh");
    let mut head = Vec::new();
    for key in ["period", "section", "code", "name", "month", "level", "parent"] {
        head.push(if zh { words.text(locale, &format!("csv-{key}"), &json!({}))? } else { key.to_owned() });
    }
    for (key, _) in columns(&total) {
        head.push(if zh { heading(&key, locale, words)? } else { key });
    }
    for (key, name) in [("csv-locked-at", "locked_at"), ("csv-locked-sha256", "locked_sha256")] {
        head.push(if zh { words.text(locale, key, &json!({}))? } else { name.to_owned() });
    }
    record(&mut out, head)?;
    let everything = words.text(locale, "table-total", &json!({}))?;
    line(&mut out, figures, (&everything, &everything), &total)?;
    for (table, rows) in figures.tables.each() {
        let section = words.text(locale, &format!("table-{}", table.code().replace('_', "-")), &json!({}))?;
        for row in rows {
            line(&mut out, figures, (&section, &label(table, row, locale, words)?), row)?;
        }
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

type Out = csv::Writer<Vec<u8>>;

fn line(out: &mut Out, figures: &PeriodFigures, (section, name): (&str, &str), row: &Row) -> Result<()> {
    let mut cells = vec![figures.period.clone(), guarded(section), guarded(&row.code), guarded(name)];
    cells.push(row.month.clone().unwrap_or_default());
    cells.push(row.level.to_string());
    cells.push(guarded(row.parent.as_deref().unwrap_or_default()));
    cells.extend(columns(row).into_iter().map(|(_, cell)| match cell {
        Cell::Count(number) => number.to_string(),
        Cell::Number(Some(value), decimals) => format!("{value:.decimals$}"),
        Cell::Number(None, _) => String::new(),
    }));
    cells.push(figures.locked_at.map(|at| at.to_string()).unwrap_or_default());
    cells.push(figures.locked_sha256.clone().unwrap_or_default());
    record(out, cells)
}

fn record(out: &mut Out, cells: Vec<String>) -> Result<()> {
    out.write_record(cells).map_err(Error::internal)
}
