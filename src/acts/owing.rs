//! Letters that acts owe: to the petitioner by e-mail or on paper, to staff by e-mail, to administrators where something
//! stands still.

use crate::acts::deputies::{Told, readers};
use crate::acts::{Office, rights_of};
use crate::domain::case::ReplyBy;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::reply::way;
use crate::domain::rights::may_see;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::cases::{self, Case};
use crate::store::letters::{NewLetter, Recipient, insert};
use crate::store::reference::Reference;
use crate::store::{Db, absences, parties, staff};

/// What goes with a letter to a petitioner.
#[derive(Clone, Debug, Default)]
pub struct Enclosed<'a> {
    /// The reply it carries.
    pub reply_id: Option<i64>,
    /// A link instead of the one to the status page.
    pub link: Option<Link>,
    /// A query code to print.
    pub query_code: Option<&'a str>,
}

/// Owes the petitioner a letter about the case: by e-mail when they gave an address, otherwise on paper when they gave a
/// postal one, otherwise none.
///
/// # Errors
/// Of the database or the keys.
pub fn petitioner(
    db: &mut Db,
    office: &Office,
    case: &Case,
    letter: &Letter,
    enclosed: Enclosed<'_>,
    now: Moment,
) -> Result<()> {
    let reachable = parties::reachable(db, case.party_id)?;
    let by_post = match enclosed.reply_id {
        Some(_) => way(case.reply_by, reachable) == ReplyBy::Letter,
        None => !reachable.by_email,
    };
    if by_post && !reachable.by_post {
        return Ok(());
    }
    let link = enclosed.link.unwrap_or_else(|| status_link(case.id));
    insert(
        db,
        &office.keys,
        &NewLetter {
            letter,
            to: Recipient::Party(case.party_id),
            locale: &case.locale,
            case_id: Some(case.id),
            submission_id: None,
            reply_id: enclosed.reply_id,
            link: Some(link),
            query_code: enclosed.query_code,
            by_post,
        },
        now,
    )?;
    Ok(())
}

/// Owes members of staff a notice about the case, each once, and whoever stands in for those who are away.
///
/// # Errors
/// Of the database.
pub fn people(
    db: &mut Db,
    office: &Office,
    case_id: i64,
    people: &[Staff],
    letter: &Letter,
    now: Moment,
) -> Result<()> {
    let mut told: Vec<Told> = Vec::new();
    for person in people {
        if told.iter().all(|known| known.person.id != person.id) {
            told.push(Told { person: person.clone(), for_whom: None });
        }
    }
    let away = absences::away_on(db, now.date_in(&office.zone))?;
    if people.iter().any(|person| away.is_away(person.id)) {
        let (case, reference) = (cases::get(db, case_id)?, office.reference(db)?);
        let rights = rights_of(db, &case, None)?;
        // Who stands in is told in addition: what somebody is given stays theirs while they are away.
        let more = readers(db, &reference.units, &away, people, |p| may_see(p, &rights, &reference.units))?;
        for stand_in in more.into_iter().filter(|stand_in| stand_in.for_whom.is_some()) {
            if told.iter().all(|known| known.person.id != stand_in.person.id) {
                told.push(stand_in);
            }
        }
    }
    notify(db, office, case_id, &told, letter, now)
}

/// Owes each of these a notice about the case, which says for whom they stand in.
///
/// # Errors
/// Of the database.
pub fn notify(db: &mut Db, office: &Office, case_id: i64, told: &[Told], letter: &Letter, now: Moment) -> Result<()> {
    for told in told.iter().filter(|told| !told.person.email.is_empty()) {
        let for_whom = told.for_whom.as_ref().map(|person| letter.standing_in(&person.name));
        insert(
            db,
            &office.keys,
            &NewLetter {
                letter: for_whom.as_ref().unwrap_or(letter),
                to: Recipient::Staff(told.person.id),
                locale: "zh-TW",
                case_id: Some(case_id),
                submission_id: None,
                reply_id: None,
                link: Some(link(Purpose::Desk, case_id)),
                query_code: None,
                by_post: false,
            },
            now,
        )?;
    }
    Ok(())
}

/// Owes every administrator who has an address a letter that belongs to no case; it leads to the page of a purpose and row.
/// How many letters.
///
/// # Errors
/// Of the database or the keys.
pub fn administrators(
    db: &mut Db,
    office: &Office,
    letter: &Letter,
    (purpose, row): (Purpose, i64),
    now: Moment,
) -> Result<usize> {
    let people = staff::with_role(db, Role::Administrator)?;
    let readers: Vec<&Staff> = people.iter().filter(|person| !person.email.is_empty()).collect();
    for person in &readers {
        let new = NewLetter {
            letter,
            to: Recipient::Staff(person.id),
            locale: "zh-TW",
            case_id: None,
            submission_id: None,
            reply_id: None,
            link: Some(link(purpose, row)),
            query_code: None,
            by_post: false,
        };
        insert(db, &office.keys, &new, now)?;
    }
    Ok(readers.len())
}

/// The supervisors in charge of a unit: its own, or those of the nearest unit above that has one.
///
/// # Errors
/// Of the database.
pub fn supervisors(db: &mut Db, units: &crate::domain::units::Units, unit_id: i64) -> Result<Vec<Staff>> {
    in_charge(db, units, unit_id, Role::Supervisor)
}

/// Whoever distributes work in a unit: its registrars and supervisors, or those of the nearest unit above.
///
/// # Errors
/// Of the database.
pub fn distributors(db: &mut Db, units: &crate::domain::units::Units, unit_id: i64) -> Result<Vec<Staff>> {
    let own: Vec<Staff> = staff::in_units(db, &[unit_id])?
        .into_iter()
        .filter(|p| p.is_any(&[Role::Registrar, Role::Supervisor]))
        .collect();
    if own.is_empty() { in_charge(db, units, unit_id, Role::Supervisor) } else { Ok(own) }
}

/// Tells whoever has the case: its handler, or those who distribute work in its unit while it has none.
///
/// # Errors
/// Of the database.
pub fn in_charge_of(
    db: &mut Db,
    office: &Office,
    case: &Case,
    reference: &Reference,
    letter: &Letter,
    now: Moment,
) -> Result<()> {
    let readers = having(db, case, reference)?;
    people(db, office, case.id, &readers, letter, now)
}

/// Whoever has the case: its handler, or those who distribute work in its unit while it has none.
///
/// # Errors
/// Of the database.
pub fn having(db: &mut Db, case: &Case, reference: &Reference) -> Result<Vec<Staff>> {
    Ok(match (case.handler_id, case.unit_id) {
        (Some(handler), _) => vec![staff::get(db, handler)?.person()?],
        (None, Some(unit)) => distributors(db, &reference.units, unit)?,
        (None, None) => Vec::new(),
    })
}

fn in_charge(db: &mut Db, units: &crate::domain::units::Units, unit_id: i64, role: Role) -> Result<Vec<Staff>> {
    let mut at = Some(unit_id);
    let mut steps = units.all().len();
    while let (Some(id), true) = (at, steps > 0) {
        let people: Vec<Staff> = staff::in_units(db, &[id])?.into_iter().filter(|p| p.is(role)).collect();
        if !people.is_empty() {
            return Ok(people);
        }
        at = units.get(id).and_then(|u| u.parent_id);
        steps -= 1;
    }
    Ok(Vec::new())
}

fn status_link(case_id: i64) -> Link {
    link(Purpose::Status, case_id)
}

/// A link that opens nothing by itself: the reader signs in or gives number and code.
fn link(purpose: Purpose, row: i64) -> Link {
    Link { purpose, row, nonce: String::new(), expires_at: Moment(i64::MAX) }
}
