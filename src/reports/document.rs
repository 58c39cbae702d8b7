//! The figures of a period as a document: what they say in a few sentences, every table with its totals, what each figure
//! means. The formats for spreadsheets are written from it.

mod issues;
mod lists;
mod sheets;

use serde_json::{Value, json};

use super::book::{Book, BookWords, Section, Sheet};
use super::{Words, json as report_json, pictures, scope, summary};
use crate::domain::figures::{PeriodFigures, Row, TableName};
use crate::error::Result;
use crate::keys::sha256;

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
            TableName::CategoryTree,
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
    sections.extend(make.issues()?);
    for (code, heading, tables) in SECTIONS {
        let sheets = tables.iter().filter(|table| tells(**table, figures.tables.get(**table)));
        let sheets = sheets.map(|table| make.table(*table)).collect::<Result<Vec<_>>>()?;
        // Of a saved report some tables were not wanted.
        if sheets.is_empty() && figures.scope.is_some() {
            continue;
        }
        let charts = match *code {
            "units" => pictures::units(figures, locale, words)?.into_iter().collect(),
            _ => Vec::new(),
        };
        sections.push(Section { charts, ..make.section(code, heading, Vec::new(), sheets)? });
    }
    sections.extend(make.overdue()?);
    sections.push(make.satisfaction()?);
    sections.extend(make.measures()?);
    sections.push(make.section("definitions", "book-section-definitions", Vec::new(), vec![make.definitions()?])?);
    let title = summary::title(figures, locale, words)?;
    let mut title = words.text(locale, title["key"].as_str().unwrap_or_default(), &title["args"])?;
    if let Some(scope) = &figures.scope {
        title = make.text("scope-title", &json!({ "report": scope.report, "title": title }))?;
    }
    let checksum = match &figures.locked_sha256 {
        Some(locked) => make.text("book-locked-checksum", &json!({ "checksum": locked }))?,
        None => {
            let checksum = sha256(report_json::write(figures, words)?.as_bytes());
            make.text("book-checksum", &json!({ "checksum": checksum }))?
        }
    };
    Ok(Book {
        locale: locale.to_owned(),
        title,
        agency: figures.agency.of(locale).to_owned(),
        period: make.period()?,
        made: make.made()?,
        made_at: figures.as_of,
        checksum,
        words: self::words(locale, words)?,
        sections,
    })
}

/// The sections that stand beside the figures themselves: what most petitions were about, what dissatisfied petitioners
/// wrote, what was overdue, what is done about it.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn beside(figures: &PeriodFigures, locale: &str, words: &dyn Words) -> Result<Vec<Section>> {
    let make = Maker { figures, locale, words };
    let sections = [make.issues()?, make.comments()?, make.overdue()?, make.measures()?];
    Ok(sections.into_iter().flatten().collect())
}

/// What the formats say themselves.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn words(locale: &str, words: &dyn Words) -> Result<BookWords> {
    let say = |key: &str| words.text(locale, key, &json!({}));
    Ok(BookWords {
        contents: say("book-contents")?,
        continued: say("book-continued")?,
        charts: say("book-charts")?,
        page: [say("book-page")?, say("book-page-of")?, say("book-page-end")?],
        code: say("csv-code")?,
        level: say("csv-level")?,
        source: say("book-source")?,
        unit: say("book-unit")?,
        readme: vec![say("book-readme")?],
    })
}

/// Whether a table says something of its own: a tree without branches is the table of its top.
fn tells(table: TableName, rows: &[Row]) -> bool {
    match table {
        TableName::UnitTree | TableName::CategoryTree => rows.iter().any(|row| row.level > 1),
        _ => !rows.is_empty(),
    }
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
        let days = json!({ "from": day(&self.figures.from)?, "to": day(&self.figures.to)? });
        let period = self.text("book-period", &days)?;
        Ok(match &self.figures.scope {
            Some(of) => period + &self.say("scope-and")? + &scope::line(of, self.locale, self.words)?,
            None => period,
        })
    }

    /// When the records were read, and when the figures were locked.
    fn made(&self) -> Result<String> {
        let at = |moment: String| self.words.moment(self.locale, &moment);
        let read = self.text("book-as-of", &json!({ "at": at(self.figures.as_of.to_string())? }))?;
        Ok(match self.figures.locked_at {
            Some(locked) => {
                let locked = self.text("book-locked", &json!({ "at": at(locked.to_string())? }))?;
                let damaged = if self.figures.locked_damaged { self.say("book-damaged")? } else { String::new() };
                read + &locked + &damaged
            }
            None if !self.figures.complete => read + &self.say("book-running")?,
            None if self.figures.scope.is_some() => read + &self.say("scope-counted")?,
            None => read,
        })
    }

    /// What stands with every table: when it was counted, and what of the period.
    fn note(&self) -> Result<String> {
        Ok(match &self.figures.scope {
            Some(of) => scope::line(of, self.locale, self.words)? + &self.say("scope-and")? + &self.made()?,
            None => self.made()?,
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
                &json!({
                    "asked": total.ratings.asked, "answered": total.ratings.answered, "rate": percent(rate),
                    "number": total.ratings.number, "overall": format!("{overall:.2}"),
                }),
            )?);
        }
        let summary =
            self.section("summary", "book-section-summary", notes, vec![self.series()?, self.stages()?, self.days()?])?;
        Ok(Section { charts: pictures::of(self.figures, self.locale, self.words)?, ..summary })
    }
}

fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}
