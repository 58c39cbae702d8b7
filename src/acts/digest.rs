//! The morning's digest: what a person is to be told of clocks, gathered into one letter a person and office morning. What
//! was finished or moved before the morning is not told; what no longer concerns somebody who is away goes to whoever
//! stands in for them.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::acts::control_list::desk_name;
use crate::acts::deputies::readers;
use crate::acts::watch::watch;
use crate::acts::{Office, rights_of};
use crate::domain::calendar::Calendar;
use crate::domain::letter::{ClockLine, Letter};
use crate::domain::policy::ClockPurpose;
use crate::domain::rights::may_see;
use crate::domain::staff::Staff;
use crate::domain::standing_in::Away;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, morning, next_open, working_days_left, working_days_over};
use crate::error::{Error, Result};
use crate::store::control::{self, ClockRow};
use crate::store::letters::{NewLetter, Recipient, insert};
use crate::store::reference::Reference;
use crate::store::warnings::{self, NewWarning, Waiting};
use crate::store::{Db, absences, cases, lists, staff};

/// What the guard against a second letter calls it.
const KIND: &str = "digest";
/// Lines in a letter; the rest stands on the desk.
const MOST_LINES: usize = 100;

/// Sends the digests that are due. Returns how many letters are owed.
///
/// # Errors
/// Of the database.
pub fn digest(office: &Office, now: Moment) -> Result<usize> {
    // After the sweep of the same morning, whoever ran it: what it has not looked at yet is looked at here.
    let swept = match watch(office, now) {
        Err(e @ (Error::Unavailable(_) | Error::Contended(_))) => return Err(e),
        swept => swept,
    };
    let away = office.store.read(|db| absences::away_on(db, now.date_in(&office.zone)))?;
    for person in office.store.read(warnings::readers)? {
        let (office, away) = (office.clone(), away.clone());
        office.store.clone().write(move |db| pass_on(db, &office, &away, person, now))?;
    }
    let mut sent = 0;
    for person in office.store.read(warnings::readers)? {
        let office = office.clone();
        sent += usize::from(office.store.clone().write(move |db| tell(db, &office, person, now))?);
    }
    swept.map(|_| sent)
}

/// When the day's letters go out where somebody works, if they may go out now.
fn morning_of(calendar: &Calendar, now: Moment) -> Option<(Date, Moment)> {
    let today = now.date_in(calendar.zone());
    let morning = morning(today, calendar);
    (morning <= now && next_open(now, calendar) <= now).then_some((today, morning))
}

/// What waits for somebody who is away by now, or has left, goes to those who stand in.
fn pass_on(db: &mut Db, office: &Office, away: &Away, staff_id: i64, now: Moment) -> Result<()> {
    let row = staff::get(db, staff_id)?;
    if row.active && !away.is_away(staff_id) {
        return Ok(());
    }
    let reference = office.reference(db)?;
    let Some((_, morning)) = morning_of(reference.calendar_of(Some(row.unit_id)), now) else { return Ok(()) };
    let person = row.person()?;
    // Who has left is away for good and named no deputy.
    let gone = if row.active { away.clone() } else { away.clone().with(staff_id) };
    for waiting in warnings::waiting(db, staff_id, morning)? {
        let case = cases::get(db, waiting.case_id)?;
        let rights = rights_of(db, &case, None)?;
        let may = |person: &Staff| may_see(person, &rights, &reference.units);
        let told = readers(db, &reference.units, &gone, std::slice::from_ref(&person), may)?;
        if told.iter().any(|told| told.person.id == staff_id) || !warnings::take(db, waiting.id)? {
            continue;
        }
        for told in told {
            let for_id = waiting.for_id.or(Some(staff_id));
            warnings::insert(db, &again(&waiting, told.person.id, for_id))?;
        }
    }
    Ok(())
}

fn again(waiting: &Waiting, staff_id: i64, for_id: Option<i64>) -> NewWarning {
    NewWarning {
        staff_id,
        for_id: for_id.filter(|id| *id != staff_id),
        case_id: waiting.case_id,
        clock_id: waiting.clock_id,
        kind: waiting.kind.clone(),
        due_at: waiting.due_at,
        at: waiting.at,
        told_at: None,
    }
}

/// One person's letter: the rows it tells and the letter are one transaction.
fn tell(db: &mut Db, office: &Office, staff_id: i64, now: Moment) -> Result<bool> {
    let row = staff::get(db, staff_id)?;
    let reference = office.reference(db)?;
    let Some((today, morning)) = morning_of(reference.calendar_of(Some(row.unit_id)), now) else { return Ok(false) };
    if warnings::was_gathered(db, KIND, staff_id, today)? {
        return Ok(false);
    }
    let waiting = warnings::waiting(db, staff_id, morning)?;
    let (ids, lines) = still_true(db, &reference, waiting, now)?;
    if lines.is_empty() || !warnings::first_gathered(db, KIND, staff_id, today, now)? {
        return Ok(false);
    }
    warnings::told(db, &ids, now)?;
    if !row.active || row.email.is_empty() {
        return Ok(false);
    }
    let letter = letter(db, &reference, lines, now)?;
    insert(
        db,
        &office.keys,
        &NewLetter {
            letter: &letter,
            to: Recipient::Staff(staff_id),
            locale: "zh-TW",
            case_id: None,
            submission_id: None,
            reply_id: None,
            link: None,
            query_code: None,
            by_post: false,
        },
        now,
    )?;
    Ok(true)
}

/// A clock that is told of, and for whom the reader stands in.
type Told = (ClockRow, Option<i64>);

/// The warnings that still hold, one a clock, with the ids of all that are told by them. What is finished is taken away;
/// what moved is forgotten; what stands still meanwhile waits on.
fn still_true(db: &mut Db, reference: &Reference, waiting: Vec<Waiting>, now: Moment) -> Result<(Vec<i64>, Vec<Told>)> {
    let clocks: Vec<i64> = waiting.iter().map(|w| w.clock_id).collect();
    let cases: Vec<i64> = waiting.iter().map(|w| w.case_id).collect();
    let (rows, standing) = (control::of_ids(db, &clocks)?, control::standing(db, &cases)?);
    let (mut ids, mut lines, mut listed) = (Vec::new(), Vec::new(), HashSet::new());
    for warning in waiting {
        let Some(row) = rows.get(&warning.clock_id).filter(|row| row.finished_at.is_none()) else {
            warnings::take(db, warning.id)?;
            continue;
        };
        if row.due_at != warning.due_at {
            warnings::take(db, warning.id)?;
            warnings::forget_notice(db, &warning)?;
        } else if !(stands(row.purpose) && standing.contains(&(row.case_id, row.round))) {
            ids.push(warning.id);
            if listed.insert(row.id) {
                lines.push((row.clone(), warning.for_id));
            }
        }
    }
    lines.sort_by_key(|(row, _)| (state(reference, row, now), row.due_at, row.id));
    Ok((ids, lines))
}

/// Whether a pause stops such a clock.
const fn stands(purpose: ClockPurpose) -> bool {
    matches!(purpose, ClockPurpose::Reply | ClockPurpose::Ceiling)
}

/// Where a clock stands in the letter: 0 overdue, 1 today, 2 soon.
fn state(reference: &Reference, row: &ClockRow, now: Moment) -> u8 {
    let calendar = reference.calendar_in(&row.region);
    if row.due_at <= now {
        0
    } else if last_day(row.due_at, calendar) == now.date_in(calendar.zone()) {
        1
    } else {
        2
    }
}

fn letter(db: &mut Db, reference: &Reference, rows: Vec<Told>, now: Moment) -> Result<Letter> {
    let people = rows.iter().flat_map(|(row, for_id)| [row.handler_id, *for_id]).flatten();
    let names = lists::names(db, people)?;
    let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
    let more = i64::try_from(rows.len().saturating_sub(MOST_LINES)).unwrap_or(i64::MAX);
    let mut sections = [Vec::new(), Vec::new(), Vec::new()];
    for (row, for_id) in rows.into_iter().take(MOST_LINES) {
        let calendar = reference.calendar_in(&row.region);
        let state = state(reference, &row, now);
        let line = ClockLine {
            number: row.number.clone().unwrap_or_default(),
            subject: row.subject.clone(),
            unit: desk_name(reference, row.holder_unit_id, "zh-TW"),
            handler: name(row.handler_id),
            purpose: row.purpose,
            due_on: last_day(row.due_at, calendar),
            days: if state == 0 {
                working_days_over(now, row.due_at, calendar)
            } else {
                working_days_left(now, row.due_at, calendar)
            },
            for_whom: name(for_id),
            asked_on: None,
            explained: false,
        };
        if let Some(section) = sections.get_mut(usize::from(state)) {
            section.push(line);
        }
    }
    let [overdue, today, soon] = sections;
    Ok(Letter::Digest { overdue, today, soon, more })
}
