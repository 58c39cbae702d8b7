//! The nudge: a write that leaves letters to be sent rings a bell once it is committed, so that they need not wait for the
//! next tick. Writes run on one thread from their first statement to their commit, and the mark is that thread's; a mark
//! of a write that was rolled back costs one look at an empty outbox.

use std::cell::Cell;
use std::sync::Arc;

use tokio::sync::Notify;

thread_local! {
    static OWED: Cell<bool> = const { Cell::new(false) };
}

/// A bell. Rung any number of times before somebody listens, it is heard once. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it has been rung since it was last heard.
    pub async fn heard(&self) {
        self.0.notified().await;
    }
}

/// The write that runs on this thread leaves something to be sent.
pub(super) fn owed() {
    OWED.set(true);
}

/// After a commit: rings when one of the writes in it left something to be sent.
pub(super) fn committed(bell: &Bell) {
    if OWED.take() {
        bell.ring();
    }
}

/// After a rollback: nothing is owed.
pub(super) fn rolled_back() {
    OWED.set(false);
}
