//! The columns of a table on paper: where their headings are broken and how wide they are.

use super::paper::Setter;
use crate::reports::book::{Column, Kind};
use crate::reports::charts::text::{lines, measured};

/// The width of the text on a page, in points.
pub(super) const PAGE: f64 = 481.0;
/// What stands around a value on both sides, in points; words keep a little more from the numbers before them.
const AROUND: f64 = 8.0;
pub(super) const BEFORE_WORDS: f64 = 14.0;
/// Headings and values up to this width stand in one line, in widths of a letter.
const SHORT: f64 = 3.0;
/// A column of words, and the names of rows, at least and at most where columns compete for room.
const WORDS: (f64, f64) = (7.0, 12.0);
/// How wide a column of numbers becomes where there is room, in points.
const ROOMY: f64 = 62.0;

/// A column before it has its width.
pub(super) struct Wanted {
    /// Whether it holds words.
    pub(super) words: bool,
    /// The heading in its lines.
    pub(super) heading: Vec<String>,
    /// What its content wants, in widths of a letter.
    pub(super) natural: f64,
}

impl Wanted {
    /// What it takes at the least, in points.
    pub(super) fn least(&self, size: f64) -> f64 {
        if self.words {
            self.natural.clamp(WORDS.0, WORDS.1) * size + BEFORE_WORDS
        } else {
            self.natural * size + AROUND
        }
    }

    /// What it takes with all its content in one line.
    fn most(&self, size: f64) -> f64 {
        self.natural * size + if self.words { BEFORE_WORDS } else { AROUND }
    }
}

/// A column with what it wants.
pub(super) fn wanted(column: &Column, at: usize, values: &[Vec<String>], most: usize, set: &Setter<'_>) -> Wanted {
    let content = values.iter().filter_map(|row| row.get(at)).map(|value| wide(value)).fold(0.0, f64::max);
    let heading = set.text(&column.heading);
    if column.kind == Kind::Text {
        return Wanted { words: true, natural: content.max(wide(&heading)), heading: vec![heading] };
    }
    let heading = heading_lines(&heading, content.max(SHORT), most);
    // Bold letters are a little wider.
    let natural = heading.iter().map(|line| wide(line) * 1.05).fold(content, f64::max).min(WORDS.1);
    Wanted { words: false, heading, natural }
}

/// A heading in the fewest lines that are as narrow as the values, otherwise in the most lines that are allowed.
fn heading_lines(heading: &str, narrow: f64, most: usize) -> Vec<String> {
    let whole = wide(heading);
    if whole <= narrow {
        return vec![heading.to_owned()];
    }
    let mut width = narrow;
    while width < whole.min(WORDS.1) {
        if let Some(broken) = broken_at(heading, width).filter(|broken| broken.len() <= most) {
            // As even as the number of lines allows.
            let number = broken.len();
            let mut even = broken;
            let mut narrower = width - 0.5;
            while let Some(tried) = broken_at(heading, narrower).filter(|tried| tried.len() <= number) {
                even = tried;
                narrower -= 0.5;
            }
            return even;
        }
        width += 0.5;
    }
    if whole <= WORDS.1 { vec![heading.to_owned()] } else { cut_at(heading, WORDS.1) }
}

/// A text in lines of at most such a width, in widths of a letter; none where a word is wider.
fn broken_at(text: &str, width: f64) -> Option<Vec<String>> {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let broken = cut_at(text, width);
    (letters(&broken.concat()) == letters(text) && broken.iter().all(|line| wide(line) <= width)).then_some(broken)
}

/// The same, cut where a word is wider.
#[expect(clippy::cast_possible_truncation, reason = "a heading is a few letters wide")]
fn cut_at(text: &str, width: f64) -> Vec<String> {
    lines(text, 100, (width * 100.0) as i32, usize::MAX)
}

/// The widths in points: numbers take what they need and a little more where there is room, words share the rest, those that
/// want little first.
pub(super) fn widths(columns: &[&Wanted], size: f64) -> Vec<f64> {
    let numbers: f64 = columns.iter().filter(|column| !column.words).map(|column| column.most(size)).sum();
    let rest = PAGE - numbers;
    let mut wishes: Vec<f64> = columns.iter().filter(|column| column.words).map(|column| column.most(size)).collect();
    wishes.sort_by(f64::total_cmp);
    // The width that no column of words exceeds.
    let (mut left, mut limit) = (rest, f64::INFINITY);
    for (at, wish) in wishes.iter().enumerate() {
        let share = left / real(wishes.len() - at);
        if *wish > share {
            limit = share;
            break;
        }
        left -= wish;
    }
    let words: f64 = wishes.iter().map(|wish| wish.min(limit)).sum();
    let number = real(columns.iter().filter(|column| !column.words).count()).max(1.0);
    let spare = ((rest - words) / number).max(0.0);
    let width = |column: &&Wanted| match column.words {
        true => column.most(size).min(limit),
        false => column.most(size) + spare.min((ROOMY - column.most(size)).max(0.0)),
    };
    columns.iter().map(width).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
const fn real(number: usize) -> f64 {
    number as f64
}

/// How wide a text is, in widths of a letter.
pub(super) fn wide(text: &str) -> f64 {
    f64::from(measured(text, 100)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_broken_evenly_and_only_where_they_must() {
        for (heading, narrow, most, broken) in [
            ("收件", 3.0, 2, vec!["收件"]),
            ("期初未結", 3.0, 2, vec!["期初", "未結"]),
            ("期初未結", 4.0, 2, vec!["期初未結"]),
            ("在展期後期限內辦結", 3.0, 3, vec!["在展期", "後期限", "內辦結"]),
            ("Open at start", 3.5, 2, vec!["Open at", "start"]),
            ("Received", 3.0, 2, vec!["Received"]),
            ("Closed on time", 1.0, 2, vec!["Closed", "on time"]),
            ("Satisfaction", 3.0, 3, vec!["Satisfaction"]),
        ] {
            assert_eq!(heading_lines(heading, narrow, most), broken, "{heading}");
        }
    }
}
