//! What a calendar is built from, and what it says of a day.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::office_hours::{Hours, OfficeHours};

/// What an exceptional day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// A day off that the weekday does not show: 放假.
    DayOff,
    /// A weekend day that is worked: 補行上班.
    MakeUp,
    /// Offices shut on the day, a typhoon for instance; stronger than everything else said of the day.
    Closure,
}

/// One day that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionalDay {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// The holiday's name, or the reason.
    pub note: String,
}

/// Everything a calendar is built from. The default is UTC, Monday to Friday, the usual hours, every year covered.
#[derive(Clone, Debug)]
pub struct CalendarData {
    /// Where the agency's days begin and end.
    pub zone: TimeZone,
    /// The version stored results are compared with; 0 for a calendar that was never installed.
    pub version: i64,
    /// The weekdays worked, Monday first.
    pub weekdays: [bool; 7],
    /// The years with an official table; `None` when the rules below hold for every year.
    pub years: Option<Vec<i16>>,
    /// The exceptional days.
    pub days: Vec<ExceptionalDay>,
    /// Month and day of days off in every year.
    pub yearly_days_off: Vec<(i8, i8)>,
    /// The week's office hours.
    pub hours: OfficeHours,
    /// Dates with hours of their own, which replace the week's: open ones are worked, empty ones are not.
    pub dated_hours: Vec<(Date, Hours)>,
    /// Administrative Procedure Act 48: a limit in calendar days that ends on a plain Saturday ends on Monday noon.
    pub saturday_to_monday_noon: bool,
}

impl Default for CalendarData {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            version: 0,
            weekdays: [true, true, true, true, true, false, false],
            years: None,
            days: Vec::new(),
            yearly_days_off: Vec::new(),
            hours: OfficeHours::usual(),
            dated_hours: Vec::new(),
            saturday_to_monday_noon: false,
        }
    }
}

/// What a day is, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStatus<'a> {
    /// An ordinary working day.
    Worked,
    /// Worked although its weekday or holiday is not, with the note.
    MakeUp(&'a str),
    /// An ordinary weekend day.
    Weekend,
    /// A day off, with its name.
    Holiday(&'a str),
    /// Offices shut, with the reason.
    Closure(&'a str),
}

impl DayStatus<'_> {
    /// Whether the day is worked.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::Worked | Self::MakeUp(_))
    }
}
