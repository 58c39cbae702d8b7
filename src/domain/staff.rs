//! The people of the agency: roles, the signed-in member of staff, and who is behind an act.

use serde::{Deserialize, Serialize};

use crate::codes;

codes! {
    /// What a member of staff may do.
    Role {
        /// Registry desk (登記桌): registers, classifies, assigns.
        Registrar = "registrar",
        /// Handler (承辦人): works on cases of the own unit and those below it.
        Handler = "handler",
        /// Supervisor (單位主管): assigns and approves in the own unit and those below it.
        Supervisor = "supervisor",
        /// Control officer (研考、管考): watches every deadline.
        ControlOfficer = "control_officer",
        /// Management: reads the figures.
        Manager = "manager",
        /// Administrator: accounts, calendar, jobs; no case matter.
        Administrator = "administrator",
        /// Auditor: reads history, changes nothing.
        Auditor = "auditor",
    }
}

/// A member of staff as acts and pages know them (no password in it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Row id.
    pub id: i64,
    /// Name to sign in with.
    pub username: String,
    /// Name as letters show it.
    pub name: String,
    /// The unit they belong to.
    pub unit_id: i64,
    /// Every role they have.
    pub roles: Vec<Role>,
    /// Address for notices.
    pub email: String,
    /// Telephone as letters show it.
    pub phone: String,
    /// Must choose a new password before anything else.
    pub must_change_password: bool,
}

impl Staff {
    /// Whether they have `role`.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether they have one of `roles`.
    #[must_use]
    pub fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.is(*role))
    }
}

/// Roles as the database keeps them: codes with commas.
#[must_use]
pub fn roles_to_text(roles: &[Role]) -> String {
    roles.iter().map(|r| r.code()).collect::<Vec<_>>().join(",")
}

/// Reads [`roles_to_text`]; unknown codes give `None`.
#[must_use]
pub fn roles_from_text(text: &str) -> Option<Vec<Role>> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Role::parse).collect()
}

/// Who does an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The petitioner, by a link or by number and query code.
    Petitioner,
    /// A member of staff.
    Staff(Staff),
    /// A job of the program.
    System,
}

impl Actor {
    /// The code that history keeps.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Petitioner => "petitioner",
            Self::Staff(_) => "staff",
            Self::System => "system",
        }
    }

    /// The member of staff's id.
    #[must_use]
    pub const fn staff_id(&self) -> Option<i64> {
        match self {
            Self::Staff(staff) => Some(staff.id),
            Self::Petitioner | Self::System => None,
        }
    }
}
