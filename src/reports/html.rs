//! The report as a page to print: what the management page shows, with every definition, in one file that needs nothing
//! else.

use serde_json::json;

use super::json::DEFINED;
use super::{Words, page};
use crate::domain::figures::YearFigures;
use crate::error::{Error, Result};

/// Where the page names its style; the style itself takes this place.
const STYLE: &str = "<meta name=\"report-style\">";

/// Writes the report.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn write(figures: &YearFigures, locale: &str, words: &dyn Words) -> Result<String> {
    let mut data = page::data(figures, None, locale, words)?;
    if let Some(map) = data.as_object_mut() {
        map.insert("locale".to_owned(), locale.into());
        map.insert("agency_name".to_owned(), figures.agency.of(locale).into());
        map.insert("definitions".to_owned(), json!(DEFINED));
    }
    let html = words.page(locale, "management/report", &data)?;
    if !html.contains(STYLE) {
        return Err(Error::internal("the page management/report has no place for its style"));
    }
    Ok(html.replace(STYLE, &format!("<style>\n{}</style>", words.style())))
}
