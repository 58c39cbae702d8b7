//! Management: the day on one page, the figures of years, quarters and months for those who answer for them, the same
//! figures as files, and the cases behind each number.

pub mod cases;
pub mod changes;
pub mod dashboard;
pub mod handling_time;
pub mod measures;
mod missing;
pub mod open_data;
pub mod periods;
pub mod reports;
mod unusual;

/// Who may read the figures.
use crate::domain::saved_report::READERS;

/// Where the lists of the cases behind the numbers stand.
const CASES: &str = "/management/cases";
