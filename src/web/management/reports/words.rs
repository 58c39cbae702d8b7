//! What saved reports are in words: their period and their rhythm.

use serde_json::json;

use crate::domain::saved_report::{Rhythm, SavedPeriod, Schedule};
use crate::error::Result;
use crate::reports::{Words, summary};

/// Which period is counted: "上個月", "115年第3季".
///
/// # Errors
/// `Internal` when a text is missing.
pub fn period(period: SavedPeriod, locale: &str, words: &dyn Words) -> Result<String> {
    match period {
        SavedPeriod::Fixed(name) => summary::name_of(name, locale, words),
        moving => words.text(locale, &format!("saved-period-{}", moving.to_string().replace('_', "-")), &json!({})),
    }
}

/// When a report is sent: "每週一 9 時".
///
/// # Errors
/// `Internal` when a text is missing.
pub fn schedule(schedule: Schedule, locale: &str, words: &dyn Words) -> Result<String> {
    let hour = schedule.hour;
    let (key, args) = match schedule.rhythm {
        Rhythm::Never => ("saved-sent-never", json!({})),
        Rhythm::Week { weekday } => {
            let weekday = words.text(locale, &format!("saved-weekday-{weekday}"), &json!({}))?;
            ("saved-sent-week", json!({ "weekday": weekday, "hour": hour }))
        }
        Rhythm::Month { day } => ("saved-sent-month", json!({ "day": day, "hour": hour })),
        Rhythm::Quarter { day } => ("saved-sent-quarter", json!({ "day": day, "hour": hour })),
        Rhythm::Year { month, day } => ("saved-sent-year", json!({ "month": month, "day": day, "hour": hour })),
    };
    words.text(locale, key, &args)
}
