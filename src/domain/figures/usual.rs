//! What is usual: the number of a month against the same of the months before it. The range is robust, so that one odd month
//! neither widens it nor moves it: the median, give or take some spreads, where a spread is the median absolute deviation as
//! one of a normal distribution (× 1.4826), and never less than the square root of the median, by which rare things scatter
//! of themselves (Poisson).

use crate::codes;

codes! {
    /// The numbers that are watched.
    Watched {
        /// Cases received.
        Received = "received",
        /// Cases closed after the original limit.
        ClosedLate = "closed_late",
    }
}

codes! {
    /// Where a number is watched.
    WatchedPlace {
        /// In a category.
        Category = "category",
        /// In a branch or division.
        Unit = "unit",
    }
}

codes! {
    /// On which side of the usual range a number lies.
    Side {
        /// More than usual.
        Above = "above",
        /// Less than usual.
        Below = "below",
    }
}

/// When a number is unusual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualRule {
    /// Months that are needed to say what is usual.
    pub least_months: usize,
    /// Spreads from the median to the ends of the range.
    pub spreads: f64,
    /// Numbers of fewer cases are not spoken of.
    pub least_cases: u64,
}

/// The usual range of a number, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualRange {
    /// The middle number of the months, rounded.
    pub median: u64,
    /// The least.
    pub low: u64,
    /// The most.
    pub high: u64,
}

/// The median absolute deviation of a normal distribution × this is its standard deviation.
const NORMAL: f64 = 1.4826;

impl UsualRule {
    /// The range that earlier months make; `None` when there are too few.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of cases are far below 2^52, and held at nothing"
    )]
    pub fn range(&self, months: &[u64]) -> Option<UsualRange> {
        if months.is_empty() || months.len() < self.least_months {
            return None;
        }
        let numbers: Vec<f64> = months.iter().map(|number| *number as f64).collect();
        let middle = median(numbers.clone());
        let deviation = median(numbers.iter().map(|number| (number - middle).abs()).collect());
        let reach = self.spreads * (NORMAL * deviation).max(middle.sqrt()).max(1.0);
        Some(UsualRange {
            median: middle.round() as u64,
            low: (middle - reach).ceil().max(0.0) as u64,
            high: (middle + reach).floor() as u64,
        })
    }

    /// Whether the number of a month is unusual. That it is too small can be said of a whole month only (`complete`); fewer
    /// late cases than usual are nothing to warn of.
    #[must_use]
    pub fn side(&self, watched: Watched, number: u64, range: &UsualRange, complete: bool) -> Option<Side> {
        if number > range.high && number >= self.least_cases {
            Some(Side::Above)
        } else if number < range.low
            && complete
            && range.median >= self.least_cases
            && matches!(watched, Watched::Received)
        {
            Some(Side::Below)
        } else {
            None
        }
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
    f64::midpoint(at((numbers.len().max(1) - 1) / 2), at(numbers.len() / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: UsualRule = UsualRule { least_months: 6, spreads: 3.5, least_cases: 10 };

    #[test]
    fn the_range_is_the_median_give_or_take_the_spread() {
        for (months, range) in [
            // The median is 20, the deviation 0: the root of 20 is 4.47.
            (vec![20; 12], Some((20, 5, 35))),
            // One odd month moves nothing.
            ([vec![20; 11], vec![900]].concat(), Some((20, 5, 35))),
            // The deviation is 10: a spread of 14.8 on both sides of 100.
            (vec![90, 110, 90, 110, 90, 110, 100], Some((100, 49, 151))),
            // Nothing is less than nothing; a spread is at least one case.
            (vec![0; 12], Some((0, 0, 3))),
            (vec![2; 6], Some((2, 0, 6))),
            (vec![20; 5], None),
            (vec![], None),
        ] {
            let found = RULE.range(&months).map(|range| (range.median, range.low, range.high));
            assert_eq!(found, range, "{months:?}");
        }
    }

    #[test]
    fn few_cases_and_months_that_run_are_judged_with_care() {
        let range = |months: u64| RULE.range(&[months; 12]).unwrap();
        use Watched::{ClosedLate, Received};
        for (watched, usual, number, complete, side) in [
            (Received, 20, 35, true, None),
            (Received, 20, 36, true, Some(Side::Above)),
            (Received, 20, 36, false, Some(Side::Above)),
            (Received, 20, 5, true, None),
            (Received, 20, 4, true, Some(Side::Below)),
            (Received, 20, 0, false, None),
            (ClosedLate, 20, 0, true, None),
            (ClosedLate, 0, 10, true, Some(Side::Above)),
            // More than usual, and too few to speak of.
            (ClosedLate, 0, 9, true, None),
            (Received, 9, 0, true, None),
        ] {
            let found = RULE.side(watched, number, &range(usual), complete);
            assert_eq!(found, side, "{watched} {number} of {usual}, complete: {complete}");
        }
    }
}
