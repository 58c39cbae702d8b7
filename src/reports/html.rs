//! The report as a page to print: what the management page shows, with every definition, in one file that needs nothing
//! else.

use serde_json::json;

use super::{Words, page};
use crate::domain::figures::{PeriodFigures, TableName, definitions};
use crate::error::{Error, Result};

/// Where the page names its style; the style itself takes this place.
const STYLE: &str = "<meta name=\"report-style\">";

/// Writes the report.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn write(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<String> {
    // Twelve rows for every channel belong into a spreadsheet.
    let tables: Vec<TableName> =
        TableName::ALL.iter().copied().filter(|table| *table != TableName::ChannelMonth).collect();
    let mut data = page::data(figures, None, &tables, None, locale, words)?;
    if let Some(map) = data.as_object_mut() {
        map.insert("locale".to_owned(), locale.into());
        map.insert("agency_name".to_owned(), figures.agency.of(locale).into());
        map.insert(
            "definitions".to_owned(),
            definitions::all()
                .map(|of| json!({ "name": of.name.of(locale), "meaning": of.meaning.of(locale), "formula": of.formula.of(locale) }))
                .collect(),
        );
    }
    let html = words.page(locale, "management/report", &data)?;
    if !html.contains(STYLE) {
        return Err(Error::internal("the page management/report has no place for its style"));
    }
    Ok(html.replace(STYLE, &format!("<style>\n{}</style>", words.style())))
}
