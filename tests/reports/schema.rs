//! `docs/report.schema.json` describes the JSON report: made from the definitions, and held against real reports.

use chenqing::domain::case::CloseCode;
use chenqing::domain::figures::definitions::{self, Definition, Measure};
use chenqing::domain::figures::{Level, Question, Row, Stage, TableName};
use serde_json::{Map, Value, json};

use super::definitions::is_up_to_date;

/// The schema, in the part of JSON Schema that [`check`] knows.
pub fn schema() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    let counts = |codes: Vec<&str>| object(codes.into_iter().map(|code| (code, count.clone())).collect());
    let names = |codes: Vec<&str>, of: Value| object(codes.into_iter().map(|code| (code, of.clone())).collect());
    let grounds = CloseCode::NO_ACTION.iter().map(|code| code.code()).collect();
    let levels = counts(Level::ALL.iter().map(|level| level.code()).collect());
    let stage = figures(&["number", "mean_hours", "median_hours", "p90_hours"], &[]);
    let question = figures(&["mean", "satisfied_rate", "satisfied_low", "satisfied_high"], &[("levels", levels)]);
    let questions = Question::ALL.iter().map(|question| question.code()).collect();
    let questions = names(questions, json!({ "$ref": "#/$defs/question" }));
    let ratings = figures(&["number", "asked", "answered", "missing", "response_rate"], &[("questions", questions)]);
    let groups = [
        ("days", counts(vec!["up_to_3", "up_to_6", "up_to_15", "up_to_30", "over_30"])),
        ("stages", names(Stage::ALL.iter().map(|stage| stage.code()).collect(), json!({ "$ref": "#/$defs/stage" }))),
        ("no_action", counts(grounds)),
        ("ratings", json!({ "$ref": "#/$defs/ratings" })),
    ];
    let total = figures(OF_A_ROW, &groups);
    let mut row = figures(&[OF_A_ROW, &["reclassified_in", "reclassified_out"]].concat(), &groups);
    for (key, of) in [("code", &text), ("name_zh", &text), ("name_en", &text), ("level", &count)] {
        row["properties"][key] = of.clone();
        row["required"].as_array_mut().unwrap().push(key.into());
    }
    row["properties"]["month"] = json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" });
    row["properties"]["parent"] = text.clone();
    let tables = TableName::ALL.iter().map(|name| (name.code(), list(json!({ "$ref": "#/$defs/row" })))).collect();
    let mut series = figures(OF_A_SERIES, &[("period", text.clone())]);
    for key in ["complete", "locked"] {
        series["properties"][key] = json!({ "type": "boolean" });
        series["required"].as_array_mut().unwrap().push(key.into());
    }
    series["properties"]["records_from"] = json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" });
    let number = json!({ "type": ["number", "null"] });
    let change = object(vec![
        ("figure", text.clone()),
        ("now", number.clone()),
        ("before", number.clone()),
        ("change", number.clone()),
        ("change_rate", number),
    ]);
    let meaning = ["measure", "name_zh", "name_en", "zh", "en", "formula_zh", "formula_en", "source"];
    let issue = ["received", "received_before", "growth_rate", "notable", "on_time_rate", "satisfaction"];
    let named = [("code", text.clone()), ("name_zh", text.clone()), ("name_en", text.clone())];
    let term = object(vec![("term", text.clone()), ("cases", count.clone())]);
    let day = json!({ "type": "string", "format": "date" });
    let perhaps = |of: &str| json!({ "type": [of, "null"] });
    let mut place = names(vec!["name_zh", "name_en"], text.clone());
    place["type"] = json!(["object", "null"]);
    let overdue = vec![
        ("case_number", text.clone()),
        ("channel", text.clone()),
        ("category", place.clone()),
        ("unit", place.clone()),
        ("received_on", day.clone()),
        ("due_on", day.clone()),
        ("due_on_extended", day.clone()),
        ("finished_on", perhaps("string")),
    ];
    let measure = vec![
        ("year", json!({ "type": "integer" })),
        ("title", text.clone()),
        ("category", place.clone()),
        ("unit", place),
        ("owner", perhaps("string")),
        ("due_on", day),
        ("state", text.clone()),
    ];
    let mut schema = object(vec![
        ("period", text.clone()),
        ("year", json!({ "type": "integer" })),
        ("agency", names(vec!["name_zh", "name_en"], text.clone())),
        ("from", json!({ "type": "string", "format": "date" })),
        ("to", json!({ "type": "string", "format": "date" })),
        ("complete", json!({ "type": "boolean" })),
        ("as_of", json!({ "type": "string", "format": "date-time" })),
        ("locked_at", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("locked_sha256", json!({ "type": ["string", "null"], "pattern": "^[0-9a-f]{64}$" })),
        ("locked_damaged", json!({ "type": "boolean" })),
        ("total", json!({ "$ref": "#/$defs/figures" })),
        ("series", list(series)),
        ("changes", list(change)),
        ("top_issues", list(figures(&issue, &named))),
        ("dissatisfied_comments", object(vec![("cases", count.clone()), ("terms", list(term))])),
        ("overdue_cases", list(object(overdue))),
        ("improvement_measures", list(object(measure))),
        ("tables", object(tables)),
        ("definitions", names(definitions::all().map(|of| of.code).collect(), json!({ "$ref": "#/$defs/definition" }))),
    ]);
    // Only saved reports have one.
    let mut value = object(vec![("code", text.clone()), ("name_zh", text.clone()), ("name_en", text.clone())]);
    value["required"] = json!(["code"]);
    let mut part = object(vec![("table", text.clone()), ("values", list(value))]);
    part["properties"]["below"] = json!({ "type": "boolean" });
    schema["properties"]["scope"] = object(vec![("report", text.clone()), ("parts", list(part))]);
    let map = schema.as_object_mut().unwrap();
    map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    map.insert("title".into(), "The figures of a period, as chenqing report writes them".into());
    map.insert(
        "$defs".into(),
        json!({
            "figures": total, "row": row, "ratings": ratings, "question": question, "stage": stage,
            "definition": names(meaning.to_vec(), text),
        }),
    );
    schema
}

/// The figures of a row that are no groups.
const OF_A_ROW: &[&str] = &[
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
    "pending_overdue",
    "on_time_rate",
    "on_time_rate_extended",
    "mean_days",
    "median_days",
    "p90_days",
    "extended",
    "reassigned",
    "reassigned_often",
    "transferred",
    "repeated",
    "withdrawn",
    "replied",
];
const OF_A_SERIES: &[&str] = &[
    "open_at_start",
    "received",
    "closed",
    "open_at_end",
    "closed_on_time",
    "closed_late",
    "pending_overdue",
    "on_time_rate",
    "mean_days",
    "response_rate",
    "satisfaction",
];

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// An object that has these and nothing else.
fn object(properties: Vec<(&str, Value)>) -> Value {
    let required: Vec<&str> = properties.iter().map(|(key, _)| *key).collect();
    let required = json!(required);
    let properties: Map<String, Value> = properties.into_iter().map(|(key, of)| (key.to_owned(), of)).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// An object of defined figures and groups.
fn figures(codes: &[&str], groups: &[(&str, Value)]) -> Value {
    let defined = |code: &str| definitions::of(code).unwrap_or_else(|| panic!("{code} is not defined"));
    let mut properties: Vec<(&str, Value)> = codes.iter().map(|code| (*code, kind(defined(code)))).collect();
    properties.extend(groups.iter().cloned());
    object(properties)
}

fn kind(of: &Definition) -> Value {
    let mut kind = match of.measure {
        // None where there was no year before.
        Measure::Cases if of.code == "received_before" => json!({ "type": ["integer", "null"], "minimum": 0 }),
        Measure::Cases => json!({ "type": "integer", "minimum": 0 }),
        Measure::Rate if of.code == "growth_rate" => json!({ "type": ["number", "null"], "minimum": -1 }),
        Measure::Rate => json!({ "type": ["number", "null"], "minimum": 0 }),
        Measure::Days | Measure::Hours => json!({ "type": ["number", "null"], "minimum": 0 }),
        Measure::Score => json!({ "type": ["number", "null"], "minimum": 1, "maximum": 5 }),
        Measure::Flag => json!({ "type": "boolean" }),
        Measure::Group | Measure::Moment => panic!("{} is no number", of.code),
    };
    kind["description"] = of.meaning.en.into();
    kind
}

/// Holds a value against a schema; `path` says where a fault is.
pub fn check(value: &Value, of: &Value, root: &Value, path: &str) {
    if let Some(reference) = of["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return check(value, target, root, path);
    }
    let types: Vec<&str> = match &of["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => panic!("{path}: the schema has no type"),
    };
    let is = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("{path}: {other}"),
    };
    assert!(types.iter().any(is), "{path}: {value} is none of {types:?}");
    if let Some(number) = value.as_f64() {
        assert!(of["minimum"].as_f64().is_none_or(|least| number >= least), "{path}: {number} is too little");
        assert!(of["maximum"].as_f64().is_none_or(|most| number <= most), "{path}: {number} is too much");
    }
    if let Some(map) = value.as_object() {
        let required: Vec<&str> = of["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        required.iter().for_each(|key| assert!(map.contains_key(*key), "{path}: {key} is missing"));
        for (key, value) in map {
            let part = of["properties"].get(key);
            check(
                value,
                part.unwrap_or_else(|| panic!("{path}: {key} is not described")),
                root,
                &format!("{path}/{key}"),
            );
        }
    }
    for (at, value) in value.as_array().into_iter().flatten().enumerate() {
        check(value, &of["items"], root, &format!("{path}/{at}"));
    }
}

#[test]
fn the_schema_is_what_the_definitions_say() {
    is_up_to_date("docs/report.schema.json", &(serde_json::to_string_pretty(&schema()).unwrap() + "\n"));
}

#[test]
fn a_row_has_every_figure_of_the_schema_and_no_other() {
    let row = Row::new("web", None, chenqing::domain::figures::Tally::default().figures());
    let mut value = serde_json::to_value(&row).unwrap();
    value["name_zh"] = "網路".into();
    value["name_en"] = "Web".into();
    let schema = schema();
    check(&value, &schema["$defs"]["row"], &schema, "row");
}
