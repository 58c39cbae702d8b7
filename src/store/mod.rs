//! The store: the only place that names diesel. Two verbs, [`Store::read`] and [`Store::write`], the same on SQLite (one
//! writer thread that groups commits, a pool of readers) and on PostgreSQL (one pool).

mod columns;
mod connection;
mod migrate;
mod nudge;
mod remote;
mod schema;
mod writer;

pub mod absences;
pub mod accounts;
pub mod agency;
pub mod attachments;
pub mod attempts;
pub mod bulk;
pub mod calendar_moves;
pub mod calendars;
pub mod cases;
pub mod clocks;
pub mod closures;
pub mod consultations;
pub mod control;
pub mod desk;
pub mod events;
pub mod excursions;
pub mod extensions;
pub mod fetch_states;
pub mod figures;
pub mod figures_brief;
pub mod figures_day;
pub mod figures_issues;
pub mod figures_list;
mod figures_row;
pub mod folds;
pub mod idempotency;
pub mod learned_ids;
pub mod leases;
pub mod letters;
pub mod lists;
pub mod mailbox_tokens;
pub mod measures;
pub mod messages;
pub mod notes;
pub mod open_data;
pub mod parties;
pub mod pauses;
pub mod policies;
pub mod policy_cases;
pub mod reference;
pub mod reminders;
pub mod replay;
pub mod replies;
pub mod reviews;
mod round_terms;
mod rounds;
pub mod running;
pub mod saved_reports;
pub mod seals;
pub mod staff;
pub mod submissions;
pub mod supplements;
pub mod texts;
pub mod warnings;
pub mod year_packages;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::Connection;

pub use connection::{Db, is_sqlite, sqlite_path};
pub use migrate::{migrate, pending};
pub use nudge::Bell;

use crate::config::Database;
use crate::error::{Error, Result};
use connection::Pool;
use writer::{Work, Writer};

/// The database of an installation. Cheap to clone; its calls block and belong on a blocking thread.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    writer: Option<Writer>,
    bell: Bell,
}

impl Store {
    /// Opens the database that the configuration names. It must exist and be migrated.
    ///
    /// # Errors
    /// One sentence: what cannot be reached, and why.
    pub fn open(config: &Database) -> std::result::Result<Self, String> {
        let pool = connection::pool(&config.url, config.pool, Duration::from_secs(config.wait_seconds))?;
        let bell = Bell::default();
        let writer = is_sqlite(&config.url).then(|| Writer::start(&config.url, &bell)).transpose()?;
        Ok(Self { pool, writer, bell })
    }

    /// Opens a database that is being made, by the demonstration or by `chenqing seed`: on SQLite a commit does not wait
    /// for the disk, because what a crash takes is simply made again.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub fn open_unsynced(config: &Database) -> std::result::Result<Self, String> {
        let pool = connection::pool(&config.url, config.pool, Duration::from_secs(config.wait_seconds))?;
        let bell = Bell::default();
        let writer = is_sqlite(&config.url).then(|| Writer::start_unsynced(&config.url, &bell)).transpose()?;
        Ok(Self { pool, writer, bell })
    }

    /// Reads. The closure sees one connection; on SQLite one that cannot write.
    ///
    /// # Errors
    /// What the closure returned, or `Unavailable` when there is no connection.
    pub fn read<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let mut pooled = connection::answering(&self.pool)?;
        f(&mut pooled.db).map_err(Error::told)
    }

    /// Writes: one transaction, committed when the closure returns `Ok` and rolled back otherwise. Only database work
    /// belongs in it, and it may run again after a lost race, so it has no other effect.
    ///
    /// # Errors
    /// What the closure returned, or `Unavailable` when the outcome is not known to be on disk.
    pub fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Db) -> Result<T> + Send + 'static,
    {
        // What the closure returns is put aside, so that all behind this line is compiled once and not for every act.
        let kept = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&kept);
        let work: Work = Box::new(move |db| {
            let value = f(db)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        });
        match &self.writer {
            Some(writer) => writer.write(work)?,
            None => self.write_pooled(&work)?,
        }
        let value = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| Error::internal("a write left no result"))
    }

    /// Rung after the commit of every write that left letters to be sent.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    fn write_pooled(&self, work: &Work) -> Result<()> {
        let mut lost = String::new();
        for run in 0..3 {
            if run > 0 {
                // Whoever lost the same race beside this one must not run into it again in step.
                std::thread::sleep(Duration::from_millis(run * 10 + random_below(run * 40)));
            }
            let mut pooled = if run == 0 { connection::any(&self.pool)? } else { connection::answering(&self.pool)? };
            let mut begun = false;
            // A connection whose transaction a panic left open is broken, and the pool throws it away.
            let ran = catch_unwind(AssertUnwindSafe(|| {
                pooled.db.transaction(|db| {
                    begun = true;
                    work(db)
                })
            }));
            if matches!(ran, Ok(Ok(()))) {
                nudge::committed(&self.bell);
            } else {
                nudge::rolled_back();
            }
            // Nothing was begun, so it can be begun on another connection.
            pooled.dead = !begun;
            match ran {
                Ok(Err(Error::Contended(why))) => lost = why,
                Ok(Err(e)) if !begun => lost = e.to_string(),
                Ok(done) => return done,
                Err(_) => return Err(Error::internal("an act panicked")),
            }
        }
        Err(Error::Unavailable(lost))
    }
}

/// A number below `limit`, another one each time.
fn random_below(limit: u64) -> u64 {
    RandomState::new().build_hasher().finish() % limit.max(1)
}

impl Error {
    /// The error as callers see it: a lost race that nobody runs again is one more reason to try later.
    fn told(self) -> Self {
        match self {
            Self::Contended(why) => Self::Unavailable(why),
            other => other,
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind as Kind;
        use diesel::result::Error as Diesel;
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(
                Kind::UniqueViolation
                | Kind::ForeignKeyViolation
                | Kind::NotNullViolation
                | Kind::CheckViolation
                | Kind::RestrictViolation
                | Kind::ExclusionViolation,
                _,
            ) => Self::Conflict,
            Diesel::DatabaseError(Kind::SerializationFailure, info) => Self::Contended(info.message().to_owned()),
            // diesel has no kind for 40P01 (deadlock), and its message is in the server's language. To run again what
            // cannot succeed (a full disk) costs time only, and ends as Unavailable.
            Diesel::DatabaseError(Kind::Unknown, info) => Self::Contended(info.message().to_owned()),
            Diesel::DeserializationError(e) => Self::Internal(format!("a stored value cannot be read: {e}")),
            Diesel::QueryBuilderError(e) => Self::Internal(format!("query: {e}")),
            other => Self::Unavailable(other.to_string()),
        }
    }
}
