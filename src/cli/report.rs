//! `chenqing report`: the figures of a year, a quarter or a month as a file.

mod args;

use std::io::IsTerminal;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

pub(super) use self::args::year;
use self::args::{Asked, ReportVerb};
pub use self::args::{FormatArg, Language, MonthArgs, QuarterArgs, ReportArgs, YearArgs};
use super::{open_data, output};
use crate::app::App;
use crate::config::Config;
use crate::domain::figures::{FIRST_YEAR, Period, PeriodFigures, PeriodName};
use crate::domain::time::Moment;
use crate::error::Error;
use crate::reports;
use crate::reports::year::{count, locked, report as whole_report};
use crate::reports::year_changes::{YearChanges, year_changes};
use crate::store::figures;
use crate::web::pages::Pages;

/// Exit code: written, but the locked figures are damaged.
const DAMAGED: u8 = 3;

/// Runs the verb.
///
/// # Errors
/// One sentence in the language that the report was asked in: the period, the database or the file.
pub fn run(args: &ReportArgs, file: Option<&Path>) -> Result<u8, String> {
    let app = super::open(file)?;
    let asked = args.asked();
    let words = Said::of(&app, &asked)?;
    let written = written(&app, args, &words, app.clock.now())?;
    output::put(&asked.output, &written.bytes).map_err(|e| {
        let file = if asked.output == Path::new("-") { "stdout".into() } else { asked.output.to_string_lossy() };
        words.say("cli-not-written", &json!({ "file": file, "error": e.to_string() }))
    })?;
    if written.empty {
        eprintln!("{}", words.say("cli-no-records", &json!({ "period": asked.name.to_string() })));
    }
    if written.damaged {
        eprintln!("{}", words.damaged(&asked));
        return Ok(DAMAGED);
    }
    Ok(0)
}

/// The report as it is written to the file.
///
/// # Errors
/// One sentence.
pub fn report(app: &App, args: &ReportArgs, now: Moment) -> Result<Vec<u8>, String> {
    written(app, args, &Said::of(app, &args.asked())?, now).map(|written| written.bytes)
}

/// The pages, whose words reports are made of, and the language they are asked in.
struct Said {
    pages: Pages,
    locale: &'static str,
}

impl Said {
    fn of(app: &App, asked: &Asked) -> Result<Self, String> {
        let pages = Pages::in_zone(Config::folder(&app.config.pages.folder), app.office.zone.clone())?
            .with_fonts(Config::folder(&app.config.reports.font_folder));
        Ok(Self { pages, locale: asked.lang.locale() })
    }

    fn say(&self, key: &str, values: &Value) -> String {
        self.pages.text(self.locale, key, values).unwrap_or_else(|e| e)
    }

    fn damaged(&self, asked: &Asked) -> String {
        self.say("cli-report-damaged", &json!({ "period": asked.name.to_string() }))
    }
}

/// A report, and what is to be said of it.
struct Written {
    bytes: Vec<u8>,
    /// Whether the locked figures it was made from are damaged.
    damaged: bool,
    /// Whether nothing had been recorded by the end of its period.
    empty: bool,
}

fn written(app: &App, args: &ReportArgs, words: &Said, now: Moment) -> Result<Written, String> {
    let asked = args.asked();
    if !asked.format.format().is_built_in() {
        return Err(words.say("cli-report-no-pdf", &json!({})));
    }
    if let ReportVerb::Year(YearArgs { changes: true, year, json, lang, .. }) = &args.verb {
        let found = changes(app, *year, now, words)?;
        let text = if *json {
            serde_json::to_string_pretty(&found).map(|text| text + "\n").map_err(|e| e.to_string())?
        } else {
            found.text(lang.locale(), &words.pages).map_err(|e| e.to_string())?
        };
        return Ok(Written { bytes: text.into_bytes(), damaged: found.locked_damaged, empty: false });
    }
    let (figures, empty) = figures_of(app, &asked, words, now)?;
    if let ReportVerb::OpenData(args) = &args.verb {
        let bytes = open_data::written(args, &figures, &words.pages, || words.damaged(&asked))?;
        return Ok(Written { bytes, damaged: false, empty });
    }
    let bytes = reports::write(&figures, asked.format.format(), words.locale, &words.pages);
    Ok(Written { bytes: bytes.map_err(|e| e.to_string())?, damaged: figures.locked_damaged, empty })
}

/// What would be counted otherwise now of a locked year.
fn changes(app: &App, year: i16, now: Moment, words: &Said) -> Result<YearChanges, String> {
    let office = &app.office;
    let found = office.store.read(|db| {
        let Some(locked) = locked(db, year)? else { return Ok(None) };
        let reference = office.reference(db)?;
        let counted = count(db, &reference, &office.zone, year, now)?;
        year_changes(&locked, &counted, now, &words.pages).map(Some)
    });
    let period = year.to_string();
    match found {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(words.say("cli-report-not-reported", &json!({ "period": period }))),
        Err(Error::NotFound) => Err(words.say("cli-report-not-begun", &json!({ "period": period }))),
        Err(e) => Err(words.say("cli-report-not-counted", &json!({ "period": period, "error": e.to_string() }))),
    }
}

/// The figures, and whether nothing had been recorded by the end of the period.
fn figures_of(app: &App, asked: &Asked, words: &Said, now: Moment) -> Result<(PeriodFigures, bool), String> {
    let (office, name) = (&app.office, asked.name);
    let figures = office.store.read(|db| {
        if let (PeriodName::Year(year), false) = (name, asked.recount)
            && let Some(locked) = locked(db, year)?
        {
            return Ok((locked, false));
        }
        let reference = office.reference(db)?;
        let period = Period::of(name, &office.zone, now).ok_or(Error::NotFound)?;
        let empty = figures::first_month(db)?.is_none_or(|first| first > period.final_month());
        let bar = bar(figures::number(db, &period)?);
        let report = whole_report(db, &reference, &office.zone, name, now, &mut |done| bar.set_position(done));
        bar.finish_and_clear();
        Ok((report?, empty))
    });
    let period = name.to_string();
    figures.map_err(|e| match e {
        Error::NotFound if name.year() < FIRST_YEAR => words.say("cli-report-too-early", &json!({ "period": period })),
        Error::NotFound => words.say("cli-report-not-begun", &json!({ "period": period })),
        other => words.say("cli-report-not-counted", &json!({ "period": period, "error": other.to_string() })),
    })
}

/// A bar on a terminal, nothing elsewhere.
fn bar(rounds: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} cases, {per_sec}, {eta} left");
    ProgressBar::new(rounds).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
