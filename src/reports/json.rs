//! The report as JSON: the value itself, a name in both languages for every row, and what each figure means. Described by
//! `docs/report.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Words, label, scope};
use crate::domain::figures::definitions::{self, Definition, Measure};
use crate::domain::figures::{Names, PeriodFigures};
use crate::error::{Error, Result};

/// Writes the report.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn write(figures: &PeriodFigures, words: &dyn Words) -> Result<String> {
    let mut named = figures.clone();
    for (table, rows) in figures.tables.each() {
        for (row, into) in rows.iter().zip(named.tables.get_mut(table)) {
            let name_zh = label(table, row, "zh-TW", words)?;
            into.names = Some(Names { name_zh, name_en: label(table, row, "en", words)? });
        }
    }
    for part in named.scope.iter_mut().flat_map(|scope| &mut scope.parts) {
        for value in &mut part.values {
            let name_zh = scope::value(part.table, value, "zh-TW", words)?;
            value.names = Some(Names { name_zh, name_en: scope::value(part.table, value, "en", words)? });
        }
    }
    let definitions = definitions::all().map(|definition| (definition.code, meaning(definition))).collect();
    let report = Report { figures: named, definitions };
    serde_json::to_string_pretty(&report).map(|text| text + "\n").map_err(Error::internal)
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    figures: PeriodFigures,
    definitions: BTreeMap<&'static str, Meaning>,
}

#[derive(Serialize)]
struct Meaning {
    measure: Measure,
    name_zh: &'static str,
    name_en: &'static str,
    zh: &'static str,
    en: &'static str,
    formula_zh: &'static str,
    formula_en: &'static str,
    source: &'static str,
}

fn meaning(definition: &Definition) -> Meaning {
    Meaning {
        measure: definition.measure,
        name_zh: definition.name.zh,
        name_en: definition.name.en,
        zh: definition.meaning.zh,
        en: definition.meaning.en,
        formula_zh: definition.formula.zh,
        formula_en: definition.formula.en,
        source: definition.source,
    }
}
