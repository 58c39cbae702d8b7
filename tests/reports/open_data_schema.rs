//! `docs/open_data.schema.json` describes the JSON of open data, and `docs/open_data.md` names whatever can stand in it.

use chenqing::domain::open_data::{IndicatorName, Population, Variable};
use chenqing::reports::year_end;
use serde_json::{Value, json};

use super::at;
use super::definitions::is_up_to_date;
use super::open_data::written;
use super::replay::{NOW, seeded};
use super::schema::check;

/// An object with these fields, all of them there.
fn object(fields: Value) -> Value {
    let names: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
    json!({ "type": "object", "additionalProperties": false, "required": names, "properties": fields })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn schema() -> Value {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let code = |codes: Vec<&str>| json!({ "type": "string", "enum": codes });
    let populations = code(Population::ALL.iter().map(|one| one.code()).collect());
    let variables: Vec<Value> = Variable::ALL.iter().map(|one| one.code().into()).collect();
    let variable = json!({ "type": "string", "enum": variables });
    let nullable = [variables, vec![Value::Null]].concat();
    let or_none = json!({ "type": ["string", "null"], "enum": nullable });
    let names = object(json!({ "name_zh": text, "name_en": text }));
    let cell = object(json!({
        "row_code": text, "row_name_zh": text, "row_name_en": text,
        "column_code": text, "column_name_zh": text, "column_name_en": text,
        "count": { "type": ["integer", "null"], "minimum": 0 }, "suppressed": { "type": "boolean" },
    }));
    let table = object(json!({
        "code": text, "title": names, "population": populations, "rows": variable, "columns": or_none, "cells": list(cell),
    }));
    let indicator = object(json!({
        "indicator": code(IndicatorName::ALL.iter().map(|one| one.code()).collect()), "population": populations,
        "question": or_none, "variable": or_none, "code": { "type": ["string", "null"] },
        "cases": count, "value": { "type": "number", "minimum": 0 }, "name_zh": text, "name_en": text,
    }));
    let field = object(json!({
        "file": code(vec!["tables", "indicators", "population", "variable", "indicator"]), "field": text,
        "name_zh": text, "name_en": text, "meaning_zh": text, "meaning_en": text,
        "type": code(vec!["integer", "number", "string", "code", "boolean"]),
        "unit_zh": text, "unit_en": text, "source": text, "suppression_zh": text, "suppression_en": text,
    }));
    let mut schema = object(json!({
        "version": { "type": "integer", "minimum": 1 },
        "title": names,
        "agency": names,
        "year": { "type": "integer" },
        "from": { "type": "string", "format": "date" },
        "to": { "type": "string", "format": "date" },
        "status": code(vec!["final", "provisional"]),
        "as_of": { "type": "string", "format": "date-time" },
        "locked_at": { "type": ["string", "null"], "format": "date-time" },
        "figures_sha256": { "type": ["string", "null"], "pattern": "^[0-9a-f]{64}$" },
        "licence": object(json!({ "name": names, "url": text, "compatible_with": text, "attribution": names })),
        "suppression": object(json!({
            "least": count, "cells": count, "suppressed": count,
            "withheld": list(object(json!({ "population": populations, "variable": variable }))), "rule": names,
        })),
        "tables": list(table),
        "indicators": list(indicator),
        "dictionary": list(field),
    }));
    let map = schema.as_object_mut().unwrap();
    map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    map.insert("title".into(), "The open data of a year, as chenqing report open-data writes them".into());
    schema
}

#[test]
fn the_schema_is_up_to_date_and_real_data_fit_it() {
    let schema = schema();
    is_up_to_date("docs/open_data.schema.json", &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
    let app = seeded(&crate::support::sqlite());
    for locked in [false, true] {
        if locked {
            year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
        }
        for year in ["2024", "2025", "2026"] {
            let data: Value = serde_json::from_slice(&written(&app, year, "json").unwrap()).unwrap();
            check(&data, &schema, &schema, year);
        }
    }
}

#[test]
fn the_page_of_the_method_names_every_code() {
    let page = include_str!("../../docs/open_data.md");
    let codes = Population::ALL.iter().map(|one| one.code()).chain(Variable::ALL.iter().map(|one| one.code()));
    for code in codes.chain(IndicatorName::ALL.iter().map(|one| one.code())) {
        assert!(page.contains(&format!("`{code}`")), "docs/open_data.md does not name {code}");
    }
}
