//! The lines of letters: a clock as the letters of control list it, a unit's clocks of the weekly list, a number that is
//! unusual.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day;
use crate::domain::policy::ClockPurpose;

/// A running clock: which case, who has it, when it ends or ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockLine {
    /// Case number.
    pub number: String,
    /// Subject of the petition.
    pub subject: String,
    /// The unit that has it.
    pub unit: String,
    /// The handler, once there is one.
    pub handler: Option<String>,
    /// What the clock measures.
    pub purpose: ClockPurpose,
    /// The last day.
    #[serde(with = "day")]
    pub due_on: Date,
    /// Working days left before the last day, or over after it.
    pub days: i64,
    /// For whom the reader stands in.
    pub for_whom: Option<String>,
    /// When the control officer asked why, if ever.
    #[serde(with = "day::maybe")]
    pub asked_on: Option<Date>,
    /// Whether that was answered.
    pub explained: bool,
}

/// The overdue clocks of one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitLines {
    /// The unit.
    pub unit: String,
    /// Its clocks, the longest overdue first.
    pub lines: Vec<ClockLine>,
}

/// A number outside its usual range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnusualLine {
    /// The category, branch or division.
    pub name: String,
    /// The year of the common era of the month it is the number of.
    pub year: i16,
    /// That month, from 1 on.
    pub month: i32,
    /// Whether it is what was closed late; otherwise what was received.
    pub late: bool,
    /// The number.
    pub number: i64,
    /// The least that is usual.
    pub low: i64,
    /// The most that is usual.
    pub high: i64,
}
