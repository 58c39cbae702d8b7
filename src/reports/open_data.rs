//! The open data of a year: the published tables with a name in both languages for everything, what each field means, and
//! under which licence they may be used. As a value here; as files in `files`, as the page that shows them before they are
//! published in `page`. Described by `docs/open_data.schema.json`, explained in `docs/open_data.md`.

mod dictionary;
mod files;
mod page;
mod tables;

use serde::Serialize;
use serde_json::json;

use super::Words;
use crate::domain::figures::{Names, PeriodFigures};
use crate::domain::open_data::{
    Counted, Indicator, LEAST, Population, Published, Variable, attack, counted, indicators, suppressed,
};
use crate::domain::time::Moment;
use crate::error::{Error, Result};

pub use self::dictionary::Field;
pub use self::files::{json, zip};
pub use self::page::page;
pub use self::tables::{Cell, Table};

/// The version of the form; it changes when a reader's program has to.
const VERSION: u32 = 1;
/// Where the licence stands.
const LICENCE: &str = "https://data.gov.tw/license";

/// The open data of a year.
#[derive(Clone, Debug, Serialize)]
pub struct OpenData {
    /// The version of this form.
    pub version: u32,
    /// What it is.
    pub title: Names,
    /// Whose it is.
    pub agency: Names,
    /// The year of the common era.
    pub year: i16,
    /// The first local day that is counted (YYYY-MM-DD).
    pub from: String,
    /// The last local day that is counted (YYYY-MM-DD).
    pub to: String,
    /// Whether the year was locked (`final`), or its figures may still change (`provisional`).
    pub status: &'static str,
    /// The moment whose records were counted.
    pub as_of: Moment,
    /// When the figures were locked.
    pub locked_at: Option<Moment>,
    /// The SHA-256 of the figures as they were locked.
    pub figures_sha256: Option<String>,
    /// The licence.
    pub licence: Licence,
    /// What was suppressed.
    pub suppression: Suppression,
    /// The tables.
    pub tables: Vec<Table>,
    /// Shares and means.
    pub indicators: Vec<Named>,
    /// What every field and every code means.
    pub dictionary: Vec<Field>,
}

/// A licence.
#[derive(Clone, Debug, Serialize)]
pub struct Licence {
    /// Its name.
    pub name: Names,
    /// Where it stands.
    pub url: &'static str,
    /// The licence it may be replaced by.
    pub compatible_with: &'static str,
    /// What whoever uses the data has to say.
    pub attribution: Names,
}

/// What was suppressed.
#[derive(Clone, Debug, Serialize)]
pub struct Suppression {
    /// The least count that is published, besides 0.
    pub least: u64,
    /// Counts in all tables.
    pub cells: usize,
    /// Of them suppressed.
    pub suppressed: usize,
    /// What is not published at all.
    pub withheld: Vec<Withheld>,
    /// The rule in words.
    pub rule: Names,
}

/// A variable that is not published of a population.
#[derive(Clone, Debug, Serialize)]
pub struct Withheld {
    /// Of what.
    pub population: Population,
    /// By what.
    pub variable: Variable,
}

/// A share or a mean, with the name of its row.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// Itself.
    #[serde(flatten)]
    pub indicator: Indicator,
    /// The name of its row.
    #[serde(flatten)]
    pub row: Names,
}

/// The populations of a year as they are and as they are published; the attack was tried on each.
///
/// # Errors
/// `Internal` when the figures do not add up, or the attack found anything out.
pub fn populations(figures: &PeriodFigures) -> Result<Vec<(Counted, Published)>> {
    let withstood = |counted: Counted| {
        let published = suppressed(&counted);
        let population = counted.population;
        let leak = |leak| Error::internal(format!("what would be published of {population} leaks {leak}"));
        attack(&published).map_err(leak)?;
        Ok((counted, published))
    };
    counted(figures)?.into_iter().map(withstood).collect()
}

/// The open data of the figures of a year.
///
/// # Errors
/// `Refused` when the figures are not as they were locked; `Internal` when they do not add up, or a text is missing.
pub fn of(figures: &PeriodFigures, words: &dyn Words) -> Result<OpenData> {
    if figures.locked_damaged {
        return Err(Error::refused("refused-open-data-damaged"));
    }
    let populations = populations(figures)?;
    let (mut tables, mut named, mut withheld) = (Vec::new(), Vec::new(), Vec::new());
    for (_, published) in &populations {
        tables.extend(tables::tables(published, words)?);
        for indicator in indicators(figures, published) {
            named.push(Named { row: tables::row_name(published, &indicator, words)?, indicator });
        }
        let population = published.population;
        withheld.extend(published.withheld.iter().map(|variable| Withheld { population, variable: *variable }));
    }
    let cells = || tables.iter().flat_map(|table| &table.cells);
    let suppression = Suppression {
        least: LEAST,
        cells: cells().count(),
        suppressed: cells().filter(|cell| cell.suppressed).count(),
        withheld,
        rule: both("open-rule", words)?,
    };
    let title = Names {
        name_zh: words.text("zh-TW", "open-title", &json!({ "year": roc(figures.year) }))?,
        name_en: words.text("en", "open-title", &json!({ "year": figures.year.to_string() }))?,
    };
    let attribution = |locale| {
        let names =
            json!({ "agency": figures.agency.of(locale), "year": figures.year.to_string(), "title": title.of(locale) });
        words.text(locale, "open-attribution", &names)
    };
    let licence = Licence {
        name: both("open-licence", words)?,
        url: LICENCE,
        compatible_with: "CC BY 4.0",
        attribution: Names { name_zh: attribution("zh-TW")?, name_en: attribution("en")? },
    };
    Ok(OpenData {
        version: VERSION,
        title,
        agency: figures.agency.clone(),
        year: figures.year,
        from: figures.from.clone(),
        to: figures.to.clone(),
        status: if figures.locked_at.is_some() { "final" } else { "provisional" },
        as_of: figures.as_of,
        locked_at: figures.locked_at,
        figures_sha256: figures.locked_sha256.clone(),
        licence,
        suppression,
        tables,
        indicators: named,
        dictionary: dictionary::fields(words)?,
    })
}

/// The year of the Republic.
fn roc(year: i16) -> String {
    (year - 1911).to_string()
}

/// A message in both languages.
fn both(key: &str, words: &dyn Words) -> Result<Names> {
    let text = |locale| words.text(locale, key, &json!({}));
    Ok(Names { name_zh: text("zh-TW")?, name_en: text("en")? })
}
