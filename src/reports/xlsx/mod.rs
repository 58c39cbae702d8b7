//! The report as an XLSX workbook: a sheet for each table, with numbers as numbers, headings that stay in sight, and pages
//! set up to print; the charts on a sheet of their own, drawn by the spreadsheet.

mod charts;

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use crate::error::{Error, Result};
use crate::reports::book::{Book, Cell, Kind, Sheet, plain};
use crate::reports::workbook::{
    Cover, DEEPEST, FIRST_ROW, HEAD_ROW, Line, Look, NOTE_ROW, TITLE_ROW, cover, depth, head_lines, lines_in,
    pages_across, row_lines, widths,
};

/// Deep sea blue, its tint, a line, and what matters less: the colours of the pages.
const SEA: Color = Color::RGB(0x0b_3d5c);
const TINT: Color = Color::RGB(0xe9_f1f6);
const EDGE: Color = Color::RGB(0xcb_d6de);
const SOFT: Color = Color::RGB(0x4a_5c69);
/// ISO A4.
const A4: u8 = 9;
/// How wide the first sheet is, and how high a line.
const COVER: f64 = 72.0;
const LINE: f64 = 16.5;
/// What a cell holds at most.
const LONGEST: usize = 32_000;

/// Writes the workbook.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write(book: &Book) -> Result<Vec<u8>> {
    workbook(book).map_err(Error::internal)
}

fn workbook(book: &Book) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = book.made_at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let properties = DocProperties::new()
        .set_title(plain(&book.title))
        .set_author(plain(&book.agency))
        .set_company(plain(&book.agency))
        .set_comment(plain(&book.checksum))
        .set_creation_datetime(&ExcelDateTime::parse_from_str(&made)?);
    workbook.set_properties(&properties);
    let looks = Looks::new(book);
    let Cover { lines, name, names, chart_sheet } = cover(book);
    first(workbook.add_worksheet().set_name(name)?, book, &lines, &looks)?;
    for ((_, sheet), name) in book.sheets().zip(names) {
        table(workbook.add_worksheet().set_name(name)?, book, sheet, &looks)?;
    }
    if let Some(name) = &chart_sheet {
        charts::sheet(workbook.add_worksheet().set_name(name)?, book, &looks)?;
    }
    workbook.save_to_buffer()
}

/// The looks of cells; those of values by what they are and whether they stand in a row of sums.
struct Looks {
    title: Format,
    said: Format,
    heading: Format,
    paragraph: Format,
    link: Format,
    head: Format,
    head_text: Format,
    head_number: Format,
    values: BTreeMap<(Look, bool), Format>,
}

impl Looks {
    fn new(book: &Book) -> Self {
        let font = if book.chinese() { "Microsoft JhengHei" } else { "Calibri" };
        let plain = Format::new().set_font_name(font).set_font_size(11).set_align(FormatAlign::Top);
        let head = plain
            .clone()
            .set_bold()
            .set_font_color(SEA)
            .set_background_color(TINT)
            .set_text_wrap()
            .set_align(FormatAlign::Bottom)
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(SEA);
        let mut values = BTreeMap::new();
        for total in [false, true] {
            let row = plain.clone().set_border_bottom(FormatBorder::Hair).set_border_bottom_color(EDGE);
            let row = if total {
                row.set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(SEA).set_background_color(TINT)
            } else {
                row
            };
            for level in 0..=DEEPEST {
                let name = row.clone().set_align(FormatAlign::Left).set_indent(level).set_text_wrap();
                values.insert((Look::Name(level), total), name);
            }
            for look in Look::VALUES {
                let value = match look {
                    Look::Name(_) | Look::Text => {
                        row.clone().set_align(FormatAlign::Left).set_indent(1).set_text_wrap()
                    }
                    Look::Count => row.clone().set_num_format("#,##0"),
                    Look::Rate => row.clone().set_num_format("0.0%"),
                    Look::Days => row.clone().set_num_format("#,##0.0"),
                    Look::Score => row.clone().set_num_format("0.00"),
                    Look::Date => row.clone().set_num_format("yyyy-mm-dd"),
                };
                values.insert((look, total), value);
            }
        }
        Self {
            title: plain.clone().set_bold().set_font_size(16).set_font_color(SEA),
            said: plain.clone().set_font_color(SOFT),
            heading: plain.clone().set_bold().set_font_size(13).set_font_color(SEA),
            paragraph: plain.clone().set_text_wrap(),
            link: plain.set_font_color(Color::RGB(0x0a_5686)).set_underline(rust_xlsxwriter::FormatUnderline::Single),
            head_number: head.clone().set_align(FormatAlign::Right),
            head_text: head.clone().set_align(FormatAlign::Left).set_indent(1),
            head,
            values,
        }
    }

    fn value(&self, look: Look, total: bool) -> &Format {
        self.values.get(&(look, total)).unwrap_or(&self.paragraph)
    }
}

type Written = std::result::Result<(), XlsxError>;

fn first(sheet: &mut Worksheet, book: &Book, lines: &[Line], looks: &Looks) -> Written {
    sheet.set_column_width(0, COVER)?.set_screen_gridlines(false);
    for (row, line) in (0..).zip(lines) {
        match line {
            Line::Title(text) => sheet.write_string_with_format(row, 0, held(text), &looks.title)?,
            Line::Said(text) => sheet.write_string_with_format(row, 0, held(text), &looks.said)?,
            Line::Heading(text) => sheet.write_string_with_format(row, 0, held(text), &looks.heading)?,
            Line::Paragraph(text) => sheet.write_string_with_format(row, 0, held(text), &looks.paragraph)?,
            Line::Table(title, name) => {
                let link = Url::new(format!("internal:'{name}'!A1")).set_text(held(title));
                sheet.write_url_with_format(row, 0, link, &looks.link)?
            }
            Line::Blank => sheet,
        };
        let height = match line {
            Line::Title(_) => 26.0,
            Line::Heading(_) => 22.0,
            Line::Paragraph(text) => f64::from(lines_in(text, COVER)) * LINE,
            _ => LINE,
        };
        sheet.set_row_height(row, height)?;
    }
    printed(sheet, book, &book.words.contents);
    sheet.set_portrait();
    Ok(())
}

fn table(to: &mut Worksheet, book: &Book, sheet: &Sheet, looks: &Looks) -> Written {
    let widths = widths(sheet);
    for (column, wide) in (0..).zip(&widths) {
        to.set_column_width(column, *wide)?;
    }
    to.write_string_with_format(TITLE_ROW, 0, held(&sheet.title), &looks.title)?;
    to.write_string_with_format(NOTE_ROW, 0, held(&sheet.note), &looks.said)?;
    to.write_string_with_format(HEAD_ROW, 0, held(&sheet.row_heading), &looks.head)?;
    to.set_row_height(TITLE_ROW, 26)?.set_row_height(NOTE_ROW, LINE)?;
    to.set_row_height(HEAD_ROW, f64::from(head_lines(sheet, &widths)) * LINE + 3.0)?;
    for (at, column) in (1..).zip(&sheet.columns) {
        let look = if column.kind == Kind::Text { &looks.head_text } else { &looks.head_number };
        to.write_string_with_format(HEAD_ROW, at, held(&column.heading), look)?;
    }
    for (at, row) in (FIRST_ROW..).zip(&sheet.rows) {
        to.set_row_height(at, f64::from(row_lines(row, &widths)) * LINE)?;
        let name = looks.value(Look::Name(depth(row)), row.total);
        to.write_string_with_format(at, 0, held(&row.label), name)?;
        for ((column, of), cell) in (1..).zip(&sheet.columns).zip(&row.cells) {
            let look = looks.value(Look::of(cell, of.kind), row.total);
            match cell {
                Cell::Empty => to.write_blank(at, column, look)?,
                Cell::Text(text) => to.write_string_with_format(at, column, held(text), look)?,
                Cell::Count(number) => to.write_number_with_format(at, column, exact(*number), look)?,
                Cell::Rate(number) | Cell::Days(number) | Cell::Score(number) => {
                    to.write_number_with_format(at, column, *number, look)?
                }
                Cell::Date(day) => {
                    let day = ExcelDateTime::parse_from_str(&day.to_string())?;
                    to.write_datetime_with_format(at, column, day, look)?
                }
            };
        }
    }
    to.set_freeze_panes(FIRST_ROW, 1)?;
    to.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    to.set_repeat_columns(0, 0)?;
    printed(to, book, &sheet.title);
    to.set_landscape().set_print_fit_to_pages(pages_across(&widths), 0);
    Ok(())
}

/// A4, as wide as a page, with what it is above and the page below.
fn printed(sheet: &mut Worksheet, book: &Book, title: &str) {
    let [before, between, behind] = &book.words.page;
    sheet
        .set_paper_size(A4)
        .set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3)
        .set_print_fit_to_pages(1, 0)
        .set_header(format!("&L{}&R{}", said(&book.title), said(title)))
        .set_footer(format!("&L{}&R{}&P{}&N{}", said(&book.agency), said(before), said(between), said(behind)));
}

/// A text at the head or foot of a page: an ampersand would begin a command, so it is doubled, whole.
fn said(text: &str) -> String {
    plain(text).chars().take(80).collect::<String>().replace('&', "&&")
}

/// A text as a cell holds it.
fn held(text: &str) -> String {
    plain(text).chars().take(LONGEST).collect()
}

/// Spreadsheets know one kind of number.
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
const fn exact(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn an_ampersand_is_doubled_and_never_cut() {
        assert_eq!(said("A & B"), "A && B");
        assert_eq!(said(&"&".repeat(200)), "&".repeat(160));
    }
}
