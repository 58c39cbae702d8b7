//! What the rows are called that cases are listed of, and which rows there are.

use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::figures::{Figures, Names as Named, OPEN, Row, RowOf, TableName, UNASSIGNED, UNCLASSIFIED};
use crate::error::Result;
use crate::reports::{Words, label};
use crate::store::reference::Reference;

/// The agency's names of what cases are counted under.
pub(super) struct Names {
    /// Of categories, by code.
    pub(super) categories: Vec<(String, Named)>,
    /// Of speed classes, by code.
    pub(super) classes: Vec<(String, Named)>,
}

impl Names {
    /// Whether there is such a row today.
    pub(super) fn know(&self, row: &RowOf, reference: &Reference) -> bool {
        let code = row.code.as_str();
        if [OPEN, UNASSIGNED, UNCLASSIFIED].contains(&code) {
            return true;
        }
        let named = |list: &[(String, Named)]| list.iter().any(|(known, _)| known == code);
        match row.table {
            TableName::Category => named(&self.categories),
            TableName::SpeedClass => named(&self.classes),
            TableName::Unit => reference.units.by_code(code).is_some(),
            TableName::Channel => Channel::parse(code).is_some(),
            TableName::Kind => Kind::parse(code).is_some(),
            TableName::CloseCode => CloseCode::parse(code).is_some(),
            _ => false,
        }
    }

    /// What a row is called; a code that nobody knows any more stands for itself.
    pub(super) fn of(&self, row: &RowOf, reference: &Reference, locale: &str, words: &dyn Words) -> Result<String> {
        let of =
            |list: &[(String, Named)]| list.iter().find(|(code, _)| *code == row.code).map(|(_, names)| names.clone());
        let named = match row.table {
            TableName::Category => of(&self.categories),
            TableName::SpeedClass => of(&self.classes),
            TableName::Unit => reference
                .units
                .by_code(&row.code)
                .map(|unit| Named { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() }),
            _ => None,
        };
        label(row.table, &Row::new(&row.code, named, Figures::default()), locale, words)
            .or_else(|_| Ok(row.code.clone()))
    }
}
