//! The gate of every act on a case: takes the case with its version, checks the actor's right and the state, and hands
//! the pieces on.

use std::sync::Arc;

use crate::acts::Office;
use crate::acts::deputies::deputy_of;
use crate::domain::case::{State, Verb, after, resting};
use crate::domain::rights::{CaseRights, may};
use crate::domain::staff::{Actor, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::cases::{self, Case};
use crate::store::reference::Reference;
use crate::store::replies::{self, Reply};
use crate::store::{Db, consultations, events, supplements};

/// A case that was taken for an act.
pub struct Gate {
    /// As it was.
    pub before: Case,
    /// As it becomes; [`Gate::done`] writes it.
    pub case: Case,
    /// The reply of its current round.
    pub reply: Option<Reply>,
    /// Reference data.
    pub reference: Arc<Reference>,
    /// Who acts.
    pub actor: Actor,
    verb: Verb,
}

impl Gate {
    /// Takes a case for `verb` by a member of staff who saw `version`.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, or `Refused` with the reason.
    pub fn staff(db: &mut Db, office: &Office, staff: &Staff, verb: Verb, case_id: i64, version: i64) -> Result<Self> {
        let gate = Self::take(db, office, Actor::Staff(staff.clone()), verb, case_id, Some(version))?;
        let rights = rights_of(db, &gate.before, gate.reply.as_ref())?;
        may(staff, verb, &rights, &gate.reference.units)?;
        gate.step()
    }

    /// As [`Gate::staff`], also for whoever stands in for the handler on the day of `now`.
    ///
    /// # Errors
    /// As [`Gate::staff`].
    pub fn deputy(
        db: &mut Db,
        office: &Office,
        staff: &Staff,
        verb: Verb,
        case_id: i64,
        version: i64,
        now: Moment,
    ) -> Result<Self> {
        let gate = Self::take(db, office, Actor::Staff(staff.clone()), verb, case_id, Some(version))?;
        let mut rights = rights_of(db, &gate.before, gate.reply.as_ref())?;
        rights.deputy_id = deputy_of(db, &gate.reference.units, &rights, now.date_in(&office.zone))?;
        may(staff, verb, &rights, &gate.reference.units)?;
        gate.step()
    }

    /// Takes a case for the petitioner or the program, who do not depend on its version.
    ///
    /// # Errors
    /// `NotFound`, or `Refused` with the reason.
    pub fn other(db: &mut Db, office: &Office, actor: Actor, verb: Verb, case_id: i64) -> Result<Self> {
        Self::take(db, office, actor, verb, case_id, None)?.step()
    }

    fn take(
        db: &mut Db,
        office: &Office,
        actor: Actor,
        verb: Verb,
        case_id: i64,
        version: Option<i64>,
    ) -> Result<Self> {
        let reference = office.reference(db)?;
        let before = cases::lock(db, case_id, version)?;
        let reply = replies::of_round(db, case_id, before.round)?;
        Ok(Self { case: before.clone(), before, reply, reference, actor, verb })
    }

    fn step(mut self) -> Result<Self> {
        self.case.state = after(self.before.state, self.verb)?;
        Ok(self)
    }

    /// The reply of this round.
    ///
    /// # Errors
    /// `Refused` when there is none yet.
    pub fn reply(&self) -> Result<&Reply> {
        self.reply.as_ref().ok_or_else(|| Error::refused("refused-no-reply"))
    }

    /// The lead unit's name in the case's language and its telephone.
    #[must_use]
    pub fn unit(&self) -> (String, String) {
        unit_of(&self.case, &self.reference)
    }

    /// Writes the case and what happened to it.
    ///
    /// # Errors
    /// Of the database.
    pub fn done(&self, db: &mut Db, now: Moment, facts: &serde_json::Value) -> Result<()> {
        cases::save(db, &self.before, &self.case, now)?;
        let mut facts = facts.clone();
        if let (true, Some(map)) = (self.before.state != self.case.state, facts.as_object_mut()) {
            map.insert("from".into(), self.before.state.code().into());
            map.insert("to".into(), self.case.state.code().into());
        }
        events::append(db, self.case.id, now, self.verb.code(), &self.actor, &facts)
    }

    /// Sets the state of an open case by what it still waits for, and whether it has a handler.
    ///
    /// # Errors
    /// Of the database.
    pub fn rest(&mut self, db: &mut Db) -> Result<()> {
        let petitioner = supplements::open(db, self.case.id)?.is_some();
        let units = !consultations::open(db, self.case.id)?.is_empty();
        self.case.state = resting(petitioner, units, self.case.handler_id.is_some());
        Ok(())
    }

    /// Whether the case was finished before this act.
    #[must_use]
    pub const fn was(&self) -> State {
        self.before.state
    }
}

/// Name and telephone of a case's lead unit, or of the agency while it has none.
#[must_use]
pub fn unit_of(case: &Case, reference: &Reference) -> (String, String) {
    let unit = case.unit_id.and_then(|id| reference.units.get(id));
    unit.map_or_else(
        || (reference.agency.name(&case.locale).to_owned(), reference.agency.phone.clone()),
        |unit| (unit.name(&case.locale).to_owned(), unit.phone.clone()),
    )
}

/// What rights depend on in a case.
///
/// # Errors
/// Of the database.
pub fn rights_of(db: &mut Db, case: &Case, reply: Option<&Reply>) -> Result<CaseRights> {
    let references = cases::references(db, case.id)?;
    Ok(CaseRights {
        unit_id: case.unit_id,
        handler_id: case.handler_id,
        author_id: reply.map(|r| r.author_id),
        respondent_unit_id: references.respondent_unit_id,
        respondent_staff_id: references.respondent_staff_id,
        kind: case.kind,
        confidential: case.confidential,
        consulted: consultations::units_of(db, &[case.id])?.remove(&case.id).unwrap_or_default(),
        deputy_id: None,
    })
}
