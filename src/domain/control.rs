//! Control (管考): which running clocks the control officer's page shows to whom, and by what it is narrowed.

use crate::codes;
use crate::domain::policy::ClockPurpose;
use crate::domain::queue::Reach;
use crate::domain::staff::{Role, Staff};
use crate::domain::units::Units;

codes! {
    /// Where a running clock stands.
    ControlState {
        /// Its due moment has passed.
        Overdue = "overdue",
        /// It ends within some working days.
        Soon = "soon",
    }
}

/// Who may look at the page and the weekly list.
pub const READERS: &[Role] = &[Role::ControlOfficer, Role::Manager, Role::Supervisor];

/// Who is mailed the weekly list.
pub const WEEKLY: &[Role] = &[Role::ControlOfficer, Role::Supervisor];

/// How far somebody sees: control officers and managers the agency, supervisors their part of the tree.
#[must_use]
pub fn reach(staff: &Staff, units: &Units) -> Reach {
    if staff.is_any(&[Role::ControlOfficer, Role::Manager]) {
        Reach::Agency
    } else {
        Reach::Units(units.subtree(staff.unit_id))
    }
}

/// The part of a reach that lies in the subtree of `unit`.
#[must_use]
pub fn within(reach: &Reach, units: &Units, unit: Option<i64>) -> Reach {
    let Some(unit) = unit else { return reach.clone() };
    let subtree = units.subtree(unit);
    match reach {
        Reach::Agency if subtree.len() == units.all().len() => Reach::Agency,
        Reach::Agency => Reach::Units(subtree),
        Reach::Units(own) => Reach::Units(subtree.into_iter().filter(|id| own.contains(id)).collect()),
    }
}

/// The purposes a choice means: one, or all.
#[must_use]
pub fn purposes(chosen: Option<ClockPurpose>) -> Vec<ClockPurpose> {
    chosen.map_or_else(|| ClockPurpose::ALL.to_vec(), |purpose| vec![purpose])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::Unit;

    fn staff(role: Role) -> Staff {
        Staff {
            id: 1,
            username: "x".into(),
            name: "x".into(),
            unit_id: 2,
            roles: vec![role],
            email: String::new(),
            phone: String::new(),
            must_change_password: false,
        }
    }

    #[test]
    fn a_filter_never_reaches_beyond_what_one_may_see() {
        let unit = |id, parent_id| Unit {
            id,
            code: format!("u{id}"),
            parent_id,
            name_zh: String::new(),
            name_en: String::new(),
            phone: String::new(),
            active: true,
            region: String::new(),
        };
        let units = Units::new(vec![unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, Some(1))]);
        assert_eq!(reach(&staff(Role::ControlOfficer), &units), Reach::Agency);
        assert_eq!(reach(&staff(Role::Manager), &units), Reach::Agency);
        let own = reach(&staff(Role::Supervisor), &units);
        assert_eq!(own, Reach::Units(vec![2, 3]));
        for (unit, all, supervisor) in [
            (None, Reach::Agency, vec![2, 3]),
            (Some(1), Reach::Agency, vec![2, 3]),
            (Some(3), Reach::Units(vec![3]), vec![3]),
            (Some(4), Reach::Units(vec![4]), vec![]),
            (Some(9), Reach::Units(vec![]), vec![]),
        ] {
            assert_eq!(within(&Reach::Agency, &units, unit), all, "{unit:?}");
            assert_eq!(within(&own, &units, unit), Reach::Units(supervisor), "{unit:?}");
        }
    }
}
