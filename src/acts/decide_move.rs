//! A control officer decides on a last day that a changed calendar would take away: it moves to the earlier day, or stays.

use serde_json::Value;

use crate::acts::{Office, counting, measured, moving, rights_of};
use crate::domain::calendar_move::{MoveState, Way, way};
use crate::domain::event::acts;
use crate::domain::rights::may_see;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::{Db, calendar_moves, cases, clocks, events};

/// Who decides.
pub const ROLES: &[Role] = &[Role::ControlOfficer];

/// Decides on a waiting move. `seen` is the earlier due moment that was on the page: nobody accepts another one unseen.
///
/// # Errors
/// `Refused` for other roles and for a clock that ended meanwhile; `NotFound`; `Conflict` when it was decided or measured
/// anew since it was shown.
pub fn decide(office: &Office, now: Moment, staff: &Staff, move_id: i64, seen: Moment, accept: bool) -> Result<()> {
    if !staff.is_any(ROLES) {
        return Err(Error::refused("refused-role"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let found = calendar_moves::get(db, move_id)?;
        let case = cases::lock_for_log(db, found.case_id)?;
        let reference = office.reference(db)?;
        if !may_see(&staff, &rights_of(db, &case, None)?, &reference.units) {
            return Err(Error::NotFound);
        }
        let mut clock = clocks::get(db, found.clock_id)?;
        if clock.finished_at.is_some() {
            return Err(Error::refused("refused-move-finished"));
        }
        let with = counting::measures(db, &reference, &clock, now)?;
        let (old, new) = (measured::dues(&clock), counting::due_moments(&reference, &clock, &with)?);
        if new.1 != seen || way(old, new) != Way::Earlier {
            return Err(Error::Conflict);
        }
        let state = if accept { MoveState::Accepted } else { MoveState::Kept };
        if !calendar_moves::decide(db, move_id, state, Some(staff.id), now)? {
            return Err(Error::Conflict);
        }
        let actor = Actor::Staff(staff.clone());
        if accept {
            return moving::shift(db, &office, &reference, &case, &mut clock, new, (&actor, now));
        }
        let facts = moving::facts(&reference, &clock, old.1, new.1);
        keep(db, case.id, &actor, &facts, now)
    })
}

fn keep(db: &mut Db, case_id: i64, actor: &Actor, facts: &Value, now: Moment) -> Result<()> {
    events::append(db, case_id, now, acts::CALENDAR_KEPT, actor, facts)
}
