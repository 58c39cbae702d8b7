//! The columns of a report as a table for spreadsheets: one list for every format that has columns.

use serde_json::json;

use super::Words;
use crate::domain::figures::{Level, Row};
use crate::error::Result;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number of cases.
    Count(u64),
    /// A mean or a rate, with so many decimals; empty when there is nothing to take it of.
    Number(Option<f64>, usize),
}

/// A column: the key it has in JSON, with a dot where it lies deeper, and its cell of this row.
pub type Column = (String, Cell);

/// The columns of a row, the same for every row.
#[must_use]
pub fn columns(row: &Row) -> Vec<Column> {
    let f = &row.figures;
    let count = |key: &str, number: u64| (key.to_owned(), Cell::Count(number));
    let number = |key: &str, value: Option<f64>, decimals: usize| (key.to_owned(), Cell::Number(value, decimals));
    let mut columns = vec![
        count("open_at_start", f.open_at_start),
        count("received", f.received),
        count("received_new", f.received_new),
        count("reopened", f.reopened),
        count("closed", f.closed),
        count("closed_on_time", f.closed_on_time),
        count("closed_on_time_extended", f.closed_on_time_extended),
        count("closed_late", f.closed_late),
        count("open_at_end", f.open_at_end),
        count("pending_within", f.pending_within),
        count("pending_within_extended", f.pending_within_extended),
        count("pending_over", f.pending_over),
        number("on_time_rate", f.on_time_rate, 4),
        number("mean_days", f.mean_days, 2),
        number("median_days", f.median_days, 2),
        count("days.up_to_3", f.days.up_to_3),
        count("days.up_to_6", f.days.up_to_6),
        count("days.up_to_15", f.days.up_to_15),
        count("days.up_to_30", f.days.up_to_30),
        count("days.over_30", f.days.over_30),
        count("extended", f.extended),
        count("replied", f.replied),
        count("transferred", f.transferred),
    ];
    columns.extend(f.no_action.iter().map(|(ground, number)| count(&format!("no_action.{ground}"), *number)));
    columns.push(count("withdrawn", f.withdrawn));
    columns.push(count("reclassified_in", row.reclassified_in));
    columns.push(count("reclassified_out", row.reclassified_out));
    columns.push(count("ratings.number", f.ratings.number));
    columns.push(number("ratings.response_rate", f.ratings.response_rate, 4));
    for (question, answers) in &f.ratings.questions {
        columns.push(number(&format!("ratings.{question}.mean"), answers.mean, 2));
        columns.extend(
            answers.levels.iter().map(|(level, number)| count(&format!("ratings.{question}.{level}"), *number)),
        );
    }
    columns
}

/// What a column is called in a language.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn heading(key: &str, locale: &str, words: &dyn Words) -> Result<String> {
    let text = |key: &str| words.text(locale, &key.replace('_', "-"), &json!({}));
    match key.split('.').collect::<Vec<_>>().as_slice() {
        ["days", band] => text(&format!("days-{band}")),
        ["no_action", ground] => text(&format!("close-{ground}")),
        ["ratings", name @ ("number" | "response_rate")] => text(&format!("ratings-{name}")),
        ["ratings", question, what] => {
            let what = if Level::parse(what).is_some() { text(&format!("level-{what}"))? } else { text("year-mean")? };
            Ok(format!("{} {what}", text(&format!("question-{question}"))?))
        }
        _ => text(&format!("figure-{key}")),
    }
}
