//! How a report lies in a workbook, the same in ODS and XLSX: a first sheet that says what it is and lists the tables, then a
//! sheet for each table with its title, its note, the headings and the rows, and one for the charts.

use super::book::{Book, Cell, Kind, Row, Sheet, plain, width};

/// The row of a table's title, of its note, of its headings, and the first of its values.
pub(super) const TITLE_ROW: u32 = 0;
/// See [`TITLE_ROW`].
pub(super) const NOTE_ROW: u32 = 1;
/// See [`TITLE_ROW`].
pub(super) const HEAD_ROW: u32 = 2;
/// See [`TITLE_ROW`].
pub(super) const FIRST_ROW: u32 = 3;

/// A line of the first sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// What the report is.
    Title(String),
    /// Whose it is, when it was made and the like.
    Said(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table: its title, and the name of its sheet.
    Table(String, String),
    /// Nothing.
    Blank,
}

/// The first sheet, and what the others are called.
pub(super) struct Cover {
    /// Its lines.
    pub(super) lines: Vec<Line>,
    /// Its name.
    pub(super) name: String,
    /// The names of the sheets of tables, in their order.
    pub(super) names: Vec<String>,
    /// The name of the sheet of charts, where there are any.
    pub(super) chart_sheet: Option<String>,
}

/// The first sheet of a report.
pub(super) fn cover(book: &Book) -> Cover {
    let charts = book.sections.iter().any(|section| !section.charts.is_empty());
    let titles = std::iter::once(book.words.contents.as_str())
        .chain(book.sheets().map(|(_, s)| s.title.as_str()))
        .chain(charts.then_some(book.words.charts.as_str()));
    let mut names = sheet_names(titles);
    let name = names.remove(0);
    let chart_sheet = if charts { names.pop() } else { None };
    let mut lines = vec![Line::Title(plain(&book.title))];
    let said = [&book.agency, &book.period, &book.made, &book.checksum];
    lines.extend(said.into_iter().filter(|line| !line.is_empty()).map(|line| Line::Said(plain(line))));
    let mut each = names.iter();
    for section in &book.sections {
        lines.extend([Line::Blank, Line::Heading(plain(&section.heading))]);
        lines.extend(section.notes.iter().map(|note| Line::Paragraph(plain(note))));
        for sheet in &section.sheets {
            lines.extend(each.next().map(|name| Line::Table(plain(&sheet.title), name.clone())));
        }
    }
    if let Some(name) = &chart_sheet {
        lines.extend([Line::Blank, Line::Table(plain(&book.words.charts), name.clone())]);
    }
    Cover { lines, name, names, chart_sheet }
}

/// Names for the sheets of a workbook: the titles, cut to the 31 characters that spreadsheets allow, without the characters
/// they forbid, and each only once (spreadsheets take capital and small letters for the same).
fn sheet_names<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for title in titles {
        let allowed = |c: char| if "[]:*?/\\'".contains(c) { ' ' } else { c };
        let whole: String = plain(title).chars().map(allowed).collect();
        let whole = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut number = 1_usize;
        let name = loop {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let name = (cut(&whole, LONGEST_SHEET_NAME - suffix.len()) + &suffix).trim().to_owned();
            let taken = names.iter().any(|other| other.to_lowercase() == name.to_lowercase());
            if !name.is_empty() && !taken && !name.eq_ignore_ascii_case("history") {
                break name;
            }
            number += 1;
        };
        names.push(name);
    }
    names
}

/// Counted in the UTF-16 units of spreadsheets.
const LONGEST_SHEET_NAME: usize = 31;

/// The beginning of a text, at most so many UTF-16 units long.
fn cut(text: &str, longest: usize) -> String {
    let mut units = 0;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= longest
    });
    fits.collect::<String>().trim_end().to_owned()
}

/// How wide the columns are, in half-width characters: as their widest value, or as their heading in at most two lines.
pub(super) fn widths(sheet: &Sheet) -> Vec<f64> {
    let names = sheet.rows.iter().map(|row| width(&row.label) + 2 * usize::from(row.level)).max().unwrap_or(0);
    let mut widths = vec![names.max(width(&sheet.row_heading)).clamp(12, 44)];
    for (at, column) in sheet.columns.iter().enumerate() {
        let values = sheet.rows.iter().filter_map(|row| row.cells.get(at)).map(shown).max().unwrap_or(0);
        let heading = half(&column.heading).max(longest_word(&column.heading));
        // Words begin a little behind the column before them.
        let wide = if column.kind == Kind::Text {
            values.max(heading).clamp(10, 58) + 4
        } else {
            values.max(heading).clamp(8, 18)
        };
        widths.push(wide);
    }
    widths.into_iter().map(|wide| f64::from(u8::try_from(wide).unwrap_or(u8::MAX)) + 2.0).collect()
}

/// Half-width characters that an A4 page across holds at its own size.
const ACROSS: f64 = 133.0;

/// How many pages a table is printed beside each other: on one it would be smaller than seven tenths of its size from here
/// on. The names of rows stand on each.
pub(super) fn pages_across(widths: &[f64]) -> u16 {
    if widths.iter().sum::<f64>() > ACROSS / 0.7 { 2 } else { 1 }
}

/// In how many lines the headings of a table stand.
pub(super) fn head_lines(sheet: &Sheet, widths: &[f64]) -> u8 {
    let headings = std::iter::once(&sheet.row_heading).chain(sheet.columns.iter().map(|column| &column.heading));
    headings.zip(widths).map(|(heading, wide)| lines_in(heading, *wide)).max().unwrap_or(1)
}

/// In how many lines a row stands: its name and its words are broken.
pub(super) fn row_lines(row: &Row, widths: &[f64]) -> u8 {
    let indented = widths.first().map_or(1.0, |wide| wide - 2.0 * f64::from(row.level));
    let words = row.cells.iter().zip(widths.iter().skip(1)).filter_map(|(cell, wide)| match cell {
        Cell::Text(text) => Some(lines_in(text, wide - 2.0)),
        _ => None,
    });
    words.fold(lines_in(&row.label, indented), u8::max)
}

/// In how many lines a text stands in so many half-width characters; a little is lost where lines are broken.
pub(super) fn lines_in(text: &str, wide: f64) -> u8 {
    let whole = f64::from(u16::try_from(width(text)).unwrap_or(u16::MAX));
    (1..=20).find(|lines| whole <= f64::from(*lines) * (wide - 1.5).max(1.0)).unwrap_or(20)
}

/// How wide a heading is: short ones stand in a line, others in two of whole Chinese characters.
fn half(heading: &str) -> usize {
    match width(heading) {
        short if short <= 12 => short,
        long => long.div_ceil(4) * 2,
    }
}

/// The widest thing in a text that is not broken.
fn longest_word(text: &str) -> usize {
    if text.is_ascii() { text.split(' ').map(str::len).max().unwrap_or(0) } else { 0 }
}

/// About how wide a value is.
fn shown(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) => width(text),
        Cell::Count(number) => number.to_string().len() * 4 / 3,
        Cell::Rate(_) | Cell::Days(_) | Cell::Score(_) => 7,
        Cell::Date(_) => 10,
    }
}

/// How a value looks: what it is, whether it stands in a row of sums, and how deep in a tree the name of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// The name of a row, so many steps deep.
    Name(u8),
    /// Words.
    Text,
    /// A whole number.
    Count,
    /// A share.
    Rate,
    /// Days.
    Days,
    /// A mean of marks.
    Score,
    /// A day of the calendar.
    Date,
}

impl Look {
    /// Every look of values.
    pub(super) const VALUES: [Self; 6] = [Self::Text, Self::Count, Self::Rate, Self::Days, Self::Score, Self::Date];

    /// How a cell looks; an empty one as its column.
    pub(super) const fn of(cell: &Cell, kind: Kind) -> Self {
        match (cell, kind) {
            (Cell::Count(_), _) | (Cell::Empty, Kind::Count) => Self::Count,
            (Cell::Rate(_), _) | (Cell::Empty, Kind::Rate) => Self::Rate,
            (Cell::Days(_), _) | (Cell::Empty, Kind::Days) => Self::Days,
            (Cell::Score(_), _) | (Cell::Empty, Kind::Score) => Self::Score,
            (Cell::Date(_), _) | (Cell::Empty, Kind::Date) => Self::Date,
            (Cell::Text(_), _) | (Cell::Empty, Kind::Text) => Self::Text,
        }
    }
}

/// The steps of a tree that are told apart.
pub(super) const DEEPEST: u8 = 8;

/// How deep a row's name is set.
pub(super) fn depth(row: &Row) -> u8 {
    row.level.min(DEEPEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::book::Column;

    #[test]
    fn sheets_have_names_that_spreadsheets_take() {
        let long = "各業務類別之收件、辦結、逾限與平均處理日數（含會辦案件與改分案件）統計表";
        let names = sheet_names(
            [
                "Received",
                "received",
                "a/b [c]: *d?\\",
                long,
                long,
                "",
                "'quoted'",
                "History",
                "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷",
            ]
            .into_iter(),
        );
        assert_eq!(names[..3], ["Received", "received 2", "a b c d"]);
        assert_eq!(names[5..8], ["2", "quoted", "History 2"]);
        for name in &names {
            assert!(name.encode_utf16().count() <= LONGEST_SHEET_NAME, "{name}");
        }
        let once: std::collections::BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(once.len(), names.len());
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let row = |label: &str, number| Row {
            code: String::new(),
            label: label.to_owned(),
            level: 1,
            total: false,
            cells: vec![Cell::Count(number)],
        };
        let column = Column { code: "received".to_owned(), heading: "收件".to_owned(), kind: Kind::Count };
        let sheet = Sheet {
            code: "unit".to_owned(),
            title: String::new(),
            note: String::new(),
            row_heading: "單位".to_owned(),
            long: false,
            columns: vec![column],
            rows: vec![row("北部分署第一岸巡隊", 1), row("短", 123_456_789_012)],
        };
        assert_eq!(widths(&sheet), [22.0, 18.0]);
    }
}
