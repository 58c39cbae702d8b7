//! The charts of a report: its months, and the same period of several years; of a saved report also the places of its tables.
//! The same in the page, in print, in documents and in letters.

use serde_json::{Value, json};

use super::book::{Chart, ChartKind, Kind, Series};
use super::{Words, label, period_label, scope};
use crate::domain::figures::{PeriodFigures, PeriodName, Row, SeriesRow, TableName};
use crate::error::Result;

/// The charts, in order.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn of(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Vec<Chart>> {
    let mut charts = Vec::new();
    charts.extend(of_table(figures, TableName::Month, locale, words)?);
    // A part of a year would look like a fall.
    if figures.series.iter().filter(|row| row.complete).count() > 1 {
        charts.push(years(figures, locale, words)?);
    }
    if figures.scope.is_some() {
        for table in PLACES {
            charts.extend(of_table(figures, *table, locale, words)?);
        }
    }
    Ok(charts)
}

/// The tables whose rows are drawn as bars.
const PLACES: &[TableName] =
    &[TableName::Unit, TableName::Category, TableName::Channel, TableName::Kind, TableName::SpeedClass];
/// Bars of a chart; the table beside it has every row.
const BARS: usize = 12;

/// The chart that is drawn from a table; none where there is nothing to compare.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn of_table(figures: &PeriodFigures, table: TableName, locale: &str, words: &dyn Words) -> Result<Option<Chart>> {
    match table {
        TableName::Month if figures.tables.get(table).len() > 1 => months(figures, locale, words).map(Some),
        place if PLACES.contains(&place) => bars(figures, place, locale, words),
        _ => Ok(None),
    }
}

/// What came in and was closed by the rows of a table, those with most first.
fn bars(figures: &PeriodFigures, table: TableName, locale: &str, words: &dyn Words) -> Result<Option<Chart>> {
    let mut rows: Vec<&Row> =
        figures.tables.get(table).iter().filter(|row| row.figures.received + row.figures.closed > 0).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.figures.received, row.figures.closed)));
    rows.truncate(BARS);
    let Some(first) = rows.first().filter(|_| rows.len() > 1) else { return Ok(None) };
    let most = json!({ "name": label(table, first, locale, words)?, "number": first.figures.received });
    let title = words.text(locale, "chart-most-title", &most)?;
    let names = rows.iter().map(|row| label(table, row, locale, words)).collect::<Result<Vec<_>>>()?;
    let values = [
        ("received", rows.iter().map(|row| row.figures.received).collect()),
        ("closed", rows.iter().map(|row| row.figures.closed).collect()),
    ];
    let code = format!("by-{}", table.code().replace('_', "-"));
    chart(figures, locale, words, (&code, ChartKind::Bars, title, names), &values).map(Some)
}

/// What came in and what was closed, month by month.
fn months(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Chart> {
    let rows = figures.tables.get(TableName::Month);
    let short = |row: &Row| words.text(locale, "month-short", &json!({ "month": number(row) }));
    let categories = rows.iter().map(short).collect::<Result<Vec<_>>>()?;
    let title = title(figures);
    let title = words.text(locale, title["key"].as_str().unwrap_or_default(), &title["args"])?;
    let values = [
        ("received", rows.iter().map(|row| row.figures.received).collect()),
        ("closed", rows.iter().map(|row| row.figures.closed).collect()),
    ];
    chart(figures, locale, words, ("months", ChartKind::Columns, title, categories), &values)
}

/// The same of this period and the same one in the years before.
fn years(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Chart> {
    let rows: Vec<_> = figures.series.iter().filter(|row| row.complete).collect();
    let key = match PeriodName::parse(&figures.period) {
        Some(PeriodName::Quarter(..) | PeriodName::Month(..)) => "chart-same-title",
        _ => "chart-years-title",
    };
    let title = words.text(locale, key, &json!({ "number": rows.len() }))?;
    let label = |row: &&SeriesRow| period_label(&row.period, locale, words);
    let categories = rows.iter().map(label).collect::<Result<Vec<_>>>()?;
    let values = [
        ("received", rows.iter().map(|row| row.received).collect()),
        ("closed", rows.iter().map(|row| row.closed).collect()),
        ("open_at_end", rows.iter().map(|row| row.open_at_end).collect()),
    ];
    chart(figures, locale, words, ("years", ChartKind::Line, title, categories), &values)
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn chart(
    figures: &PeriodFigures,
    locale: &str,
    words: &dyn Words,
    (code, kind, title, categories): (&str, ChartKind, String, Vec<String>),
    values: &[(&str, Vec<u64>)],
) -> Result<Chart> {
    let mut series = Vec::new();
    let mut alt = Vec::new();
    let comma = words.text(locale, "list-comma", &json!({}))?;
    for (name, numbers) in values {
        let name = super::columns::heading(name, locale, words)?;
        let told: Vec<String> = categories.iter().zip(numbers).map(|(of, number)| format!("{of} {number}")).collect();
        alt.push(words.text(locale, "chart-alt", &json!({ "name": name, "values": told.join(&comma) }))?);
        series.push(Series { name, values: numbers.iter().map(|number| Some(*number as f64)).collect() });
    }
    let at = words.moment(locale, &figures.as_of.to_string())?;
    Ok(Chart {
        code: code.to_owned(),
        kind,
        title,
        unit: words.text(locale, "chart-unit", &json!({}))?,
        scope: figures.scope.as_ref().map(|of| scope::line(of, locale, words)).transpose()?,
        source: words.text(locale, "chart-records", &json!({ "at": at }))?,
        alt: alt.join(" "),
        values: Kind::Count,
        categories,
        series,
    })
}

/// What the months show, as a sentence: the one in which most came in.
fn title(figures: &PeriodFigures) -> Value {
    let received = || figures.tables.get(TableName::Month).iter().map(|row| (number(row), row.figures.received));
    let most = received().map(|(_, cases)| cases).max().unwrap_or(0);
    let peaks: Vec<i64> = received().filter(|(_, cases)| *cases == most).map(|(month, _)| month).collect();
    match peaks.as_slice() {
        _ if most == 0 => json!({ "key": "chart-year-empty", "args": {} }),
        [peak] => json!({ "key": "chart-year-title", "args": { "peak": peak, "number": most } }),
        peaks => json!({ "key": "chart-year-tie", "args": { "months": peaks.len(), "number": most } }),
    }
}

/// The number of a row's month: 9 for `2026-09`.
fn number(row: &Row) -> i64 {
    row.code.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
