//! How the spreadsheet looks: fonts, formats of numbers, cells, columns, and the pages it is printed on.

use std::collections::BTreeSet;

use super::{DECLARATION, NAMESPACES, escaped};
use crate::reports::book::Book;
use crate::reports::chart_sheet::{COLUMNS, ROW};
use crate::reports::workbook::{DEEPEST, Look};

/// Deep sea blue, its tint, a line, what matters less, and links: the colours of the pages.
const SEA: &str = "#0b3d5c";
const TINT: &str = "#e9f1f6";
const EDGE: &str = "#cbd6de";
const SOFT: &str = "#4a5c69";
const LINK: &str = "#0a5686";

const FONTS: &str = "<office:font-face-decls>\
     <style:font-face style:name=\"Latin\" svg:font-family=\"'Liberation Sans'\" style:font-family-generic=\"swiss\"/>\
     <style:font-face style:name=\"Chinese\" svg:font-family=\"'Noto Sans CJK TC'\" style:font-family-generic=\"swiss\"/>\
     </office:font-face-decls>\n";

/// The styles of the document: its fonts, the formats of numbers, the pages.
pub(super) fn document(book: &Book) -> String {
    let (language, country) = if book.chinese() { ("zh", "TW") } else { ("en", "GB") };
    let [before, between, behind] = book.words.page.each_ref().map(|text| escaped(text));
    let (title, agency) = (escaped(&book.title), escaped(&book.agency));
    let page = format!(
        "<text:p>{before}<text:page-number>1</text:page-number>{between}<text:page-count>1</text:page-count>{behind}</text:p>"
    );
    let master = |name: &str| {
        format!(
            "<style:master-page style:name=\"{name}\" style:page-layout-name=\"{name}\">\
             <style:header><style:region-left><text:p>{title}</text:p></style:region-left>\
             <style:region-right><text:p><text:sheet-name>?</text:sheet-name></text:p></style:region-right></style:header>\
             <style:footer><style:region-left><text:p>{agency}</text:p></style:region-left>\
             <style:region-right>{page}</style:region-right></style:footer></style:master-page>\n"
        )
    };
    format!(
        "{DECLARATION}<office:document-styles {NAMESPACES}>{FONTS}<office:styles>\n\
         <style:default-style style:family=\"table-cell\"><style:text-properties style:font-name=\"Latin\" \
         style:font-name-asian=\"Chinese\" fo:font-size=\"10.5pt\" style:font-size-asian=\"10.5pt\" \
         fo:language=\"{language}\" fo:country=\"{country}\" style:language-asian=\"zh\" style:country-asian=\"TW\"/>\
         </style:default-style>\n\
         <style:style style:name=\"Default\" style:family=\"table-cell\"/>\n</office:styles>\n\
         <office:automatic-styles>\n{}{}{}</office:automatic-styles>\n\
         <office:master-styles>\n{}{}{}</office:master-styles>\n</office:document-styles>\n",
        layout("cover", "21cm", "29.7cm", "portrait", 1),
        layout("tables", "29.7cm", "21cm", "landscape", 1),
        layout("tables-wide", "29.7cm", "21cm", "landscape", 2),
        master("cover"),
        master("tables"),
        master("tables-wide"),
    )
}

/// A4, as wide as so many pages.
fn layout(name: &str, width: &str, height: &str, way: &str, across: u16) -> String {
    let edge = "<style:header-footer-properties fo:min-height=\"0.8cm\" fo:margin-left=\"0cm\" fo:margin-right=\"0cm\" fo:margin-bottom=\"0.3cm\" fo:margin-top=\"0.3cm\"/>";
    format!(
        "<style:page-layout style:name=\"{name}\"><style:page-layout-properties fo:page-width=\"{width}\" \
         fo:page-height=\"{height}\" style:print-orientation=\"{way}\" style:first-page-number=\"continue\" fo:margin-top=\"1.2cm\" fo:margin-bottom=\"1.2cm\" \
         fo:margin-left=\"1.5cm\" fo:margin-right=\"1.5cm\" style:scale-to-X=\"{across}\" style:scale-to-Y=\"0\"/>\
         <style:header-style>{edge}</style:header-style><style:footer-style>{edge}</style:footer-style>\
         </style:page-layout>\n"
    )
}

/// The styles of the content, with a column for each width.
pub(super) fn automatic(widths: impl Iterator<Item = f64>) -> String {
    let mut xml = format!("{FONTS}<office:automatic-styles>\n{FORMATS}");
    for (name, page) in [("cover", "cover"), ("tables", "tables"), ("tables-wide", "tables-wide"), ("charts", "cover")]
    {
        xml.push_str(&format!(
            "<style:style style:name=\"{name}\" style:family=\"table\" style:master-page-name=\"{page}\">\
             <style:table-properties table:display=\"true\"/></style:style>\n"
        ));
    }
    xml.push_str(
        "<style:style style:name=\"row\" style:family=\"table-row\"><style:table-row-properties \
         style:use-optimal-row-height=\"true\"/></style:style>\n\
         <style:style style:name=\"cover-column\" style:family=\"table-column\"><style:table-column-properties \
         style:column-width=\"18cm\"/></style:style>\n",
    );
    xml.push_str(&format!(
        "<style:style style:name=\"chart-row\" style:family=\"table-row\"><style:table-row-properties \
         style:use-optimal-row-height=\"false\" style:row-height=\"{ROW}pt\"/></style:style>\n"
    ));
    for (name, wide) in [("chart-names", COLUMNS.0), ("chart-numbers", COLUMNS.1)] {
        xml.push_str(&format!(
            "<style:style style:name=\"{name}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{:.2}cm\"/></style:style>\n",
            wide * 0.2
        ));
    }
    let columns: BTreeSet<(String, String)> =
        widths.map(|wide| (column(wide), format!("{:.2}cm", wide * 0.2))).collect();
    for (name, wide) in columns {
        xml.push_str(&format!(
            "<style:style style:name=\"{name}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{wide}\"/></style:style>\n"
        ));
    }
    let bold = "fo:font-weight=\"bold\" style:font-weight-asian=\"bold\"";
    let sized = |size: &str| format!("fo:font-size=\"{size}\" style:font-size-asian=\"{size}\"");
    let top = "style:vertical-align=\"top\"";
    let head = format!(
        "style:vertical-align=\"bottom\" fo:wrap-option=\"wrap\" fo:background-color=\"{TINT}\" \
         fo:border-bottom=\"1.5pt solid {SEA}\" fo:padding-top=\"0.06cm\" fo:padding-bottom=\"0.06cm\" fo:padding-right=\"0.05cm\""
    );
    let head_text = format!("{bold} fo:color=\"{SEA}\"");
    xml.push_str(&cell("title", "", top, "", &format!("{bold} {} fo:color=\"{SEA}\"", sized("16pt"))));
    xml.push_str(&cell("said", "", top, "", &format!("fo:color=\"{SOFT}\"")));
    xml.push_str(&cell("heading", "", top, "", &format!("{bold} {} fo:color=\"{SEA}\"", sized("13pt"))));
    xml.push_str(&cell("paragraph", "", &format!("{top} fo:wrap-option=\"wrap\""), "", ""));
    xml.push_str(&cell("link", "", top, "", &format!("fo:color=\"{LINK}\"")));
    xml.push_str(&cell("head", "", &head, "", &head_text));
    xml.push_str(&cell("head-text", "", &format!("{head} fo:padding-left=\"0.3cm\""), "", &head_text));
    xml.push_str(&cell("head-number", "", &head, "fo:text-align=\"end\"", &head_text));
    for total in [false, true] {
        for look in (0..=DEEPEST).map(Look::Name).chain(Look::VALUES) {
            xml.push_str(&value_style(look, total));
        }
    }
    xml.push_str("</office:automatic-styles>\n");
    xml
}

fn value_style(look: Look, total: bool) -> String {
    let mut cells = format!(
        "style:vertical-align=\"top\" fo:border-bottom=\"0.5pt solid {EDGE}\" fo:padding-top=\"0.04cm\" fo:padding-bottom=\"0.04cm\" fo:padding-right=\"0.05cm\""
    );
    let mut text = "";
    if total {
        cells.push_str(&format!(" fo:border-top=\"0.75pt solid {SEA}\" fo:background-color=\"{TINT}\""));
        text = "fo:font-weight=\"bold\" style:font-weight-asian=\"bold\"";
    }
    let (format, paragraph) = match look {
        Look::Name(level) => {
            cells.push_str(" fo:wrap-option=\"wrap\"");
            ("", format!("fo:text-align=\"start\" fo:margin-left=\"{}mm\"", u16::from(level) * 4))
        }
        Look::Text => {
            cells.push_str(" fo:wrap-option=\"wrap\" fo:padding-left=\"0.3cm\"");
            ("", String::new())
        }
        Look::Count => ("count", String::new()),
        Look::Rate => ("rate", String::new()),
        Look::Days => ("days", String::new()),
        Look::Score => ("score", String::new()),
        Look::Date => ("date", String::new()),
    };
    cell(&value(look, total), format, &cells, &paragraph, text)
}

fn cell(name: &str, format: &str, cells: &str, paragraph: &str, text: &str) -> String {
    let format = if format.is_empty() { String::new() } else { format!(" style:data-style-name=\"format-{format}\"") };
    let mut properties = format!("<style:table-cell-properties {cells}/>");
    if !paragraph.is_empty() {
        properties.push_str(&format!("<style:paragraph-properties {paragraph}/>"));
    }
    if !text.is_empty() {
        properties.push_str(&format!("<style:text-properties {text}/>"));
    }
    format!(
        "<style:style style:name=\"{name}\" style:family=\"table-cell\" style:parent-style-name=\"Default\"{format}>\
         {properties}</style:style>\n"
    )
}

/// The formats of numbers.
const FORMATS: &str = "<number:number-style style:name=\"format-count\"><number:number number:decimal-places=\"0\" \
     number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\n\
     <number:percentage-style style:name=\"format-rate\"><number:number number:decimal-places=\"1\" \
     number:min-decimal-places=\"1\" number:min-integer-digits=\"1\"/><number:text>%</number:text></number:percentage-style>\n\
     <number:number-style style:name=\"format-days\"><number:number number:decimal-places=\"1\" \
     number:min-decimal-places=\"1\" number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\n\
     <number:number-style style:name=\"format-score\"><number:number number:decimal-places=\"2\" \
     number:min-decimal-places=\"2\" number:min-integer-digits=\"1\"/></number:number-style>\n\
     <number:date-style style:name=\"format-date\"><number:year number:style=\"long\"/><number:text>-</number:text>\
     <number:month number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/>\
     </number:date-style>\n";

/// What the style of a value is called.
pub(super) fn value(look: Look, total: bool) -> String {
    let name = match look {
        Look::Name(level) => format!("name{level}"),
        Look::Text => "text".to_owned(),
        Look::Count => "count".to_owned(),
        Look::Rate => "rate".to_owned(),
        Look::Days => "days".to_owned(),
        Look::Score => "score".to_owned(),
        Look::Date => "date".to_owned(),
    };
    if total { format!("{name}-total") } else { name }
}

/// What the style of a column is called that is so many characters wide.
pub(super) fn column(wide: f64) -> String {
    format!("column{wide:.0}")
}
