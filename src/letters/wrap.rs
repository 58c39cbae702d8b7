//! Wrapping of the text part: lines of at most 72 columns, broken between Chinese characters or words,
//! no closing mark at the start of a line; addresses of links stay whole; a quotation keeps its mark.

use super::clean::columns_of;

/// Columns of a line in the text part.
const COLUMNS: usize = 72;
/// Marks that must not begin a line.
const CLOSING: &str = "，。、；：？！）」』】》〉…—．,.;:?!)]}％%";
/// Marks that must not end a line.
const OPENING: &str = "（「『【《〈([{";

/// Wraps a whole text part and ends it with one newline; more than one blank line in a row becomes one.
#[must_use]
pub fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 30);
    let mut blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
        } else {
            wrap_line(line, &mut out);
            blank = false;
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn wrap_line(line: &str, out: &mut String) {
    let mark = if line.starts_with("> ") { "> " } else { "" };
    let mut used = 0;
    for piece in pieces(line) {
        let width: usize = piece.trim_end_matches(' ').chars().map(columns_of).sum();
        if used > mark.len() && used + width > COLUMNS {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(mark);
            used = mark.len();
        }
        out.push_str(piece);
        used += piece.chars().map(columns_of).sum::<usize>();
    }
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

/// The parts of a line that stay whole, in order.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in line.char_indices() {
        if before.is_some_and(|before| may_break(before, c)) {
            pieces.extend(line.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(line.get(start..));
    pieces
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) || columns_of(after) == 0 {
        return false;
    }
    before == ' ' || columns_of(before) == 2 || columns_of(after) == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::clean::width;

    #[test]
    fn chinese_breaks_anywhere_but_before_a_closing_mark() {
        let text = wrap(&("海".repeat(36) + "。" + &"巡".repeat(40)));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines, ["海".repeat(35), format!("海。{}", "巡".repeat(34)), "巡".repeat(6)]);
    }

    #[test]
    fn words_and_addresses_stay_whole() {
        let address = format!("https://example.tw/c/{}", "a".repeat(90));
        assert_eq!(wrap(&address), format!("{address}\n"));
        let words = wrap(&"harbour ".repeat(30));
        assert!(words.lines().all(|line| width(line) <= 72 && line.split(' ').all(|word| word == "harbour")));
    }

    #[test]
    fn a_quotation_keeps_its_mark_and_blank_lines_are_single() {
        let text = wrap(&format!("\n\n> {}\n\n\n\nend\n\n", "港".repeat(50)));
        assert_eq!(text, format!("> {}\n> {}\n\nend\n", "港".repeat(35), "港".repeat(15)));
    }
}
