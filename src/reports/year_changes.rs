//! What would be counted otherwise of a year that was locked: every figure of every row, as it was locked and as it is
//! counted now. The locked figures stay as they are.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;

use super::columns::{Cell, columns, heading};
use super::{Words, label};
use crate::domain::figures::{Names, PeriodFigures, Row, TableName, Tally};
use crate::domain::numbers::grouped;
use crate::domain::time::Moment;
use crate::error::Result;

/// A locked year beside what is counted now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearChanges {
    /// The year of the common era.
    pub year: i16,
    /// When it was locked.
    pub locked_at: Option<Moment>,
    /// The SHA-256 it was locked with.
    pub locked_sha256: Option<String>,
    /// Whether the locked figures have another checksum now.
    pub locked_damaged: bool,
    /// When it was counted again.
    pub counted_at: Moment,
    /// The figures that differ, table by table.
    pub changes: Vec<ChangedFigure>,
}

/// A figure that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedFigure {
    /// The table; none for everything together.
    pub table: Option<TableName>,
    /// The code of the row: of the total `total`.
    pub code: String,
    /// The month, where the table has rows for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// What the row is called.
    #[serde(flatten)]
    pub names: Names,
    /// The figure, by its key in the JSON report.
    pub figure: String,
    /// What the figure is called.
    pub figure_zh: String,
    /// The same in English.
    pub figure_en: String,
    /// As it was locked; none where there was nothing to take a mean of.
    pub locked: Option<f64>,
    /// As it is counted now.
    pub now: Option<f64>,
    /// Now less locked; none where one of them is missing.
    pub difference: Option<f64>,
    /// The decimals it is written with; none of a number of cases.
    #[serde(skip)]
    pub decimals: Option<usize>,
}

/// What differs between the locked figures of a year and the same year counted at `counted_at`.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn year_changes(
    locked: &PeriodFigures,
    now: &PeriodFigures,
    counted_at: Moment,
    words: &dyn Words,
) -> Result<YearChanges> {
    let total = |figures: &PeriodFigures| Row::new("total", None, figures.total.clone());
    let mut changes = Vec::new();
    differ(None, &[total(locked)], &[total(now)], words, &mut changes)?;
    for table in TableName::ALL {
        let was = locked.tables.get(*table);
        // A report of an earlier version lacks tables: nothing can be said of those.
        if !was.is_empty() {
            differ(Some(*table), was, now.tables.get(*table), words, &mut changes)?;
        }
    }
    Ok(YearChanges {
        year: locked.year,
        locked_at: locked.locked_at,
        locked_sha256: locked.locked_sha256.clone(),
        locked_damaged: locked.locked_damaged,
        counted_at,
        changes,
    })
}

/// Compares the rows of a table; one that either side lacks is empty there.
fn differ(
    table: Option<TableName>,
    locked: &[Row],
    now: &[Row],
    words: &dyn Words,
    changes: &mut Vec<ChangedFigure>,
) -> Result<()> {
    let key = |row: &Row| (row.code.clone(), row.month.clone());
    let mut left: BTreeMap<_, &Row> = now.iter().map(|row| (key(row), row)).collect();
    let mut pairs: Vec<(&Row, Row, Row)> = Vec::new();
    for row in locked {
        let same = left.remove(&key(row)).cloned();
        pairs.push((row, row.clone(), same.unwrap_or_else(|| empty(row))));
    }
    pairs.extend(now.iter().filter(|row| left.contains_key(&key(row))).map(|row| (row, empty(row), row.clone())));
    for (row, was, is) in pairs {
        let names = |locale| match table {
            Some(table) => label(table, row, locale, words),
            None => words.text(locale, "table-total", &json!({})),
        };
        let names = Names { name_zh: names("zh-TW")?, name_en: names("en")? };
        let was: HashMap<String, Cell> = columns(&was).into_iter().collect();
        for (figure, is) in columns(&is) {
            // An earlier version did not have every figure.
            let Some(was) = was.get(&figure) else { continue };
            let (locked, now) = (value(was), value(&is));
            // To the decimals a figure is written with: what was kept as text may differ far behind them.
            if written(was) == written(&is) {
                continue;
            }
            changes.push(ChangedFigure {
                table,
                code: row.code.clone(),
                month: row.month.clone(),
                names: names.clone(),
                figure_zh: heading(&figure, "zh-TW", words)?,
                figure_en: heading(&figure, "en", words)?,
                figure,
                locked,
                now,
                difference: locked.zip(now).map(|(locked, now)| now - locked),
                decimals: decimals(&is),
            });
        }
    }
    Ok(())
}

/// The row with nothing in it.
fn empty(row: &Row) -> Row {
    Row { reclassified_in: 0, reclassified_out: 0, figures: Tally::default().figures(), ..row.clone() }
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
const fn value(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Count(number) => Some(*number as f64),
        Cell::Number(value, _) => *value,
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Count(number) => number.to_string(),
        Cell::Number(None, _) => String::new(),
        Cell::Number(Some(value), decimals) => format!("{value:.decimals$}"),
    }
}

const fn decimals(cell: &Cell) -> Option<usize> {
    match cell {
        Cell::Count(_) => None,
        Cell::Number(_, decimals) => Some(*decimals),
    }
}

impl ChangedFigure {
    /// The locked value, the one counted now and the difference, as they are read: rates in percent and their difference in
    /// points, a dash for nothing. The difference is that of the two numbers beside it.
    ///
    /// # Errors
    /// `Internal` when a text is missing.
    pub fn told(&self, locale: &str, words: &dyn Words) -> Result<[String; 3]> {
        // As many decimals as tell two values apart that count as different.
        let (factor, decimals) = match self.decimals {
            None => (1.0, 0),
            Some(RATE) => (100.0, RATE - 2),
            Some(decimals) => (1.0, decimals),
        };
        let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
        let rounded = |value: Option<f64>| value.map(|value| (value * factor * scale).round() / scale);
        let (locked, now) = (rounded(self.locked), rounded(self.now));
        let plain = |value: f64| {
            let digits = format!("{value:.decimals$}");
            if decimals == 0 { grouped(&digits) } else { digits }
        };
        let is_rate = self.decimals == Some(RATE);
        let told = |value: Option<f64>| match value {
            None => "–".to_owned(),
            Some(value) => format!("{}{}", plain(value), if is_rate { "%" } else { "" }),
        };
        let difference = match locked.zip(now).map(|(locked, now)| now - locked) {
            None => "–".to_owned(),
            Some(difference) => {
                let signed = format!("{}{}", if difference < 0.0 { "−" } else { "+" }, plain(difference.abs()));
                if is_rate { words.text(locale, "change-points", &json!({ "number": signed }))? } else { signed }
            }
        };
        Ok([told(locked), told(now), difference])
    }
}

/// Decimals of shares, which are read in percent.
const RATE: usize = 4;

impl YearChanges {
    /// As lines of text in a language: what each figure was locked as, and what it is counted as now.
    ///
    /// # Errors
    /// `Internal` when a text is missing.
    pub fn text(&self, locale: &str, words: &dyn Words) -> Result<String> {
        let mut lines = Vec::new();
        for change in &self.changes {
            let table = table_name(change.table, locale, words)?;
            let zh = locale.starts_with("zh");
            let figure = if zh { &change.figure_zh } else { &change.figure_en };
            let [locked, now, difference] = change.told(locale, words)?;
            let row = change.names.of(locale);
            lines.push(words.text(
                locale,
                "changes-line",
                &json!({
                    "table": table, "row": row, "figure": figure, "locked": locked, "now": now, "difference": difference,
                }),
            )?);
        }
        if lines.is_empty() {
            lines.push(words.text(locale, "changes-none", &json!({}))?);
        }
        Ok(lines.join("\n") + "\n")
    }
}

/// What a table is called, or everything together.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn table_name(table: Option<TableName>, locale: &str, words: &dyn Words) -> Result<String> {
    match table {
        Some(table) => words.text(locale, &format!("table-{}", table.code().replace('_', "-")), &json!({})),
        None => words.text(locale, "table-total", &json!({})),
    }
}
