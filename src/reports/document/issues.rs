//! The top issues of a document, and what its dissatisfied petitioners wrote.

use serde_json::json;

use super::{Maker, percent};
use crate::domain::figures::{FEWEST, TopIssue};
use crate::error::Result;
use crate::reports::book::{Cell, Chart, ChartKind, Column, Kind, Row, Section, Series, Sheet};
use crate::reports::{pictures, scope};

impl Maker<'_> {
    /// What most petitions were about; none where nothing was.
    pub(super) fn issues(&self) -> Result<Option<Section>> {
        let issues = &self.figures.top_issues;
        let Some(first) = issues.first() else { return Ok(None) };
        let mut notes = vec![self.text(
            "book-note-issues",
            &json!({ "name": first.names.of(self.locale), "number": first.received, "share": self.share(first.received) }),
        )?];
        for issue in issues.iter().filter(|issue| issue.notable) {
            notes.push(self.text(
                "book-note-issue-grown",
                &json!({
                    "name": issue.names.of(self.locale), "number": issue.received,
                    "before": issue.received_before.unwrap_or_default(),
                }),
            )?);
        }
        let compared = issues.iter().any(|issue| issue.received_before.is_some());
        if compared && !issues.iter().any(|issue| issue.notable) {
            notes.push(self.say("book-note-issues-steady")?);
        }
        let section = self.section("issues", "figure-top-issues", notes, vec![self.issues_sheet(issues)?])?;
        Ok(Some(Section { charts: vec![self.issues_chart(issues, first)?], ..section }))
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
    fn share(&self, received: u64) -> String {
        percent(received as f64 / self.figures.total.received.max(1) as f64)
    }

    fn issues_sheet(&self, issues: &[TopIssue]) -> Result<Sheet> {
        let columns = self.heads(&[
            ("received", Kind::Count),
            ("received_before", Kind::Count),
            ("growth_rate", Kind::Rate),
            ("notable", Kind::Text),
            ("on_time_rate", Kind::Rate),
            ("satisfaction", Kind::Score),
        ])?;
        let yes = self.say("issues-notable")?;
        let cell = |value: Option<f64>, of: fn(f64) -> Cell| value.map_or(Cell::Empty, of);
        let rows = issues.iter().map(|issue| Row {
            code: issue.code.clone(),
            label: issue.names.of(self.locale).to_owned(),
            level: 0,
            total: false,
            cells: vec![
                count(issue.received),
                issue.received_before.map_or(Cell::Empty, count),
                cell(issue.growth_rate, Cell::Rate),
                if issue.notable { Cell::Text(yes.clone()) } else { Cell::Empty },
                cell(issue.on_time_rate, Cell::Rate),
                cell(issue.satisfaction, Cell::Score),
            ],
        });
        self.sheet("top_issues", "issues-title", "table-row-category", columns, rows.collect())
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
    fn issues_chart(&self, issues: &[TopIssue], first: &TopIssue) -> Result<Chart> {
        let said = json!({ "name": first.names.of(self.locale), "number": first.received });
        let mut series = vec![Series {
            name: self.say("issues-now")?,
            values: issues.iter().map(|issue| Some(issue.received as f64)).collect(),
        }];
        if issues.iter().any(|issue| issue.received_before.is_some()) {
            let values = issues.iter().map(|issue| issue.received_before.map(|number| number as f64)).collect();
            series.push(Series { name: self.say("issues-before")?, values });
        }
        let told: Vec<String> =
            issues.iter().map(|issue| format!("{} {}", issue.names.of(self.locale), issue.received)).collect();
        let values = told.join(if self.locale.starts_with("zh") { "、" } else { ", " });
        let at = self.words.moment(self.locale, &self.figures.as_of.to_string())?;
        Ok(Chart {
            code: "issues".to_owned(),
            kind: ChartKind::Bars,
            title: self.text("chart-issues-title", &said)?,
            unit: self.say("chart-unit")?,
            scope: self.figures.scope.as_ref().map(|of| scope::line(of, self.locale, self.words)).transpose()?,
            source: self.text("chart-records", &json!({ "at": at }))?,
            alt: self.text("chart-alt", &json!({ "name": self.say("issues-now")?, "values": values }))?,
            values: Kind::Count,
            categories: issues.iter().map(|issue| issue.names.of(self.locale).to_owned()).collect(),
            series,
        })
    }

    /// How the replies were rated, and what the dissatisfied wrote.
    pub(super) fn satisfaction(&self) -> Result<Section> {
        let (notes, terms) = self.terms()?;
        let sheets = [Some(self.questions()?), terms].into_iter().flatten().collect();
        let charts = pictures::questions(self.figures, self.locale, self.words)?.into_iter().collect();
        Ok(Section { charts, ..self.section("satisfaction", "book-section-satisfaction", notes, sheets)? })
    }

    /// What the dissatisfied wrote, by itself; none where nobody did.
    pub(super) fn comments(&self) -> Result<Option<Section>> {
        let (notes, terms) = self.terms()?;
        if notes.is_empty() {
            return Ok(None);
        }
        self.section("comments", "terms-title", notes, terms.into_iter().collect()).map(Some)
    }

    fn terms(&self) -> Result<(Vec<String>, Option<Sheet>)> {
        let written = &self.figures.dissatisfied_comments;
        let mut notes = Vec::new();
        if written.cases > 0 {
            notes.push(self.text("book-note-terms", &json!({ "number": written.cases, "fewest": FEWEST }))?);
        }
        if written.terms.is_empty() {
            return Ok((notes, None));
        }
        let heading = self.say("terms-cases")?;
        let columns = vec![Column { code: "cases".to_owned(), heading, kind: Kind::Count }];
        let rows = written.terms.iter().map(|term| Row {
            code: String::new(),
            label: term.term.clone(),
            level: 0,
            total: false,
            cells: vec![count(term.cases)],
        });
        Ok((notes, Some(self.sheet("terms", "terms-title", "terms-row", columns, rows.collect())?)))
    }
}

fn count(cases: u64) -> Cell {
    Cell::Count(i64::try_from(cases).unwrap_or(i64::MAX))
}
