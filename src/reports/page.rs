//! The data of the pages that show a year: the headline numbers, the chart, the tables.

use serde_json::{Value, json};

use super::book::{Chart, Kind, Section};
use super::charts::svg;
use super::{Words, behind, document, label, pictures, summary};
use crate::domain::case::CloseCode;
use crate::domain::figures::{Figures, PeriodFigures, Question, Row, TableName, definitions};
use crate::error::Result;

/// The data of `management/year` and `management/report`, without what surrounds them. `before` are the figures to
/// compare with: last year's, up to the same day while the year runs; `shown` the tables to show; `cases` where the lists
/// of the cases behind the numbers stand, if the page is to lead there.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn data(
    figures: &PeriodFigures,
    before: Option<&PeriodFigures>,
    shown: &[TableName],
    cases: Option<&str>,
    locale: &str,
    words: &dyn Words,
) -> Result<Value> {
    let period = if figures.period.is_empty() { figures.year.to_string() } else { figures.period.clone() };
    let total = cases.and_then(|cases| behind::address(cases, &period, None));
    let mut tables = Vec::new();
    for (name, rows) in figures.tables.each().filter(|(name, _)| shown.contains(name)) {
        let mut lines = Vec::new();
        for row in rows {
            let indent = "　".repeat(row.level - 1);
            let cases = cases.and_then(|cases| behind::address(cases, &period, Some((name, &row.code))));
            lines.push(line(Some(indent + &label(name, row, locale, words)?), &row.figures, cases));
        }
        lines.push(line(None, &figures.total, total.clone()));
        tables.push(json!({ "name": name, "rows": lines, "reclassified": reclassified(name, rows, locale, words)? }));
    }
    let mut charts = pictures::of(figures, locale, words)?;
    charts.extend(pictures::units(figures, locale, words)?);
    charts.extend(pictures::questions(figures, locale, words)?);
    Ok(json!({
        "year": figures.year, "title": summary::title(figures, locale, words)?, "from": figures.from, "to": figures.to, "complete": figures.complete,
        "as_of": figures.as_of, "locked_at": figures.locked_at,
        "locked_sha256": figures.locked_sha256, "locked_damaged": figures.locked_damaged,
        "headline": headline(figures, before, total.as_deref(), locale, words)?,
        "charts": drawn(&charts, locale, words)?,
        "sections": sections(&document::beside(figures, locale, words)?, cases.map(|_| ROWS), locale, words)?,
        "tables": tables, "lists": lists(&figures.total, cases, &period), "ratings": ratings(&figures.total),
        "series": summary::series(figures, locale, words)?, "stages": summary::stages(&figures.total),
    }))
}

/// Rows of a list that the page of a desk shows; files have them all.
const ROWS: usize = 50;

/// Charts as pictures, each with what it says.
fn drawn(charts: &[Chart], locale: &str, words: &dyn Words) -> Result<Vec<Value>> {
    let around = document::words(locale, words)?;
    charts.iter().map(|chart| Ok(json!({ "title": chart.title, "svg": svg(chart, &around)? }))).collect()
}

/// Sections of a document as a page shows them, with so many rows of a table at most.
///
/// # Errors
/// `Internal` when a text is missing.
pub fn sections(sections: &[Section], most: Option<usize>, locale: &str, words: &dyn Words) -> Result<Vec<Value>> {
    let number = |kind: Kind| kind != Kind::Text && kind != Kind::Date;
    let one = |section: &Section| {
        let sheets = section.sheets.iter().map(|sheet| {
            let shown = most.unwrap_or(sheet.rows.len()).min(sheet.rows.len());
            let rows = sheet.rows.iter().take(shown).map(|row| {
                let cells = row.cells.iter().zip(&sheet.columns);
                json!({
                    "label": "　".repeat(usize::from(row.level)) + &row.label, "total": row.total,
                    "cells": cells.map(|(cell, column)| json!({ "text": cell.written(locale), "number": number(column.kind) })).collect::<Vec<_>>(),
                })
            });
            let heads = sheet.columns.iter().map(|column| json!({ "text": column.heading, "number": number(column.kind) }));
            json!({
                "code": sheet.code, "title": (sheet.title != section.heading).then_some(&sheet.title),
                "row_heading": sheet.row_heading, "columns": heads.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>(),
                "left_out": sheet.rows.len() - shown,
            })
        });
        Ok(json!({
            "code": section.code, "heading": section.heading, "notes": section.notes,
            "charts": drawn(&section.charts, locale, words)?, "sheets": sheets.collect::<Vec<_>>(),
        }))
    };
    sections.iter().map(one).collect()
}

/// Numbers that are there to be read are written with a decimal; a dash where there is nothing to take a mean of.
#[must_use]
pub fn decimal(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
}

/// A share in percent, with one decimal.
#[must_use]
pub fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}%", value * 100.0))
}

fn line(label: Option<String>, f: &Figures, cases: Option<String>) -> Value {
    json!({
        "cases": cases,
        "total": label.is_none(), "label": label.map(|text| json!({ "text": text })),
        "open_at_start": f.open_at_start, "received": f.received, "closed": f.closed, "open_at_end": f.open_at_end,
        "closed_on_time": f.closed_on_time, "closed_late": f.closed_late, "on_time_rate": percent(f.on_time_rate),
        "pending_within": f.pending_within, "pending_overdue": f.pending_overdue,
        "mean_days": decimal(f.mean_days, 1), "median_days": decimal(f.median_days, 1),
        "p90_days": decimal(f.p90_days, 1),
        "satisfaction": decimal(f.ratings.overall(), 1),
    })
}

/// The rows that begin otherwise than last year's locked report ended.
fn reclassified(name: TableName, rows: &[Row], locale: &str, words: &dyn Words) -> Result<Vec<Value>> {
    let moved = rows.iter().filter(|row| row.reclassified_in + row.reclassified_out > 0);
    moved
        .map(|row| {
            let label = label(name, row, locale, words)?;
            Ok(json!({ "label": label, "in": row.reclassified_in, "out": row.reclassified_out }))
        })
        .collect()
}

/// Of fewer cases a year before, one more or less is several percent: their change is told in cases.
const FEWEST_IN_PERCENT: u64 = 50;

fn headline(
    figures: &PeriodFigures,
    before: Option<&PeriodFigures>,
    cases: Option<&str>,
    locale: &str,
    words: &dyn Words,
) -> Result<Vec<Value>> {
    let (now, then) = (&figures.total, before.map(|b| &b.total));
    let key = if figures.complete { "figure-change" } else { "figure-change-so-far" };
    let told = |change: Option<String>| change.map(|change| json!({ "key": key, "args": { "change": change } }));
    let counted = |name: &str, of: fn(&Figures) -> u64| -> Result<Value> {
        let change = then.map(|then| {
            let (key, number) = growth(of(now), of(then));
            words.text(locale, key, &json!({ "number": number }))
        });
        let change = change.transpose()?;
        let means = definitions::of(name).map(|definition| definition.meaning.of(locale));
        let cases = cases.filter(|_| of(now) > 0).map(|cases| format!("{cases}{name}"));
        Ok(json!({
            "name": name, "value": of(now), "unit": "cases", "change": told(change), "means": means, "cases": cases,
        }))
    };
    let differs = |of: fn(&Figures) -> Option<f64>, scale: f64, key: &str| -> Result<Option<String>> {
        let (Some(now), Some(then)) = (of(now), then.and_then(of)) else { return Ok(None) };
        let number = signed((now - then) * scale);
        words.text(locale, key, &json!({ "number": number })).map(Some)
    };
    let means = |name: &str| definitions::of(name).map(|definition| definition.meaning.of(locale));
    let rate = differs(|f| f.on_time_rate, 100.0, "change-points")?;
    let days = differs(|f| f.mean_days, 1.0, "change-days")?;
    let satisfaction = differs(|f| f.ratings.overall(), 1.0, "change-score")?;
    Ok(vec![
        counted("received", |f| f.received)?,
        counted("closed", |f| f.closed)?,
        counted("open_at_end", |f| f.open_at_end)?,
        json!({
            "name": "on_time_rate", "value": decimal(now.on_time_rate.map(|rate| rate * 100.0), 1),
            "unit": "percent", "change": told(rate), "means": means("on_time_rate"), "cases": null,
        }),
        json!({
            "name": "mean_days", "value": decimal(now.mean_days, 1), "unit": "days", "change": told(days),
            "means": means("mean_days"), "cases": null,
        }),
        json!({
            "name": "satisfaction", "value": decimal(now.ratings.overall(), 1), "unit": "of_five",
            "change": told(satisfaction), "means": means("satisfaction"), "cases": null,
        }),
    ])
}

/// How a count has changed: the key of its words, and the number with its sign, in percent or in cases.
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn growth(now: u64, then: u64) -> (&'static str, String) {
    if then >= FEWEST_IN_PERCENT {
        return ("change-percent", signed((now as f64 - then as f64) / then as f64 * 100.0));
    }
    let sign = match now.cmp(&then) {
        std::cmp::Ordering::Less => "−",
        std::cmp::Ordering::Equal => "±",
        std::cmp::Ordering::Greater => "+",
    };
    ("change-cases", format!("{sign}{}", now.abs_diff(then)))
}

/// With its sign; what rounds to nothing has none.
pub(super) fn signed(value: f64) -> String {
    let text = format!("{value:+.1}");
    if text.trim_start_matches(['+', '-']) == "0.0" { "±0.0".to_owned() } else { text.replace('-', "−") }
}

/// What tables have no column for, of the whole period.
fn lists(f: &Figures, cases: Option<&str>, period: &str) -> Value {
    let row = |key: &str, value: u64, of: u64| {
        let share = if of == 0 { "–".to_owned() } else { percent(Some(ratio(value, of))) };
        let cases = cases.filter(|_| value > 0).and_then(|cases| behind::address_of(cases, period, key));
        json!({ "key": key, "value": value, "share": share, "cases": cases })
    };
    let mut endings =
        vec![row("figure-replied", f.replied, f.closed), row("figure-transferred", f.transferred, f.closed)];
    let grounds = CloseCode::NO_ACTION.iter().map(|ground| {
        let key = format!("close-{}", ground.code().replace('_', "-"));
        row(&key, f.no_action.get(ground).copied().unwrap_or(0), f.closed)
    });
    endings.extend(grounds);
    endings.push(row("figure-withdrawn", f.withdrawn, f.closed));
    let used = [
        ("days-up-to-3", f.days.up_to_3),
        ("days-up-to-6", f.days.up_to_6),
        ("days-up-to-15", f.days.up_to_15),
        ("days-up-to-30", f.days.up_to_30),
        ("days-over-30", f.days.over_30),
    ];
    let days: Vec<Value> = used.iter().map(|(key, value)| row(key, *value, f.closed)).collect();
    let more = [
        row("figure-received-new", f.received_new, f.received),
        row("figure-reopened", f.reopened, f.received),
        row("figure-extended", f.extended, f.closed),
        row("figure-closed-on-time-extended", f.closed_on_time_extended, f.closed),
        row("figure-pending-within-extended", f.pending_within_extended, f.open_at_end),
    ];
    json!([
        { "name": "endings", "rows": endings },
        { "name": "days", "rows": days },
        { "name": "more", "rows": more },
    ])
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// Each question from very satisfied to very dissatisfied.
fn ratings(f: &Figures) -> Value {
    let rows: Vec<Value> = Question::ALL
        .iter()
        .filter_map(|question| f.ratings.questions.get(question).map(|answers| (question, answers)))
        .map(|(question, answers)| {
            let counts: Vec<u64> = answers.levels.values().rev().copied().collect();
            let satisfied = match (answers.satisfied_low, answers.satisfied_high) {
                (Some(low), Some(high)) => {
                    format!("{} ({}–{})", percent(answers.satisfied_rate), percent(Some(low)), percent(Some(high)))
                }
                _ => percent(None),
            };
            json!({
                "question": question, "counts": counts, "mean": decimal(answers.mean, 1), "satisfied": satisfied,
            })
        })
        .collect();
    // A year that an earlier version locked compared the ratings given in it with its replies.
    let (asked, answered) =
        if f.ratings.asked > 0 { (f.ratings.asked, f.ratings.answered) } else { (f.replied, f.ratings.number) };
    let rate = percent(f.ratings.response_rate);
    json!({ "asked": asked, "answered": answered, "given": f.ratings.number, "rate": rate, "rows": rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_percent_where_there_were_enough_and_carries_its_sign() {
        for (now, then, key, number) in [
            (75, 50, "change-percent", "+50.0"),
            (50, 75, "change-percent", "−33.3"),
            (60, 60, "change-percent", "±0.0"),
            (74, 49, "change-cases", "+25"),
            (7, 49, "change-cases", "−42"),
            (0, 0, "change-cases", "±0"),
        ] {
            assert_eq!(growth(now, then), (key, number.to_owned()), "{now} after {then}");
        }
    }
}
