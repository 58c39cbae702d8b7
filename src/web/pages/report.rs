//! What reports take from the pages: texts, the year's chart, the page to print and its style.

use serde_json::{Value, json};

use super::Pages;
use super::chart::{Month, by_month};
use crate::domain::figures::{PeriodFigures, Row, TableName};
use crate::error::{Error, Result};
use crate::reports::Words;

impl Words for Pages {
    fn text(&self, locale: &str, key: &str, args: &Value) -> Result<String> {
        Self::text(self, locale, key, args).map_err(Error::Internal)
    }

    fn chart(&self, _: &str, figures: &PeriodFigures) -> Result<Value> {
        let mut months = Vec::new();
        for row in figures.tables.get(TableName::Month) {
            let (received, closed) = (row.figures.received, row.figures.closed);
            months.push(Month { label: number(row).to_string(), received, closed });
        }
        let as_of = figures.as_of.to_string();
        Ok(by_month(&title(figures), &as_of, &months))
    }

    fn page(&self, locale: &str, name: &str, data: &Value) -> Result<String> {
        self.render(name, locale, data).map_err(Error::Internal)
    }

    fn style(&self) -> String {
        let files = ["vendor/bootstrap/bootstrap-reboot.min.css", "app.css"];
        let texts = files.iter().filter_map(|path| self.asset(path)).map(|(bytes, ..)| String::from_utf8_lossy(bytes));
        // A page that is sent on has no other files: nothing may be looked for beside it.
        texts
            .map(|text| {
                text.replace("</", "<\\/")
                    .lines()
                    .filter(|line| !line.starts_with("/*# source"))
                    .fold(String::new(), |all, line| all + line + "\n")
            })
            .collect()
    }
}

/// What the chart shows, as a sentence: the month in which most came in.
fn title(figures: &PeriodFigures) -> Value {
    let received = || figures.tables.get(TableName::Month).iter().map(|row| (number(row), row.figures.received));
    let most = received().map(|(_, cases)| cases).max().unwrap_or(0);
    let peaks: Vec<i64> = received().filter(|(_, cases)| *cases == most).map(|(month, _)| month).collect();
    match peaks.as_slice() {
        _ if most == 0 => json!({ "key": "chart-year-empty", "args": {} }),
        [peak] => json!({ "key": "chart-year-title", "args": { "peak": peak, "number": most } }),
        peaks => json!({ "key": "chart-year-tie", "args": { "months": peaks.len(), "number": most } }),
    }
}

/// The number of a row's month: 9 for `2026-09`.
fn number(row: &Row) -> i64 {
    row.code.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
