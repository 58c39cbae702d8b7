//! A month that is over, folded: its sums in all, by category and by unit, counted once and kept, so that a trend over years
//! reads a dozen small rows instead of every case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::count::{CountedRating, CountedRound, Place, alone};
use super::{Brief, Period};

/// The sums of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFold {
    /// Everything.
    pub total: Brief,
    /// By the code of the category; empty for what has none.
    pub categories: BTreeMap<String, Brief>,
    /// By the id of the unit; 0 for what no unit had.
    pub units: BTreeMap<i64, Brief>,
}

impl MonthFold {
    /// Counts a round of the month.
    pub fn round(&mut self, round: &CountedRound, period: &Period) {
        let Some(tally) = alone(round, period) else { return };
        self.everywhere(&round.place, |brief| tally.add_to(brief));
    }

    /// Counts a rating of the month.
    pub fn rating(&mut self, rating: &CountedRating) {
        let [.., overall] = rating.levels;
        self.everywhere(&rating.place, |brief| {
            brief.ratings += 1;
            brief.levels += u64::from(overall.unsigned_abs());
        });
    }

    fn everywhere(&mut self, place: &Place, f: impl Fn(&mut Brief)) {
        f(&mut self.total);
        f(self.categories.entry(place.category.as_deref().unwrap_or_default().to_owned()).or_default());
        f(self.units.entry(place.unit_id.unwrap_or_default()).or_default());
    }
}
