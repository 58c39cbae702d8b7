//! Words in charts: how wide they are (no font is read: Chinese characters are as wide as high, others a little more than
//! half), where lines are broken, and how numbers are written. What could run out of the picture is measured as the widest
//! font would set it, in bold: which font a reader has is not known.

use crate::domain::numbers::grouped;
use crate::reports::book::{Kind, is_wide, plain};

/// How wide a text is about, in whole units, at a size of letters.
pub(in crate::reports) fn measured(text: &str, size: i32) -> i32 {
    wide(text, size, hundredths)
}

/// The width of a character, in hundredths of its size.
fn hundredths(c: char) -> i32 {
    match c {
        c if is_wide(c) => 100,
        ' ' | 'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 29,
        'f' | 't' | 'r' | '(' | ')' | '-' => 38,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 90,
        'A'..='Z' => 66,
        _ => 57,
    }
}

/// How wide a text is at most, whichever font sets it.
pub(super) fn widest(text: &str, size: i32) -> i32 {
    wide(text, size, roomy)
}

/// The width of a character in the widest of the usual fonts, in bold; in hundredths of its size.
fn roomy(c: char) -> i32 {
    match c {
        ' ' | 'i' | 'l' | 'j' | 'I' | '\'' | '|' => 37,
        '.' | ',' | ':' | ';' | '-' | '/' => 42,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '!' => 50,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 110,
        'A'..='Z' | '&' | '#' | '+' | '<' | '=' | '>' | '~' | '^' | '\u{2212}' => 87,
        // Quotation marks and dashes are as wide as high in Chinese fonts.
        c if !c.is_ascii() => 100,
        _ => 73,
    }
}

fn wide(text: &str, size: i32, of: fn(char) -> i32) -> i32 {
    let hundredths: i32 = text.chars().map(of).sum();
    (hundredths * size + 50) / 100
}

/// A text in lines of at most such a width; what does not fit in the last line ends with an ellipsis. Chinese is broken
/// anywhere but before closing and after opening signs, other writing between words.
pub(in crate::reports) fn lines(text: &str, size: i32, width: i32, most: usize) -> Vec<String> {
    broken(pieces(&plain(text)), (size, width, most), hundredths)
}

/// The same for what must not leave the picture: no font sets a line wider, and a word that is wider than a line is broken.
pub(super) fn fitting(text: &str, size: i32, width: i32, most: usize) -> Vec<String> {
    let mut small = Vec::new();
    for piece in pieces(&plain(text)) {
        if widest(piece.trim_end(), size) > width {
            small.extend(piece.chars().map(String::from));
        } else {
            small.push(piece);
        }
    }
    broken(small, (size, width, most), roomy)
}

fn broken(pieces: Vec<String>, (size, width, most): (i32, i32, usize), of: fn(char) -> i32) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for piece in pieces {
        let full = lines.last().is_some_and(|line| {
            !line.trim_end().is_empty() && wide(&format!("{line}{}", piece.trim_end()), size, of) > width
        });
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { piece.trim_start() } else { &piece });
        }
    }
    let more = lines.len() > most.max(1);
    lines.truncate(most.max(1));
    if let Some(last) = lines.last_mut() {
        let too_wide = more || wide(last.trim_end(), size, of) > width;
        if too_wide {
            let mut sum = 0;
            let fits = |c: &char| {
                sum += of(*c);
                (sum * size + 50) / 100 + size <= width
            };
            let begin: String = last.chars().take_while(fits).collect();
            *last = format!("{}…", begin.trim_end());
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// What is never broken: words with the space behind them, single Chinese characters with the signs that cling to them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let clings = match before {
            None => false,
            Some(b)
                if "（「『〈《【(".contains(b) || "，。、：；？！）」』〉》】％,.:;?!)%/".contains(c) || c == ' ' =>
            {
                true
            }
            Some(b) => !is_wide(b) && !is_wide(c) && b != ' ' && b != '/',
        };
        match pieces.last_mut() {
            Some(piece) if clings => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

/// Text as the content or an attribute of an element.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A value in words, with the decimals of its kind.
pub(in crate::reports) fn number(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Rate => format!("{:.1}%", value * 100.0),
        Kind::Days => format!("{value:.1}"),
        Kind::Score => format!("{value:.2}"),
        Kind::Count | Kind::Text | Kind::Date => grouped(&format!("{value:.0}")),
    }
}

/// A value beside an axis: without decimals that are zero.
pub(super) fn tick(kind: Kind, value: f64) -> String {
    let text = number(kind, value);
    let (digits, sign) = text.strip_suffix('%').map_or((text.as_str(), ""), |digits| (digits, "%"));
    format!("{}{sign}", trimmed(digits))
}

fn trimmed(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_the_languages_break() {
        assert_eq!(
            lines("港區安全檢查與船舶進出港報驗（含漁船）", 10, 100, 3),
            ["港區安全檢查與船舶進", "出港報驗（含漁船）"]
        );
        assert_eq!(lines("Port security inspection", 10, 90, 3), ["Port security", "inspection"]);
        assert_eq!(lines("一二三四五六七八九十，完", 10, 100, 3), ["一二三四五六七八九", "十，完"]);
        assert_eq!(lines("一二三四五六七八九十一二三四", 10, 60, 2), ["一二三四五六", "七八九十一…"]);
        assert_eq!(lines("", 10, 60, 2), [""]);
    }

    #[test]
    fn no_line_leaves_the_picture_whichever_font_sets_it() {
        let title =
            "Of units that closed 20 or more, Kinmen-Matsu-Penghu Branch kept the original limit least often: 85.7%";
        assert_eq!(
            fitting(title, 19, 872, 4),
            [
                "Of units that closed 20 or more, Kinmen-Matsu-Penghu Branch kept the",
                "original limit least often: 85.7%"
            ]
        );
        // In the fonts that most readers have it takes 50 and 59 times its size.
        assert!(widest(title, 100) >= 5900);
        for (text, most) in [("W".repeat(400), 4), ("W".repeat(400), 1), ("“—…”".repeat(60), 2), ("字".repeat(400), 3)]
        {
            let lines = fitting(&text, 19, 872, most);
            assert!(lines.len() == most && lines.iter().all(|line| widest(line, 19) <= 872), "{lines:?}");
        }
    }

    #[test]
    fn numbers_are_read_at_a_glance() {
        for (kind, value, text) in [
            (Kind::Count, 1_234_567.0, "1,234,567"),
            (Kind::Count, 999.0, "999"),
            (Kind::Count, -1000.0, "−1,000"),
            (Kind::Rate, 0.8, "80.0%"),
            (Kind::Rate, 0.9234, "92.3%"),
            (Kind::Days, 4.0, "4.0"),
            (Kind::Score, 4.25, "4.25"),
        ] {
            assert_eq!(number(kind, value), text);
        }
        assert_eq!([tick(Kind::Rate, 0.8), tick(Kind::Days, 2.5), tick(Kind::Count, 1000.0)], ["80%", "2.5", "1,000"]);
    }

    #[test]
    fn no_text_is_markup() {
        assert_eq!(escaped("<script>&\"\u{0}\n"), "&lt;script&gt;&amp;&quot; ");
    }
}
