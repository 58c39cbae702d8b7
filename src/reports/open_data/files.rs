//! Open data as files: JSON for programs; an archive with a CSV file for each table, in UTF-8 with a byte order mark, so that
//! spreadsheets read them as they are, with the dictionary, the licence and a text that says how they are read. The same
//! figures are the same bytes.

use serde_json::json as data;

use super::{OpenData, Table};
use crate::domain::open_data::Variable;
use crate::error::{Error, Result};
use crate::reports::Words;
use crate::reports::guard::guarded;
use crate::reports::zipped::{self, Zipped, text};

/// The fields of the tables.
const FIELDS: [&str; 14] = [
    "year",
    "status",
    "table",
    "population",
    "row_variable",
    "row_code",
    "row_name_zh",
    "row_name_en",
    "column_variable",
    "column_code",
    "column_name_zh",
    "column_name_en",
    "count",
    "suppressed",
];

/// Everything as JSON.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn json(of: &OpenData) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(of).map_err(Error::internal).map(|mut bytes| {
        bytes.push(b'\n');
        bytes
    })
}

/// Everything as an archive.
///
/// # Errors
/// `Internal` when it cannot be written, or a text is missing.
pub fn zip(of: &OpenData, words: &dyn Words) -> Result<Vec<u8>> {
    let mut zip = Zipped::begin();
    zip.add("README.txt", &text(&readme(of, words)?))?;
    zip.add("LICENSE.txt", &text(&licence(of, words)?))?;
    zip.add("dictionary.csv", &dictionary(of)?)?;
    for table in &of.tables {
        zip.add(&format!("{}.csv", table.code), &csv(of, table)?)?;
    }
    zip.add("indicators.csv", &indicators(of)?)?;
    zip.add("data.json", &json(of)?)?;
    zip.finish()
}

fn head(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

fn csv(of: &OpenData, table: &Table) -> Result<Vec<u8>> {
    let lines = table.cells.iter().map(|cell| {
        vec![
            of.year.to_string(),
            of.status.to_owned(),
            table.code.clone(),
            table.population.code().to_owned(),
            table.rows.code().to_owned(),
            guarded(&cell.row_code),
            guarded(&cell.row_name_zh),
            guarded(&cell.row_name_en),
            table.columns.map(Variable::code).unwrap_or_default().to_owned(),
            guarded(&cell.column_code),
            guarded(&cell.column_name_zh),
            guarded(&cell.column_name_en),
            cell.count.map(|count| count.to_string()).unwrap_or_default(),
            if cell.suppressed { "Y" } else { "N" }.to_owned(),
        ]
    });
    zipped::table([head(&FIELDS)].into_iter().chain(lines))
}

fn indicators(of: &OpenData) -> Result<Vec<u8>> {
    let fields = [
        "year",
        "status",
        "indicator",
        "population",
        "question",
        "row_variable",
        "row_code",
        "row_name_zh",
        "row_name_en",
        "cases",
        "value",
    ];
    let lines = of.indicators.iter().map(|named| {
        let indicator = &named.indicator;
        vec![
            of.year.to_string(),
            of.status.to_owned(),
            indicator.indicator.code().to_owned(),
            indicator.population.code().to_owned(),
            indicator.question.map(Variable::code).unwrap_or_default().to_owned(),
            indicator.variable.map(Variable::code).unwrap_or_default().to_owned(),
            guarded(indicator.code.as_deref().unwrap_or(super::tables::TOTAL)),
            guarded(&named.row.name_zh),
            guarded(&named.row.name_en),
            indicator.cases.to_string(),
            indicator.value.to_string(),
        ]
    });
    zipped::table([head(&fields)].into_iter().chain(lines))
}

fn dictionary(of: &OpenData) -> Result<Vec<u8>> {
    let fields = [
        "file",
        "field",
        "name_zh",
        "name_en",
        "meaning_zh",
        "meaning_en",
        "type",
        "unit_zh",
        "unit_en",
        "source",
        "suppression_zh",
        "suppression_en",
    ];
    let lines = of.dictionary.iter().map(|field| {
        let texts = [
            field.file,
            &field.field,
            &field.name_zh,
            &field.name_en,
            &field.meaning_zh,
            &field.meaning_en,
            field.kind,
            &field.unit_zh,
            &field.unit_en,
            &field.source,
            &field.suppression_zh,
            &field.suppression_en,
        ];
        texts.into_iter().map(guarded).collect()
    });
    zipped::table([head(&fields)].into_iter().chain(lines))
}

/// Under which terms the data may be used: the licence's name and place, and the notice of attribution that it asks for.
fn licence(of: &OpenData, words: &dyn Words) -> Result<Vec<String>> {
    let licence = &of.licence;
    let mut lines = Vec::new();
    for locale in ["zh-TW", "en"] {
        lines.push(licence.name.of(locale).to_owned());
        lines.push(licence.url.to_owned());
        lines.push(licence.attribution.of(locale).to_owned());
        lines.push(words.text(locale, "open-licence-compatible", &data!({ "with": licence.compatible_with }))?);
        lines.push(String::new());
    }
    Ok(lines)
}

/// What the archive holds, of which period and moment, and how it is read, in both languages.
fn readme(of: &OpenData, words: &dyn Words) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for locale in ["zh-TW", "en"] {
        let say = |key: &str, args: serde_json::Value| words.text(locale, key, &args);
        lines.extend([of.title.of(locale).to_owned(), of.agency.of(locale).to_owned()]);
        lines.push(say("open-readme-period", data!({ "from": of.from, "to": of.to }))?);
        lines.push(match of.locked_at {
            Some(at) => say("open-readme-final", data!({ "at": at.to_string() }))?,
            None => say("open-readme-provisional", data!({ "at": of.as_of.to_string() }))?,
        });
        if let Some(sha256) = &of.figures_sha256 {
            lines.push(say("open-readme-checksum", data!({ "sha256": sha256 }))?);
        }
        lines
            .push(say("open-readme-licence", data!({ "licence": of.licence.name.of(locale), "url": of.licence.url }))?);
        lines.extend([String::new(), say("open-readme-form", data!({}))?]);
        lines.push(of.suppression.rule.of(locale).to_owned());
        let (cells, suppressed) = (of.suppression.cells.to_string(), of.suppression.suppressed.to_string());
        lines.push(say("open-readme-suppressed", data!({ "cells": cells, "suppressed": suppressed }))?);
        for withheld in &of.suppression.withheld {
            let what = super::tables::title(withheld.population, withheld.variable, None, locale, words)?;
            lines.push(say("open-readme-withheld", data!({ "what": what }))?);
        }
        lines.push(String::new());
        lines.extend(of.tables.iter().map(|table| format!("{}.csv　{}", table.code, table.title.of(locale))));
        for (file, key) in [("indicators.csv", "open-readme-indicators"), ("dictionary.csv", "open-readme-dictionary")]
        {
            lines.push(format!("{file}　{}", say(key, data!({}))?));
        }
        lines.push(format!("data.json　{}", say("open-readme-json", data!({}))?));
        lines.push(String::new());
    }
    Ok(lines)
}
