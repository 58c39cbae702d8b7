//! Dates and small things of the header; whole messages are read in `tests/mail`.

use super::*;

#[test]
fn dates_are_read_as_mail_has_them() {
    for (text, expected) in [
        ("Fri, 18 Sep 2026 09:30:00 +0800", Some("2026-09-18T01:30:00Z")),
        ("18 Sep 26 09:30 +0800", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 126 09:30:00 +0800", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 09:30:00 +0800 (CST)", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 09:30:00 CST", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 01:30:00 GMT", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 01:30:00 -0000", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 01:30:00", Some("2026-09-18T01:30:00Z")),
        ("Fri Sep 18 01:30:00 2026", Some("2026-09-18T01:30:00Z")),
        ("Fri Sep 18 09:30:00 +0800 2026", Some("2026-09-18T01:30:00Z")),
        ("18-Sep-2026 09:30:00 GMT+8", Some("2026-09-18T01:30:00Z")),
        ("18-Sep-2026 09:30:00 UTC+08:00", Some("2026-09-18T01:30:00Z")),
        ("2026-09-18T09:30:00+08:00", Some("2026-09-18T01:30:00Z")),
        ("Fri, 18 Sep 2026 9:30:00 PM +0800", Some("2026-09-18T13:30:00Z")),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(date(text.as_bytes()).map(|at| at.to_string()).as_deref(), expected, "{text}");
    }
}

#[test]
fn ids_lose_their_brackets_and_their_folding() {
    assert_eq!(ids(b"<a@b.example> <c@ d.example>"), ["a@b.example", "c@d.example"]);
    assert_eq!(ids(b"a@b.example"), ["a@b.example"]);
    assert_eq!(ids(b"<>"), [""; 0]);
}
