//! Saved reports (自訂報表): which period is counted, what of it, in which tables and files, and who may look at one or change
//! it. When one is sent is in `schedule`.

mod schedule;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::schedule::{DAYS, HOURS, Rhythm, Schedule};
use crate::codes;
use crate::domain::figures::{Filter, PeriodName, TableName};
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::{hidden, one_line};
use crate::error::{Error, FieldError, Result};

/// Who reads figures, and may be sent them.
pub const READERS: &[Role] = &[Role::Manager, Role::ControlOfficer, Role::Auditor];
/// Who saves reports.
pub const SAVERS: &[Role] = &[Role::Manager, Role::ControlOfficer];
/// The longest name, in characters.
pub const NAME: usize = 80;
/// People that one report is sent to at most.
pub const RECIPIENTS: usize = 100;
/// The tables that a report may have, in order. One of each channel in each month, and of each number of reassignments, belong
/// to the year's report.
pub const TABLES: &[TableName] = &[
    TableName::Month,
    TableName::Unit,
    TableName::Category,
    TableName::Channel,
    TableName::Kind,
    TableName::SpeedClass,
    TableName::UnitTree,
    TableName::CategoryTree,
    TableName::CloseCode,
    TableName::Extension,
];

codes! {
    /// A file that a report is sent with.
    SavedFormat {
        /// An OpenDocument spreadsheet.
        Ods = "ods",
        /// An Office Open XML workbook.
        Xlsx = "xlsx",
        /// A document to print and to keep, in programs built with it.
        Pdf = "pdf",
        /// A CSV file for each table, in one archive.
        Csv = "csv",
        /// For programs.
        Json = "json",
    }
}

codes! {
    /// What came of a run.
    RunOutcome {
        /// Letters are on their way.
        Sent = "sent",
        /// Nobody of its recipients may read figures any more, or has an address.
        Nobody = "nobody",
        /// It could not be counted or written; it is tried again.
        Failed = "failed",
    }
}

/// Which period a report counts: one that moves on with the calendar, or always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SavedPeriod {
    /// The month that is over.
    LastMonth,
    /// The quarter that is over.
    LastQuarter,
    /// The year that is over.
    LastYear,
    /// The month that runs, so far.
    ThisMonth,
    /// The quarter that runs, so far.
    ThisQuarter,
    /// The year that runs, so far.
    ThisYear,
    /// Always this one.
    Fixed(PeriodName),
}

impl SavedPeriod {
    /// Those that move on, with their codes.
    pub const MOVING: &'static [(Self, &'static str)] = &[
        (Self::LastMonth, "last_month"),
        (Self::LastQuarter, "last_quarter"),
        (Self::LastYear, "last_year"),
        (Self::ThisMonth, "this_month"),
        (Self::ThisQuarter, "this_quarter"),
        (Self::ThisYear, "this_year"),
    ];

    /// Reads a code, or a period like `2026Q3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let moving = Self::MOVING.iter().find(|(_, code)| *code == text).map(|(period, _)| *period);
        moving.or_else(|| PeriodName::parse(text).map(Self::Fixed))
    }

    /// The period as of a day.
    #[must_use]
    pub fn on(self, day: Date) -> PeriodName {
        let (year, month) = (day.year(), day.month());
        match self {
            Self::LastMonth => PeriodName::Month(year, month).previous(),
            Self::LastQuarter => PeriodName::Quarter(year, (month - 1) / 3 + 1).previous(),
            Self::LastYear => PeriodName::Year(year - 1),
            Self::ThisMonth => PeriodName::Month(year, month),
            Self::ThisQuarter => PeriodName::Quarter(year, (month - 1) / 3 + 1),
            Self::ThisYear => PeriodName::Year(year),
            Self::Fixed(name) => name,
        }
    }
}

impl fmt::Display for SavedPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(name) => name.fmt(f),
            moving => {
                let code = Self::MOVING.iter().find(|(period, _)| period == moving);
                f.write_str(code.map_or("", |(_, code)| code))
            }
        }
    }
}

impl TryFrom<String> for SavedPeriod {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no period"))
    }
}

impl From<SavedPeriod> for String {
    fn from(period: SavedPeriod) -> Self {
        period.to_string()
    }
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Which period.
    pub period: SavedPeriod,
    /// What of it; everything without one.
    #[serde(default)]
    pub filter: Filter,
    /// Its tables.
    pub tables: Vec<TableName>,
    /// The files it is sent with.
    #[serde(default)]
    pub formats: Vec<SavedFormat>,
}

/// A report as somebody wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it is called.
    pub name: String,
    /// Whether everybody who reads figures sees it.
    pub shared: bool,
    /// What it says.
    pub terms: Terms,
    /// When it is sent.
    pub schedule: Schedule,
    /// Who gets it, each in a language.
    pub recipients: Vec<(i64, String)>,
}

impl Draft {
    /// The same with its name tidied, lists in order and without repetition. The name stands on letters and files: what shows
    /// nothing in it is refused, not left out unseen.
    ///
    /// # Errors
    /// `Invalid` names each field that is wrong.
    pub fn tidy(mut self) -> Result<Self> {
        let unseen = self.name.chars().any(|c| hidden(c) || matches!(c, '\u{2028}' | '\u{2029}'));
        self.name = one_line(&self.name);
        self.terms.tables = TABLES.iter().copied().filter(|table| self.terms.tables.contains(table)).collect();
        self.terms.formats = SavedFormat::ALL.iter().copied().filter(|f| self.terms.formats.contains(f)).collect();
        self.recipients.sort();
        self.recipients.dedup_by_key(|(staff, _)| *staff);
        let mut wrong = Vec::new();
        if self.name.is_empty() || self.name.chars().count() > NAME {
            wrong.push(FieldError::new("name", "saved-name-length"));
        } else if unseen {
            wrong.push(FieldError::new("name", "saved-name-signs"));
        }
        if self.terms.tables.is_empty() {
            wrong.push(FieldError::new("tables", "saved-tables-none"));
        }
        if self.recipients.len() > RECIPIENTS {
            wrong.push(FieldError::new("recipients", "saved-recipients-many"));
        }
        if self.recipients.is_empty() && self.schedule.rhythm != Rhythm::Never {
            wrong.push(FieldError::new("recipients", "saved-recipients-none"));
        }
        if !self.schedule.is_sound() {
            wrong.push(FieldError::new("rhythm", "field-choose"));
        }
        if wrong.is_empty() { Ok(self) } else { Err(Error::Invalid(wrong)) }
    }
}

/// What the rights to a report depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Who saved it.
    pub owner_id: i64,
    /// Whether that account is open and still saves reports.
    pub owner_saves: bool,
    /// Whether everybody who reads figures sees it.
    pub shared: bool,
    /// Whether it is sent to whoever asks.
    pub sent_to_me: bool,
}

/// Whether `staff` may look at a report: readers of figures their own, shared ones, and those they are sent; managers also
/// what somebody left behind.
#[must_use]
pub fn may_read(staff: &Staff, of: Ownership) -> bool {
    staff.is_any(READERS) && (of.shared || of.sent_to_me || may_change(staff, of))
}

/// Whether `staff` may change, send or delete a report: whoever saved it, as long as they save reports; managers also shared
/// ones, and what somebody left behind.
#[must_use]
pub fn may_change(staff: &Staff, of: Ownership) -> bool {
    staff.is_any(SAVERS) && (of.owner_id == staff.id || (staff.is(Role::Manager) && (of.shared || !of.owner_saves)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_moves_on_with_the_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (period, on, name) in [
            ("last_month", "2026-01-05", "2025-12"),
            ("last_month", "2026-11-01", "2026-10"),
            ("last_quarter", "2026-01-05", "2025Q4"),
            ("last_quarter", "2026-12-31", "2026Q3"),
            ("last_year", "2026-06-30", "2025"),
            ("this_month", "2026-02-28", "2026-02"),
            ("this_quarter", "2026-03-31", "2026Q1"),
            ("this_quarter", "2026-04-01", "2026Q2"),
            ("this_year", "2026-04-01", "2026"),
            ("2024Q2", "2026-04-01", "2024Q2"),
        ] {
            let parsed = SavedPeriod::parse(period).unwrap();
            assert_eq!(parsed.to_string(), period);
            assert_eq!(parsed.on(day(on)).to_string(), name, "{period} on {on}");
        }
        assert_eq!(SavedPeriod::parse("next_month"), None);
    }

    #[test]
    fn rights_to_a_report() {
        let person = |id, roles: &[Role]| Staff {
            id,
            username: String::new(),
            name: String::new(),
            unit_id: 1,
            roles: roles.to_vec(),
            email: String::new(),
            phone: String::new(),
            must_change_password: false,
        };
        let own = Ownership { owner_id: 1, owner_saves: true, shared: false, sent_to_me: false };
        // (who, which report, may read, may change)
        for (staff, of, read, change) in [
            (person(1, &[Role::ControlOfficer]), own, true, true),
            (person(1, &[Role::Auditor]), own, false, false),
            (person(2, &[Role::Manager]), own, false, false),
            (person(2, &[Role::Manager]), Ownership { owner_saves: false, ..own }, true, true),
            (person(2, &[Role::Manager]), Ownership { shared: true, ..own }, true, true),
            (person(2, &[Role::ControlOfficer]), Ownership { shared: true, ..own }, true, false),
            (person(2, &[Role::Auditor]), Ownership { shared: true, ..own }, true, false),
            (person(2, &[Role::Auditor]), Ownership { sent_to_me: true, ..own }, true, false),
            (person(2, &[Role::Handler]), Ownership { shared: true, sent_to_me: true, ..own }, false, false),
        ] {
            assert_eq!((may_read(&staff, of), may_change(&staff, of)), (read, change), "{:?} {of:?}", staff.roles);
        }
    }
}
