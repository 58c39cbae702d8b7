//! Years that were counted a moment ago: who looks at the same figures within a minute shares one count.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::kept::Kept;
use super::year;
use crate::domain::figures::PeriodFigures;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::reference::Reference;

/// How long a count is shared, in seconds.
const SHARED: u32 = 60;

/// The counts of the last minute, by year.
pub struct Recent(Kept<i16, PeriodFigures>);

impl Default for Recent {
    fn default() -> Self {
        Self(Kept::new(SHARED))
    }
}

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
        self.0.get(&year, now, || year::count(db, reference, zone, year, now))
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
