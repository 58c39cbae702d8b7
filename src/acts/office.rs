//! What every act works with: the store, the keys, the rules, and the reference data kept in memory.

use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;

use crate::config::Cases;
use crate::error::Result;
use crate::keys::Keys;
use crate::store::reference::{self, Reference};
use crate::store::{Db, Store};

/// The office in which acts are done. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    /// The database.
    pub store: Store,
    /// The secrets.
    pub keys: Keys,
    /// The agency's rules, `[cases]` of the configuration.
    pub rules: Arc<Cases>,
    /// The agency's time zone.
    pub zone: TimeZone,
    cached: Arc<Mutex<Option<Arc<Reference>>>>,
}

impl Office {
    /// An office over a store.
    #[must_use]
    pub fn new(store: Store, keys: Keys, rules: Cases, zone: TimeZone) -> Self {
        Self { store, keys, rules: Arc::new(rules), zone, cached: Arc::default() }
    }

    /// The reference data last read, without asking the database: for the page that says it cannot be asked.
    #[must_use]
    pub fn last_reference(&self) -> Option<Arc<Reference>> {
        self.cached.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The reference data in force, read anew only when their stamp changed.
    ///
    /// # Errors
    /// Of the database.
    pub fn reference(&self, db: &mut Db) -> Result<Arc<Reference>> {
        let stamp = reference::stamp(db)?;
        // A poisoned lock only means that another reader panicked; what it held is still whole.
        let kept = self.cached.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| kept.stamp == stamp) {
            return Ok(kept);
        }
        let fresh = Arc::new(reference::load(db, &self.zone)?);
        *self.cached.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }
}
