//! Charts, drawn on the server as SVG by a plotting library: the same in the page, the PDF and letters. A chart says in its
//! own picture what is seen, in which unit and from where; axes begin at zero, series are named where they are or above.

pub(super) mod make;
pub(super) mod paint;
mod plot;
mod svg;
pub(super) mod text;

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, TextStyle};

use self::paint::{DISTINCT, Paint, look};
use self::svg::Svg;
use self::text::{escaped, fitting, widest};
use super::book::{BookWords, Chart, ChartKind};
use crate::error::{Error, Result};

/// The width of every chart; the height follows from what is in it.
pub const WIDTH: i32 = 880;

const TITLE: i32 = 19;
const LABEL: i32 = 14;
const SMALL: i32 = 13;
const LINE: i32 = 20;
/// Lines of a title at most.
const TITLE_LINES: usize = 4;

type Area<'a, 'b> = DrawingArea<Svg<'a>, Shift>;

/// Draws a chart.
///
/// # Errors
/// `Internal` when the chart cannot be drawn: a series with another number of values than there are categories.
pub fn svg(chart: &Chart, words: &BookWords) -> Result<String> {
    for series in &chart.series {
        if series.values.len() != chart.categories.len() {
            return Err(Error::internal(format!("the chart {} has a series of another length", chart.code)));
        }
    }
    let frame = Frame::of(chart);
    let mut out = head(chart, frame.height);
    let root = Svg { out: &mut out, size: (WIDTH.unsigned_abs(), frame.height.unsigned_abs()), code: &chart.code }
        .into_drawing_area();
    words_around(&root, chart, words, &frame)?;
    match chart.kind {
        ChartKind::Bars => plot::bars(&root, chart, &frame)?,
        ChartKind::Columns | ChartKind::Stacked => plot::columns(&root, chart, &frame)?,
        ChartKind::Line => plot::line(&root, chart, &frame)?,
    }
    root.present().map_err(Error::internal)?;
    drop(root);
    out.push_str("</svg>\n");
    Ok(out)
}

/// How high a chart is, beside the [`WIDTH`] of all.
#[must_use]
pub fn height(chart: &Chart) -> i32 {
    Frame::of(chart).height
}

/// Where things are.
struct Frame {
    title: Vec<String>,
    scope: Vec<String>,
    legend: Vec<(i32, i32)>,
    height: i32,
    top: i32,
    bottom: i32,
    left: i32,
    right: i32,
}

impl Frame {
    fn of(chart: &Chart) -> Self {
        let title = fitting(&chart.title, TITLE, WIDTH - 8, TITLE_LINES);
        let rows = |lines: &[String]| i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let scope = chart.scope.as_ref().map(|scope| fitting(scope, SMALL, WIDTH - 8, 3)).unwrap_or_default();
        let mut top = 8 + rows(&title) * (TITLE + 6) + rows(&scope) * LINE + LINE;
        let legend = if chart.series.len() > 1 && chart.kind != ChartKind::Line { places(chart, top) } else { vec![] };
        // Room for the number over the highest column.
        top = legend.last().map_or(top, |(_, y)| y + LINE) + 22;
        let longest = |names: &mut dyn Iterator<Item = &str>| names.map(|name| widest(name, LABEL)).max().unwrap_or(0);
        let (left, right, plot, below) = match chart.kind {
            ChartKind::Bars => {
                let names = longest(&mut chart.categories.iter().map(String::as_str)).min(WIDTH / 3);
                (names + 14, WIDTH - 76, plot::bars_height(chart), 0)
            }
            ChartKind::Line => {
                let names = longest(&mut chart.series.iter().map(|series| series.name.as_str())).min(WIDTH / 4);
                (62, WIDTH - names - 20, 270, plot::labels_height(chart, WIDTH - names - 82))
            }
            ChartKind::Columns | ChartKind::Stacked => (62, WIDTH - 8, 270, plot::labels_height(chart, WIDTH - 70)),
        };
        let bottom = top + plot;
        Self { title, scope, legend, height: bottom + below + 14 + LINE, top, bottom, left, right }
    }
}

/// Where the names of the series stand, from left to right and line by line.
fn places(chart: &Chart, top: i32) -> Vec<(i32, i32)> {
    let (mut x, mut y) = (2, top);
    let mut places = Vec::new();
    for series in &chart.series {
        let wide = 28 + widest(&series.name, LABEL) + 22;
        if x > 2 && x + wide > WIDTH {
            (x, y) = (2, y + LINE);
        }
        places.push((x, y));
        x += wide;
    }
    places
}

fn head(chart: &Chart, height: i32) -> String {
    let code = &chart.code;
    let (title, alt) = (escaped(&chart.title), escaped(&chart.alt));
    let mut head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"{code}-title {code}-alt\" font-family=\"{fonts}\">\n\
         <title id=\"{code}-title\">{title}</title>\n<desc id=\"{code}-alt\">{alt}</desc>\n",
        fonts = svg::FONTS,
    );
    if chart.kind != ChartKind::Line {
        let distinct = u8::try_from(chart.series.len()).unwrap_or(DISTINCT).min(DISTINCT);
        head.push_str("<defs>\n");
        for series in 0..distinct {
            let look = look(series);
            if look.pattern.is_empty() {
                continue;
            }
            // White lines alone: where a tile had a ground, its edges would be seen.
            head.push_str(&format!(
                "<pattern id=\"{code}-{series}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
                 <path d=\"{}\" stroke=\"#ffffff\" stroke-width=\"1.6\" fill=\"none\"/></pattern>\n",
                look.pattern
            ));
        }
        head.push_str("</defs>\n");
    }
    head
}

/// The title, what of the period is counted, the unit, the names of the series, the source.
fn words_around(root: &Area<'_, '_>, chart: &Chart, words: &BookWords, frame: &Frame) -> Result<()> {
    let mut y = 6;
    for line in &frame.title {
        write(root, line, (2, y), &title_style())?;
        y += TITLE + 6;
    }
    for line in &frame.scope {
        write(root, line, (2, y), &style(SMALL, Paint::Ink, HPos::Left, VPos::Top))?;
        y += LINE;
    }
    let unit = fitting(&format!("{}{}", words.unit, chart.unit), SMALL, WIDTH - 8, 1);
    write(root, &unit.concat(), (2, y), &style(SMALL, Paint::Soft, HPos::Left, VPos::Top))?;
    for (at, (series, (x, y))) in chart.series.iter().zip(&frame.legend).enumerate() {
        let paint = Paint::Area(nth(at));
        let swatch = plotters::element::Rectangle::new([(*x, *y), (x + 20, y + 14)], paint.colour().filled());
        root.draw(&swatch).map_err(Error::internal)?;
        write(root, &series.name, (x + 28, y + 7), &style(LABEL, Paint::Ink, HPos::Left, VPos::Center))?;
    }
    let source = fitting(&format!("{}{}", words.source, chart.source), SMALL, WIDTH - 4, 1);
    let below = (2, frame.height - 6);
    write(root, &source.concat(), below, &style(SMALL, Paint::Soft, HPos::Left, VPos::Bottom))
}

/// The number of a series as its look is found by.
fn nth(at: usize) -> u8 {
    u8::try_from(at % usize::from(DISTINCT)).unwrap_or_default()
}

fn style(size: i32, paint: Paint, h: HPos, v: VPos) -> TextStyle<'static> {
    let color = paint.colour().to_backend_color();
    TextStyle { font: ("sans-serif", size).into_font(), color, pos: Pos::new(h, v) }
}

fn title_style() -> TextStyle<'static> {
    let style = style(TITLE, Paint::Ink, HPos::Left, VPos::Top);
    TextStyle { font: style.font.style(FontStyle::Bold), ..style }
}

fn write(root: &Area<'_, '_>, text: &str, at: (i32, i32), style: &TextStyle<'_>) -> Result<()> {
    root.draw(&Text::new(text.to_owned(), at, style.clone())).map_err(Error::internal)
}
