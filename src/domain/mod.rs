//! Pure values and rules: no I/O, no clock, no database.

pub mod case;
pub mod case_number;
pub mod codes;
pub mod delivery;
pub mod event;
pub mod letter;
pub mod link;
pub mod party;
pub mod rating;
pub mod reply;
pub mod rights;
pub mod staff;
pub mod submission;
pub mod time;
pub mod units;
