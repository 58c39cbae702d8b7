//! The plotting library's drawing as SVG: text stays text, words and lines take the colour of the page around them, and
//! areas carry patterns. Numbers are whole, so the same chart is the same bytes everywhere.

use std::convert::Infallible;
use std::fmt::Write;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::paint::{DISTINCT, Paint, look};
use super::text::{escaped, measured};

/// The fonts: those of the pages, then what other systems and the PDF call them.
pub(super) const FONTS: &str =
    "'Noto Sans TC','Noto Sans CJK TC','PingFang TC','Microsoft JhengHei',system-ui,sans-serif";

/// What the plotting library draws on.
pub(super) struct Svg<'a> {
    /// The elements so far.
    pub out: &'a mut String,
    /// Width and height.
    pub size: (u32, u32),
    /// Before the names of patterns, which are unique in a page.
    pub code: &'a str,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Svg<'_> {
    fn element(&mut self, element: std::fmt::Arguments<'_>) -> Drawn {
        // Writing to a text cannot fail.
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
        Ok(())
    }
}

fn filled(paint: Paint) -> String {
    match paint {
        Paint::Ink => "fill=\"currentColor\"".to_owned(),
        Paint::Soft => "fill=\"currentColor\" fill-opacity=\"0.75\"".to_owned(),
        Paint::Grid => "fill=\"currentColor\" fill-opacity=\"0.2\"".to_owned(),
        Paint::Area(series) => {
            format!("fill=\"{}\" stroke=\"currentColor\" stroke-width=\"0.75\"", look(series).colour)
        }
        Paint::Line(series) => format!("fill=\"{}\"", look(series).colour),
    }
}

fn stroked(paint: Paint, width: u32) -> String {
    match paint {
        Paint::Ink | Paint::Area(_) => format!("stroke=\"currentColor\" stroke-width=\"{width}\""),
        Paint::Soft => format!("stroke=\"currentColor\" stroke-opacity=\"0.75\" stroke-width=\"{width}\""),
        Paint::Grid => format!("stroke=\"currentColor\" stroke-opacity=\"0.2\" stroke-width=\"{width}\""),
        Paint::Line(series) => {
            let look = look(series);
            let dashes =
                if look.dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", look.dashes) };
            format!("stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes}", look.colour)
        }
    }
}

fn paint_of(color: BackendColor) -> Option<Paint> {
    (color.alpha > 0.0).then(|| Paint::of(color.rgb))
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    path.into_iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let Some(paint) = paint_of(color) else { return Ok(()) };
        let fill = filled(paint);
        self.element(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" {fill}/>"))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let stroke = stroked(paint, style.stroke_width());
        let ((x1, y1), (x2, y2)) = (from, to);
        self.element(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {stroke}/>"))
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = (from.0.abs_diff(to.0), from.1.abs_diff(to.1));
        if width == 0 || height == 0 {
            return Ok(());
        }
        let area = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        if !fill {
            let stroke = stroked(paint, style.stroke_width());
            return self.element(format_args!("<rect {area} fill=\"none\" {stroke}/>"));
        }
        self.element(format_args!("<rect {area} {}/>", filled(paint)))?;
        match paint {
            Paint::Area(series) if !look(series).pattern.is_empty() => {
                let code = self.code;
                self.element(format_args!("<rect {area} fill=\"url(#{code}-{})\"/>", series % DISTINCT))
            }
            _ => Ok(()),
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let (points, stroke) = (points(path), stroked(paint, style.stroke_width()));
        self.element(format_args!("<polyline points=\"{points}\" fill=\"none\" {stroke}/>"))
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let paint =
            if fill { filled(paint) } else { format!("fill=\"none\" {}", stroked(paint, style.stroke_width())) };
        self.element(format_args!("<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" {paint}/>", at.0, at.1))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let (points, fill) = (points(path), filled(paint));
        self.element(format_args!("<polygon points=\"{points}\" {fill}/>"))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let Some(paint) = paint_of(style.color()) else { return Ok(()) };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Right => "end",
            HPos::Center => "middle",
        };
        // From the given line to the base line, in hundredths of the size.
        let size = whole(style.size());
        let down = match style.anchor().v_pos {
            VPos::Top => 85,
            VPos::Center => 36,
            VPos::Bottom => -15,
        };
        let y = y + (size * down + 50) / 100;
        let weight = if matches!(style.style(), FontStyle::Bold) { " font-weight=\"700\"" } else { "" };
        let (fill, text) = (filled(paint), escaped(text));
        self.element(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{weight} {fill}>{text}</text>"
        ))
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = whole(style.size());
        Ok((measured(text, size).unsigned_abs(), size.unsigned_abs()))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "sizes of letters are small")]
fn whole(size: f64) -> i32 {
    size.round() as i32
}
