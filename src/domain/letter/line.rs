//! A clock as the letters of control list it, and a unit's lines of the weekly list.

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
