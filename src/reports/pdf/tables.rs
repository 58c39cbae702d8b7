//! How a table fits a page: the size of its letters, and between which columns it is cut when it is wider than the page even so.

use serde::Serialize;

use super::columns::{BEFORE_WORDS, PAGE, Wanted, wanted, wide, widths};
use super::paper::Setter;
use crate::reports::book::{Kind, NOTHING, Sheet};

/// Sizes of letters in points, each with the most lines of a heading: the first with which a table fits is taken.
const SIZES: [(f64, usize); 3] = [(9.0, 2), (8.5, 2), (8.0, 3)];
/// More lines than these do not stay together on a page.
const TOGETHER: f64 = 32.0;

/// A part of a table: all its rows, and as many of its columns as fit.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Part {
    size: f64,
    /// Whether it goes on over pages.
    long: bool,
    /// How high it is, in lines of its rows.
    #[serde(skip)]
    lines: f64,
    /// The column of the names of rows, then the others.
    columns: Vec<PaperColumn>,
    rows: Vec<PaperRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct PaperColumn {
    /// The heading in its lines.
    heading: Vec<String>,
    /// Points.
    width: f64,
    words: bool,
}

#[derive(Debug, PartialEq, Serialize)]
struct PaperRow {
    label: String,
    level: u8,
    total: bool,
    cells: Vec<String>,
}

/// What a table takes beside its rows, in lines: its title and note, and the heading of each part.
const TITLE: f64 = 4.0;
const HEADING: f64 = 3.0;

/// Whether the parts of a table stay on one page with its title.
pub(super) fn stay_together(parts: &[Part]) -> bool {
    TITLE + parts.iter().map(|part| HEADING + part.lines).sum::<f64>() <= TOGETHER
}

/// A table without the columns of words that say nothing in any row: on paper they would only push others out.
fn told(sheet: &Sheet, locale: &str) -> Sheet {
    let says = |at: usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.written(locale));
        cells.into_iter().any(|text| !text.is_empty() && text != NOTHING)
    };
    let is_of_words = |kind| matches!(kind, Kind::Text | Kind::Date);
    let kept: Vec<usize> = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| sheet.rows.is_empty() || !is_of_words(column.kind) || says(*at))
        .map(|(at, _)| at)
        .collect();
    let mut told = sheet.clone();
    told.columns = kept.iter().filter_map(|at| sheet.columns.get(*at).cloned()).collect();
    for row in &mut told.rows {
        row.cells = kept.iter().filter_map(|at| row.cells.get(*at).cloned()).collect();
    }
    told
}

/// A table in its parts.
pub(super) fn parts(sheet: &Sheet, set: &Setter<'_>) -> Vec<Part> {
    let sheet = &told(sheet, set.locale);
    let values: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| set.text(&cell.written(set.locale))).collect())
        .collect();
    let names = Wanted {
        words: true,
        heading: vec![set.text(&sheet.row_heading)],
        natural: sheet
            .rows
            .iter()
            .map(|row| wide(&row.label) + f64::from(row.level))
            .fold(wide(&sheet.row_heading), f64::max),
    };
    let mut chosen = None;
    for (size, most) in SIZES {
        let columns: Vec<Wanted> =
            sheet.columns.iter().enumerate().map(|(at, column)| wanted(column, at, &values, most, set)).collect();
        let fits = names.least(size) + columns.iter().map(|column| column.least(size)).sum::<f64>() <= PAGE;
        chosen = Some((size, columns));
        if fits {
            break;
        }
    }
    let (size, columns) = chosen.unwrap_or((SIZES[0].0, Vec::new()));
    let groups = groups(&names, &columns, size);
    groups.iter().map(|group| part(sheet, set, &values, &names, &columns[group.clone()], group.start, size)).collect()
}

/// The columns that stand together, each group as wide as the page at most.
fn groups(names: &Wanted, columns: &[Wanted], size: f64) -> Vec<std::ops::Range<usize>> {
    let mut groups = Vec::new();
    let (mut start, mut taken) = (0, names.least(size));
    for (at, column) in columns.iter().enumerate() {
        let needed = column.least(size);
        if taken + needed > PAGE && at > start {
            groups.push(start..at);
            (start, taken) = (at, names.least(size));
        }
        taken += needed;
    }
    groups.push(start..columns.len());
    groups
}

fn part(
    sheet: &Sheet,
    set: &Setter<'_>,
    values: &[Vec<String>],
    names: &Wanted,
    columns: &[Wanted],
    first: usize,
    size: f64,
) -> Part {
    let all: Vec<&Wanted> = std::iter::once(names).chain(columns).collect();
    let widths = widths(&all, size);
    let mut rows: Vec<PaperRow> = sheet
        .rows
        .iter()
        .zip(values)
        .map(|(row, cells)| PaperRow {
            label: set.text(&row.label),
            level: row.level,
            total: row.total,
            cells: cells.iter().skip(first).take(columns.len()).cloned().collect(),
        })
        .collect();
    if rows.is_empty() {
        let none = || NOTHING.to_owned();
        rows.push(PaperRow { label: none(), level: 0, total: false, cells: columns.iter().map(|_| none()).collect() });
    }
    let high: f64 = rows.iter().map(|row| height(row, &all, &widths, size)).sum();
    let columns = all
        .iter()
        .zip(widths)
        .map(|(column, width)| PaperColumn { heading: column.heading.clone(), width, words: column.words })
        .collect();
    Part { size, long: high > TOGETHER, lines: high, columns, rows }
}

/// In how many lines a row stands.
fn height(row: &PaperRow, columns: &[&Wanted], widths: &[f64], size: f64) -> f64 {
    let texts = std::iter::once(&row.label).chain(&row.cells);
    let lines = texts.zip(columns).zip(widths).filter(|((_, column), _)| column.words);
    lines.map(|((text, _), width)| (wide(text) * size / (width - BEFORE_WORDS)).ceil()).fold(1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::book::{Cell, Column, Row};

    fn sheet(columns: &[(&str, Kind)], rows: usize) -> Sheet {
        let cell = |kind: &Kind| match kind {
            Kind::Text => Cell::Text("說明".repeat(60)),
            Kind::Rate => Cell::Rate(0.924),
            _ => Cell::Count(12_345),
        };
        let row = |at: usize| Row {
            code: String::new(),
            label: format!("北部分署第{at}岸巡隊"),
            level: 1,
            total: false,
            cells: columns.iter().map(|(_, kind)| cell(kind)).collect(),
        };
        Sheet {
            code: "s".to_owned(),
            title: String::new(),
            note: String::new(),
            row_heading: "單位".to_owned(),
            long: false,
            columns: columns
                .iter()
                .map(|(heading, kind)| Column { code: String::new(), heading: (*heading).to_owned(), kind: *kind })
                .collect(),
            rows: (0..rows).map(row).collect(),
        }
    }

    fn set(sheet: &Sheet) -> Vec<Part> {
        parts(sheet, &Setter { shows: &|_| true, locale: "zh-TW", continued: "" })
    }

    #[test]
    fn no_column_runs_off_the_page() {
        let hostile = "W".repeat(300);
        for heading in ["收件", "在展期後期限內辦結", "Closed on time after extension", hostile.as_str()] {
            for number in [1, 5, 12, 22, 40] {
                for kind in [Kind::Count, Kind::Rate] {
                    let mut columns = vec![(heading, kind); number];
                    columns.push(("意義", Kind::Text));
                    let parts = set(&sheet(&columns, 3));
                    let shown: usize = parts.iter().map(|part| part.columns.len() - 1).sum();
                    assert_eq!(shown, columns.len(), "every column stands in one part");
                    for part in parts {
                        let wide: f64 = part.columns.iter().map(|column| column.width).sum();
                        assert!(wide <= PAGE + 0.1, "{heading} × {number}: {wide}");
                        assert!(part.columns.iter().all(|column| column.width > 15.0));
                        assert!(part.rows.iter().all(|row| row.cells.len() + 1 == part.columns.len()));
                    }
                }
            }
        }
    }

    #[test]
    fn a_column_that_says_nothing_is_left_out() {
        let mut list = sheet(&[("收件", Kind::Count), ("辦結日期", Kind::Date), ("意義", Kind::Text)], 2);
        list.rows.iter_mut().for_each(|row| row.cells[1] = Cell::Empty);
        assert_eq!(set(&list)[0].columns.len(), 3);
        list.rows[1].cells[1] = Cell::Text("114/12/15".to_owned());
        assert_eq!(set(&list)[0].columns.len(), 4);
    }

    #[test]
    fn what_is_short_stays_together_and_nothing_is_said_as_such() {
        let of = |rows| set(&sheet(&[("收件", Kind::Count)], rows)).remove(0);
        assert_eq!((of(12).long, of(80).long), (false, true));
        // A table of two parts stays together as one, where both are short.
        let wide = |rows| stay_together(&set(&sheet(&vec![("在展期後期限內辦結", Kind::Count); 22], rows)));
        assert!(wide(6) && !wide(20));
        let none = of(0);
        assert_eq!((none.rows.len(), none.rows[0].label.as_str()), (1, NOTHING));
    }
}
