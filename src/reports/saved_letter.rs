//! The letter of a saved report in a language: headline figures, the charts with their tables beside them, the files that
//! come with it. It names no case and no person.

use serde_json::json;

use super::book::BookWords;
use super::page::percent;
use super::saved::{ReportFile, file};
use super::{Words, charts, columns, document, label, period_label, pictures, raster, scope};
use crate::domain::figures::{Figures, PeriodFigures, Row, TableName};
use crate::domain::letter::{FigureLine, ReportLetter, ReportPicture, ReportRow, ReportTable};
use crate::domain::saved_report::{SavedFormat, TABLES as WANTED};
use crate::error::Result;
use crate::keys::sha256;

/// Tables of a letter; the page and the files have them all.
const TABLES: usize = 4;
/// Rows of a table.
const ROWS: usize = 15;
/// The figures of a table in a letter.
const COLUMNS: [&str; 4] = ["received", "closed", "open_at_end", "on_time_rate"];

/// A letter and what comes with it.
pub struct Written {
    /// What it says.
    pub letter: ReportLetter,
    /// Its files, each with the name by which its text shows it, if it does.
    pub files: Vec<(ReportFile, Option<String>)>,
}

/// Writes the letter of these figures; files that are larger than `most_bytes` together are left out.
///
/// # Errors
/// `Internal` when a text is missing; `Unavailable` when there is no font for a file.
pub fn write(
    figures: &PeriodFigures,
    (formats, most_bytes): (&[SavedFormat], i64),
    sent_by: Option<&str>,
    locale: &str,
    words: &dyn Words,
) -> Result<Written> {
    let make = Maker { figures, locale, words, around: document::words(locale, words)? };
    let mut files = Vec::new();
    let mut tables = Vec::new();
    for table in WANTED.iter().copied().filter(|table| table.has_ratings()) {
        let rows = figures.tables.get(table);
        if !rows.is_empty() && tables.len() < TABLES {
            tables.push(make.table(table, rows, &mut files)?);
        }
    }
    let mut attached = Vec::new();
    for format in formats {
        attached.extend(file(figures, *format, locale, words)?);
    }
    let bytes: usize = files.iter().map(|(file, _)| file).chain(&attached).map(|file| file.bytes.len()).sum();
    // Base 64 takes four bytes for three.
    let left_out = i64::try_from(bytes / 3 * 4).unwrap_or(i64::MAX) > most_bytes;
    if !left_out {
        files.extend(attached.into_iter().map(|file| (file, None)));
    }
    let of = figures.scope.as_ref();
    let named = |(file, shown): &(ReportFile, Option<String>)| shown.is_none().then(|| file.name.clone());
    let letter = ReportLetter {
        report: of.map(|scope| scope.report.clone()).unwrap_or_default(),
        period: period_label(&figures.period, locale, words)?,
        counted: make.counted()?,
        scope: of.map_or(Ok(String::new()), |of| scope::line(of, locale, words))?,
        figures: make.headline()?,
        tables,
        files: files.iter().filter_map(named).collect(),
        left_out,
        sent_by: sent_by.map(str::to_owned),
        agency: figures.agency.of(locale).to_owned(),
    };
    Ok(Written { letter, files })
}

struct Maker<'a> {
    figures: &'a PeriodFigures,
    locale: &'a str,
    words: &'a dyn Words,
    around: BookWords,
}

impl Maker<'_> {
    fn say(&self, key: &str) -> Result<String> {
        self.words.text(self.locale, key, &json!({}))
    }

    fn counted(&self) -> Result<String> {
        let at = self.words.moment(self.locale, &self.figures.as_of.to_string())?;
        let read = self.words.text(self.locale, "book-as-of", &json!({ "at": at }))?;
        let state = match (self.figures.locked_at, self.figures.complete) {
            (Some(_), _) => "scope-locked",
            (None, false) => "book-running",
            (None, true) => "scope-counted",
        };
        Ok(read + &self.say(state)?)
    }

    fn headline(&self) -> Result<Vec<FigureLine>> {
        let total = &self.figures.total;
        let (cases, days, of_five) = (self.say("unit-cases")?, self.say("unit-days")?, self.say("unit-of-five")?);
        let count = |number: u64| format!("{number} {cases}");
        let mean = |value: Option<f64>, unit: &str| value.map(|value| format!("{value:.1}{unit}"));
        let lines = [
            ("received", Some(count(total.received))),
            ("closed", Some(count(total.closed))),
            ("open_at_end", Some(count(total.open_at_end))),
            ("pending_overdue", Some(count(total.pending_overdue))),
            ("on_time_rate", total.on_time_rate.map(|rate| percent(Some(rate)))),
            ("mean_days", mean(total.mean_days, &format!(" {days}"))),
            ("satisfaction", mean(total.ratings.overall(), &of_five)),
        ];
        let known = lines.into_iter().filter_map(|(figure, value)| value.map(|value| (figure, value)));
        known.map(|(figure, value)| Ok(FigureLine { label: self.heading(figure)?, value })).collect()
    }

    fn heading(&self, figure: &str) -> Result<String> {
        columns::heading(figure, self.locale, self.words)
    }

    /// A table with its chart, whose picture is put to the files.
    fn table(
        &self,
        table: TableName,
        rows: &[Row],
        files: &mut Vec<(ReportFile, Option<String>)>,
    ) -> Result<ReportTable> {
        let name = table.code().replace('_', "-");
        let mut lines = Vec::new();
        for row in rows.iter().take(ROWS) {
            let indent = "　".repeat(row.level.saturating_sub(1));
            lines.push(line(indent + &label(table, row, self.locale, self.words)?, &row.figures, false));
        }
        lines.push(line(self.say("table-total")?, &self.figures.total, true));
        Ok(ReportTable {
            title: self.say(&format!("table-{name}"))?,
            picture: self.picture(table, files)?,
            row_heading: self.say(&format!("table-row-{name}"))?,
            columns: COLUMNS.iter().map(|figure| self.heading(figure)).collect::<Result<_>>()?,
            rows: lines,
            more: rows.len().saturating_sub(ROWS),
        })
    }

    /// The chart of a table: as a picture that the letter shows, or else as a drawing that comes with it.
    fn picture(
        &self,
        table: TableName,
        files: &mut Vec<(ReportFile, Option<String>)>,
    ) -> Result<Option<ReportPicture>> {
        let Some(chart) = pictures::of_table(self.figures, table, self.locale, self.words)? else { return Ok(None) };
        let svg = charts::svg(&chart, &self.around)?;
        let table = self.say(&format!("table-{}", table.code().replace('_', "-")))?;
        let name = format!("{table}-{}", self.figures.period);
        let Some(bytes) = raster::png(&svg, self.words.font_folder())? else {
            let file = ReportFile { name: format!("{name}.svg"), media_type: "image/svg+xml", bytes: svg.into_bytes() };
            files.push((file, None));
            return Ok(None);
        };
        let digest: String = sha256(&bytes).chars().take(24).collect();
        let content_id = format!("{}.{digest}@charts", chart.code);
        let picture = ReportPicture {
            content_id: content_id.clone(),
            alt: format!("{} {}", chart.title, chart.alt),
            width: charts::WIDTH,
            height: charts::height(&chart),
        };
        files.push((ReportFile { name: format!("{name}.png"), media_type: "image/png", bytes }, Some(content_id)));
        Ok(Some(picture))
    }
}

fn line(label: String, figures: &Figures, total: bool) -> ReportRow {
    let cells = vec![
        figures.received.to_string(),
        figures.closed.to_string(),
        figures.open_at_end.to_string(),
        percent(figures.on_time_rate),
    ];
    ReportRow { label, cells, total }
}
