//! The one writer of SQLite. A single thread owns the write connection and groups commits: it takes what is queued, runs
//! each act in a savepoint inside one transaction, commits once, and only then answers.
//!
//! 1. Refused, Conflict, Invalid, NotFound and Internal roll back to the act's savepoint; the group goes on.
//! 2. Any other database error, or a panic, ends the group: rollback, a new connection, and every member is answered
//!    Unavailable (the one that panicked Internal), because after a full disk SQLite has already rolled back by itself and a later savepoint would open a
//!    transaction of its own.
//! 3. Nothing is answered before the commit is on disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::connection::{Db, open};
use super::nudge::{self, Bell};
use crate::error::{Error, Result};

/// Acts that wait at most; more are told to come back later.
const QUEUE: usize = 4096;
/// Acts in one commit at most.
const GROUP: usize = 64;
/// Full groups after which another process gets a moment to write.
const FULL_GROUPS: u32 = 20;

/// Handle to the writer thread. Cheap to clone; the thread ends with the last handle.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Act>,
}

impl Writer {
    /// Opens the write connection and starts the thread.
    ///
    /// # Errors
    /// One sentence when the file cannot be opened for writing.
    pub fn start(url: &str, bell: &Bell) -> std::result::Result<Self, String> {
        Self::over(url, open(url, true)?, bell)
    }

    /// The same for a database that is being made and would be made again after a crash: a commit does not wait for the
    /// disk, and its pages are kept in memory.
    ///
    /// # Errors
    /// As for [`Writer::start`].
    pub fn start_unsynced(url: &str, bell: &Bell) -> std::result::Result<Self, String> {
        let mut db = open(url, true)?;
        db.batch_execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
            .map_err(|e| format!("the database cannot be written: {e}"))?;
        Self::over(url, db, bell)
    }

    fn over(url: &str, db: Db, bell: &Bell) -> std::result::Result<Self, String> {
        let (queue, tasks) = sync_channel(QUEUE);
        let (url, bell) = (url.to_owned(), bell.clone());
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(&url, db, &tasks, &bell))
            .map_err(|e| format!("the writer thread cannot start: {e}"))?;
        Ok(Self { queue })
    }

    /// Queues a write and waits for its commit.
    ///
    /// # Errors
    /// What the closure returned; `Unavailable` when the queue is full or the commit failed.
    pub fn write(&self, work: Work) -> Result<()> {
        let (answer, result) = sync_channel(1);
        self.queue.try_send(Act { work, result: None, answer }).map_err(|e| {
            Error::Unavailable(match e {
                TrySendError::Full(_) => "the write queue is full".into(),
                TrySendError::Disconnected(_) => "the writer has ended".into(),
            })
        })?;
        result.recv().unwrap_or_else(|_| Err(Error::Unavailable("the writer has ended".into())))
    }
}

/// Whether the act's changes stay.
#[derive(PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

/// What an act does; it keeps its own result.
pub type Work = Box<dyn Fn(&mut Db) -> Result<()> + Send>;

/// An act in the queue.
struct Act {
    work: Work,
    result: Option<Result<()>>,
    answer: SyncSender<Result<()>>,
}

impl Act {
    /// Runs it and keeps how it ended; `Err` when the group must end.
    fn run(&mut self, db: &mut Db) -> Result<Kept> {
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| (self.work)(db))) else {
            self.result = Some(Err(Error::internal("an act panicked")));
            return Err(Error::Unavailable("an act beside this one panicked".into()));
        };
        if let Err(Error::Unavailable(why) | Error::Contended(why)) = &result {
            return Err(Error::Unavailable(why.clone()));
        }
        let kept = if result.is_ok() { Kept::Yes } else { Kept::No };
        self.result = Some(result);
        Ok(kept)
    }

    /// Tells the caller; `fault` replaces a success that did not reach the disk.
    fn answer(self, fault: Option<&Error>) {
        let result = match (fault, self.result) {
            (None, Some(result)) => result,
            // A fault of its own: to try again would not help.
            (Some(_), Some(Err(Error::Internal(why)))) => Err(Error::Internal(why)),
            (Some(Error::Unavailable(why) | Error::Contended(why)), _) => Err(Error::Unavailable(why.clone())),
            (Some(fault), _) => Err(Error::Unavailable(fault.to_string())),
            (None, None) => Err(Error::Unavailable("the group ended before this act".into())),
        };
        // A caller that went away is not a fault: the act is committed either way.
        let _ = self.answer.send(result);
    }
}

fn run(url: &str, first: Db, tasks: &Receiver<Act>, bell: &Bell) {
    let mut db = Some(first);
    let mut full_groups = 0;
    while let Ok(task) = tasks.recv() {
        let mut group = vec![task];
        while group.len() < GROUP {
            let Ok(task) = tasks.try_recv() else { break };
            group.push(task);
        }
        full_groups = if group.len() == GROUP { full_groups + 1 } else { 0 };
        if db.is_none() {
            db = open(url, true).map_err(|e| tracing::error!(error = %e, "the database cannot be reopened")).ok();
        }
        let fault = match &mut db {
            Some(connection) => commit(connection, &mut group).err(),
            None => Some(Error::Unavailable("the database cannot be opened".into())),
        };
        match &fault {
            None => nudge::committed(bell),
            Some(_) => nudge::rolled_back(),
        }
        if let Some(fault) = &fault {
            tracing::error!(error = %fault, acts = group.len(), "a group of writes was rolled back");
            if let Some(mut broken) = db.take() {
                let _ = broken.batch_execute("ROLLBACK");
            }
        }
        for task in group {
            task.answer(fault.as_ref());
        }
        if full_groups >= FULL_GROUPS {
            full_groups = 0;
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Runs the group in one transaction.
fn commit(db: &mut Db, group: &mut [Act]) -> Result<()> {
    db.batch_execute("BEGIN IMMEDIATE")?;
    if let [only] = group {
        // Alone it needs no place to go back to within the transaction.
        let kept = only.run(db)?;
        return Ok(db.batch_execute(if kept == Kept::Yes { "COMMIT" } else { "ROLLBACK" })?);
    }
    for task in group {
        db.batch_execute("SAVEPOINT act")?;
        match task.run(db)? {
            Kept::Yes => db.batch_execute("RELEASE act")?,
            Kept::No => db.batch_execute("ROLLBACK TO act; RELEASE act")?,
        }
    }
    Ok(db.batch_execute("COMMIT")?)
}

#[cfg(test)]
mod tests;
