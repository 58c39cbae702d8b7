//! What a document lists beside its tables: overdue cases and improvement measures.

use serde_json::json;

use super::Maker;
use crate::domain::figures::Names;
use crate::error::Result;
use crate::reports::book::{Cell, Column, Kind, Row, Section, Sheet};

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
        let columns = self.texts(&[
            ("unit", "table-row-unit"),
            ("category", "table-row-category"),
            ("channel", "table-row-channel"),
            ("received_on", "overdue-received"),
            ("due_on", "overdue-due"),
            ("due_on_extended", "overdue-due-extended"),
            ("finished_on", "overdue-finished"),
        ])?;
        let mut rows = Vec::new();
        for case in cases {
            let channel = self.say(&format!("channel-{}", case.channel))?;
            let extended = Some(case.due_on_extended.clone()).filter(|day| *day != case.due_on);
            let cells = vec![
                self.named(case.unit.as_ref()),
                self.named(case.category.as_ref()),
                Cell::Text(channel),
                Cell::Text(case.received_on.clone()),
                Cell::Text(case.due_on.clone()),
                extended.map_or(Cell::Empty, Cell::Text),
                case.finished_on.clone().map_or(Cell::Empty, Cell::Text),
            ];
            rows.push(row(case.case_number.clone(), cells));
        }
        let sheet = self.sheet("overdue_cases", "overdue-title", "overdue-case", columns, rows)?;
        Ok(Some(self.section("overdue", "overdue-title", vec![note], vec![Sheet { long: true, ..sheet }])?))
    }

    /// The improvement measures; none where none was planned.
    pub(super) fn measures(&self) -> Result<Option<Section>> {
        let measures = &self.figures.improvement_measures;
        if measures.is_empty() {
            return Ok(None);
        }
        let columns = self.texts(&[
            ("year", "measure-year-label"),
            ("category", "table-row-category"),
            ("unit", "measure-unit"),
            ("owner", "measure-owner"),
            ("due_on", "measure-due"),
            ("state", "measure-state"),
        ])?;
        let mut rows = Vec::new();
        for measure in measures {
            let state = self.say(&format!("measure-state-{}", measure.state.code().replace('_', "-")))?;
            let cells = vec![
                Cell::Text(self.text("measure-of-year", &json!({ "year": measure.year }))?),
                self.named(measure.category.as_ref()),
                self.named(measure.unit.as_ref()),
                measure.owner.clone().map_or(Cell::Empty, Cell::Text),
                Cell::Text(measure.due_on.clone()),
                Cell::Text(state),
            ];
            rows.push(row(measure.title.clone(), cells));
        }
        let sheet = self.sheet("improvement_measures", "measures-title", "measure-title", columns, rows)?;
        Ok(Some(self.section("measures", "measures-title", Vec::new(), vec![sheet])?))
    }

    fn texts(&self, columns: &[(&str, &str)]) -> Result<Vec<Column>> {
        columns.iter().map(|(code, key)| self.column(code, self.say(key)?, Kind::Text)).collect()
    }

    fn named(&self, names: Option<&Names>) -> Cell {
        names.map_or(Cell::Empty, |names| Cell::Text(names.of(self.locale).to_owned()))
    }
}

fn row(label: String, cells: Vec<Cell>) -> Row {
    Row { code: String::new(), label, level: 0, total: false, cells }
}
