//! The weekly list of what is overdue, mailed to control officers and supervisors on the first office morning of the week:
//! once a week and person, however often it is asked for.

use jiff::civil::Date;

use crate::acts::Office;
use crate::acts::control_list::{Entry, desk_name, overdue, whole};
use crate::domain::control::{WEEKLY, reach};
use crate::domain::letter::{ClockLine, Letter, UnitLines};
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
    let lists = office.store.read(|db| {
        let reference = office.reference(db)?;
        due(db, &reference, now)
    })?;
    let mut sent = 0;
    for List { reader, monday, letter } in lists {
        let office = office.clone();
        sent += usize::from(office.store.clone().write(move |db| {
            let first = warnings::first_gathered(db, KIND, reader, monday, now)?;
            match &letter {
                Some(letter) if first => owe(db, &office, reader, letter, now).map(|()| true),
                // Nothing overdue in their reach: no letter this week.
                _ => Ok(false),
            }
        })?);
    }
    Ok(sent)
}

/// A list whose morning has come and that its reader has not had; without a letter when there is nothing on it.
struct List {
    reader: i64,
    monday: Date,
    letter: Option<Letter>,
}

fn due(db: &mut Db, reference: &Reference, now: Moment) -> Result<Vec<List>> {
    let mut readers = Vec::new();
    for row in staff::all(db)?.into_iter().filter(|row| row.active && !row.email.is_empty()) {
        let person = row.person()?;
        if person.is_any(WEEKLY)
            && let Some(monday) = week_due(db, reference, &person, now)?
        {
            readers.push((person, monday));
        }
    }
    if readers.is_empty() {
        return Ok(Vec::new());
    }
    let whole = whole(db, reference, now)?;
    let list = |(person, monday): (Staff, Date)| {
        let reach = reach(&person, &reference.units);
        let entries = match &whole {
            Some(whole) => whole.part(&reach, person.id),
            None => overdue(db, reference, reach, Some(person.id), now)?.0,
        };
        let zone = reference.calendar_of(Some(person.unit_id)).zone();
        let letter = (!entries.is_empty()).then(|| letter(reference, monday, &entries, zone));
        Ok(List { reader: person.id, monday, letter })
    };
    readers.into_iter().map(list).collect()
}

/// The Monday of the week whose list somebody has not had, if its morning has come.
fn week_due(db: &mut Db, reference: &Reference, person: &Staff, now: Moment) -> Result<Option<Date>> {
    let calendar = reference.calendar_of(Some(person.unit_id));
    let Some((monday, morning)) = first_office_morning(now, calendar) else { return Ok(None) };
    if now < morning || next_open(now, calendar) > now || warnings::was_gathered(db, KIND, person.id, monday)? {
        return Ok(None);
    }
    Ok(Some(monday))
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
