//! The open data of a year as a page shows it before it is published: every table as it is read by people, each suppressed
//! count with its reason, which the published files do not give.

use serde_json::{Value as Json, json};

use super::tables::{title, value_name, variable_name};
use super::{OpenData, populations};
use crate::domain::figures::PeriodFigures;
use crate::domain::open_data::{Counted, Cross, Margin, Published, is_small};
use crate::error::Result;
use crate::reports::Words;

/// The tables of the page, with how many counts are suppressed and why.
///
/// # Errors
/// `Internal` when the figures do not add up, or a text is missing.
pub fn page(figures: &PeriodFigures, of: &OpenData, locale: &str, words: &dyn Words) -> Result<Json> {
    let (mut tables, mut marks) = (Vec::new(), Marks::default());
    for (counted, published) in populations(figures)? {
        for margin in &published.margins {
            let crosses = published.crosses.iter().filter(|cross| cross.rows == margin.variable);
            let mut any = published.crosses.iter().any(|cross| cross.columns == margin.variable);
            for cross in crosses {
                any = true;
                tables.push(marks.table((&counted, &published), margin, Some(cross), locale, words)?);
            }
            if !any {
                tables.push(marks.table((&counted, &published), margin, None, locale, words)?);
            }
        }
    }
    let mut withheld = Vec::new();
    for one in &of.suppression.withheld {
        withheld.push(title(one.population, one.variable, None, locale, words)?);
    }
    let dictionary = of.dictionary.iter().map(|field| {
        let zh = locale.starts_with("zh");
        let pick = |zh_text: &String, en_text: &String| if zh { zh_text.clone() } else { en_text.clone() };
        json!({
            "file": field.file, "field": field.field, "type": field.kind,
            "name": pick(&field.name_zh, &field.name_en), "meaning": pick(&field.meaning_zh, &field.meaning_en),
            "unit": pick(&field.unit_zh, &field.unit_en),
            "suppression": pick(&field.suppression_zh, &field.suppression_en),
        })
    });
    Ok(json!({
        "tables": tables,
        "cells": marks.cells,
        "small": marks.small,
        "beside": marks.beside,
        "withheld": withheld,
        "indicators": of.indicators.len(),
        "dictionary": dictionary.collect::<Vec<Json>>(),
        "rule": of.suppression.rule.of(locale),
        "licence": { "name": of.licence.name.of(locale), "url": of.licence.url },
    }))
}

/// What was counted of the counts.
#[derive(Default)]
struct Marks {
    cells: u64,
    /// Suppressed because they are small.
    small: u64,
    /// Suppressed because a small one could be computed from them.
    beside: u64,
}

impl Marks {
    fn cell(&mut self, shown: Option<u64>, counted: u64) -> Json {
        self.cells += 1;
        let (small, beside) = (shown.is_none() && is_small(counted), shown.is_none() && !is_small(counted));
        self.small += u64::from(small);
        self.beside += u64::from(beside);
        json!({ "count": shown, "small": small, "beside": beside })
    }

    fn table(
        &mut self,
        (counted, published): (&Counted, &Published),
        margin: &Margin<Option<u64>>,
        cross: Option<&Cross<Option<u64>>>,
        locale: &str,
        words: &dyn Words,
    ) -> Result<Json> {
        let rows = counted.margin(margin.variable).map_or(&[][..], |margin| margin.values.as_slice());
        let columns = cross.and_then(|cross| published.margin(cross.columns));
        let true_columns = cross.and_then(|cross| counted.margin(cross.columns));
        let true_cross =
            cross.and_then(|of| counted.crosses.iter().find(|c| (c.rows, c.columns) == (of.rows, of.columns)));
        let mut lines = Vec::new();
        for (at, (shown, row)) in margin.values.iter().zip(rows).enumerate() {
            let shown_cells = cross.and_then(|cross| cross.cells.get(at)).into_iter().flatten();
            let true_cells = true_cross.and_then(|cross| cross.cells.get(at)).into_iter().flatten();
            let mut cells: Vec<Json> =
                shown_cells.zip(true_cells).map(|(shown, counted)| self.cell(*shown, *counted)).collect();
            cells.push(self.cell(shown.count, row.count));
            lines.push(json!({ "label": value_name(margin.variable, row, locale, words)?, "cells": cells }));
        }
        let (sums, true_sums) = (columns.iter().flat_map(|m| &m.values), true_columns.iter().flat_map(|m| &m.values));
        let mut cells: Vec<Json> = sums.zip(true_sums).map(|(s, c)| self.cell(s.count, c.count)).collect();
        cells.push(self.cell(published.total, counted.total));
        let total = words.text(locale, "open-total", &json!({}))?;
        lines.push(json!({ "label": total, "cells": cells }));
        let mut heads = Vec::new();
        for value in columns.iter().flat_map(|margin| &margin.values) {
            heads.push(value_name(columns.map_or(margin.variable, |m| m.variable), value, locale, words)?);
        }
        heads.push(total);
        Ok(json!({
            "title": title(published.population, margin.variable, columns.map(|m| m.variable), locale, words)?,
            "row_heading": variable_name(margin.variable, locale, words)?,
            "columns": heads,
            "rows": lines,
        }))
    }
}
