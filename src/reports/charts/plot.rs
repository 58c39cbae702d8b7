//! What stands between the axes: bars, columns, lines, their values and what they are of.

use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::prelude::Cartesian2d;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, ShapeStyle, TRANSPARENT};

use super::paint::{Paint, look};
use super::svg::Svg;
use super::text::{fitting, lines, measured, number, tick};
use super::{Area, Chart, ChartKind, Frame, LABEL, LINE, SMALL, nth, style, write};
use crate::error::{Error, Result};
use crate::reports::book::Kind;

type Plot<'a, 'b> = ChartContext<'a, Svg<'b>, Cartesian2d<RangedCoordf64, Values>>;

/// A bar's thickness, the space between the series of a category, and between categories.
const BAR: i32 = 17;
const BETWEEN: i32 = 12;
/// Lines of a name under a column.
const NAME_LINES: usize = 3;

/// How high the bars of a chart are together.
pub(super) fn bars_height(chart: &Chart) -> i32 {
    let (categories, series) = (whole(chart.categories.len()), whole(chart.series.len()));
    categories * (BAR.max(BAR * series) + BETWEEN) + BETWEEN
}

/// How high the names under columns or points are.
pub(super) fn labels_height(chart: &Chart, width: i32) -> i32 {
    let slot = slot(chart, width);
    let most = chart.categories.iter().map(|name| lines(name, LABEL, slot, NAME_LINES).len()).max().unwrap_or(1);
    whole(most) * (LABEL + 4) + 8
}

fn slot(chart: &Chart, width: i32) -> i32 {
    (width / whole(chart.categories.len()).max(1) - 4).max(LABEL)
}

/// Columns, side by side or on top of each other.
pub(super) fn columns(root: &Area<'_, '_>, chart: &Chart, frame: &Frame) -> Result<()> {
    let stacked = chart.kind == ChartKind::Stacked;
    let mut plot = axes(root, chart, frame)?;
    let series = if stacked { 1.0 } else { real(chart.series.len().max(1)) };
    let each = 0.72 / series;
    for (at, _) in chart.categories.iter().enumerate() {
        let mut under = 0.0;
        for (nth_series, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values[at] else { continue };
            let from = real(at) + 0.14 + if stacked { 0.0 } else { each * real(nth_series) };
            let column = [(from, under), (from + each, under + value.max(0.0))];
            let fill = Paint::Area(nth(nth_series)).colour().filled();
            plot.draw_series([Rectangle::new(column, fill)]).map_err(Error::internal)?;
            let room = frame.slot(chart) * 72 / 100 / if stacked { 1 } else { whole(chart.series.len()) };
            if !stacked {
                let text = number(chart.values, value);
                let at = plot.backend_coord(&(from + each / 2.0, value.max(0.0)));
                if measured(&text, SMALL) <= room + 6 {
                    write(root, &text, (at.0, at.1 - 3), &style(SMALL, Paint::Ink, HPos::Center, VPos::Bottom))?;
                }
            } else {
                under += value.max(0.0);
            }
        }
        if stacked && chart.values == Kind::Count && under > 0.0 {
            let at = plot.backend_coord(&(real(at) + 0.5, under));
            let text = number(chart.values, under);
            write(root, &text, (at.0, at.1 - 3), &style(SMALL, Paint::Ink, HPos::Center, VPos::Bottom))?;
        }
    }
    names_below(root, chart, frame)
}

/// Lines, each named at its end.
pub(super) fn line(root: &Area<'_, '_>, chart: &Chart, frame: &Frame) -> Result<()> {
    let mut plot = axes(root, chart, frame)?;
    let mut ends: Vec<(i32, u8, &str)> = Vec::new();
    for (at, series) in chart.series.iter().enumerate() {
        let paint = Paint::Line(nth(at));
        let mut end = None;
        // A line ends where there is no value, and begins anew behind it.
        let valued: Vec<(usize, Option<f64>)> = series.values.iter().copied().enumerate().collect();
        for stretch in valued.split(|(_, value)| value.is_none()) {
            let points: Vec<(f64, f64)> =
                stretch.iter().map(|(at, value)| (real(*at) + 0.5, value.unwrap_or_default())).collect();
            let places: Vec<(i32, i32)> = points.iter().map(|point| plot.backend_coord(point)).collect();
            if points.len() > 1 {
                let stroke = paint.colour().stroke_width(3);
                plot.draw_series([PathElement::new(points, stroke)]).map_err(Error::internal)?;
            }
            for place in &places {
                mark(root, *place, paint, look(nth(at)).mark)?;
            }
            end = places.last().copied().or(end);
        }
        if let Some((_, y)) = end {
            ends.push((y, nth(at), &series.name));
        }
    }
    ends.sort();
    let mut free = frame.top;
    let mut left = whole(ends.len());
    for (y, at, name) in ends {
        // Not over the name above, and leaving room for those below.
        let y = y.max(free).min(frame.bottom + 8 - LINE * left);
        (free, left) = (y + LINE, left - 1);
        let x = frame.right + 8;
        mark(root, (x, y), Paint::Line(at), look(at).mark)?;
        let text = fitting(name, LABEL, super::WIDTH - x - 11, 1).concat();
        write(root, &text, (x + 11, y), &style(LABEL, Paint::Ink, HPos::Left, VPos::Center))?;
    }
    names_below(root, chart, frame)
}

fn mark(root: &Area<'_, '_>, (x, y): (i32, i32), paint: Paint, corners: &[(i32, i32)]) -> Result<()> {
    let fill: ShapeStyle = paint.colour().filled();
    if corners.is_empty() {
        return root.draw(&Circle::new((x, y), 5, fill)).map_err(Error::internal);
    }
    let corners: Vec<(i32, i32)> = corners.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    root.draw(&Polygon::new(corners, fill)).map_err(Error::internal)
}

/// Bars with their names at the left and their values at the end.
pub(super) fn bars(root: &Area<'_, '_>, chart: &Chart, frame: &Frame) -> Result<()> {
    let area = root.clone().shrink(
        (frame.left, frame.top),
        ((frame.right - frame.left).unsigned_abs(), (frame.bottom - frame.top).unsigned_abs()),
    );
    let (highest, _) = scale(chart);
    let mut plot = ChartBuilder::on(&area)
        .build_cartesian_2d(0.0..highest, 0.0..f64::from(frame.bottom - frame.top))
        .map_err(Error::internal)?;
    let each = BAR.max(BAR * whole(chart.series.len())) + BETWEEN;
    for (at, name) in chart.categories.iter().enumerate() {
        let top = BETWEEN + whole(at) * each;
        let names = fitting(name, LABEL, frame.left - 14, 2);
        let mut y = frame.top + top + (each - BETWEEN) / 2 - (whole(names.len()) - 1) * (LABEL + 2) / 2;
        for line in names {
            write(root, &line, (frame.left - 8, y), &style(LABEL, Paint::Ink, HPos::Right, VPos::Center))?;
            y += LABEL + 2;
        }
        for (nth_series, series) in chart.series.iter().enumerate() {
            let from = top + BAR * whole(nth_series);
            let Some(value) = series.values[at] else { continue };
            let down = |y: i32| f64::from(frame.bottom - frame.top - y);
            let bar = [(0.0, down(from)), (value.max(0.0), down(from + BAR))];
            let fill = Paint::Area(nth(nth_series)).colour().filled();
            plot.draw_series([Rectangle::new(bar, fill)]).map_err(Error::internal)?;
            let end = plot.backend_coord(&(value.max(0.0), down(from + BAR / 2)));
            let text = number(chart.values, value);
            write(root, &text, (end.0 + 6, end.1), &style(SMALL, Paint::Ink, HPos::Left, VPos::Center))?;
        }
    }
    let base = [(frame.left, frame.top), (frame.left, frame.bottom)];
    root.draw(&PathElement::new(base, Paint::Soft.colour().stroke_width(1))).map_err(Error::internal)
}

/// The plot with its value axis, drawn behind what follows.
fn axes<'a, 'b>(root: &'a Area<'b, '_>, chart: &Chart, frame: &Frame) -> Result<Plot<'a, 'b>> {
    let (highest, ticks) = scale(chart);
    let area =
        root.clone().shrink((0, frame.top), (frame.right.unsigned_abs(), (frame.bottom - frame.top).unsigned_abs()));
    let number_of = ticks.len();
    let mut plot = ChartBuilder::on(&area)
        .set_label_area_size(LabelAreaPosition::Left, frame.left)
        .build_cartesian_2d(0.0..real(chart.categories.len().max(1)), Values { all: (0.0..highest).into(), ticks })
        .map_err(Error::internal)?;
    let grid = Paint::Grid.colour().stroke_width(1);
    plot.configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .y_labels(number_of)
        .y_label_formatter(&|value| tick(chart.values, *value))
        .y_label_style(style(SMALL, Paint::Soft, HPos::Right, VPos::Center))
        .bold_line_style(grid)
        .light_line_style(TRANSPARENT)
        .axis_style(TRANSPARENT)
        .set_all_tick_mark_size(0)
        .draw()
        .map_err(Error::internal)?;
    let base = [(frame.left, frame.bottom - 1), (frame.right, frame.bottom - 1)];
    root.draw(&PathElement::new(base, Paint::Soft.colour().stroke_width(1))).map_err(Error::internal)?;
    Ok(plot)
}

/// The highest value of the axis, and the values that are written beside it.
fn scale(chart: &Chart) -> (f64, Vec<f64>) {
    let values = |at: usize| chart.series.iter().filter_map(move |series| series.values[at]);
    let highest = (0..chart.categories.len())
        .map(|at| if chart.kind == ChartKind::Stacked { values(at).sum() } else { values(at).fold(0.0, f64::max) })
        .fold(0.0, f64::max);
    if chart.kind == ChartKind::Bars {
        return (if highest > 0.0 { highest } else { 1.0 }, vec![]);
    }
    if chart.values == Kind::Rate && highest <= 1.0 && highest > 0.5 {
        return (1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].to_vec());
    }
    let least = if chart.values == Kind::Count { 1.0 } else { 0.01 };
    let rough = (highest / 5.0).max(least);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999_999 && (chart.values != Kind::Count || step.fract() == 0.0))
        .unwrap_or(rough);
    let steps = (highest / step).ceil().max(1.0);
    let mut ticks = vec![0.0];
    while let Some(last) = ticks.last().copied().filter(|last| last + step / 2.0 < steps * step) {
        ticks.push(last + step);
    }
    (steps * step, ticks)
}

/// The axis of values, which says itself where it is marked.
struct Values {
    all: RangedCoordf64,
    ticks: Vec<f64>,
}

impl Ranged for Values {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.all.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.all.range()
    }
}

fn names_below(root: &Area<'_, '_>, chart: &Chart, frame: &Frame) -> Result<()> {
    let slot = f64::from(frame.right - frame.left) / real(chart.categories.len().max(1));
    for (at, name) in chart.categories.iter().enumerate() {
        let x = frame.left + rounded(slot * (real(at) + 0.5));
        let mut y = frame.bottom + 8;
        for line in lines(name, LABEL, frame.slot(chart), NAME_LINES) {
            write(root, &line, (x, y), &style(LABEL, Paint::Ink, HPos::Center, VPos::Top))?;
            y += LABEL + 4;
        }
    }
    Ok(())
}

impl Frame {
    fn slot(&self, chart: &Chart) -> i32 {
        slot(chart, self.right - self.left)
    }
}

fn whole(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "there are few categories")]
fn real(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "it lies in the picture")]
fn rounded(value: f64) -> i32 {
    value.round() as i32
}
