//! What a report lists beside its tables: the cases that were overdue at the period's end, and the improvement measures of
//! its year.

use serde::{Deserialize, Serialize};

use super::Names;
use crate::domain::case::Channel;
use crate::domain::measure::MeasureState;

/// A case that was open past its original due date when the period ended (逾期未結).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueCase {
    /// The case.
    pub case_number: String,
    /// How it came in.
    pub channel: Channel,
    /// Its category, once it had one.
    pub category: Option<Names>,
    /// Its lead unit, once it had one.
    pub unit: Option<Names>,
    /// The local day it was received or reopened on (YYYY-MM-DD).
    pub received_on: String,
    /// The local day of the original due date.
    pub due_on: String,
    /// The local day of the due date with extensions.
    pub due_on_extended: String,
    /// The local day it was finished on since; none where it was not yet when the report was made.
    pub finished_on: Option<String>,
}

/// An improvement measure (檢討改進措施) as it stood when the report was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImprovementMeasure {
    /// The year whose figures gave the reason.
    pub year: i32,
    /// In a few words.
    pub title: String,
    /// The category it is about, when it is about one.
    pub category: Option<Names>,
    /// The unit that carries it out.
    pub unit: Option<Names>,
    /// Who answers for it, when somebody does by name.
    pub owner: Option<String>,
    /// The last day (YYYY-MM-DD).
    pub due_on: String,
    /// How far it has come.
    pub state: MeasureState,
}
