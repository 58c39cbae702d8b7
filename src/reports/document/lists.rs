//! What a document lists beside its tables: overdue cases and improvement measures.

use serde_json::json;

use super::Maker;
use crate::domain::figures::Names;
use crate::error::Result;
use crate::reports::book::{Cell, Column, Kind, Row, Section, Sheet};
use crate::reports::period_label;

/// Cases that paper lists at most: some five pages. Of more the files for spreadsheets have the list.
const ON_PAPER: usize = 200;

impl Maker<'_> {
    /// The cases that were overdue when the period ended; none where none was.
    pub(super) fn overdue(&self) -> Result<Option<Section>> {
        let (cases, all) = (&self.figures.overdue_cases, self.figures.total.pending_overdue);
        if cases.is_empty() {
            return Ok(None);
        }
        let told = u64::try_from(cases.len()).unwrap_or(u64::MAX);
        let note = if told < all {
            self.text("book-note-overdue-first", &json!({ "number": all, "told": told }))?
        } else {
            self.text("book-note-overdue-cases", &json!({ "number": all }))?
        };
        let columns = self.said(&[
            ("unit", "table-row-unit", Kind::Text),
            ("category", "table-row-category", Kind::Text),
            ("channel", "table-row-channel", Kind::Text),
            ("received_on", "overdue-received", Kind::Date),
            ("due_on", "overdue-due", Kind::Date),
            ("due_on_extended", "overdue-due-extended", Kind::Date),
            ("finished_on", "overdue-finished", Kind::Date),
        ])?;
        let mut rows = Vec::new();
        for case in cases {
            let channel = self.say(&format!("channel-{}", case.channel))?;
            let extended = Some(case.due_on_extended.as_str()).filter(|day| *day != case.due_on);
            let cells = vec![
                self.named(case.unit.as_ref()),
                self.named(case.category.as_ref()),
                Cell::Text(channel),
                day(&case.received_on),
                day(&case.due_on),
                extended.map_or(Cell::Empty, day),
                case.finished_on.as_deref().map_or(Cell::Empty, day),
            ];
            rows.push(row(case.case_number.clone(), cells));
        }
        let sheet = self.sheet("overdue_cases", "overdue-title", "overdue-case", columns, rows)?;
        let long = cases.len() > ON_PAPER;
        let mut notes = vec![note];
        if long {
            notes.push(self.say("book-note-overdue-files")?);
        }
        Ok(Some(self.section("overdue", "overdue-title", notes, vec![Sheet { long, ..sheet }])?))
    }

    /// The improvement measures; none where none was planned.
    pub(super) fn measures(&self) -> Result<Option<Section>> {
        let measures = &self.figures.improvement_measures;
        if measures.is_empty() {
            return Ok(None);
        }
        let columns = self.said(&[
            ("year", "measure-year-label", Kind::Text),
            ("category", "table-row-category", Kind::Text),
            ("unit", "measure-unit", Kind::Text),
            ("owner", "measure-owner", Kind::Text),
            ("due_on", "measure-due", Kind::Date),
            ("state", "measure-state", Kind::Text),
        ])?;
        let mut rows = Vec::new();
        for measure in measures {
            let state = self.say(&format!("measure-state-{}", measure.state.code().replace('_', "-")))?;
            let cells = vec![
                Cell::Text(period_label(&measure.year.to_string(), self.locale, self.words)?),
                self.named(measure.category.as_ref()),
                self.named(measure.unit.as_ref()),
                measure.owner.clone().map_or(Cell::Empty, Cell::Text),
                day(&measure.due_on),
                Cell::Text(state),
            ];
            rows.push(row(measure.title.clone(), cells));
        }
        let sheet = self.sheet("improvement_measures", "measures-title", "measure-title", columns, rows)?;
        Ok(Some(self.section("measures", "measures-title", Vec::new(), vec![sheet])?))
    }

    fn said(&self, columns: &[(&str, &str, Kind)]) -> Result<Vec<Column>> {
        columns.iter().map(|(code, key, kind)| self.column(code, self.say(key)?, *kind)).collect()
    }

    fn named(&self, names: Option<&Names>) -> Cell {
        names.map_or(Cell::Empty, |names| Cell::Text(names.of(self.locale).to_owned()))
    }
}

fn row(label: String, cells: Vec<Cell>) -> Row {
    Row { code: String::new(), label, level: 0, total: false, cells }
}

/// A day of the calendar, written as one.
fn day(text: &str) -> Cell {
    text.parse().map_or_else(|_| Cell::Text(text.to_owned()), Cell::Date)
}
