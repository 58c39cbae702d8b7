//! The desk's lists of cases: which there are, whom each is of use to, and how far it reaches.

use crate::codes;
use crate::domain::staff::{Role, Staff};
use crate::domain::units::Units;

codes! {
    /// A list of cases on the desk.
    Queue {
        /// Received, not registered yet.
        New = "new",
        /// The person's own open cases.
        Mine = "mine",
        /// Open cases of the person's unit and those below it.
        Unit = "unit",
        /// Cases of other units that ask the person's unit for its part (會辦).
        CoHandling = "co-handling",
        /// Replies that wait for approval.
        Review = "review",
        /// Open cases due within some working days.
        DueSoon = "due-soon",
        /// Open cases past their due moment.
        Overdue = "overdue",
        /// Approved replies on paper that wait to be posted.
        ToPost = "to-post",
        /// Every open case of the agency.
        All = "all",
    }
}

/// Which units' cases a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them, also those no unit has yet.
    Agency,
    /// Those of these units.
    Units(Vec<i64>),
}

impl Queue {
    /// The lists that are of use to somebody, in the desk's order. Managers read figures and single cases; they have none.
    #[must_use]
    pub fn of(staff: &Staff) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|queue| staff.is_any(queue.readers())).collect()
    }

    /// The roles it is of use to.
    #[must_use]
    pub const fn readers(self) -> &'static [Role] {
        use Role as R;
        match self {
            Self::New => &[R::Registrar],
            Self::Mine => &[R::Handler],
            Self::Unit => &[R::Handler, R::Supervisor],
            Self::CoHandling => &[R::Handler, R::Supervisor],
            Self::Review => &[R::Supervisor],
            Self::DueSoon | Self::Overdue => &[R::Registrar, R::Handler, R::Supervisor, R::ControlOfficer],
            Self::ToPost => &[R::Registrar, R::Handler, R::Supervisor],
            Self::All => &[R::Registrar, R::ControlOfficer, R::Auditor],
        }
    }

    /// How far the list reaches for somebody.
    #[must_use]
    pub fn reach(self, staff: &Staff, units: &Units) -> Reach {
        let whole = match self {
            Self::New | Self::Mine | Self::All => true,
            Self::Unit | Self::CoHandling | Self::Review => false,
            Self::DueSoon | Self::Overdue | Self::ToPost => staff.is_any(&[Role::Registrar, Role::ControlOfficer]),
        };
        if whole { Reach::Agency } else { Reach::Units(units.subtree(staff.unit_id)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::Unit;

    fn staff(roles: &[Role]) -> Staff {
        Staff {
            id: 1,
            username: "x".into(),
            name: "x".into(),
            unit_id: 2,
            roles: roles.to_vec(),
            email: String::new(),
            phone: String::new(),
            must_change_password: false,
        }
    }

    #[test]
    fn each_role_sees_the_lists_it_works_on() {
        use Queue as Q;
        for (roles, lists) in [
            (&[Role::Manager][..], &[][..]),
            (&[Role::Administrator], &[]),
            (&[Role::Auditor], &[Q::All]),
            (&[Role::Handler], &[Q::Mine, Q::Unit, Q::CoHandling, Q::DueSoon, Q::Overdue, Q::ToPost]),
            (&[Role::Supervisor], &[Q::Unit, Q::CoHandling, Q::Review, Q::DueSoon, Q::Overdue, Q::ToPost]),
            (&[Role::ControlOfficer], &[Q::DueSoon, Q::Overdue, Q::All]),
            (&[Role::Registrar], &[Q::New, Q::DueSoon, Q::Overdue, Q::ToPost, Q::All]),
        ] {
            assert_eq!(Queue::of(&staff(roles)), lists, "{roles:?}");
        }
    }

    #[test]
    fn a_supervisor_who_registers_too_approves_in_the_own_unit_only() {
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
        let both = staff(&[Role::Supervisor, Role::Registrar]);
        assert_eq!(Queue::Review.reach(&both, &units), Reach::Units(vec![2, 3]));
        assert_eq!(Queue::Overdue.reach(&both, &units), Reach::Agency);
        assert_eq!(Queue::Overdue.reach(&staff(&[Role::Handler]), &units), Reach::Units(vec![2, 3]));
    }
}
