//! The figures of a period as a document: what they say in a few sentences, every table with its totals, what each figure
//! means. The formats for spreadsheets are written from it.

use serde_json::{Value, json};

use super::book::{Book, BookWords, Cell, Column, Kind, Row, Section, Sheet};
use super::columns::{self, columns, heading};
use super::{Words, json as report_json, label, pictures, summary};
use crate::domain::figures::{Figures, Level, PeriodFigures, TableName, definitions};
use crate::error::{Error, Result};
use crate::keys::sha256;

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
    ("ratings.response_rate", Kind::Rate),
    ("ratings.overall.mean", Kind::Score),
    ("ratings.overall.satisfied_rate", Kind::Rate),
];

/// The sections with tables, in order.
const SECTIONS: &[(&str, &str, &[TableName])] = &[
    (
        "intake",
        "book-section-intake",
        &[
            TableName::Month,
            TableName::Channel,
            TableName::ChannelMonth,
            TableName::Kind,
            TableName::Category,
            TableName::SpeedClass,
        ],
    ),
    ("units", "book-section-units", &[TableName::Unit, TableName::UnitTree, TableName::Reassignment]),
    ("endings", "book-section-endings", &[TableName::CloseCode, TableName::Extension]),
];

/// The document, in a language.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn of(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Book> {
    let make = Maker { figures, locale, words };
    let mut sections = vec![make.summary()?];
    for (code, heading, tables) in SECTIONS {
        let sheets = tables.iter().filter(|table| !figures.tables.get(**table).is_empty());
        let sheets = sheets.map(|table| make.table(*table)).collect::<Result<Vec<_>>>()?;
        sections.push(make.section(code, heading, Vec::new(), sheets)?);
    }
    sections.push(make.section("satisfaction", "book-section-satisfaction", Vec::new(), vec![make.questions()?])?);
    sections.push(make.section("definitions", "book-section-definitions", Vec::new(), vec![make.definitions()?])?);
    let title = summary::title(figures, locale, words)?;
    let title = words.text(locale, title["key"].as_str().unwrap_or_default(), &title["args"])?;
    let checksum = sha256(report_json::write(figures, words)?.as_bytes());
    Ok(Book {
        locale: locale.to_owned(),
        title,
        agency: figures.agency.of(locale).to_owned(),
        period: make.period()?,
        made: make.made()?,
        made_at: figures.as_of,
        checksum: make.text("book-checksum", &json!({ "checksum": checksum }))?,
        words: self::words(locale, words)?,
        sections,
    })
}

/// What the formats say themselves.
///
/// # Errors
/// `Internal` when a text is missing.
pub(super) fn words(locale: &str, words: &dyn Words) -> Result<BookWords> {
    let say = |key: &str| words.text(locale, key, &json!({}));
    Ok(BookWords {
        contents: say("book-contents")?,
        page: [say("book-page")?, say("book-page-of")?, say("book-page-end")?],
        code: say("csv-code")?,
        level: say("csv-level")?,
        source: say("book-source")?,
        unit: say("book-unit")?,
        readme: vec![say("book-readme")?],
    })
}

struct Maker<'a> {
    figures: &'a PeriodFigures,
    locale: &'a str,
    words: &'a dyn Words,
}

impl Maker<'_> {
    fn text(&self, key: &str, args: &Value) -> Result<String> {
        self.words.text(self.locale, key, args)
    }

    fn say(&self, key: &str) -> Result<String> {
        self.text(key, &json!({}))
    }

    fn period(&self) -> Result<String> {
        let day = |text: &str| self.words.moment(self.locale, text);
        self.text("book-period", &json!({ "from": day(&self.figures.from)?, "to": day(&self.figures.to)? }))
    }

    /// When the records were read, and when the figures were locked.
    fn made(&self) -> Result<String> {
        let at = |moment: String| self.words.moment(self.locale, &moment);
        let read = self.text("book-as-of", &json!({ "at": at(self.figures.as_of.to_string())? }))?;
        Ok(match self.figures.locked_at {
            Some(locked) => read + &self.text("book-locked", &json!({ "at": at(locked.to_string())? }))?,
            None if !self.figures.complete => read + &self.say("book-running")?,
            None => read,
        })
    }

    fn section(&self, code: &str, heading: &str, notes: Vec<String>, sheets: Vec<Sheet>) -> Result<Section> {
        let heading = self.say(heading)?;
        Ok(Section { code: code.to_owned(), heading, notes, charts: Vec::new(), sheets })
    }

    /// What the figures say in sentences, and what lies beside them: five years, the stages, the days used.
    fn summary(&self) -> Result<Section> {
        let total = &self.figures.total;
        let mut notes = vec![self.text(
            "book-note-flow",
            &json!({
                "start": total.open_at_start, "received": total.received, "reopened": total.reopened,
                "closed": total.closed, "end": total.open_at_end,
            }),
        )?];
        if let (Some(rate), Some(mean), Some(median), Some(p90)) =
            (total.on_time_rate, total.mean_days, total.median_days, total.p90_days)
        {
            notes.push(self.text(
                "book-note-time",
                &json!({
                    "rate": percent(rate), "late": total.closed_late, "mean": format!("{mean:.1}"),
                    "median": format!("{median:.1}"), "p90": format!("{p90:.1}"),
                }),
            )?);
        }
        if total.pending_overdue > 0 {
            notes.push(self.text("book-note-overdue", &json!({ "number": total.pending_overdue }))?);
        }
        if let (Some(rate), Some(overall)) = (total.ratings.response_rate, total.ratings.overall()) {
            notes.push(self.text(
                "book-note-ratings",
                &json!({ "number": total.ratings.number, "rate": percent(rate), "overall": format!("{overall:.2}") }),
            )?);
        }
        let summary =
            self.section("summary", "book-section-summary", notes, vec![self.series()?, self.stages()?, self.days()?])?;
        Ok(Section { charts: pictures::of(self.figures, self.locale, self.words)?, ..summary })
    }

    fn table(&self, table: TableName) -> Result<Sheet> {
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
        let heads = shown.iter().map(|(key, kind)| self.column(key, heading(key, self.locale, self.words)?, *kind));
        Ok(Sheet {
            code: table.code().to_owned(),
            title: self.say(&format!("table-{name}"))?,
            note: self.made()?,
            row_heading: self.say(&format!("table-row-{name}"))?,
            columns: heads.collect::<Result<_>>()?,
            rows,
        })
    }

    fn column(&self, code: &str, heading: String, kind: Kind) -> Result<Column> {
        Ok(Column { code: code.to_owned(), heading, kind })
    }

    fn sheet(&self, code: &str, title: &str, row_heading: &str, columns: Vec<Column>, rows: Vec<Row>) -> Result<Sheet> {
        Ok(Sheet {
            code: code.to_owned(),
            title: self.say(title)?,
            note: self.made()?,
            row_heading: self.say(row_heading)?,
            columns,
            rows,
        })
    }

    /// Columns whose headings are those of the definitions.
    fn heads(&self, columns: &[(&str, Kind)]) -> Result<Vec<Column>> {
        columns.iter().map(|(key, kind)| self.column(key, self.name(key)?, *kind)).collect()
    }

    fn name(&self, code: &str) -> Result<String> {
        let defined = definitions::of(code).map(|definition| definition.name.of(self.locale).to_owned());
        defined.ok_or_else(|| Error::internal(format!("the figure {code} is not defined")))
    }

    fn series(&self) -> Result<Sheet> {
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
        let rows = self.figures.series.iter().map(|row| {
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
            plain_row(&row.period, row.period.clone(), cells)
        });
        self.sheet("series", "series-title", "csv-period", columns, rows.collect())
    }

    fn stages(&self) -> Result<Sheet> {
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

    fn days(&self) -> Result<Sheet> {
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

    fn questions(&self) -> Result<Sheet> {
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

    fn definitions(&self) -> Result<Sheet> {
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
    let row = crate::domain::figures::Row::new("", None, figures.clone());
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

fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}
