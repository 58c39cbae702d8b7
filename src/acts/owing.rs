//! Letters that acts owe: to the petitioner by e-mail or on paper, to staff by e-mail.

use crate::acts::Office;
use crate::domain::case::ReplyBy;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::reply::way;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::cases::Case;
use crate::store::letters::{NewLetter, Recipient, insert};
use crate::store::{Db, parties, staff};

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

/// Owes members of staff a notice about the case, each once.
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
    let mut told: Vec<i64> = Vec::new();
    for person in people.iter().filter(|p| !p.email.is_empty()) {
        if told.contains(&person.id) {
            continue;
        }
        told.push(person.id);
        insert(
            db,
            &office.keys,
            &NewLetter {
                letter,
                to: Recipient::Staff(person.id),
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
