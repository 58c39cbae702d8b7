//! What charts are painted with. A plotting library carries colours only; here a colour is a name for a paint, which the
//! writer of SVG turns into one: the colour of the text around it, or a series' colour with its pattern, dashes and mark.

use plotters::style::RGBColor;

/// A paint, named by a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Words and the base line: the colour of the text around the chart.
    Ink,
    /// Words that matter less.
    Soft,
    /// Lines behind the values.
    Grid,
    /// The area of a series: its colour with its pattern.
    Area(u8),
    /// The line or the mark of a series: its colour.
    Line(u8),
}

impl Paint {
    /// The colour that stands for the paint.
    pub(super) const fn colour(self) -> RGBColor {
        match self {
            Self::Ink => RGBColor(0, 0, 0),
            Self::Soft => RGBColor(1, 0, 0),
            Self::Grid => RGBColor(2, 0, 0),
            Self::Area(series) => RGBColor(3, series, 0),
            Self::Line(series) => RGBColor(4, series, 0),
        }
    }

    /// The paint that a colour stands for.
    pub(super) const fn of((kind, series, _): (u8, u8, u8)) -> Self {
        match kind {
            1 => Self::Soft,
            2 => Self::Grid,
            3 => Self::Area(series),
            4 => Self::Line(series),
            _ => Self::Ink,
        }
    }
}

/// How a series is told from the others: by colour, and without colour by lightness, pattern, dashes and mark.
pub(in crate::reports) struct Look {
    /// The colour: from Okabe and Ito's set, which colour-blind people tell apart, in an order of alternating lightness.
    pub colour: &'static str,
    /// What is drawn over the area: the path of a tile eight wide and high; empty: nothing.
    pub pattern: &'static str,
    /// The dashes of the line; empty: none.
    pub dashes: &'static str,
    /// The mark at each value of a line: its corners around the value; none: a dot.
    pub mark: &'static [(i32, i32)],
}

/// The looks, in the order of the series; after the last it begins anew.
const LOOKS: [Look; 6] = [
    Look { colour: "#0072B2", pattern: "", dashes: "", mark: &[] },
    Look {
        colour: "#E69F00",
        pattern: "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6",
        dashes: "9 4",
        mark: &[(-5, -5), (5, -5), (5, 5), (-5, 5)],
    },
    Look { colour: "#009E73", pattern: "M0,2 H8 M0,6 H8", dashes: "2 4", mark: &[(0, -7), (6, 5), (-6, 5)] },
    Look {
        colour: "#56B4E9",
        pattern: "M2,0 V8 M6,0 V8",
        dashes: "12 3 2 3",
        mark: &[(0, -7), (7, 0), (0, 7), (-7, 0)],
    },
    Look {
        colour: "#D55E00",
        pattern: "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2 M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6",
        dashes: "6 3",
        mark: &[(0, 7), (6, -5), (-6, -5)],
    },
    Look {
        colour: "#CC79A7",
        pattern: "M1,2 h2 M5,6 h2",
        dashes: "1 3",
        mark: &[
            (-6, -2),
            (-2, -2),
            (-2, -6),
            (2, -6),
            (2, -2),
            (6, -2),
            (6, 2),
            (2, 2),
            (2, 6),
            (-2, 6),
            (-2, 2),
            (-6, 2),
        ],
    },
];

/// How many series are told apart.
pub(super) const DISTINCT: u8 = LOOKS.len() as u8;

/// How a series looks.
pub(in crate::reports) fn look(series: u8) -> &'static Look {
    &LOOKS[usize::from(series % DISTINCT)]
}
