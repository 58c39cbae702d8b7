//! `[figures]`: the dashboard, and when a number is unusual.

use serde::{Deserialize, Serialize};

section! {
    /// `[figures]`
    Figures {
        /// Seconds for which a day's numbers are kept.
        dashboard_seconds: u32,
        /// Months that make the usual range.
        usual_months: u32,
        /// Months that are needed to say what is usual.
        usual_least_months: u32,
        /// Spreads from the median to the ends of the usual range.
        usual_spreads: f64,
        /// Cases that a number, or the usual one, has to have to be told.
        usual_least_cases: u64,
    }
}
