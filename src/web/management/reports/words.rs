//! What saved reports are in words: their period, their rhythm, what they count.

use serde_json::json;

use crate::domain::figures::Scope;
use crate::domain::saved_report::{Rhythm, SavedPeriod, Schedule, Terms};
use crate::error::Result;
use crate::reports::{Words, summary};
use crate::store::reference::Reference;
use crate::store::saved_reports::SavedReport;
use crate::store::{Db, figures};

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

/// What a report counts, with the agency's names.
///
/// # Errors
/// Of the database.
pub fn scope_of(db: &mut Db, reference: &Reference, report: &SavedReport, terms: &Terms) -> Result<Scope> {
    let (categories, classes) = (figures::category_names(db)?, figures::speed_class_names(db)?);
    Ok(Scope::of(&report.name, &terms.filter, &reference.units, &categories, &classes))
}
