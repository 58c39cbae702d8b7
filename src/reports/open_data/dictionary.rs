//! The data dictionary (主要欄位說明): every field of every file, and every code that stands for a population, a variable or an
//! indicator, in both languages.

use serde::Serialize;
use serde_json::json;

use crate::domain::open_data::{IndicatorName, Population, Variable};
use crate::error::Result;
use crate::reports::Words;

/// An entry of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Where it stands: `tables` and `indicators` are the fields of these files; `population`, `variable` and `indicator`
    /// are codes that stand in the fields of this name.
    pub file: &'static str,
    /// The field, or the code.
    pub field: String,
    /// What it is called in Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// What it means, in Chinese.
    pub meaning_zh: String,
    /// In English.
    pub meaning_en: String,
    /// Its type: `integer`, `number`, `string`, `code`, `boolean` (Y or N in CSV).
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its unit, in Chinese; empty where there is none.
    pub unit_zh: String,
    /// In English.
    pub unit_en: String,
    /// What it is made of: fields of the year's report.
    pub source: String,
    /// What is suppressed in it, in Chinese.
    pub suppression_zh: String,
    /// In English.
    pub suppression_en: String,
}

/// The fields of a table: field, type, unit, what it is made of, what is suppressed.
const TABLES: &[(&str, &str, &str, &str, &str)] = &[
    ("year", "integer", "", "year", "open-hides-nothing"),
    ("status", "code", "", "locked_at", "open-hides-nothing"),
    ("table", "code", "", "", "open-hides-nothing"),
    ("population", "code", "", "", "open-hides-nothing"),
    ("row_variable", "code", "", "tables", "open-hides-nothing"),
    ("row_code", "code", "", "tables.*.code", "open-hides-nothing"),
    ("row_name_zh", "string", "", "tables.*.name_zh", "open-hides-nothing"),
    ("row_name_en", "string", "", "tables.*.name_en", "open-hides-nothing"),
    ("column_variable", "code", "", "", "open-hides-nothing"),
    ("column_code", "code", "", "", "open-hides-nothing"),
    ("column_name_zh", "string", "", "", "open-hides-nothing"),
    ("column_name_en", "string", "", "", "open-hides-nothing"),
    ("count", "integer", "open-unit-cases", "", "open-hides-count"),
    ("suppressed", "boolean", "", "", "open-hides-nothing"),
];

/// The fields of the file of shares and means.
const INDICATORS: &[(&str, &str, &str, &str, &str)] = &[
    ("year", "integer", "", "year", "open-hides-nothing"),
    ("status", "code", "", "locked_at", "open-hides-nothing"),
    ("indicator", "code", "", "", "open-hides-nothing"),
    ("population", "code", "", "", "open-hides-nothing"),
    ("question", "code", "", "ratings.questions", "open-hides-nothing"),
    ("row_variable", "code", "", "tables", "open-hides-nothing"),
    ("row_code", "code", "", "tables.*.code", "open-hides-nothing"),
    ("row_name_zh", "string", "", "tables.*.name_zh", "open-hides-nothing"),
    ("row_name_en", "string", "", "tables.*.name_en", "open-hides-nothing"),
    ("cases", "integer", "open-unit-cases", "", "open-hides-indicator"),
    ("value", "number", "open-unit-by-indicator", "", "open-hides-indicator"),
];

/// Every entry.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn fields(words: &dyn Words) -> Result<Vec<Field>> {
    let mut all = Vec::new();
    for (file, fields) in [("tables", TABLES), ("indicators", INDICATORS)] {
        for (field, kind, unit, source, hides) in fields {
            let key = format!("open-field-{}", field.replace('_', "-"));
            all.push(entry((file, field), (&key, kind, unit), (source, hides), words)?);
        }
    }
    for population in Population::ALL {
        let (code, key) = (population.code(), format!("open-population-{}", population.code()));
        let source = match population {
            Population::Received => "received",
            Population::Closed => "closed",
            Population::Ratings => "ratings.number",
        };
        all.push(entry(("population", code), (&key, "code", ""), (source, "open-hides-count"), words)?);
    }
    for variable in Variable::ALL {
        let key = format!("open-by-{}", variable.code().replace('_', "-"));
        all.push(entry(
            ("variable", variable.code()),
            (&key, "code", ""),
            (source(*variable), "open-hides-variable"),
            words,
        )?);
    }
    for indicator in IndicatorName::ALL {
        let key = format!("open-indicator-{}", indicator.code().replace('_', "-"));
        let (unit, source) = match indicator {
            IndicatorName::OnTimeRate | IndicatorName::ResponseRate | IndicatorName::SatisfiedRate => {
                ("open-unit-share", "count")
            }
            IndicatorName::MeanLevel => ("open-unit-level", "count"),
            IndicatorName::MeanDays => ("open-unit-days", "mean_days"),
            IndicatorName::MedianDays => ("open-unit-days", "median_days"),
            IndicatorName::P90Days => ("open-unit-days", "p90_days"),
        };
        let code = indicator.code();
        all.push(entry(("indicator", code), (&key, "number", unit), (source, "open-hides-indicator"), words)?);
    }
    Ok(all)
}

/// The part of the year's report that a variable is made of.
const fn source(variable: Variable) -> &'static str {
    match variable {
        Variable::Month => "tables.month",
        Variable::Channel => "tables.channel, tables.channel_month",
        Variable::Kind => "tables.kind",
        Variable::Category => "tables.category",
        Variable::Unit => "tables.unit",
        Variable::SpeedClass => "tables.speed_class",
        Variable::CloseCode => "tables.close_code",
        Variable::Extension => "tables.extension",
        Variable::Reassignment => "tables.reassignment",
        Variable::Entry => "received_new, reopened",
        Variable::Timeliness => "closed_on_time, closed_late",
        Variable::Days => "days",
        Variable::Survey => "ratings.answered, ratings.missing, closed",
        Variable::RatedResult => "ratings.questions.result",
        Variable::RatedClarity => "ratings.questions.clarity",
        Variable::RatedSpeed => "ratings.questions.speed",
        Variable::RatedAttitude => "ratings.questions.attitude",
        Variable::RatedOverall => "ratings.questions.overall",
    }
}

fn entry(
    (file, field): (&'static str, &str),
    (key, kind, unit): (&str, &'static str, &str),
    (source, hides): (&str, &str),
    words: &dyn Words,
) -> Result<Field> {
    let text = |locale: &str, key: &str| words.text(locale, key, &json!({}));
    let unit = |locale| if unit.is_empty() { Ok(String::new()) } else { text(locale, unit) };
    let meaning = format!("{key}-means");
    Ok(Field {
        file,
        field: field.to_owned(),
        name_zh: text("zh-TW", key)?,
        name_en: text("en", key)?,
        meaning_zh: text("zh-TW", &meaning)?,
        meaning_en: text("en", &meaning)?,
        kind,
        unit_zh: unit("zh-TW")?,
        unit_en: unit("en")?,
        source: source.to_owned(),
        suppression_zh: text("zh-TW", hides)?,
        suppression_en: text("en", hides)?,
    })
}
