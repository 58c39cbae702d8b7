//! Running clocks in words: who has the case, its last day, days over, and whether somebody was asked why. For the control
//! officer's page and the weekly list.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::control::purposes;
use crate::domain::queue::Reach;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_days_left, working_days_over};
use crate::error::Result;
use crate::store::control::{self, ClockRow, Slice};
use crate::store::reference::Reference;
use crate::store::reminders::{self, Reminder};
use crate::store::{Db, lists};

/// Clocks on a weekly list; who has more has other worries than a list.
pub const MOST: usize = 1000;

/// A running clock.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The clock and its case.
    pub row: ClockRow,
    /// The unit on whose desk it stands; the registry desk while no unit has it.
    pub unit_id: Option<i64>,
    /// The handler's name.
    pub handler: Option<String>,
    /// The last day.
    pub due_on: Date,
    /// Whether that has passed.
    pub overdue: bool,
    /// Working days over, or left.
    pub days: i64,
    /// How often it was extended.
    pub extensions: usize,
    /// The newest reminder of it.
    pub reminder: Option<Reminder>,
}

/// Puts words to clocks.
///
/// # Errors
/// Of the database.
pub fn entries(db: &mut Db, reference: &Reference, rows: Vec<ClockRow>, now: Moment) -> Result<Vec<Entry>> {
    let names = lists::names(db, rows.iter().filter_map(|row| row.handler_id))?;
    let clocks: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let cases: Vec<i64> = rows.iter().map(|row| row.case_id).collect();
    let extended = control::extensions_of(db, &clocks)?;
    // Of several reminders of a clock the newest stays.
    let mut asked: HashMap<i64, Reminder> =
        reminders::of_cases(db, &cases)?.into_iter().map(|reminder| (reminder.clock_id, reminder)).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let calendar = reference.calendar_in(&row.region);
            let overdue = row.due_at <= now;
            Entry {
                unit_id: row.holder_unit_id.or_else(|| registry(reference)),
                handler: row.handler_id.and_then(|id| names.get(&id).cloned()),
                due_on: last_day(row.due_at, calendar),
                overdue,
                days: if overdue {
                    working_days_over(now, row.due_at, calendar)
                } else {
                    working_days_left(now, row.due_at, calendar)
                },
                extensions: extended.get(&row.id).copied().unwrap_or(0),
                reminder: asked.remove(&row.id),
                row,
            }
        })
        .collect())
}

/// Every overdue clock in reach, by unit in the agency's order, the longest overdue first, without cases that complain of
/// the viewer; and whether there are more than are listed.
///
/// # Errors
/// Of the database.
pub fn overdue(
    db: &mut Db,
    reference: &Reference,
    reach: Reach,
    viewer: Option<i64>,
    now: Moment,
) -> Result<(Vec<Entry>, bool)> {
    let slice = Slice {
        registry: reaches_registry(reference, &reach),
        reach,
        purposes: purposes(None),
        after: None,
        until: now,
        viewer,
    };
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let mut rows = control::page(db, &slice, None, most + 1)?;
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    let mut entries = entries(db, reference, rows, now)?;
    let order: HashMap<i64, usize> = reference.units.all().iter().enumerate().map(|(at, unit)| (unit.id, at)).collect();
    entries.sort_by_key(|entry| entry.unit_id.and_then(|id| order.get(&id).copied()));
    Ok((entries, more))
}

/// Every overdue clock of the agency, read once for all who get a part of it.
#[derive(Clone, Debug)]
pub struct Whole {
    entries: Vec<Entry>,
    /// Whom a case complains of: they never see it.
    respondents: HashMap<i64, i64>,
}

impl Whole {
    /// The part of a reach, as [`overdue`] would give it to the viewer.
    #[must_use]
    pub fn part(&self, reach: &Reach, viewer: i64) -> Vec<Entry> {
        let within = |entry: &&Entry| match reach {
            Reach::Agency => true,
            Reach::Units(units) => entry.unit_id.is_some_and(|id| units.contains(&id)),
        };
        let theirs = |entry: &&Entry| self.respondents.get(&entry.row.case_id) != Some(&viewer);
        self.entries.iter().filter(within).filter(theirs).cloned().collect()
    }
}

/// The whole list, where it is no longer than one list may be; otherwise each reader's is read by itself.
///
/// # Errors
/// Of the database.
pub fn whole(db: &mut Db, reference: &Reference, now: Moment) -> Result<Option<Whole>> {
    let (entries, more) = overdue(db, reference, Reach::Agency, None, now)?;
    if more {
        return Ok(None);
    }
    let cases: Vec<i64> = entries.iter().map(|entry| entry.row.case_id).collect();
    let respondents = control::respondents(db, &cases)?;
    Ok(Some(Whole { entries, respondents }))
}

/// Whether the registry desk, which has what no unit has yet, lies in a reach.
#[must_use]
pub fn reaches_registry(reference: &Reference, reach: &Reach) -> bool {
    match reach {
        Reach::Agency => true,
        Reach::Units(units) => registry(reference).is_some_and(|id| units.contains(&id)),
    }
}

/// The name of the unit on whose desk a clock stands.
#[must_use]
pub fn desk_name(reference: &Reference, holder: Option<i64>, locale: &str) -> String {
    let unit = holder.or_else(|| registry(reference)).and_then(|id| reference.units.get(id));
    unit.map(|unit| unit.name(locale).to_owned()).unwrap_or_default()
}

fn registry(reference: &Reference) -> Option<i64> {
    reference.mailboxes.first().map(|mailbox| mailbox.registry_unit_id)
}
