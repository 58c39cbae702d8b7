//! Every test of the program in one binary, so that the library is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test that cannot go on panics")]

mod domain;
mod letters;
mod pages;
