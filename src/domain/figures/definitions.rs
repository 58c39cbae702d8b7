//! What each figure means: the one table that pages, the JSON report, its schema and `docs/statistics.md` are made of.

mod counts;
mod edges;
mod issues;
mod lists;
mod measures;

pub use self::edges::Edge;

use crate::codes;

codes! {
    /// What a figure is measured in.
    Measure {
        /// A whole number of cases, or of ratings.
        Cases = "cases",
        /// A share from 0 to 1; none of nothing.
        Rate = "rate",
        /// Days used; none where nothing was closed.
        Days = "days",
        /// Hours by the clock; none where nothing reached the stage.
        Hours = "hours",
        /// From 1 to 5; none where nothing was rated.
        Score = "score",
        /// Yes or no.
        Flag = "flag",
        /// Figures that belong together.
        Group = "group",
        /// A moment.
        Moment = "moment",
    }
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Text {
    /// The text in a locale.
    #[must_use]
    pub fn of(self, locale: &str) -> &'static str {
        if locale.starts_with("zh") { self.zh } else { self.en }
    }
}

/// A figure: its name, what it means, and how it is worked out from what.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name of its field in JSON.
    pub code: &'static str,
    /// What it is measured in.
    pub measure: Measure,
    /// What it is called.
    pub name: Text,
    /// What it means, for whoever reads a report.
    pub meaning: Text,
    /// How it is worked out.
    pub formula: Text,
    /// The columns it is read from; empty where it follows from other figures.
    pub source: &'static str,
    /// The cases at the edge that it has a rule for.
    pub edges: &'static [Edge],
}

/// Every definition, in the order of a report.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    counts::COUNTS.iter().chain(measures::MEASURES).chain(issues::ISSUES).chain(lists::LISTS)
}

/// The definition of a figure.
#[must_use]
pub fn of(code: &str) -> Option<&'static Definition> {
    all().find(|definition| definition.code == code)
}

/// A line of the table.
const fn define(
    code: &'static str,
    measure: Measure,
    (name_zh, name_en): (&'static str, &'static str),
    (means_zh, means_en): (&'static str, &'static str),
    (formula_zh, formula_en): (&'static str, &'static str),
    source: &'static str,
    edges: &'static [Edge],
) -> Definition {
    Definition {
        code,
        measure,
        name: Text { zh: name_zh, en: name_en },
        meaning: Text { zh: means_zh, en: means_en },
        formula: Text { zh: formula_zh, en: formula_en },
        source,
        edges,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_defined_once_and_in_full() {
        let codes: Vec<&str> = all().map(|definition| definition.code).collect();
        for definition in all() {
            let code = definition.code;
            assert_eq!(codes.iter().filter(|other| **other == code).count(), 1, "{code}");
            for text in [definition.name, definition.meaning, definition.formula] {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{code}");
            }
            assert!(definition.meaning.en.ends_with('.') && definition.meaning.zh.ends_with('。'), "{code}");
        }
        for edge in Edge::ALL {
            assert!(all().any(|definition| definition.edges.contains(edge)), "no figure has the rule {edge}");
        }
    }
}
