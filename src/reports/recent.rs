//! Years that were counted a moment ago: who looks at the same figures within a minute shares one count.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::year;
use crate::domain::figures::PeriodFigures;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::reference::Reference;

/// How long a count is shared, in seconds.
const SHARED: i64 = 60;

/// The counts of the last minute, by year.
#[derive(Default)]
pub struct Recent(Mutex<HashMap<i16, (Moment, Arc<PeriodFigures>)>>);

impl Recent {
    /// A year counted from the records, whether it was locked or not, and when: now, or within the last minute. Whoever asks while it
    /// is counted waits for that count.
    ///
    /// # Errors
    /// `NotFound` when the year has not begun.
    pub fn year(
        &self,
        db: &mut Db,
        reference: &Reference,
        zone: &TimeZone,
        year: i16,
        now: Moment,
    ) -> Result<(Arc<PeriodFigures>, Moment)> {
        // A poisoned lock only means that another count panicked; those that are kept are still whole.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (at, _)| (at.0..at.plus_seconds(SHARED).0).contains(&now.0));
        if let Some((at, figures)) = kept.get(&year) {
            return Ok((Arc::clone(figures), *at));
        }
        let figures = Arc::new(year::count(db, reference, zone, year, now)?);
        kept.insert(year, (now, Arc::clone(&figures)));
        Ok((figures, now))
    }

    /// A year as it stands: the locked figures, otherwise those of [`Recent::year`].
    ///
    /// # Errors
    /// `NotFound` when the year has not begun.
    pub fn standing(
        &self,
        db: &mut Db,
        reference: &Reference,
        zone: &TimeZone,
        year: i16,
        now: Moment,
    ) -> Result<Arc<PeriodFigures>> {
        match year::locked(db, year)? {
            Some(locked) => Ok(Arc::new(locked)),
            None => self.year(db, reference, zone, year, now).map(|(figures, _)| figures),
        }
    }
}
