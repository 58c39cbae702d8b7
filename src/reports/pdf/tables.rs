//! How a table fits a page: the size of its letters, the widths of its columns, where headings are broken, and between which
//! columns it is cut when it is wider than the page even so.

use serde::Serialize;

use super::paper::Setter;
use crate::reports::book::{Cell, Column, Kind, Sheet};
use crate::reports::charts::text::{lines, measured, number};

/// The width of the text on a page, in points.
const PAGE: f64 = 481.0;
/// What stands around a value on both sides, in points; words keep a little more from the numbers before them.
const AROUND: f64 = 8.0;
const BEFORE_WORDS: f64 = 10.0;
/// Sizes of letters in points, each with the most lines of a heading: the first with which a table fits is taken.
const SIZES: [(f64, usize); 3] = [(9.0, 2), (8.5, 2), (8.0, 3)];
/// Headings and values up to this width stand in one line, in widths of a letter.
const SHORT: f64 = 3.0;
/// A column of words, and the names of rows, at least and at most where columns compete for room.
const WORDS: (f64, f64) = (7.0, 12.0);
/// How wide a column of numbers becomes where there is room, in points.
const ROOMY: f64 = 62.0;
/// More lines than these do not stay together on a page.
const TOGETHER: f64 = 32.0;

/// A part of a table: all its rows, and as many of its columns as fit.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Part {
    size: f64,
    /// Whether it goes on over pages.
    long: bool,
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

/// A column before it has its width.
struct Wanted {
    words: bool,
    heading: Vec<String>,
    /// What its content wants, in widths of a letter.
    natural: f64,
}

/// A table in its parts.
pub(super) fn parts(sheet: &Sheet, set: &Setter<'_>) -> Vec<Part> {
    let values: Vec<Vec<String>> =
        sheet.rows.iter().map(|row| row.cells.iter().map(|cell| set.text(&written(cell))).collect()).collect();
    let names = Wanted {
        words: true,
        heading: vec![set.text(&sheet.row_heading)],
        natural: sheet.rows.iter().map(|row| wide(&row.label) + f64::from(row.level)).fold(wide(&sheet.row_heading), f64::max),
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

impl Wanted {
    /// What it takes at the least, in points.
    fn least(&self, size: f64) -> f64 {
        if self.words { self.natural.clamp(WORDS.0, WORDS.1) * size + BEFORE_WORDS } else { self.natural * size + AROUND }
    }

    /// What it takes with all its content in one line.
    fn most(&self, size: f64) -> f64 {
        self.natural * size + if self.words { BEFORE_WORDS } else { AROUND }
    }
}

fn wanted(column: &Column, at: usize, values: &[Vec<String>], most: usize, set: &Setter<'_>) -> Wanted {
    let content = values.iter().filter_map(|row| row.get(at)).map(|value| wide(value)).fold(0.0, f64::max);
    let heading = set.text(&column.heading);
    if column.kind == Kind::Text {
        return Wanted { words: true, natural: content.max(wide(&heading)), heading: vec![heading] };
    }
    let heading = heading_lines(&heading, content.max(SHORT), most);
    // Bold letters are a little wider.
    let natural = heading.iter().map(|line| wide(line) * 1.05).fold(content, f64::max).min(WORDS.1);
    Wanted { words: false, heading, natural }
}

/// A heading in the fewest lines that are as narrow as the values, otherwise in the most lines that are allowed.
fn heading_lines(heading: &str, narrow: f64, most: usize) -> Vec<String> {
    let whole = wide(heading);
    if whole <= narrow {
        return vec![heading.to_owned()];
    }
    let mut width = narrow;
    while width < whole {
        let broken = broken_at(heading, width);
        if broken.len() <= most && broken.iter().all(|line| wide(line) <= width) {
            // As even as the number of lines allows.
            let number = broken.len();
            let mut even = broken;
            let mut narrower = width - 0.5;
            while narrower > 0.5 {
                let tried = broken_at(heading, narrower);
                if tried.len() > number || tried.iter().any(|line| wide(line) > narrower) {
                    break;
                }
                even = tried;
                narrower -= 0.5;
            }
            return even;
        }
        width += 0.5;
    }
    vec![heading.to_owned()]
}

/// A text in lines of at most such a width, in widths of a letter.
#[expect(clippy::cast_possible_truncation, reason = "a heading is a few letters wide")]
fn broken_at(text: &str, width: f64) -> Vec<String> {
    lines(text, 100, (width * 100.0) as i32, usize::MAX)
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
    Part { size, long: high > TOGETHER, columns, rows }
}

/// In how many lines a row stands.
fn height(row: &PaperRow, columns: &[&Wanted], widths: &[f64], size: f64) -> f64 {
    let texts = std::iter::once(&row.label).chain(&row.cells);
    let lines = texts.zip(columns).zip(widths).filter(|((_, column), _)| column.words);
    lines.map(|((text, _), width)| (wide(text) * size / (width - BEFORE_WORDS)).ceil()).fold(1.0, f64::max)
}

/// The widths in points: numbers take what they need and a little more where there is room, words share the rest, those that
/// want little first.
fn widths(columns: &[&Wanted], size: f64) -> Vec<f64> {
    let numbers: f64 = columns.iter().filter(|column| !column.words).map(|column| column.most(size)).sum();
    let rest = PAGE - numbers;
    let mut wishes: Vec<f64> = columns.iter().filter(|column| column.words).map(|column| column.most(size)).collect();
    wishes.sort_by(f64::total_cmp);
    // The width that no column of words exceeds.
    let (mut left, mut limit) = (rest, f64::INFINITY);
    for (at, wish) in wishes.iter().enumerate() {
        let share = left / real(wishes.len() - at);
        if *wish > share {
            limit = share;
            break;
        }
        left -= wish;
    }
    let words: f64 = wishes.iter().map(|wish| wish.min(limit)).sum();
    let number = real(columns.iter().filter(|column| !column.words).count()).max(1.0);
    let spare = ((rest - words) / number).max(0.0);
    let width = |column: &&Wanted| match column.words {
        true => column.most(size).min(limit),
        false => column.most(size) + spare.min((ROOMY - column.most(size)).max(0.0)),
    };
    columns.iter().map(width).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
const fn real(number: usize) -> f64 {
    number as f64
}

/// Where there is no value.
const NOTHING: &str = "–";

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => NOTHING.to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Count(value) => number(Kind::Count, exact(*value)),
        Cell::Rate(share) => number(Kind::Rate, *share),
        Cell::Days(days) => number(Kind::Days, *days),
        Cell::Score(mark) => number(Kind::Score, *mark),
        Cell::Date(day) => day.to_string(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
const fn exact(value: i64) -> f64 {
    value as f64
}

/// How wide a text is, in widths of a letter.
fn wide(text: &str) -> f64 {
    f64::from(measured(text, 100)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::book::Row;

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
        parts(sheet, &Setter { shows: &|_| true })
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
    fn headings_are_broken_evenly_and_only_where_they_must() {
        for (heading, narrow, most, broken) in [
            ("收件", 3.0, 2, vec!["收件"]),
            ("期初未結", 3.0, 2, vec!["期初", "未結"]),
            ("期初未結", 4.0, 2, vec!["期初未結"]),
            ("在展期後期限內辦結", 3.0, 3, vec!["在展期", "後期限", "內辦結"]),
            ("Open at start", 3.5, 2, vec!["Open at", "start"]),
        ] {
            assert_eq!(heading_lines(heading, narrow, most), broken, "{heading}");
        }
    }

    #[test]
    fn what_is_short_stays_together_and_nothing_is_said_as_such() {
        let of = |rows| set(&sheet(&[("收件", Kind::Count)], rows)).remove(0);
        assert_eq!((of(12).long, of(80).long), (false, true));
        let none = of(0);
        assert_eq!((none.rows.len(), none.rows[0].label.as_str()), (1, NOTHING));
    }
}
