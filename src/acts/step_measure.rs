//! Whoever carries a measure out says how it goes: begun, done, dropped, or where it stands.

use crate::acts::Office;
use crate::domain::measure::{MeasureState, TEXT, may_read, may_step};
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::measures;

/// Brings a measure to a state, with words that say why or how far.
///
/// # Errors
/// `NotFound` for those who may not read it, `Refused` for those who may only read; `Invalid` for an empty or very long
/// note; `Conflict` when a colleague was faster.
pub fn step_measure(
    office: &Office,
    now: Moment,
    staff: &Staff,
    id: i64,
    version: i64,
    state: MeasureState,
    note: &str,
) -> Result<()> {
    let (office, staff, note) = (office.clone(), staff.clone(), many_lines(note));
    office.store.clone().write(move |db| {
        let units = &office.reference(db)?.units;
        let owned = measures::get(db, id)?.ownership();
        if !may_read(&staff, owned, units) {
            return Err(Error::NotFound);
        }
        if !may_step(&staff, owned, units) {
            return Err(Error::refused("refused-measure-step"));
        }
        if note.is_empty() || note.chars().count() > TEXT {
            return Err(Error::invalid("note", "measure-note-length"));
        }
        measures::step(db, id, version, (state, &note), staff.id, now)
    })
}
