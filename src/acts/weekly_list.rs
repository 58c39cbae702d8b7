//! The weekly list of what is overdue, mailed to control officers and supervisors on the first office morning of the week:
//! once a week and person, however often it is asked for.

use jiff::civil::Date;

use crate::acts::Office;
use crate::acts::control_list::{Entry, Whole, desk_name, overdue, whole};
use crate::domain::control::{WEEKLY, reach};
use crate::domain::letter::{ClockLine, Letter, UnitLines};
use crate::domain::queue::Reach;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::domain::watch::{first_office_morning, next_open};
use crate::error::Result;
use crate::store::letters::{NewLetter, Recipient, insert};
use crate::store::reference::Reference;
use crate::store::{Db, staff, warnings};

/// What the guard against a second letter calls it.
const KIND: &str = "weekly_list";
/// Lines in the letter; the list to print has more.
const MOST_LINES: usize = 60;

/// Sends the lists that are due. Returns how many letters are owed.
///
/// # Errors
/// Of the database.
pub fn weekly_list(office: &Office, now: Moment) -> Result<usize> {
    let readers = office.store.read(|db| {
        let rows = staff::all(db)?.into_iter().filter(|row| row.active && !row.email.is_empty());
        let people = rows.map(|row| row.person()).collect::<Result<Vec<Staff>>>()?;
        Ok(people.into_iter().filter(|person| person.is_any(WEEKLY)).collect::<Vec<_>>())
    })?;
    let (mut sent, mut common) = (0, Common::Unread);
    for person in readers {
        let list = office.store.read(|db| {
            let reference = office.reference(db)?;
            list_for(db, &reference, &person, now, &mut common)
        })?;
        let Some((monday, letter)) = list else { continue };
        let (office, person) = (office.clone(), person.id);
        sent += usize::from(office.store.clone().write(move |db| {
            let first = warnings::first_gathered(db, KIND, person, monday, now)?;
            match &letter {
                Some(letter) if first => owe(db, &office, person, letter, now).map(|()| true),
                // Nothing overdue in their reach: no letter this week.
                _ => Ok(false),
            }
        })?);
    }
    Ok(sent)
}

/// What all lists of one run are parts of.
enum Common {
    /// Nobody needed it yet.
    Unread,
    /// Read; `None` where there is more than fits a list.
    Read(Option<Whole>),
}

impl Common {
    fn part(
        &mut self,
        db: &mut Db,
        reference: &Reference,
        reach: Reach,
        person: &Staff,
        now: Moment,
    ) -> Result<Vec<Entry>> {
        if matches!(self, Self::Unread) {
            *self = Self::Read(whole(db, reference, now)?);
        }
        match self {
            Self::Read(Some(whole)) => Ok(whole.part(&reach, person.id).cloned().collect()),
            _ => Ok(overdue(db, reference, reach, person.id, now)?.0),
        }
    }
}

/// The week whose list somebody has not had, if its morning has come; and the list, if there is anything on it.
fn list_for(
    db: &mut Db,
    reference: &Reference,
    person: &Staff,
    now: Moment,
    common: &mut Common,
) -> Result<Option<(Date, Option<Letter>)>> {
    let calendar = reference.calendar_of(Some(person.unit_id));
    let Some((monday, morning)) = first_office_morning(now, calendar) else { return Ok(None) };
    if now < morning || next_open(now, calendar) > now || warnings::was_gathered(db, KIND, person.id, monday)? {
        return Ok(None);
    }
    let entries = common.part(db, reference, reach(person, &reference.units), person, now)?;
    Ok(Some((monday, (!entries.is_empty()).then(|| letter(reference, monday, &entries, calendar.zone())))))
}

fn letter(reference: &Reference, week_of: Date, entries: &[Entry], zone: &jiff::tz::TimeZone) -> Letter {
    let waits = |entry: &&Entry| entry.reminder.as_ref().is_some_and(|reminder| reminder.explained_at.is_none());
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut units: Vec<UnitLines> = Vec::new();
    for entry in entries.iter().take(MOST_LINES) {
        let unit = desk_name(reference, entry.unit_id, "zh-TW");
        let line = ClockLine {
            number: entry.row.number.clone().unwrap_or_default(),
            subject: entry.row.subject.clone(),
            unit: unit.clone(),
            handler: entry.handler.clone(),
            purpose: entry.row.purpose,
            due_on: entry.due_on,
            days: entry.days,
            for_whom: None,
            asked_on: entry.reminder.as_ref().map(|reminder| reminder.asked_at.date_in(zone)),
            explained: entry.reminder.as_ref().is_some_and(|reminder| reminder.explained_at.is_some()),
        };
        match units.last_mut() {
            Some(last) if last.unit == unit => last.lines.push(line),
            _ => units.push(UnitLines { unit, lines: vec![line] }),
        }
    }
    Letter::WeeklyList {
        week_of,
        count: number(entries.len()),
        unexplained: number(entries.iter().filter(waits).count()),
        units,
        more: number(entries.len().saturating_sub(MOST_LINES)),
    }
}

fn owe(db: &mut Db, office: &Office, staff_id: i64, letter: &Letter, now: Moment) -> Result<()> {
    let new = NewLetter {
        letter,
        to: Recipient::Staff(staff_id),
        locale: "zh-TW",
        case_id: None,
        submission_id: None,
        reply_id: None,
        link: None,
        query_code: None,
        by_post: false,
    };
    insert(db, &office.keys, &new, now).map(|_| ())
}
