//! How long petitions took, year beside year (處理時間比較): stage by stage, and by kind, category, speed class, channel and
//! division. Where it takes longer than it did, or longer than the rest, the agency looks for what can be made simpler.

use std::sync::Arc;

use serde_json::json;

use super::book::{Book, Cell, Chart, ChartKind, Column, Kind, NOTHING, Row, Section, Series, Sheet};
use super::charts::make::Maker as Charts;
use super::page::signed;
use super::{Words, document, label, period_label};
use crate::domain::figures::{Figures, PeriodFigures, Row as FigureRow, Stage, TableName};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;

/// Years that stand beside each other.
pub const YEARS: i16 = 5;
/// Of fewer cases a mean says little: no sentence is made of it.
const FEWEST: u64 = 20;
/// The tables whose rows are compared.
const TABLES: &[TableName] =
    &[TableName::Category, TableName::Kind, TableName::SpeedClass, TableName::Unit, TableName::Channel];

/// The comparison as a document, in a language; `years` the earliest first, each as it was locked or counted.
///
/// # Errors
/// `NotFound` when there is no year; `Internal` when a text is missing.
pub fn book(years: &[Arc<PeriodFigures>], now: Moment, locale: &str, words: &dyn Words) -> Result<Book> {
    let last = years.last().ok_or(Error::NotFound)?;
    let at = words.moment(locale, &now.to_string())?;
    let text = |key: &str, args: &serde_json::Value| words.text(locale, key, args);
    let make = Maker { years, charts: Charts::new(now, locale, words)?, locale, words };
    let sections = make.sections()?;
    let content = serde_json::to_vec(&sections).map_err(Error::internal)?;
    let span = [years.first().unwrap_or(last), last].map(|year| period_label(&year.year.to_string(), locale, words));
    let [from, to] = span;
    Ok(Book {
        locale: locale.to_owned(),
        title: text("handling-title", &json!({}))?,
        agency: last.agency.of(locale).to_owned(),
        period: text("handling-span", &json!({ "from": from?, "to": to? }))?,
        made: text("book-as-of", &json!({ "at": at }))?,
        made_at: now,
        checksum: text("handling-checksum", &json!({ "checksum": sha256(&content) }))?,
        words: document::words(locale, words)?,
        sections,
    })
}

struct Maker<'a> {
    years: &'a [Arc<PeriodFigures>],
    charts: Charts<'a>,
    locale: &'a str,
    words: &'a dyn Words,
}

/// What is compared of a year.
type Of = fn(&Figures) -> Option<f64>;

impl Maker<'_> {
    fn text(&self, key: &str, args: &serde_json::Value) -> Result<String> {
        self.words.text(self.locale, key, args)
    }

    fn say(&self, key: &str) -> Result<String> {
        self.text(key, &json!({}))
    }

    fn sections(&self) -> Result<Vec<Section>> {
        let mut notes = Vec::new();
        notes.extend(self.longest_stage()?);
        notes.extend(self.moved_most()?);
        let (days, stages) = (self.days()?, self.stages()?);
        let mut sections = vec![Section {
            code: "handling".to_owned(),
            heading: self.say("handling-all")?,
            notes,
            charts: self.chart()?.into_iter().collect(),
            sheets: vec![days, stages],
        }];
        for table in TABLES {
            let sheet = self.table(*table)?;
            if !sheet.rows.is_empty() {
                let (code, heading) = (sheet.code.clone(), sheet.title.clone());
                sections.push(Section { code, heading, notes: Vec::new(), charts: Vec::new(), sheets: vec![sheet] });
            }
        }
        Ok(sections)
    }

    /// What a year is called; one that runs says so.
    fn name(&self, year: &PeriodFigures) -> Result<String> {
        let label = period_label(&year.year.to_string(), self.locale, self.words)?;
        if year.complete { Ok(label) } else { self.text("series-running", &json!({ "period": label })) }
    }

    /// A column for every year, and what has changed between the first and the last that are over.
    fn columns(&self) -> Result<Vec<Column>> {
        let mut columns = Vec::new();
        for year in self.years {
            columns.push(Column { code: year.year.to_string(), heading: self.name(year)?, kind: Kind::Days });
        }
        columns.push(Column { code: "change".to_owned(), heading: self.say("handling-change")?, kind: Kind::Days });
        Ok(columns)
    }

    fn row(&self, code: &str, label: String, of: impl Fn(&PeriodFigures) -> Option<f64>) -> Row {
        let values: Vec<Option<f64>> = self.years.iter().map(|year| of(year)).collect();
        let over = || self.years.iter().zip(&values).filter(|(year, _)| year.complete).filter_map(|(_, value)| *value);
        let change = match (over().next(), over().next_back()) {
            (Some(first), Some(last)) if over().count() > 1 => signed(last - first),
            _ => NOTHING.to_owned(),
        };
        let mut cells: Vec<Cell> = values.into_iter().map(|value| value.map_or(Cell::Empty, Cell::Days)).collect();
        cells.push(Cell::Text(change));
        Row { code: code.to_owned(), label, level: 0, total: false, cells }
    }

    fn sheet(&self, code: &str, title: String, row_heading: String, note: &str, rows: Vec<Row>) -> Result<Sheet> {
        let (note, columns) = (format!("{} {}", self.say(note)?, self.charts.source), self.columns()?);
        Ok(Sheet { code: code.to_owned(), title, note, row_heading, long: false, columns, rows })
    }

    fn days(&self) -> Result<Sheet> {
        let each: [(&str, &str, Of); 3] = [
            ("mean_days", "figure-mean-days", |f| f.mean_days),
            ("median_days", "figure-median-days", |f| f.median_days),
            ("p90_days", "figure-p90-days", |f| f.p90_days),
        ];
        let mut rows = Vec::new();
        for (code, name, of) in each {
            rows.push(self.row(code, self.say(name)?, |year| of(&year.total)));
        }
        self.sheet("days", self.say("handling-days")?, self.say("handling-row")?, "handling-in-days", rows)
    }

    fn stages(&self) -> Result<Sheet> {
        let mut rows = Vec::new();
        for stage in Stage::ALL {
            let label = self.say(&format!("stage-{stage}"))?;
            rows.push(self.row(stage.code(), label, |year| hours(year, *stage)));
        }
        self.sheet("stages", self.say("stages-title")?, self.say("stages-row")?, "handling-in-hours", rows)
    }

    fn table(&self, table: TableName) -> Result<Sheet> {
        let mut rows: Vec<Row> = Vec::new();
        // In the order of the latest year; what only earlier years had stands behind it.
        for row in self.years.iter().rev().flat_map(|year| year.tables.get(table)) {
            if !rows.iter().any(|known| known.code == row.code) {
                let label = label(table, row, self.locale, self.words)?;
                rows.push(self.row(&row.code, label, |year| found(year, table, &row.code)?.figures.mean_days));
            }
        }
        rows.retain(|row| row.cells.iter().any(|cell| matches!(cell, Cell::Days(_))));
        let name = table.code().replace('_', "-");
        let (title, row_heading) = (self.say(&format!("table-{name}"))?, self.say(&format!("table-row-{name}"))?);
        self.sheet(table.code(), title, row_heading, "handling-in-days", rows)
    }

    /// The years that are over.
    fn over(&self) -> impl DoubleEndedIterator<Item = &PeriodFigures> {
        self.years.iter().map(Arc::as_ref).filter(|year| year.complete)
    }

    /// Which part of the way took longest in the last year that is over.
    fn longest_stage(&self) -> Result<Option<String>> {
        let Some(year) = self.over().next_back() else { return Ok(None) };
        let reached: Vec<(Stage, f64)> =
            Stage::ALL.iter().filter_map(|stage| Some((*stage, hours(year, *stage)?))).collect();
        let before = std::iter::once(0.0).chain(reached.iter().map(|(_, hours)| *hours));
        let parts = reached.iter().zip(before).map(|((stage, hours), before)| (*stage, hours - before));
        let Some((stage, took)) = parts.max_by(|a, b| a.1.total_cmp(&b.1)) else { return Ok(None) };
        let all = reached.last().map_or(0.0, |(_, hours)| *hours);
        if all <= 0.0 {
            return Ok(None);
        }
        let said = json!({
            "year": self.name(year)?, "stage": self.say(&format!("stage-{stage}"))?, "hours": format!("{took:.0}"),
            "share": format!("{:.0}%", took / all * 100.0),
        });
        self.text("handling-longest", &said).map(Some)
    }

    /// The categories whose mean has grown and fallen most between the first and the last year that are over.
    fn moved_most(&self) -> Result<Vec<String>> {
        let (Some(first), Some(last)) = (self.over().next(), self.over().next_back()) else { return Ok(Vec::new()) };
        let mut moved: Vec<(f64, String, f64, f64)> = Vec::new();
        for row in last.tables.get(TableName::Category) {
            let before = found(first, TableName::Category, &row.code);
            let enough = |row: &FigureRow| row.figures.closed >= FEWEST;
            let (Some(before), true) = (before.filter(|before| enough(before)), enough(row)) else { continue };
            let (Some(was), Some(is)) = (before.figures.mean_days, row.figures.mean_days) else { continue };
            moved.push((is - was, label(TableName::Category, row, self.locale, self.words)?, was, is));
        }
        let grown = moved.iter().max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(by, ..)| *by >= 0.05);
        let fallen = moved.iter().min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(by, ..)| *by <= -0.05);
        let span = [self.name(first)?, self.name(last)?];
        let said = |key: &str, (_, name, was, is): &(f64, String, f64, f64)| {
            let [from, to] = &span;
            self.text(
                key,
                &json!({ "from": from, "to": to, "name": name, "was": format!("{was:.1}"), "is": format!("{is:.1}") }),
            )
        };
        let grown = grown.map(|found| said("handling-grown", found));
        let fallen = fallen.map(|found| said("handling-fallen", found));
        grown.into_iter().chain(fallen).collect()
    }

    /// The days used in the years that are over; none of fewer than two.
    fn chart(&self) -> Result<Option<Chart>> {
        let years: Vec<&PeriodFigures> = self.over().collect();
        let ends = years.first().zip(years.last()).filter(|_| years.len() > 1);
        let Some((was, is)) = ends.and_then(|(first, last)| first.total.mean_days.zip(last.total.mean_days)) else {
            return Ok(None);
        };
        let lines: [(&str, Of); 2] = [("figure-mean-days", |f| f.mean_days), ("figure-p90-days", |f| f.p90_days)];
        let categories = years.iter().map(|year| self.name(year)).collect::<Result<Vec<_>>>()?;
        let series = lines.into_iter().map(|(key, of)| {
            let values = years.iter().map(|year| of(&year.total)).collect();
            Ok(Series { name: self.say(key)?, values })
        });
        let series = series.collect::<Result<Vec<_>>>()?;
        let said = json!({ "was": format!("{was:.1}"), "is": format!("{is:.1}"), "years": years.len() });
        let title = self.text("handling-chart", &said)?;
        self.charts.chart(("handling", ChartKind::Line, title), Kind::Days, categories, series).map(Some)
    }
}

fn hours(year: &PeriodFigures, stage: Stage) -> Option<f64> {
    year.total.stages.get(&stage).and_then(|stage| stage.mean_hours)
}

fn found<'a>(year: &'a PeriodFigures, table: TableName, code: &str) -> Option<&'a FigureRow> {
    year.tables.get(table).iter().find(|row| row.code == code)
}
