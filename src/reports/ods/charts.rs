//! The charts of the spreadsheet: the same pictures as in pages, each under the numbers it is drawn from.

use super::{empty, escaped, open_table, push, row, string, styles, valued};
use crate::error::Result;
use crate::reports::book::{Book, Kind};
use crate::reports::chart_sheet::{Placed, WIDTH, placed};
use crate::reports::charts;
use crate::reports::workbook::Look;

/// The pictures, by their names in the file.
pub(super) fn pictures(book: &Book) -> Result<Vec<(String, String)>> {
    // There is no page around them whose colour the words could take.
    let drawn =
        |place: &Placed<'_>| Ok((file(place), charts::svg(place.chart, &book.words)?.replace("currentColor", INK)));
    placed(book).iter().map(drawn).collect()
}

const INK: &str = "#1b2a33";

fn file(place: &Placed<'_>) -> String {
    format!("Pictures/chart-{}.svg", place.at)
}

/// The sheet of the charts.
pub(super) fn sheet(xml: &mut String, book: &Book, name: &str) {
    open_table(xml, name, "charts");
    xml.push_str("<table:table-column table:style-name=\"chart-names\"/>");
    xml.push_str("<table:table-column table:style-name=\"chart-numbers\" table:number-columns-repeated=\"6\"/>\n");
    row(xml, &string("title", &book.words.charts));
    row(xml, NOTHING);
    for place in placed(book) {
        one(xml, book, &place);
    }
    xml.push_str("</table:table>\n");
}

const NOTHING: &str = "<table:table-cell/>";

fn one(xml: &mut String, book: &Book, place: &Placed<'_>) {
    let chart = place.chart;
    row(xml, &string("heading", &chart.title));
    row(xml, &string("said", &place.said(&book.words)));
    let names: String = chart.series.iter().map(|series| string("head-number", &series.name)).collect();
    row(xml, &(empty("head") + &names));
    let (look, kind) = match chart.values {
        Kind::Rate => (Look::Rate, "percentage"),
        Kind::Days => (Look::Days, "float"),
        Kind::Score => (Look::Score, "float"),
        Kind::Count | Kind::Text | Kind::Date => (Look::Count, "float"),
    };
    let style = styles::value(look, false);
    for (at, category) in chart.categories.iter().enumerate() {
        let mut cells = string(&styles::value(Look::Name(0), false), category);
        for series in &chart.series {
            let value = series.values.get(at).copied().flatten();
            cells.push_str(
                &value.map_or_else(|| empty(&style), |value| valued(&style, kind, "value", &value.to_string())),
            );
        }
        row(xml, &cells);
    }
    for at in 0..place.picture.1 + 2 {
        let cell = if at == 0 { picture(place) } else { NOTHING.to_owned() };
        push(xml, format_args!("<table:table-row table:style-name=\"chart-row\">{cell}</table:table-row>\n"));
    }
}

/// A cell with the picture, which lies over the rows below it.
fn picture(place: &Placed<'_>) -> String {
    let [code, title, alt] = [&place.chart.code, &place.chart.title, &place.chart.alt].map(|text| escaped(text));
    format!(
        "<table:table-cell><draw:frame draw:name=\"{code}\" draw:z-index=\"{at}\" svg:width=\"{WIDTH:.1}pt\" \
         svg:height=\"{height:.1}pt\" svg:x=\"0pt\" svg:y=\"0pt\"><draw:image draw:mime-type=\"image/svg+xml\" \
         xlink:href=\"{file}\" xlink:type=\"simple\" xlink:show=\"embed\" xlink:actuate=\"onLoad\"/>\
         <svg:title>{title}</svg:title><svg:desc>{alt}</svg:desc></draw:frame></table:table-cell>",
        at = place.at,
        height = place.height,
        file = file(place),
    )
}
