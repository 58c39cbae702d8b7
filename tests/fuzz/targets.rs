//! The rules of `rules.rs` for libFuzzer, which looks for bytes that reach new code. Started by `tests/fuzz/run`;
//! CHENQING_FUZZ says which target.
#![no_main]
#![allow(clippy::unwrap_used, missing_docs, reason = "a target may stop at the first fault")]

mod rules;

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| match std::env::var("CHENQING_FUZZ").as_deref() {
    Ok("mail") => rules::mail,
    Ok("calendar") => rules::calendar,
    Ok("deadline") => rules::deadline,
    other => panic!("CHENQING_FUZZ is {other:?}: mail, calendar or deadline"),
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
