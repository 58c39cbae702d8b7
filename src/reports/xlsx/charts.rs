//! The charts of the workbook: drawn by the spreadsheet from the numbers above them, in the colours and patterns of the
//! pictures in other formats.

use rust_xlsxwriter::{
    Chart as Drawn, ChartDataLabel, ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType, ChartSolidFill, ChartType, Color, Worksheet,
};

use super::{EDGE, LINE, Looks, Written, held};
use crate::reports::book::{Book, Chart, ChartKind, Kind};
use crate::reports::chart_sheet::{COLUMNS, Placed, WIDTH, placed};
use crate::reports::charts::paint::look;
use crate::reports::workbook::Look;

/// The longest alternative text of a chart, in characters.
const ALT: usize = 255;
/// Points to the pixels of a spreadsheet.
const PIXELS: f64 = 96.0 / 72.0;
/// How series differ without colour.
const PATTERNS: [Option<ChartPatternFillType>; 6] = [
    None,
    Some(ChartPatternFillType::DiagonalStripesWideUpwards),
    Some(ChartPatternFillType::HorizontalStripesNarrow),
    Some(ChartPatternFillType::VerticalStripesNarrow),
    Some(ChartPatternFillType::OutlinedDiamondGrid),
    Some(ChartPatternFillType::HorizontalStripesAlternating),
];
const MARKS: [ChartMarkerType; 6] = [
    ChartMarkerType::Circle,
    ChartMarkerType::Square,
    ChartMarkerType::Triangle,
    ChartMarkerType::Diamond,
    ChartMarkerType::X,
    ChartMarkerType::PlusSign,
];

/// Fills the sheet of the charts.
pub(super) fn sheet(to: &mut Worksheet, book: &Book, looks: &Looks) -> Written {
    to.set_column_width(0, COLUMNS.0)?;
    for column in 1..7 {
        to.set_column_width(column, COLUMNS.1)?;
    }
    to.set_screen_gridlines(false);
    to.write_string_with_format(0, 0, held(&book.words.charts), &looks.title)?.set_row_height(0, 26)?;
    for place in placed(book) {
        numbers(to, book, &place, looks)?;
        let drawn = drawn(&to.name(), &place);
        to.insert_chart(place.picture.0, 0, &drawn)?;
        for row in 0..place.picture.1 {
            to.set_row_height(place.picture.0 + row, LINE)?;
        }
    }
    super::printed(to, book, &book.words.charts);
    to.set_portrait();
    Ok(())
}

fn numbers(to: &mut Worksheet, book: &Book, place: &Placed<'_>, looks: &Looks) -> Written {
    let chart = place.chart;
    to.write_string_with_format(place.top, 0, held(&chart.title), &looks.heading)?.set_row_height(place.top, 22)?;
    to.write_string_with_format(place.note(), 0, held(&place.said(&book.words)), &looks.said)?;
    to.write_blank(place.head(), 0, &looks.head)?;
    let name = looks.value(Look::Name(0), false);
    for (row, category) in (place.first()..).zip(&chart.categories) {
        to.write_string_with_format(row, 0, held(category), name)?;
    }
    let look = looks.value(look_of(chart.values), false);
    for (column, series) in (1..).zip(&chart.series) {
        to.write_string_with_format(place.head(), column, held(&series.name), &looks.head_number)?;
        for (row, value) in (place.first()..).zip(&series.values) {
            match value {
                Some(value) => to.write_number_with_format(row, column, *value, look)?,
                None => to.write_blank(row, column, look)?,
            };
        }
    }
    Ok(())
}

const fn look_of(kind: Kind) -> Look {
    match kind {
        Kind::Rate => Look::Rate,
        Kind::Days => Look::Days,
        Kind::Score => Look::Score,
        Kind::Count | Kind::Text | Kind::Date => Look::Count,
    }
}

fn drawn(sheet: &str, place: &Placed<'_>) -> Drawn {
    let chart = place.chart;
    let mut drawn = Drawn::new(match chart.kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Columns => ChartType::Column,
        ChartKind::Stacked => ChartType::ColumnStacked,
        ChartKind::Bars => ChartType::Bar,
    });
    let last = place.first() + u32::try_from(chart.categories.len().max(1)).unwrap_or(u32::MAX) - 1;
    for (at, column) in (0..chart.series.len()).zip(1_u16..) {
        let series = drawn
            .add_series()
            .set_name((sheet, place.head(), column))
            .set_categories((sheet, place.first(), 0, last, 0))
            .set_values((sheet, place.first(), column, last, column));
        let (colour, nth) = (colour(at), at % PATTERNS.len());
        if chart.kind == ChartKind::Line {
            let mut mark = ChartMarker::new();
            mark.set_type(MARKS[nth])
                .set_size(8)
                .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour)));
            series
                .set_marker(&mark)
                .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(colour).set_width(2.25)));
            continue;
        }
        let mut format = ChartFormat::new();
        match &PATTERNS[nth] {
            None => format.set_solid_fill(ChartSolidFill::new().set_color(colour)),
            Some(pattern) => format.set_pattern_fill(
                ChartPatternFill::new()
                    .set_pattern(*pattern)
                    .set_foreground_color(Color::White)
                    .set_background_color(colour),
            ),
        };
        series.set_format(&mut format).set_gap(45);
        if chart.kind != ChartKind::Stacked {
            let mut label = ChartDataLabel::new();
            label.show_value().set_position(ChartDataLabelPosition::OutsideEnd).set_font(ChartFont::new().set_size(9));
            series.set_data_label(&label);
        }
    }
    around(&mut drawn, chart);
    drawn.set_width(pixels(WIDTH)).set_height(pixels(place.height)).set_alt_text(short(&chart.alt));
    drawn
}

/// The alternative text, as long as spreadsheets take one: of a longer one the library would write nothing. The numbers
/// stand in the table beside the chart.
fn short(alt: &str) -> String {
    let text = held(alt);
    if text.chars().count() <= ALT {
        return text;
    }
    text.chars().take(ALT - 1).chain(['…']).collect()
}

/// The title, the axes and the names of the series.
fn around(drawn: &mut Drawn, chart: &Chart) {
    drawn.title().set_name(held(&chart.title).as_str()).set_font(ChartFont::new().set_size(12).set_bold());
    if chart.series.len() > 1 {
        drawn.legend().set_position(ChartLegendPosition::Top);
    } else {
        drawn.legend().set_hidden();
    }
    let format = match chart.values {
        Kind::Rate => "0%",
        Kind::Days | Kind::Score => "0.0",
        Kind::Count | Kind::Text | Kind::Date => "#,##0",
    };
    // The first axis is that of the categories, wherever it lies.
    drawn.x_axis().set_font(ChartFont::new().set_size(9));
    if chart.kind == ChartKind::Bars {
        drawn.x_axis().set_reverse();
    }
    drawn.y_axis().set_min(0).set_num_format(format).set_major_gridlines_line(ChartLine::new().set_color(EDGE));
}

/// The colour of a series in the pictures of other formats.
fn colour(at: usize) -> Color {
    let hex = look(u8::try_from(at % PATTERNS.len()).unwrap_or_default()).colour.trim_start_matches('#');
    Color::RGB(u32::from_str_radix(hex, 16).unwrap_or_default())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture is some hundred pixels high")]
fn pixels(points: f64) -> u32 {
    (points * PIXELS).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_text_is_cut_rather_than_lost() {
        assert_eq!(short("收件：1月 3"), "收件：1月 3");
        let cut = short(&"月".repeat(400));
        assert!(cut.chars().count() == ALT && cut.ends_with('…'));
    }
}
