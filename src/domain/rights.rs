//! Who may do what to which case. One function decides for pages and acts alike, so a button that is shown works and a
//! request that was forged is refused.

use crate::domain::case::{Kind, Verb};
use crate::domain::staff::{Role, Staff};
use crate::domain::units::Units;
use crate::error::{Error, Result};

/// What rights depend on in a case.
#[derive(Clone, Debug)]
pub struct CaseRights {
    /// The lead unit.
    pub unit_id: Option<i64>,
    /// The handler.
    pub handler_id: Option<i64>,
    /// Who wrote the reply that lies before the supervisor.
    pub author_id: Option<i64>,
    /// The unit complained of.
    pub respondent_unit_id: Option<i64>,
    /// The person complained of.
    pub respondent_staff_id: Option<i64>,
    /// The kind of petition.
    pub kind: Kind,
    /// The petitioner asked for confidentiality, or the agency ordered it.
    pub confidential: bool,
    /// The units that were asked for their part, and whether each still is.
    pub consulted: Vec<(i64, bool)>,
    /// Who stands in for the handler today (職務代理人), where an act or page asks for it.
    pub deputy_id: Option<i64>,
}

impl CaseRights {
    fn in_reach_of(&self, staff: &Staff, units: &Units) -> bool {
        self.unit_id.is_some_and(|unit| units.within(unit, staff.unit_id))
    }

    /// Whether `staff` works in a unit that was asked for its part; with `open` one that still is.
    fn is_asked(&self, staff: &Staff, units: &Units, open: bool) -> bool {
        self.consulted.iter().any(|(unit, asked)| (*asked || !open) && units.within(*unit, staff.unit_id))
    }

    /// Whether `staff` is, or sits in, what the petition complains of (domain page: the unit complained about never gets
    /// the name).
    fn complains_of(&self, staff: &Staff, units: &Units) -> bool {
        self.respondent_staff_id == Some(staff.id)
            || self.respondent_unit_id.is_some_and(|unit| units.within(staff.unit_id, unit))
    }
}

/// Whether `staff` may read the matter of the case (not the petitioner's identity): also in a unit that was asked for its
/// part, from then on.
#[must_use]
pub fn may_see(staff: &Staff, case: &CaseRights, units: &Units) -> bool {
    if case.respondent_staff_id == Some(staff.id) {
        return false;
    }
    staff.is_any(&[Role::Registrar, Role::ControlOfficer, Role::Manager, Role::Auditor])
        || (staff.is_any(&[Role::Handler, Role::Supervisor])
            && (case.in_reach_of(staff, units) || case.is_asked(staff, units, false)))
}

/// Whether `staff` may see who the petitioner is. `Some(true)`: only with a reason that is recorded (reports of
/// wrongdoing and confidential cases); `Some(false)`: a look that is logged; `None`: never.
#[must_use]
pub fn may_see_identity(staff: &Staff, case: &CaseRights, units: &Units) -> Option<bool> {
    if !may_see(staff, case, units) || case.complains_of(staff, units) {
        return None;
    }
    let needs_it = staff.is(Role::Registrar)
        || case.handler_id == Some(staff.id)
        || (staff.is(Role::Supervisor) && case.in_reach_of(staff, units));
    needs_it.then_some(case.confidential || case.kind == Kind::Report)
}

/// Whether the case may turn up when `staff` look for a petitioner by name, telephone or e-mail: finding it tells who the
/// petitioner is. A sealed case turns up for those only who may open the identity.
#[must_use]
pub fn may_find(staff: &Staff, case: &CaseRights, units: &Units) -> bool {
    let sealed = case.confidential || case.kind == Kind::Report;
    let at_work = staff.is_any(&[Role::Registrar, Role::ControlOfficer, Role::Handler, Role::Supervisor]);
    at_work
        && may_see(staff, case, units)
        && !case.complains_of(staff, units)
        && (!sealed || may_see_identity(staff, case, units).is_some())
}

/// The rank by which `staff` decide on extensions of the case (分層負責): a supervisor in whose reach it is, the control
/// officer, the agency's management.
#[must_use]
pub fn rank_in(staff: &Staff, case: &CaseRights, units: &Units) -> Option<Role> {
    let supervisor = staff.is(Role::Supervisor) && case.in_reach_of(staff, units);
    if staff.is(Role::Manager) {
        Some(Role::Manager)
    } else if staff.is(Role::ControlOfficer) {
        Some(Role::ControlOfficer)
    } else {
        supervisor.then_some(Role::Supervisor)
    }
}

/// Whether a rank suffices for what another is needed for: supervisor, control officer, manager.
#[must_use]
pub fn outranks(rank: Role, needed: Role) -> bool {
    let step = |role: Role| match role {
        Role::Supervisor => 1,
        Role::ControlOfficer => 2,
        Role::Manager => 3,
        Role::Registrar | Role::Handler | Role::Administrator | Role::Auditor => 0,
    };
    step(rank) > 0 && step(rank) >= step(needed)
}

/// Whether `staff` may do `verb` to the case.
///
/// # Errors
/// `NotFound` when they may not even see it, `Refused` with the reason otherwise.
pub fn may(staff: &Staff, verb: Verb, case: &CaseRights, units: &Units) -> Result<()> {
    if !may_see(staff, case, units) {
        return Err(Error::NotFound);
    }
    let registrar = staff.is(Role::Registrar);
    let control = staff.is(Role::ControlOfficer);
    let supervisor = staff.is(Role::Supervisor) && case.in_reach_of(staff, units);
    let handler = staff.is(Role::Handler) && case.in_reach_of(staff, units);
    let is_handler = case.handler_id == Some(staff.id);
    let (allowed, why_not) = match verb {
        Verb::Register | Verb::Classify => (registrar, "refused-registrar-only"),
        Verb::Assign => (registrar || control || supervisor, "refused-assign"),
        Verb::Take => (handler && (case.handler_id.is_none() || is_handler), "refused-take"),
        Verb::Note => (registrar || control || supervisor || handler, "refused-note"),
        Verb::Draft | Verb::SubmitReply => (is_handler, "refused-not-your-case"),
        Verb::AskSupplement | Verb::Wait | Verb::EndWait | Verb::AskExtension => {
            (is_handler || supervisor, "refused-not-your-case")
        }
        Verb::Consult | Verb::WithdrawConsultation => (is_handler || supervisor || control, "refused-not-your-case"),
        // What came by telephone or letter may reach the registry desk first.
        Verb::SupplementGiven | Verb::SupplementMissing => {
            (is_handler || supervisor || registrar, "refused-not-your-case")
        }
        Verb::AnswerConsultation => (
            staff.is_any(&[Role::Handler, Role::Supervisor, Role::Registrar]) && case.is_asked(staff, units, true),
            "refused-not-asked",
        ),
        Verb::ReturnReply => (supervisor, "refused-supervisor-only"),
        Verb::ApproveByEmail | Verb::ApproveByLetter | Verb::ApproveByPhone | Verb::ApproveOnFile => {
            if supervisor && case.author_id == Some(staff.id) {
                return Err(Error::refused("refused-own-reply"));
            }
            (supervisor, "refused-supervisor-only")
        }
        Verb::MarkPosted | Verb::RecordTold => (registrar || is_handler || supervisor, "refused-not-your-case"),
        // How far each rank reaches is asked with the day: [`rank_in`].
        Verb::Extend | Verb::DeclineExtension => (rank_in(staff, case, units).is_some(), "refused-extend-rank"),
        Verb::Transfer | Verb::NoAction | Verb::Withdraw => (registrar || supervisor, "refused-ending"),
        Verb::Reopen | Verb::KeepClosed => (control || supervisor, "refused-reopen"),
        Verb::RemindHandler => (control, "refused-control-only"),
        // It is asked of whoever stands in, while the handler is away, and has its day.
        Verb::ExplainDelay => (is_handler || supervisor || case.deputy_id == Some(staff.id), "refused-not-your-case"),
        Verb::Rate => (false, "refused-petitioner-only"),
        Verb::Close => (false, "refused-job-only"),
    };
    if allowed { Ok(()) } else { Err(Error::refused(why_not)) }
}
