//! Small things of the header; whole messages are read in `tests/mail`.

use super::*;

#[test]
fn ids_lose_their_brackets_and_their_folding() {
    assert_eq!(ids(b"<a@b.example> <c@ d.example>"), ["a@b.example", "c@d.example"]);
    assert_eq!(ids(b"a@b.example"), ["a@b.example"]);
    assert_eq!(ids(b"<>"), [""; 0]);
}
