//! Open data: what is suppressed withstands every linear attack. The files and the release of them are tried with the
//! reports, from which they are made.

pub mod attacker;
mod suppression;
