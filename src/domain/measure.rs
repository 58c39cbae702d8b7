//! Improvement measures (檢討改進措施): what the agency does so that the same complaints do not come again, by whom and by
//! when, and how it went.

use super::staff::{Role, Staff};
use super::submission::{many_lines, one_line};
use super::units::Units;
use crate::codes;
use crate::error::{Error, FieldError, Result};

codes! {
    /// How far a measure has come.
    MeasureState {
        /// 規劃中.
        Planned = "planned",
        /// 執行中.
        UnderWay = "under_way",
        /// 已完成.
        Done = "done",
        /// 停辦.
        Dropped = "dropped",
    }
}

impl MeasureState {
    /// Whether something still has to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::UnderWay)
    }
}

/// Who may read every measure: those who read the figures.
pub const READERS: &[Role] = &[Role::Manager, Role::ControlOfficer, Role::Auditor];
/// Who plans measures.
pub const PLANNERS: &[Role] = &[Role::Manager, Role::ControlOfficer];

/// Who has a use for the list even while no measure is theirs: readers of the figures, and supervisors for their units.
pub const FOLLOWERS: &[Role] = &[Role::Manager, Role::ControlOfficer, Role::Auditor, Role::Supervisor];

/// The longest title, in characters.
pub const TITLE: usize = 120;
/// The longest cause, action or note, in characters.
pub const TEXT: usize = 4000;
/// Cases that one measure may name.
pub const CASES: usize = 50;

/// What a measure's rights depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The unit that carries it out.
    pub unit_id: i64,
    /// The person who answers for it.
    pub owner_id: Option<i64>,
}

/// Whether `staff` may read a measure: readers of the figures all of them, others their own and, as supervisors, those of
/// their part of the tree.
#[must_use]
pub fn may_read(staff: &Staff, measure: Ownership, units: &Units) -> bool {
    staff.is_any(READERS) || may_step(staff, measure, units)
}

/// Whether `staff` may say how a measure goes: who plans them, its owner, and supervisors of the unit.
#[must_use]
pub fn may_step(staff: &Staff, measure: Ownership, units: &Units) -> bool {
    staff.is_any(PLANNERS)
        || measure.owner_id == Some(staff.id)
        || (staff.is(Role::Supervisor) && units.within(measure.unit_id, staff.unit_id))
}

/// What is planned, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One line.
    pub title: String,
    /// Why: what the figures or the ratings show.
    pub cause: String,
    /// What is done about it.
    pub action: String,
}

impl Plan {
    /// The same without stray white space and hidden characters.
    ///
    /// # Errors
    /// `Invalid` names each text that is missing or too long.
    pub fn tidy(self) -> Result<Self> {
        let plan =
            Self { title: one_line(&self.title), cause: many_lines(&self.cause), action: many_lines(&self.action) };
        let texts = [
            ("title", "measure-title-length", &plan.title, TITLE),
            ("cause", "measure-cause-length", &plan.cause, TEXT),
            ("action", "measure-action-length", &plan.action, TEXT),
        ];
        let wrong: Vec<FieldError> = texts
            .into_iter()
            .filter(|(.., text, most)| text.is_empty() || text.chars().count() > *most)
            .map(|(field, key, ..)| FieldError::new(field, key))
            .collect();
        if wrong.is_empty() { Ok(plan) } else { Err(Error::Invalid(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_needed_and_bounded() {
        let plan = |title: &str, cause: &str, action: &str| {
            Plan { title: title.into(), cause: cause.into(), action: action.into() }.tidy()
        };
        let whole = plan(" 加裝\n路燈 ", "燈號不足\r\n", "年底前改善").unwrap();
        assert_eq!((whole.title.as_str(), whole.cause.as_str()), ("加裝 路燈", "燈號不足"));
        let Err(Error::Invalid(wrong)) = plan("", " ", &"長".repeat(TEXT + 1)) else { panic!("accepted") };
        assert_eq!(wrong.iter().map(|e| e.field).collect::<Vec<_>>(), ["title", "cause", "action"]);
        // Each sentence names its field: the summary above a form has them alone.
        let told: std::collections::BTreeSet<&str> = wrong.iter().map(|e| e.message.key).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(plan(&"長".repeat(TITLE), "因", &"長".repeat(TEXT)).is_ok());
    }
}
