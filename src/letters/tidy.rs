//! The text part, tidied: a paragraph stays on one line, however long, because each reader's window breaks it elsewhere
//! and Chinese has no spaces to break at; more than one blank line in a row becomes one.

/// Tidies a whole text part and ends it with one newline.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && blank) {
            out.push_str(line);
            out.push('\n');
        }
        blank = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn paragraphs_stay_whole_and_blank_lines_are_single() {
        let long = "海".repeat(400);
        assert_eq!(tidy(&format!("\n\n{long}  \n\n\n\n> {long}\nend\n\n")), format!("{long}\n\n> {long}\nend\n"));
    }
}
