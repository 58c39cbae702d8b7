//! Work under a lease: one node at a time, and for as long as the work takes. While it runs, the lease is renewed well
//! before it ends; when the process dies, nobody renews it, and another node goes on after it. Beside it, work that needs no
//! lease, because every node claims what it works on.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::clock::Clock;
use crate::domain::time::Moment;
use crate::error::{Message, Result};
use crate::keys::random_word;
use crate::store::{Store, leases};

use super::outcome;

/// Runs `work` if the lease of that name is free; `None` when somebody else holds it. `seconds` is how long it stands
/// without being renewed.
///
/// # Errors
/// What the work says, which the lease keeps too; of the database.
pub fn under_lease(
    store: &Store,
    clock: &Clock,
    name: &'static str,
    seconds: i64,
    work: impl FnOnce(Moment) -> Result<Message>,
) -> Result<Option<Message>> {
    let now = clock.now();
    let (until, holder) = (now.plus_seconds(seconds), random_word::<10>()?);
    let Some(epoch) = store.write(move |db| leases::take(db, name, &holder, now, until))? else {
        return Ok(None);
    };
    let (working, done) = channel::<()>();
    let result = std::thread::scope(|scope| {
        // Dropped when the work is done, also by a panic: then the renewing ends too.
        let _working = working;
        let (store, clock) = (store.clone(), clock.clone());
        scope.spawn(move || renew(&store, &clock, name, epoch, seconds, &done));
        work(now)
    });
    let (ended, text) = (clock.now(), outcome::stored(&result));
    store.write(move |db| leases::release(db, name, epoch, ended, &text))?;
    result.map(Some)
}

/// Runs `work` whoever else runs it, and keeps what came of it where leases keep it.
///
/// # Errors
/// What the work says; of the database.
pub fn side_by_side(
    store: &Store,
    clock: &Clock,
    name: &'static str,
    work: impl FnOnce(Moment) -> Result<Message>,
) -> Result<Message> {
    let started = clock.now();
    let result = work(started);
    let (ended, text) = (clock.now(), outcome::stored(&result));
    store.write(move |db| leases::ran(db, name, started, ended, &text))?;
    result
}

/// Renews the lease at each third of its time, so that one renewal may fail.
fn renew(store: &Store, clock: &Clock, name: &'static str, epoch: i64, seconds: i64, done: &Receiver<()>) {
    let third = Duration::from_millis(u64::try_from(seconds).unwrap_or(0).max(1) * 1000 / 3);
    while done.recv_timeout(third) == Err(RecvTimeoutError::Timeout) {
        let until = clock.now().plus_seconds(seconds);
        match store.write(move |db| leases::renew(db, name, epoch, until)) {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(job = name, "another node has taken the lease over");
                return;
            }
            Err(e) => tracing::warn!(job = name, error = %e, "the lease was not renewed"),
        }
    }
}
