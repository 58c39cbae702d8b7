//! The official table of a year is imported, or one that was issued anew: its days replace those of its years in a new
//! version of the calendar, in force with the same transaction. The job `recompute` measures open cases with it.

use crate::acts::Office;
use crate::acts::calendar_change::{Change, candidate};
use crate::domain::calendar::Calendar;
use crate::domain::calendar_file::CalendarFile;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::calendars;

/// Who may.
pub const ROLES: &[Role] = &[Role::Administrator];

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The calendar in force says the same already.
    Unchanged,
    /// This version is in force now.
    Version(i64),
}

/// Imports a file's years. `by` is nobody at the command line of the machine itself; `seen` is the version that the preview
/// was compared with, where there was one.
///
/// # Errors
/// `Refused` for other roles, or a file without years; `Conflict` when the calendar changed since `seen`.
pub fn import(
    office: &Office,
    now: Moment,
    by: Option<&Staff>,
    file: &CalendarFile,
    seen: Option<i64>,
) -> Result<Imported> {
    if by.is_some_and(|staff| !staff.is_any(ROLES)) {
        return Err(Error::refused("refused-role"));
    }
    if file.years.is_empty() {
        return Err(Error::refused("refused-calendar-empty"));
    }
    let years = file.years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let note = format!("import {years} by {}", by.map_or("the operator", |staff| staff.username.as_str()));
    let (office, file) = (office.clone(), file.clone());
    office.store.clone().write(move |db| {
        calendars::lock(db)?;
        let current = calendars::data(db, &office.zone)?;
        if seen.is_some_and(|seen| seen != current.version) {
            return Err(Error::Conflict);
        }
        let new = candidate(db, &office, &Change::Import(file.clone()))?.data;
        if new.years == current.years && new.days == current.days {
            return Ok(Imported::Unchanged);
        }
        Calendar::build(new).map_err(Error::internal)?;
        calendars::activate(db, &file.years, &file.days, &note, now).map(Imported::Version)
    })
}

/// Text of a calendar file's bytes: UTF-8 with or without a byte order mark, or Big5 as the older official tables are;
/// `None` when it is neither.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<String> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(text) {
        return Some(text.to_owned());
    }
    encoding_rs::BIG5.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}
