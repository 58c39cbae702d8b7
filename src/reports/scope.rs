//! What of a period a saved report counts, in words: on its page, in its files, charts and letters.

use serde_json::json;

use super::{Words, label};
use crate::domain::figures::{Figures, Row, Scope, ScopeValue, TableName};
use crate::error::Result;

/// The whole line: "範圍：單位為北部分署（含所屬單位）".
///
/// # Errors
/// `Internal` when a text is missing.
pub fn line(scope: &Scope, locale: &str, words: &dyn Words) -> Result<String> {
    let none = json!({});
    if scope.parts.is_empty() {
        return words.text(locale, "scope-everything", &none);
    }
    let comma = words.text(locale, "list-comma", &none)?;
    let mut parts = Vec::new();
    for part in &scope.parts {
        let values = part.values.iter().map(|of| value(part.table, of, locale, words)).collect::<Result<Vec<_>>>()?;
        let name = words.text(locale, &format!("table-row-{}", part.table.code().replace('_', "-")), &none)?;
        let key = if part.below { "scope-part-below" } else { "scope-part" };
        parts.push(words.text(locale, key, &json!({ "name": name, "values": values.join(&comma) }))?);
    }
    let parts = parts.join(&words.text(locale, "scope-and", &none)?);
    words.text(locale, "scope-line", &json!({ "parts": parts }))
}

/// What a value of a filter is called.
///
/// # Errors
/// None: a code that nobody knows any more stands for itself.
pub fn value(table: TableName, of: &ScopeValue, locale: &str, words: &dyn Words) -> Result<String> {
    let row = Row::new(&of.code, of.names.clone(), Figures::default());
    Ok(label(table, &row, locale, words).unwrap_or_else(|_| of.code.clone()))
}
