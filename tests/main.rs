//! Every test of the program that is not beside the code it tests, in one binary: each further one would be a link of
//! everything again.
#![allow(missing_docs, reason = "the names of tests say what they show")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first fault, in its helpers too")]

mod architecture;
mod browser;
mod demo;
mod domain;
mod faults;
mod fuzz;
mod imap;
mod letters;
mod mail;
mod pages;
mod post;
mod reports;
mod store;
mod stories;
mod support;
