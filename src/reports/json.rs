//! The report as JSON: the value itself, a name in both languages for every row, and what each figure means.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{Words, label};
use crate::domain::figures::{Names, YearFigures};
use crate::error::{Error, Result};

/// Every figure that the report explains.
pub const DEFINED: &[&str] = &[
    "open_at_start",
    "received",
    "received_new",
    "reopened",
    "closed",
    "closed_on_time",
    "closed_on_time_extended",
    "closed_late",
    "open_at_end",
    "pending_within",
    "pending_within_extended",
    "pending_over",
    "on_time_rate",
    "mean_days",
    "median_days",
    "days",
    "extended",
    "replied",
    "transferred",
    "no_action",
    "withdrawn",
    "reclassified_in",
    "reclassified_out",
    "ratings",
    "response_rate",
    "as_of",
];

/// Writes the report.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn write(figures: &YearFigures, words: &dyn Words) -> Result<String> {
    let mut named = figures.clone();
    for (table, rows) in figures.tables.each() {
        for (row, into) in rows.iter().zip(named.tables.get_mut(table)) {
            let name_zh = label(table, row, "zh-TW", words)?;
            into.names = Some(Names { name_zh, name_en: label(table, row, "en", words)? });
        }
    }
    let mut definitions = BTreeMap::new();
    for name in DEFINED {
        let key = format!("figure-means-{}", name.replace('_', "-"));
        let text = |locale| words.text(locale, &key, &json!({}));
        definitions.insert(*name, Meaning { zh: text("zh-TW")?, en: text("en")? });
    }
    let report = Report { figures: named, definitions };
    serde_json::to_string_pretty(&report).map(|text| text + "\n").map_err(Error::internal)
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    figures: YearFigures,
    definitions: BTreeMap<&'static str, Meaning>,
}

#[derive(Serialize)]
struct Meaning {
    zh: String,
    en: String,
}
