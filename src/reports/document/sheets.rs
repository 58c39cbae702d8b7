//! The tables of a document: those of the figures with their totals, and what has no table there.

use super::Maker;
use crate::domain::figures::{Figures, Level, Row as FigureRow, TableName, definitions};
use crate::error::{Error, Result};
use crate::reports::book::{Cell, Column, Kind, Row, Sheet};
use crate::reports::columns::{self, columns, heading};
use crate::reports::{label, series_label};

/// The columns of a table that people read; every figure stands in the CSV and JSON reports.
const COLUMNS: &[(&str, Kind)] = &[
    ("open_at_start", Kind::Count),
    ("received", Kind::Count),
    ("received_new", Kind::Count),
    ("reopened", Kind::Count),
    ("closed", Kind::Count),
    ("open_at_end", Kind::Count),
    ("closed_on_time", Kind::Count),
    ("closed_late", Kind::Count),
    ("on_time_rate", Kind::Rate),
    ("on_time_rate_extended", Kind::Rate),
    ("pending_within", Kind::Count),
    ("pending_overdue", Kind::Count),
    ("mean_days", Kind::Days),
    ("median_days", Kind::Days),
    ("p90_days", Kind::Days),
    ("extended", Kind::Count),
    ("reassigned", Kind::Count),
    ("replied", Kind::Count),
];
/// What is counted of ratings beside them.
const RATED: &[(&str, Kind)] = &[
    ("ratings.number", Kind::Count),
    ("ratings.asked", Kind::Count),
    ("ratings.answered", Kind::Count),
    ("ratings.response_rate", Kind::Rate),
    ("ratings.overall.mean", Kind::Score),
    ("ratings.overall.satisfied_rate", Kind::Rate),
];

impl Maker<'_> {
    pub(super) fn table(&self, table: TableName) -> Result<Sheet> {
        let shown: Vec<(&str, Kind)> = match table.has_ratings() {
            true => COLUMNS.iter().chain(RATED).copied().collect(),
            false => COLUMNS.to_vec(),
        };
        let name = table.code().replace('_', "-");
        let mut rows = Vec::new();
        for row in self.figures.tables.get(table) {
            rows.push(Row {
                code: row.month.as_ref().map_or_else(|| row.code.clone(), |month| format!("{} {month}", row.code)),
                label: label(table, row, self.locale, self.words)?,
                level: u8::try_from(row.level.saturating_sub(1)).unwrap_or(u8::MAX),
                total: false,
                cells: cells(&row.figures, &shown)?,
            });
        }
        let label = self.say("table-total")?;
        let total = cells(&self.figures.total, &shown)?;
        rows.push(Row { code: "total".into(), label, level: 0, total: true, cells: total });
        let heads = shown.iter().map(|(key, kind)| self.column(key, self.heading(key)?, *kind));
        Ok(Sheet {
            code: table.code().to_owned(),
            title: self.say(&format!("table-{name}"))?,
            note: self.note()?,
            row_heading: self.say(&format!("table-row-{name}"))?,
            // Twelve rows for every channel.
            long: table == TableName::ChannelMonth,
            columns: heads.collect::<Result<_>>()?,
            rows,
        })
    }

    /// Short enough for a narrow column: what is told of ratings is their overall question.
    fn heading(&self, key: &str) -> Result<String> {
        match key {
            "ratings.asked" => self.name("asked"),
            "ratings.answered" => self.name("answered"),
            "ratings.response_rate" => self.name("response_rate"),
            "ratings.overall.mean" => self.name("satisfaction"),
            "ratings.overall.satisfied_rate" => self.name("satisfied_rate"),
            key => heading(key, self.locale, self.words),
        }
    }

    pub(super) fn column(&self, code: &str, heading: String, kind: Kind) -> Result<Column> {
        Ok(Column { code: code.to_owned(), heading, kind })
    }

    pub(super) fn sheet(
        &self,
        code: &str,
        title: &str,
        row_heading: &str,
        columns: Vec<Column>,
        rows: Vec<Row>,
    ) -> Result<Sheet> {
        Ok(Sheet {
            code: code.to_owned(),
            title: self.say(title)?,
            note: self.note()?,
            row_heading: self.say(row_heading)?,
            long: false,
            columns,
            rows,
        })
    }

    /// Columns whose headings are those of the definitions.
    pub(super) fn heads(&self, columns: &[(&str, Kind)]) -> Result<Vec<Column>> {
        columns.iter().map(|(key, kind)| self.column(key, self.name(key)?, *kind)).collect()
    }

    fn name(&self, code: &str) -> Result<String> {
        let defined = definitions::of(code).map(|definition| definition.name.of(self.locale).to_owned());
        defined.ok_or_else(|| Error::internal(format!("the figure {code} is not defined")))
    }

    pub(super) fn series(&self) -> Result<Sheet> {
        let columns = self.heads(&[
            ("open_at_start", Kind::Count),
            ("received", Kind::Count),
            ("closed", Kind::Count),
            ("open_at_end", Kind::Count),
            ("closed_on_time", Kind::Count),
            ("closed_late", Kind::Count),
            ("on_time_rate", Kind::Rate),
            ("mean_days", Kind::Days),
            ("response_rate", Kind::Rate),
            ("satisfaction", Kind::Score),
        ])?;
        let mut rows = Vec::new();
        for row in &self.figures.series {
            let cells = vec![
                count(row.open_at_start),
                count(row.received),
                count(row.closed),
                count(row.open_at_end),
                count(row.closed_on_time),
                count(row.closed_late),
                number(row.on_time_rate, Cell::Rate),
                number(row.mean_days, Cell::Days),
                number(row.response_rate, Cell::Rate),
                number(row.satisfaction, Cell::Score),
            ];
            rows.push(plain_row(&row.period, series_label(row, self.locale, self.words)?, cells));
        }
        self.sheet("series", "series-title", "year-period", columns, rows)
    }

    pub(super) fn stages(&self) -> Result<Sheet> {
        let columns = vec![
            self.column("number", self.say("list-number")?, Kind::Count)?,
            self.column("mean_hours", self.name("mean_hours")?, Kind::Days)?,
            self.column("median_hours", self.name("median_hours")?, Kind::Days)?,
            self.column("p90_hours", self.name("p90_hours")?, Kind::Days)?,
        ];
        let mut rows = Vec::new();
        for (stage, hours) in &self.figures.total.stages {
            let cells = vec![
                count(hours.number),
                number(hours.mean_hours, Cell::Days),
                number(hours.median_hours, Cell::Days),
                number(hours.p90_hours, Cell::Days),
            ];
            rows.push(plain_row(stage.code(), self.say(&format!("stage-{stage}"))?, cells));
        }
        self.sheet("stages", "stages-title", "stages-row", columns, rows)
    }

    pub(super) fn days(&self) -> Result<Sheet> {
        let (total, bands) = (&self.figures.total, &self.figures.total.days);
        let columns = vec![
            self.column("number", self.say("list-number")?, Kind::Count)?,
            self.column("share", self.say("list-share")?, Kind::Rate)?,
        ];
        let mut rows = Vec::new();
        for (code, cases) in [
            ("up_to_3", bands.up_to_3),
            ("up_to_6", bands.up_to_6),
            ("up_to_15", bands.up_to_15),
            ("up_to_30", bands.up_to_30),
            ("over_30", bands.over_30),
        ] {
            let label = self.say(&format!("days-{}", code.replace('_', "-")))?;
            rows.push(plain_row(code, label, vec![count(cases), share(cases, total.closed)]));
        }
        self.sheet("days", "list-days", "list-row-days", columns, rows)
    }

    pub(super) fn questions(&self) -> Result<Sheet> {
        let mut columns = Vec::new();
        for level in Level::ALL.iter().rev() {
            columns.push(self.column(&format!("level_{level}"), self.say(&format!("level-{level}"))?, Kind::Count)?);
        }
        columns.push(self.column("mean", self.say("year-mean")?, Kind::Score)?);
        columns.extend(self.heads(&[
            ("satisfied_rate", Kind::Rate),
            ("satisfied_low", Kind::Rate),
            ("satisfied_high", Kind::Rate),
        ])?);
        let mut rows = Vec::new();
        for (question, answers) in &self.figures.total.ratings.questions {
            let of = |level: &Level| answers.levels.get(level).copied().unwrap_or(0);
            let mut cells: Vec<Cell> = Level::ALL.iter().rev().map(|level| count(of(level))).collect();
            cells.push(number(answers.mean, Cell::Score));
            for value in [answers.satisfied_rate, answers.satisfied_low, answers.satisfied_high] {
                cells.push(number(value, Cell::Rate));
            }
            rows.push(plain_row(question.code(), self.say(&format!("question-{question}"))?, cells));
        }
        self.sheet("satisfaction", "book-section-satisfaction", "year-question", columns, rows)
    }

    pub(super) fn definitions(&self) -> Result<Sheet> {
        let columns = vec![
            self.column("meaning", self.say("book-meaning")?, Kind::Text)?,
            self.column("formula", self.say("book-formula")?, Kind::Text)?,
        ];
        let rows = definitions::all().map(|of| {
            let texts = [of.meaning, of.formula].map(|text| Cell::Text(text.of(self.locale).to_owned()));
            plain_row(of.code, of.name.of(self.locale).to_owned(), texts.into())
        });
        self.sheet("definitions", "book-section-definitions", "list-row-more", columns, rows.collect())
    }
}

fn plain_row(code: &str, label: String, cells: Vec<Cell>) -> Row {
    Row { code: code.to_owned(), label, level: 0, total: false, cells }
}

/// The cells of a row, picked from all its columns by their keys.
fn cells(figures: &Figures, shown: &[(&str, Kind)]) -> Result<Vec<Cell>> {
    let row = FigureRow::new("", None, figures.clone());
    let all = columns(&row);
    let cell = |(key, kind): &(&str, Kind)| {
        let found = all.iter().find(|(of, _)| of == key);
        let (_, cell) = found.ok_or_else(|| Error::internal(format!("there is no column {key}")))?;
        Ok(match (cell, kind) {
            (columns::Cell::Count(cases), _) => count(*cases),
            (columns::Cell::Number(value, _), Kind::Rate) => number(*value, Cell::Rate),
            (columns::Cell::Number(value, _), Kind::Score) => number(*value, Cell::Score),
            (columns::Cell::Number(value, _), _) => number(*value, Cell::Days),
        })
    };
    shown.iter().map(cell).collect()
}

fn count(cases: u64) -> Cell {
    Cell::Count(i64::try_from(cases).unwrap_or(i64::MAX))
}

fn number(value: Option<f64>, cell: fn(f64) -> Cell) -> Cell {
    value.map_or(Cell::Empty, cell)
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn share(part: u64, whole: u64) -> Cell {
    if whole == 0 { Cell::Empty } else { Cell::Rate(part as f64 / whole as f64) }
}
