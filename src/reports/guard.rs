//! Texts of CSV files that no spreadsheet takes for a formula.

use super::book::plain;

/// A text that a spreadsheet would take for a formula gets an apostrophe before it: also behind spaces, which some pass over,
/// and in full width, which some fold.
#[must_use]
pub fn guarded(text: &str) -> String {
    let text = plain(text);
    if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+886", "-2", "@SUM(A1)", " =1", "＝1+1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("\t=1"), "' =1");
        assert_eq!(guarded("\r=1"), "' =1");
        for text in ["北部分署", "2026-01", "a=b", "", "–"] {
            assert_eq!(guarded(text), text);
        }
    }
}
