//! What the page to print says beside its tables: the title, five years, how long each stage took.

use serde_json::{Value, json};

use super::page::{decimal, percent};
use super::{Words, month, series_label};
use crate::domain::figures::{Figures, PeriodFigures, PeriodName};
use crate::error::Result;

/// The title, as a message with its arguments.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn title(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Value> {
    // Chinese pages count the years of the Republic.
    let year = if locale.starts_with("zh") { figures.year - 1911 } else { figures.year };
    Ok(match PeriodName::parse(&figures.period) {
        Some(PeriodName::Quarter(_, quarter)) => {
            json!({ "key": "quarter-title", "args": { "year": year, "quarter": quarter } })
        }
        Some(PeriodName::Month(..)) => {
            let month = month(&figures.period, locale, words)?;
            json!({ "key": "month-title", "args": { "year": year.to_string(), "month": month } })
        }
        _ => json!({ "key": "year-title", "args": { "year": year } }),
    })
}

/// What a period is called: 115年, 115年第3季, 115年9月.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn name_of(name: PeriodName, locale: &str, words: &dyn Words) -> Result<String> {
    // Chinese pages count the years of the Republic.
    let year = if locale.starts_with("zh") { name.year() - 1911 } else { name.year() };
    let year = year.to_string();
    match name {
        PeriodName::Year(_) => words.text(locale, "period-year", &json!({ "year": year })),
        PeriodName::Quarter(_, quarter) => {
            words.text(locale, "period-year-quarter", &json!({ "year": year, "quarter": quarter }))
        }
        PeriodName::Month(..) => {
            let month = month(&name.to_string(), locale, words)?;
            words.text(locale, "period-year-month", &json!({ "year": year, "month": month }))
        }
    }
}

/// The series as rows of a table; a period that still runs, or was locked, says so.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn series(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Vec<Value>> {
    let rows = figures.series.iter().map(|row| {
        Ok(json!({
            "period": series_label(row, locale, words)?, "open_at_start": row.open_at_start, "received": row.received, "closed": row.closed,
            "open_at_end": row.open_at_end, "on_time_rate": percent(row.on_time_rate),
            "mean_days": decimal(row.mean_days, 1), "response_rate": percent(row.response_rate),
            "satisfaction": decimal(row.satisfaction, 1),
        }))
    });
    rows.collect()
}

/// The stages as rows of a table.
#[must_use]
pub fn stages(total: &Figures) -> Vec<Value> {
    let rows = total.stages.iter().map(|(stage, hours)| {
        json!({
            "stage": stage, "number": hours.number, "mean": decimal(hours.mean_hours, 1),
            "median": decimal(hours.median_hours, 1), "p90": decimal(hours.p90_hours, 1),
        })
    });
    rows.collect()
}
