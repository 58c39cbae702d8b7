//! The columns of a report as a table for spreadsheets: one list for every format that has columns.

use serde_json::json;

use super::Words;
use crate::domain::figures::{Level, Row, definitions};
use crate::error::{Error, Result};

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
        count("pending_overdue", f.pending_overdue),
        number("on_time_rate", f.on_time_rate, 4),
        number("on_time_rate_extended", f.on_time_rate_extended, 4),
        number("mean_days", f.mean_days, 2),
        number("median_days", f.median_days, 2),
        number("p90_days", f.p90_days, 2),
        count("days.up_to_3", f.days.up_to_3),
        count("days.up_to_6", f.days.up_to_6),
        count("days.up_to_15", f.days.up_to_15),
        count("days.up_to_30", f.days.up_to_30),
        count("days.over_30", f.days.over_30),
        count("extended", f.extended),
        count("reassigned", f.reassigned),
        count("reassigned_often", f.reassigned_often),
        count("replied", f.replied),
        count("transferred", f.transferred),
    ];
    columns.extend(f.no_action.iter().map(|(ground, number)| count(&format!("no_action.{ground}"), *number)));
    columns.push(count("repeated", f.repeated));
    columns.push(count("withdrawn", f.withdrawn));
    for (stage, hours) in &f.stages {
        columns.push(count(&format!("stages.{stage}.number"), hours.number));
        columns.push(number(&format!("stages.{stage}.mean_hours"), hours.mean_hours, 1));
        columns.push(number(&format!("stages.{stage}.median_hours"), hours.median_hours, 1));
        columns.push(number(&format!("stages.{stage}.p90_hours"), hours.p90_hours, 1));
    }
    columns.push(count("reclassified_in", row.reclassified_in));
    columns.push(count("reclassified_out", row.reclassified_out));
    columns.push(count("ratings.number", f.ratings.number));
    columns.push(count("ratings.asked", f.ratings.asked));
    columns.push(count("ratings.answered", f.ratings.answered));
    columns.push(count("ratings.missing", f.ratings.missing));
    columns.push(number("ratings.response_rate", f.ratings.response_rate, 4));
    for (question, answers) in &f.ratings.questions {
        columns.push(number(&format!("ratings.{question}.mean"), answers.mean, 2));
        columns.push(number(&format!("ratings.{question}.satisfied_rate"), answers.satisfied_rate, 4));
        columns.push(number(&format!("ratings.{question}.satisfied_low"), answers.satisfied_low, 4));
        columns.push(number(&format!("ratings.{question}.satisfied_high"), answers.satisfied_high, 4));
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
    let name = |code: &str| match definitions::of(code) {
        Some(definition) => Ok(definition.name.of(locale).to_owned()),
        None => Err(Error::internal(format!("the figure {code} is not defined"))),
    };
    match key.split('.').collect::<Vec<_>>().as_slice() {
        ["days", band] => text(&format!("days-{band}")),
        ["no_action", ground] => text(&format!("close-{ground}")),
        ["stages", stage, what] => Ok(format!("{} {}", text(&format!("stage-{stage}"))?, name(what)?)),
        ["ratings", "number"] => text("ratings-number"),
        ["ratings", what @ ("response_rate" | "asked" | "answered" | "missing")] => {
            Ok(format!("{} {}", name("ratings")?, name(what)?))
        }
        ["ratings", question, what] => {
            let what = if Level::parse(what).is_some() { text(&format!("level-{what}"))? } else { name(what)? };
            Ok(format!("{} {what}", text(&format!("question-{question}"))?))
        }
        _ => name(key),
    }
}
