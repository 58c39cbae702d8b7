//! Rich texts and what they say.

use super::text;

#[test]
fn text_comes_out_in_its_code_page() {
    for (rich, plain) in [
        ("{\\rtf1\\ansi\\ansicpg950\\pard \\'ba\\'ae\\'b4\\'e4\\par \\'a4@\\par}", "漁港\n一\n"),
        // The page of the font goes before that of the document, and a trail byte may be a letter or an escape.
        (
            "{\\rtf1\\ansicpg1252{\\fonttbl{\\f0\\fnil Arial;}{\\f1\\fcharset136 PMingLiU;}}\\f0 \\'e9 \\f1 \\'b3\\\\}",
            "é 許",
        ),
        ("{\\rtf1\\uc1\\u28417?\\u28207\\'3f caf\\u233e\\uc0\\u233 s \\u-10179\\u-8704}", "漁港 caféés 😀"),
        (
            "{\\rtf1 a{\\*\\generator Nobody;}{\\stylesheet b}{\\pict 00ff}{\\info{\\title c}}\\{d\\}\\~e\\_f\\tab g}",
            "a{d}\u{A0}e-f\tg",
        ),
        ("{\\rtf1 a{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt b}}\\bin3 }}}c\\line d}", "abc\nd"),
    ] {
        assert_eq!(text(rich.as_bytes()).as_deref(), Some(plain), "{rich}");
    }
    for none in ["", "text", "{\\rtf1}", "{\\rtf1{\\fonttbl{\\f0 Arial;}}\\par}"] {
        assert_eq!(text(none.as_bytes()), None, "{none}");
    }
}

#[test]
fn html_in_disguise_is_html_again() {
    let rich = "{\\rtf1\\ansi\\ansicpg950\\fromhtml1 {\\fonttbl{\\f0\\fcharset136 x;}}{\\*\\htmltag19 <html>}\
        {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \\'ba\\'ae\\'b4\\'e4 {\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 3\\htmlrtf }\\par\\htmlrtf0 \
        {\\*\\htmltag72 </p>}{\\*\\mhtmltag4 <p>no}{\\*\\htmltag64 <p>}second{\\*\\htmltag72 </p>}{\\*\\htmltag27 </html>}}";
    let text = text(rich.as_bytes()).unwrap();
    assert_eq!(text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>(), ["漁港 <3", "second"]);
}

#[test]
fn nothing_hostile_grows() {
    for rich in [
        "{".repeat(1_000_000),
        "\\u1 ".repeat(300_000),
        "}".repeat(100),
        "\\bin4294967295 ".into(),
        "\\'".into(),
        "\\u".into(),
        "\\f-9999999999999 x".into(),
    ] {
        let whole = format!("{{\\rtf1 {rich}x");
        assert!(text(whole.as_bytes()).unwrap_or_default().len() <= whole.len());
    }
}
