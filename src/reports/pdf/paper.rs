//! A report as the template sets it: every text as it is printed, every table in the widths of its columns. The template adds
//! nothing but the looks, so no text of a report is ever part of a program.

use serde::Serialize;

use super::tables::{Part, parts, stay_together};
use crate::reports::book::{Book, Section, Sheet, is_wide, plain};
use crate::reports::fonts::Fonts;

/// A report on paper.
#[derive(Debug, Serialize)]
pub(super) struct Paper {
    lang: String,
    /// The country, where the language names one.
    region: Option<String>,
    fonts: Vec<String>,
    title: String,
    agency: String,
    period: String,
    /// What stands at the foot of the cover: when the records were read and the like.
    lines: Vec<String>,
    checksum: String,
    contents: String,
    page: Vec<String>,
    sections: Vec<PaperSection>,
}

#[derive(Debug, Serialize)]
struct PaperSection {
    heading: String,
    notes: Vec<String>,
    charts: Vec<PaperChart>,
    sheets: Vec<PaperSheet>,
}

#[derive(Debug, Serialize)]
struct PaperChart {
    file: String,
    alt: String,
}

#[derive(Debug, Serialize)]
struct PaperSheet {
    title: String,
    note: String,
    /// Over the parts after the first.
    continued: String,
    /// Whether it stays on one page.
    together: bool,
    /// One below the other: a table that is too wide is cut between its columns, and each part names the rows again.
    parts: Vec<Part>,
}

/// The report as it is set with these fonts.
pub(super) fn of(book: &Book, fonts: &Fonts) -> Paper {
    let set = Setter { shows: &|c| fonts.shows(c), locale: &book.locale, continued: &book.words.continued };
    let (lang, region) =
        book.locale.split_once('-').map_or((book.locale.as_str(), None), |(lang, region)| (lang, Some(region)));
    let mut files = 0..;
    let mut chart_files = || files.next().map(chart_file).unwrap_or_default();
    Paper {
        lang: lang.to_owned(),
        region: region.map(str::to_owned),
        fonts: vec![fonts.family.clone()],
        title: set.text(&book.title),
        agency: set.text(&book.agency),
        period: set.text(&book.period),
        lines: [&book.made, &book.checksum].into_iter().filter(|line| !line.is_empty()).map(|l| set.text(l)).collect(),
        checksum: set.text(&book.checksum),
        contents: set.text(&book.words.contents),
        page: book.words.page.iter().map(|word| set.text(word)).collect(),
        sections: book.sections.iter().map(|section| set.section(section, &mut chart_files)).collect(),
    }
}

/// The file of a chart, by its place in the report.
pub(super) fn chart_file(at: usize) -> String {
    format!("chart-{at}.svg")
}

/// Makes texts what can be printed.
pub(super) struct Setter<'a> {
    /// Whether the font has a character.
    pub(super) shows: &'a dyn Fn(char) -> bool,
    /// What stands behind the title of a table over its further parts.
    pub(super) continued: &'a str,
    /// The language of the report.
    pub(super) locale: &'a str,
}

/// A word is broken after so many letters at the latest: none is as wide as a column.
const LONGEST_WORD: usize = 18;
const BROKEN_AFTER: usize = 8;
/// A place where a line may be broken, which is not seen.
const BREAK: char = '\u{200b}';
/// In place of a character that the font has not.
const MISSING: char = '□';

impl Setter<'_> {
    /// A text as it is printed: without control characters, with a sign for those that the font has not, and with places in
    /// long words where a line may end.
    pub(super) fn text(&self, text: &str) -> String {
        let known: String =
            plain(text).chars().filter(|c| !is_unseen(*c)).map(|c| if (self.shows)(c) { c } else { MISSING }).collect();
        known.split_inclusive(' ').map(broken).collect()
    }

    fn section(&self, section: &Section, chart_files: &mut dyn FnMut() -> String) -> PaperSection {
        let chart = |alt: &String| PaperChart { file: chart_files(), alt: self.text(alt) };
        PaperSection {
            heading: self.text(&section.heading),
            notes: section.notes.iter().map(|note| self.text(note)).collect(),
            charts: section.charts.iter().map(|chart| &chart.alt).map(chart).collect(),
            sheets: section.sheets.iter().filter(|sheet| !sheet.long).map(|sheet| self.sheet(sheet)).collect(),
        }
    }

    fn sheet(&self, sheet: &Sheet) -> PaperSheet {
        let parts = parts(sheet, self);
        PaperSheet {
            title: self.text(&sheet.title),
            note: self.text(&sheet.note),
            continued: self.text(&format!("{}{}", sheet.title, self.continued)),
            together: stay_together(&parts),
            parts,
        }
    }
}

/// Characters that only steer others: joiners, marks of direction, selectors of forms.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A word with places where it may be broken, when it is long.
fn broken(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut letters = 0;
    let longest = word.split(is_wide).map(|part| part.trim_end().chars().count()).max().unwrap_or(0);
    for c in word.chars() {
        if longest > LONGEST_WORD && letters > 0 && letters % BROKEN_AFTER == 0 {
            text.push(BREAK);
        }
        letters = if is_wide(c) { 0 } else { letters + 1 };
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_can_be_printed() {
        let set = Setter { shows: &|c| c != '😀' && c != '\u{e000}', locale: "zh-TW", continued: "" };
        for (text, printed) in [
            ("陳情\u{0}案\u{202e}件\n二", "陳情案件 二"),
            ("好😀\u{fe0f}吧\u{e000}", "好□吧□"),
            ("5\u{2060}件", "5件"),
            ("https://example.invalid/a", "https://\u{200b}example.\u{200b}invalid/\u{200b}a"),
            ("responsibilities 與陳情", "responsibilities 與陳情"),
        ] {
            assert_eq!(set.text(text), printed, "{text:?}");
        }
        let long = set.text(&"W".repeat(300));
        assert!(long.split(BREAK).all(|part| part.len() <= BROKEN_AFTER));
    }
}
