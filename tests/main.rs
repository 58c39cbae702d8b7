//! Every test of the program that is not beside the code it tests, in one binary: each further one would be a link of
//! everything again.
#![allow(missing_docs, reason = "the names of tests say what they show")]

mod architecture;
mod store;
mod support;
