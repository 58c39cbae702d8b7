//! Leave: who is away from when to when, and who stands in. Everyone enters their own; a supervisor enters it for the
//! people of the own part of the tree.

use jiff::civil::Date;

use crate::acts::Office;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::error::{Error, FieldError, Result};
use crate::store::{Db, absences, staff as staff_store};

/// The longest leave, in days.
const LONGEST: i32 = 400;

/// What was entered.
#[derive(Clone, Copy, Debug)]
pub struct Leave {
    /// Who is away.
    pub staff_id: i64,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Who stands in.
    pub deputy_id: Option<i64>,
}

/// Whether `staff` may enter leave for `person`.
#[must_use]
pub fn may_enter(staff: &Staff, person: &Staff, units: &Units) -> bool {
    staff.id == person.id || (staff.is(Role::Supervisor) && units.within(person.unit_id, staff.unit_id))
}

/// Whether `deputy` may be named for `person`: somebody of the same branch or division who is at work on cases too.
#[must_use]
pub fn may_stand_in(deputy: &Staff, person: &Staff, units: &Units) -> bool {
    let division = |id| units.division(id).map(|unit| unit.id);
    let works = [Role::Registrar, Role::Handler, Role::Supervisor, Role::ControlOfficer, Role::Manager];
    deputy.id != person.id && deputy.is_any(&works) && division(deputy.unit_id) == division(person.unit_id)
}

/// Enters leave; its id.
///
/// # Errors
/// `Invalid` for days in the past or in the wrong order and for a deputy who cannot be one; `Refused` for somebody else's
/// leave; `NotFound` for nobody.
pub fn enter(office: &Office, now: Moment, staff: &Staff, leave: &Leave) -> Result<i64> {
    let (office, staff, leave) = (office.clone(), staff.clone(), *leave);
    office.store.clone().write(move |db| {
        let reference = office.reference(db)?;
        let person = person(db, leave.staff_id)?;
        if !may_enter(&staff, &person, &reference.units) {
            return Err(Error::refused("refused-absence"));
        }
        check(&leave, now.date_in(&office.zone))?;
        if let Some(id) = leave.deputy_id {
            let wrong = || Error::invalid("deputy_id", "absence-deputy");
            let deputy = person_or(db, id, wrong)?;
            if !may_stand_in(&deputy, &person, &reference.units) {
                return Err(wrong());
            }
        }
        absences::insert(db, leave.staff_id, (leave.from, leave.to), leave.deputy_id, staff.id, now)
    })
}

/// Ends leave: from today on the person is there again; leave that has not begun is taken away.
///
/// # Errors
/// `Refused` for somebody else's leave; `NotFound` when there is none or it is over.
pub fn end(office: &Office, now: Moment, staff: &Staff, id: i64) -> Result<()> {
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let reference = office.reference(db)?;
        let absence = absences::get(db, id)?;
        let person = staff_store::get(db, absence.staff_id)?.person()?;
        if !may_enter(&staff, &person, &reference.units) {
            return Err(Error::refused("refused-absence"));
        }
        let today = now.date_in(&office.zone);
        if absence.days()?.1 < today {
            return Err(Error::NotFound);
        }
        absences::end_before(db, &absence, today)
    })
}

fn check(leave: &Leave, today: Date) -> Result<()> {
    let mut wrong = Vec::new();
    if leave.to < leave.from {
        wrong.push(FieldError::new("to", "absence-order"));
    } else if leave.to < today {
        wrong.push(FieldError::new("to", "absence-past"));
    } else if leave.from.until(leave.to).map_or(i32::MAX, |span| span.get_days()) > LONGEST {
        wrong.push(FieldError::new("to", "absence-long"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn person(db: &mut Db, id: i64) -> Result<Staff> {
    person_or(db, id, || Error::NotFound)
}

fn person_or(db: &mut Db, id: i64, none: impl Fn() -> Error) -> Result<Staff> {
    match staff_store::get(db, id) {
        Ok(row) if row.active => row.person(),
        Ok(_) | Err(Error::NotFound) => Err(none()),
        Err(e) => Err(e),
    }
}
