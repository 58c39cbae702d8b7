//! Who is told what concerns people of whom some are away: their deputies, and where there is none who may see the case,
//! the supervisors in charge.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::rights::{CaseRights, may_see};
use crate::domain::staff::{Role, Staff};
use crate::domain::standing_in::{Away, Reader};
use crate::domain::units::Units;
use crate::error::Result;
use crate::store::{Db, absences, staff};

/// Somebody who is told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Who.
    pub person: Staff,
    /// In whose place.
    pub for_whom: Option<Staff>,
}

/// Who is told instead of `people`, each once; nobody who may not (`may`).
///
/// # Errors
/// Of the database.
pub fn readers(
    db: &mut Db,
    units: &Units,
    away: &Away,
    people: &[Staff],
    may: impl Fn(&Staff) -> bool,
) -> Result<Vec<Told>> {
    let mut told: Vec<Told> = Vec::new();
    let (absent, here): (Vec<&Staff>, Vec<&Staff>) =
        people.iter().filter(|person| may(person)).partition(|person| away.is_away(person.id));
    // In their own right before anybody is told in another's place.
    for person in here {
        add(&mut told, person, None);
    }
    if absent.is_empty() {
        return Ok(told);
    }
    let everybody = active(db)?;
    for person in absent {
        match away.reader_for(person.id, |id| everybody.get(&id).is_some_and(&may)) {
            Reader::Deputy(id) => {
                if let Some(deputy) = everybody.get(&id) {
                    add(&mut told, deputy, Some(person));
                }
            }
            Reader::Themself | Reader::Nobody => {
                let supervisors = in_charge(&everybody, units, away, person, &may);
                if supervisors.is_empty() {
                    // Better told on leave than nobody at all.
                    add(&mut told, person, None);
                }
                supervisors.into_iter().for_each(|supervisor| add(&mut told, supervisor, Some(person)));
            }
        }
    }
    Ok(told)
}

/// Who stands in for a case's handler on a day, where that is somebody who may see the case; `None` also while they are there.
///
/// # Errors
/// Of the database.
pub fn deputy_of(db: &mut Db, units: &Units, rights: &CaseRights, day: Date) -> Result<Option<i64>> {
    let Some(handler) = rights.handler_id else { return Ok(None) };
    let away = absences::away_on(db, day)?;
    if !away.is_away(handler) {
        return Ok(None);
    }
    let everybody = active(db)?;
    let may = |id: i64| everybody.get(&id).is_some_and(|person| may_see(person, rights, units));
    Ok(match away.reader_for(handler, may) {
        Reader::Deputy(id) => Some(id),
        Reader::Themself | Reader::Nobody => None,
    })
}

fn add(told: &mut Vec<Told>, person: &Staff, for_whom: Option<&Staff>) {
    if told.iter().all(|known| known.person.id != person.id) {
        told.push(Told { person: person.clone(), for_whom: for_whom.cloned() });
    }
}

fn active(db: &mut Db) -> Result<HashMap<i64, Staff>> {
    let rows = staff::all(db)?.into_iter().filter(|row| row.active);
    rows.map(|row| row.person().map(|person| (person.id, person))).collect()
}

/// The supervisors of the person's unit who are there, or those of the nearest unit above that has one.
fn in_charge<'a>(
    everybody: &'a HashMap<i64, Staff>,
    units: &Units,
    away: &Away,
    person: &Staff,
    may: &impl Fn(&Staff) -> bool,
) -> Vec<&'a Staff> {
    let mut at = Some(person.unit_id);
    for _ in 0..=units.all().len() {
        let Some(unit) = at else { break };
        let mut found: Vec<&Staff> = everybody
            .values()
            .filter(|other| other.unit_id == unit && other.id != person.id && other.is(Role::Supervisor))
            .filter(|other| !away.is_away(other.id) && may(other))
            .collect();
        if !found.is_empty() {
            found.sort_by_key(|other| other.id);
            return found;
        }
        at = units.get(unit).and_then(|unit| unit.parent_id);
    }
    Vec::new()
}
