//! What people typed, made harmless for a letter without changing what it says: no control characters,
//! no direction overrides, one line where one line belongs.

/// Removes what is never text: controls other than newline and tab, direction marks that reorder what
/// follows them, byte-order marks. Every kind of line end becomes one newline.
#[must_use]
pub fn text(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n");
    let mut clean = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '\n' | '\t' => clean.push(c),
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            c if c.is_control() => {}
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            c => clean.push(c),
        }
    }
    clean.trim_matches(['\n', ' ', '\t']).to_owned()
}

/// The same on one line: every run of white space is one space.
#[must_use]
pub fn line(raw: &str) -> String {
    text(raw).split(['\n', '\t', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Cuts to a width in columns (a Chinese character takes two), never inside a character built of several,
/// and ends with … when something was cut.
#[must_use]
pub fn cut(line: &str, columns: usize) -> String {
    if width(line) <= columns {
        return line.to_owned();
    }
    let mut kept = String::new();
    let (mut used, mut end) = (0, 0);
    for c in line.chars() {
        if !joins(c) && !kept.ends_with('\u{200d}') {
            end = kept.len();
        }
        used += columns_of(c);
        if used >= columns {
            break;
        }
        kept.push(c);
    }
    kept.truncate(end);
    format!("{}…", kept.trim_end())
}

/// Keeps mail programs from turning typed addresses into links, by an invisible break after each dot and
/// colon: for letters that go to an address nobody has confirmed yet, which strangers may choose.
#[must_use]
pub fn unlinked(line: &str) -> String {
    line.replace('.', ".\u{200b}").replace(':', ":\u{200b}").replace('@', "@\u{200b}")
}

/// The width of a line in columns of a fixed-width font.
#[must_use]
pub fn width(line: &str) -> usize {
    line.chars().map(columns_of).sum()
}

/// The columns one character takes.
#[must_use]
pub fn columns_of(c: char) -> usize {
    match u32::from(c) {
        _ if joins(c) => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Whether a character belongs to the one before it.
fn joins(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x200b..=0x200d | 0xfe00..=0xfe0f | 0x1f3fb..=0x1f3ff | 0xe0100..=0xe01ef)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_be_added_nor_a_line_turned_around() {
        assert_eq!(line("夜間噪音\r\nBcc: a@example.org"), "夜間噪音 Bcc: a@example.org");
        assert_eq!(line(" a\u{202e}gpj.exe\u{0}\u{2028}b "), "agpj.exe b");
        assert_eq!(text("一\r\n\r\n二\u{7}\r三"), "一\n\n二\n三");
    }

    #[test]
    fn cuts_by_columns_and_never_through_a_joined_character() {
        assert_eq!(cut("海洋委員會", 10), "海洋委員會");
        assert_eq!(cut("海洋委員會", 8), "海洋委…");
        assert_eq!(cut("ab👩\u{200d}🚀cd", 6), "ab…");
        assert!(width(&cut(&"長".repeat(500), 60)) <= 60);
    }
}
