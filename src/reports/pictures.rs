//! The charts of a report: its months, the same period of several years, how the units kept the limit, how replies were
//! rated; of a saved report also the places of its tables. The same in the page, in print, in documents and in letters.

use serde_json::{Value, json};

use super::book::{Chart, ChartKind, Kind, Series};
use super::charts::make::{Maker, counts};
use super::charts::text::number;
use super::columns::heading;
use super::{Words, label, period_label};
use crate::domain::figures::{PeriodFigures, PeriodName, Row, SeriesRow, TableName, UNASSIGNED};
use crate::error::Result;

/// Of fewer cases a rate says little: no sentence is made of it.
const FEWEST: u64 = 20;
/// Units that stand in a chart at most: those that closed most.
const UNITS: usize = 20;

/// The charts of the whole, in order.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn of(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Vec<Chart>> {
    let mut charts = Vec::new();
    charts.extend(of_table(figures, TableName::Month, locale, words)?);
    // A part of a year would look like a fall.
    if figures.series.iter().filter(|row| row.is_whole()).count() > 1 {
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
    let values = vec![
        ("received", rows.iter().map(|row| row.figures.received).collect()),
        ("closed", rows.iter().map(|row| row.figures.closed).collect()),
    ];
    let code = format!("by-{}", table.code().replace('_', "-"));
    chart(figures, locale, words, (&code, ChartKind::Bars, title, names), values).map(Some)
}

/// What came in and what was closed, month by month.
fn months(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Chart> {
    let rows = figures.tables.get(TableName::Month);
    let short = |row: &Row| words.text(locale, "month-short", &json!({ "month": month_of(row) }));
    let categories = rows.iter().map(short).collect::<Result<Vec<_>>>()?;
    let title = title(figures);
    let title = words.text(locale, title["key"].as_str().unwrap_or_default(), &title["args"])?;
    let values = vec![
        ("received", rows.iter().map(|row| row.figures.received).collect()),
        ("closed", rows.iter().map(|row| row.figures.closed).collect()),
    ];
    chart(figures, locale, words, ("months", ChartKind::Columns, title, categories), values)
}

/// The same of this period and the same one in the years before, of those that are over and were recorded whole.
fn years(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Chart> {
    let rows: Vec<_> = figures.series.iter().filter(|row| row.is_whole()).collect();
    let key = match PeriodName::parse(&figures.period) {
        Some(PeriodName::Quarter(..) | PeriodName::Month(..)) => "chart-same-title",
        _ => "chart-years-title",
    };
    let title = words.text(locale, key, &json!({ "number": rows.len() }))?;
    let label = |row: &&SeriesRow| period_label(&row.period, locale, words);
    let categories = rows.iter().map(label).collect::<Result<Vec<_>>>()?;
    let values = vec![
        ("received", rows.iter().map(|row| row.received).collect()),
        ("closed", rows.iter().map(|row| row.closed).collect()),
        ("open_at_end", rows.iter().map(|row| row.open_at_end).collect()),
    ];
    chart(figures, locale, words, ("years", ChartKind::Line, title, categories), values)
}

/// How the branches and divisions kept the original limit; none of fewer than two.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn units(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Option<Chart>> {
    let mut rows: Vec<&Row> = figures.tables.get(TableName::Unit).iter().collect();
    rows.retain(|row| row.code != UNASSIGNED && row.figures.closed > 0);
    if rows.len() > UNITS {
        let mut closed: Vec<u64> = rows.iter().map(|row| row.figures.closed).collect();
        closed.sort_unstable();
        let least = closed.get(closed.len() - UNITS).copied().unwrap_or(0);
        rows.retain(|row| row.figures.closed >= least);
        rows.truncate(UNITS);
    }
    if rows.len() < 2 {
        return Ok(None);
    }
    let mut values = Vec::new();
    for row in &rows {
        values.push((label(TableName::Unit, row, locale, words)?, row.figures.on_time_rate));
    }
    let enough = rows.iter().zip(&values).filter(|(row, _)| row.figures.closed >= FEWEST);
    let lowest = enough.filter_map(|(_, (name, rate))| Some((name, (*rate)?))).min_by(|a, b| a.1.total_cmp(&b.1));
    let title = match lowest {
        Some((name, rate)) if rate < 1.0 => {
            let said = json!({ "name": name, "rate": number(Kind::Rate, rate), "fewest": FEWEST });
            words.text(locale, "chart-units-title", &said)?
        }
        _ => words.text(locale, "chart-units-plain", &json!({}))?,
    };
    rates(figures, locale, words, ("units", "figure-on-time-rate", title), values).map(Some)
}

/// How satisfied those were who rated, question by question; none where nobody did.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn questions(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Option<Chart>> {
    let mut values = Vec::new();
    for (question, answers) in &figures.total.ratings.questions {
        let name = words.text(locale, &format!("question-{question}"), &json!({}))?;
        values.push((name, answers.satisfied_rate));
    }
    let rated = values.iter().filter_map(|(name, rate)| Some((name, (*rate)?)));
    let Some((name, rate)) = rated.min_by(|a, b| a.1.total_cmp(&b.1)) else { return Ok(None) };
    let said = json!({ "name": name, "rate": number(Kind::Rate, rate), "ratings": figures.total.ratings.number });
    let title = words.text(locale, "chart-questions-title", &said)?;
    rates(figures, locale, words, ("questions", "chart-satisfied", title), values).map(Some)
}

/// Bars of shares; `of` is the key of what they are shares of.
fn rates(
    figures: &PeriodFigures,
    locale: &str,
    words: &dyn Words,
    (code, of, title): (&str, &str, String),
    values: Vec<(String, Option<f64>)>,
) -> Result<Chart> {
    let (names, values) = values.into_iter().unzip();
    let series = Series { name: words.text(locale, of, &json!({}))?, values };
    Maker::of(figures, locale, words)?.chart((code, ChartKind::Bars, title), Kind::Rate, names, vec![series])
}

/// A chart of figures that are counted.
fn chart(
    figures: &PeriodFigures,
    locale: &str,
    words: &dyn Words,
    (code, kind, title, categories): (&str, ChartKind, String, Vec<String>),
    values: Vec<(&str, Vec<u64>)>,
) -> Result<Chart> {
    let series = values.into_iter().map(|(figure, numbers)| Ok(counts(heading(figure, locale, words)?, numbers)));
    let series = series.collect::<Result<Vec<_>>>()?;
    Maker::of(figures, locale, words)?.chart((code, kind, title), Kind::Count, categories, series)
}

/// What the months show, as a sentence: the one in which most came in.
fn title(figures: &PeriodFigures) -> Value {
    let received = || figures.tables.get(TableName::Month).iter().map(|row| (month_of(row), row.figures.received));
    let most = received().map(|(_, cases)| cases).max().unwrap_or(0);
    let peaks: Vec<i64> = received().filter(|(_, cases)| *cases == most).map(|(month, _)| month).collect();
    match peaks.as_slice() {
        _ if most == 0 => json!({ "key": "chart-year-empty", "args": {} }),
        [peak] => json!({ "key": "chart-year-title", "args": { "peak": peak, "number": most } }),
        peaks => json!({ "key": "chart-year-tie", "args": { "months": peaks.len(), "number": most } }),
    }
}

/// The number of a row's month: 9 for `2026-09`.
fn month_of(row: &Row) -> i64 {
    row.code.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
