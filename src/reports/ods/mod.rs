//! The report as an OpenDocument spreadsheet: a sheet for each table, with numbers as numbers, headings that stay in sight,
//! and pages set up to print. The XML is written here: the library for it keeps styles and attributes in randomly seeded maps,
//! so the same figures would be other bytes each time, and it brings 80 more to build.

mod charts;
mod styles;

use std::fmt::Write as _;

use super::book::{Book, Cell, Kind, Row, Sheet, plain};
use super::workbook::{Cover, FIRST_ROW, Line, Look, cover, depth, pages_across, widths};
use super::zipped::Zipped;
use crate::error::Result;

const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The names of OpenDocument that are used here.
const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
     xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
     xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
     xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
     xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
     xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
     xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
     xmlns:ooo=\"http://openoffice.org/2004/office\" office:version=\"1.3\"";

/// Writes the spreadsheet.
///
/// # Errors
/// `Internal` when it cannot be written.
pub fn write(book: &Book) -> Result<Vec<u8>> {
    let cover = cover(book);
    let pictures = charts::pictures(book)?;
    let mut zip = Zipped::begin();
    // First and as it is, so that the beginning of the file says what it is.
    zip.add_plain("mimetype", MEDIA_TYPE.as_bytes())?;
    zip.add("content.xml", content(book, &cover).as_bytes())?;
    zip.add("styles.xml", styles::document(book).as_bytes())?;
    zip.add("meta.xml", meta(book).as_bytes())?;
    zip.add("settings.xml", settings(&cover).as_bytes())?;
    zip.add("META-INF/manifest.xml", manifest(&pictures).as_bytes())?;
    for (name, picture) in &pictures {
        zip.add(name, picture.as_bytes())?;
    }
    zip.finish()
}

fn content(book: &Book, cover: &Cover) -> String {
    let tables: Vec<(&Sheet, &String, Vec<f64>)> =
        book.sheets().zip(&cover.names).map(|((_, sheet), name)| (sheet, name, widths(sheet))).collect();
    let mut xml = format!("{DECLARATION}<office:document-content {NAMESPACES}>");
    xml.push_str(&styles::automatic(tables.iter().flat_map(|(_, _, widths)| widths.iter().copied())));
    xml.push_str("<office:body><office:spreadsheet>\n");
    first(&mut xml, &cover.name, &cover.lines);
    for (sheet, name, widths) in &tables {
        table(&mut xml, sheet, name, widths);
    }
    if let Some(name) = &cover.chart_sheet {
        charts::sheet(&mut xml, book, name);
    }
    xml.push_str("</office:spreadsheet></office:body></office:document-content>\n");
    xml
}

fn first(xml: &mut String, name: &str, lines: &[Line]) {
    open_table(xml, name, "cover");
    xml.push_str(
        "<table:table-column table:style-name=\"cover-column\" table:default-cell-style-name=\"paragraph\"/>\n",
    );
    for line in lines {
        let cell = match line {
            Line::Title(text) => string("title", text),
            Line::Said(text) => string("said", text),
            Line::Heading(text) => string("heading", text),
            Line::Paragraph(text) => string("paragraph", text),
            Line::Table(title, sheet) => format!(
                "<table:table-cell table:style-name=\"link\" office:value-type=\"string\"><text:p><text:a \
                 xlink:type=\"simple\" xlink:href=\"#'{}'.A1\">{}</text:a></text:p></table:table-cell>",
                escaped(sheet),
                spaced(title)
            ),
            Line::Blank => "<table:table-cell/>".to_owned(),
        };
        row(xml, &cell);
    }
    xml.push_str("</table:table>\n");
}

fn table(xml: &mut String, sheet: &Sheet, name: &str, widths: &[f64]) {
    open_table(xml, name, if pages_across(widths) > 1 { "tables-wide" } else { "tables" });
    for (at, wide) in widths.iter().enumerate() {
        let column = format!("<table:table-column table:style-name=\"{}\"/>", styles::column(*wide));
        // The names of rows stand on every page.
        match at {
            0 => push(xml, format_args!("<table:table-header-columns>{column}</table:table-header-columns>")),
            _ => xml.push_str(&column),
        }
    }
    xml.push('\n');
    row(xml, &string("title", &sheet.title));
    row(xml, &string("said", &sheet.note));
    let mut head = string("head", &sheet.row_heading);
    for column in &sheet.columns {
        head.push_str(&string(if column.kind == Kind::Text { "head-text" } else { "head-number" }, &column.heading));
    }
    xml.push_str("<table:table-header-rows>\n");
    row(xml, &head);
    xml.push_str("</table:table-header-rows>\n");
    for line in &sheet.rows {
        row(xml, &cells(line, sheet));
    }
    xml.push_str("</table:table>\n");
}

fn cells(row: &Row, sheet: &Sheet) -> String {
    let mut xml = string(&styles::value(Look::Name(depth(row)), row.total), &row.label);
    for (cell, column) in row.cells.iter().zip(&sheet.columns) {
        let style = styles::value(Look::of(cell, column.kind), row.total);
        match cell {
            Cell::Empty => xml.push_str(&empty(&style)),
            Cell::Text(text) => xml.push_str(&string(&style, text)),
            Cell::Count(number) => xml.push_str(&valued(&style, "float", "value", &number.to_string())),
            Cell::Rate(share) => xml.push_str(&valued(&style, "percentage", "value", &share.to_string())),
            Cell::Days(number) | Cell::Score(number) => {
                xml.push_str(&valued(&style, "float", "value", &number.to_string()));
            }
            Cell::Date(day) => xml.push_str(&valued(&style, "date", "date-value", &day.to_string())),
        }
    }
    xml
}

/// A cell with nothing in it.
fn empty(style: &str) -> String {
    format!("<table:table-cell table:style-name=\"{style}\"/>")
}

fn open_table(xml: &mut String, name: &str, style: &str) {
    push(xml, format_args!("<table:table table:name=\"{}\" table:style-name=\"{style}\">", escaped(name)));
}

fn row(xml: &mut String, cells: &str) {
    push(xml, format_args!("<table:table-row table:style-name=\"row\">{cells}</table:table-row>\n"));
}

fn string(style: &str, text: &str) -> String {
    if text.is_empty() {
        return empty(style);
    }
    format!(
        "<table:table-cell table:style-name=\"{style}\" office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
        spaced(text)
    )
}

fn valued(style: &str, kind: &str, attribute: &str, value: &str) -> String {
    format!(
        "<table:table-cell table:style-name=\"{style}\" office:value-type=\"{kind}\" office:{attribute}=\"{value}\">\
         <text:p>{value}</text:p></table:table-cell>"
    )
}

fn meta(book: &Book) -> String {
    let [title, agency, period, checksum] =
        [&book.title, &book.agency, &book.period, &book.checksum].map(|text| escaped(text));
    let made = book.made_at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "{DECLARATION}<office:document-meta {NAMESPACES}><office:meta><meta:generator>Chenqing</meta:generator>\
         <dc:title>{title}</dc:title><dc:subject>{period}</dc:subject><dc:description>{checksum}</dc:description>\
         <dc:creator>{agency}</dc:creator><meta:initial-creator>{agency}</meta:initial-creator>\
         <meta:creation-date>{made}</meta:creation-date><dc:date>{made}</dc:date>\
         <dc:language>{}</dc:language></office:meta></office:document-meta>\n",
        escaped(&book.locale)
    )
}

/// The headings and the names of rows stay in sight.
fn settings(cover: &Cover) -> String {
    let item = |name: &str, kind: &str, value: &str| {
        format!("<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}</config:config-item>")
    };
    let mut sheets = String::new();
    for name in &cover.names {
        push(&mut sheets, format_args!("<config:config-item-map-entry config:name=\"{}\">", escaped(name)));
        for (name, kind, value) in [
            ("HorizontalSplitMode", "short", 2),
            ("VerticalSplitMode", "short", 2),
            ("HorizontalSplitPosition", "int", 1),
            ("VerticalSplitPosition", "int", FIRST_ROW),
            ("ActiveSplitRange", "short", 3),
            ("PositionRight", "int", 1),
            ("PositionBottom", "int", FIRST_ROW),
        ] {
            sheets.push_str(&item(name, kind, &value.to_string()));
        }
        sheets.push_str("</config:config-item-map-entry>\n");
    }
    format!(
        "{DECLARATION}<office:document-settings {NAMESPACES}><office:settings>\
         <config:config-item-set config:name=\"ooo:view-settings\"><config:config-item-map-indexed config:name=\"Views\">\
         <config:config-item-map-entry>{}{}\
         <config:config-item-map-named config:name=\"Tables\">{sheets}</config:config-item-map-named>\
         </config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>\
         </office:settings></office:document-settings>\n",
        item("ViewId", "string", "view1"),
        item("ActiveTable", "string", &escaped(&cover.name)),
    )
}

fn manifest(pictures: &[(String, String)]) -> String {
    let mut entries = String::new();
    for name in ["content.xml", "styles.xml", "meta.xml", "settings.xml"] {
        push(
            &mut entries,
            format_args!("<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"text/xml\"/>"),
        );
    }
    for (name, _) in pictures {
        push(
            &mut entries,
            format_args!("<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"image/svg+xml\"/>"),
        );
    }
    format!(
        "{DECLARATION}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" \
         manifest:media-type=\"{MEDIA_TYPE}\"/>{entries}</manifest:manifest>\n"
    )
}

/// Text as the content or an attribute of an element.
fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text as a paragraph's content: spaces that stand first or follow another are elements, or they would be passed over.
fn spaced(text: &str) -> String {
    let mut xml = String::new();
    let mut before = ' ';
    for c in escaped(text).chars() {
        if c == ' ' && before == ' ' {
            xml.push_str("<text:s/>")
        } else {
            xml.push(c)
        }
        before = c;
    }
    xml
}

fn push(xml: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = xml.write_fmt(more);
}
