//! Replied cases whose rating link has run out are closed. This changes no figure.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::cases::to_close;

/// Cases in one run; the next tick takes the rest.
const BATCH: i64 = 500;

/// Closes what is due. Returns how many.
///
/// # Errors
/// Of the database.
pub fn close(office: &Office, now: Moment) -> Result<usize> {
    let due = office.store.read(|db| to_close(db, now, BATCH))?;
    let mut closed = 0;
    for id in due {
        let office = office.clone();
        let done = office.store.clone().write(move |db| {
            let mut gate = match Gate::other(db, &office, Actor::System, Verb::Close, id) {
                Ok(gate) => gate,
                // Reopened since the list was read.
                Err(Error::Refused(_)) => return Ok(false),
                Err(e) => return Err(e),
            };
            if gate.case.rating_until.is_none_or(|until| until > now) {
                return Ok(false);
            }
            gate.case.closed_at = Some(now);
            gate.done(db, now, &json!({}))?;
            Ok(true)
        })?;
        closed += usize::from(done);
    }
    Ok(closed)
}
