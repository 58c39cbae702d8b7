//! How many of each value: what means, medians and percentiles are taken of.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Values up to here have a place of their own.
const NEAR: usize = 1 << 10;

/// How many of each whole value. What is less than nothing counts as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    near: Vec<u64>,
    far: BTreeMap<u64, u64>,
    number: u64,
    sum: u128,
}

impl Histogram {
    /// Counts a value.
    pub fn add(&mut self, value: i64) {
        self.add_many(u64::try_from(value).unwrap_or(0), 1);
    }

    fn add_many(&mut self, value: u64, number: u64) {
        self.number += number;
        self.sum += u128::from(value) * u128::from(number);
        match usize::try_from(value) {
            Ok(at) if at < NEAR => {
                if self.near.len() <= at {
                    self.near.resize(at + 1, 0);
                }
                if let Some(counted) = self.near.get_mut(at) {
                    *counted += number;
                }
            }
            _ => *self.far.entry(value).or_default() += number,
        }
    }

    /// Counts everything that another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (value, number) in other.each() {
            self.add_many(value, number);
        }
    }

    /// Each value with how many there are of it, from the least on.
    fn each(&self) -> impl Iterator<Item = (u64, u64)> {
        let near = (0..).zip(self.near.iter().copied()).filter(|(_, number)| *number > 0);
        near.chain(self.far.iter().map(|(value, number)| (*value, *number)))
    }

    /// How many there are.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Their sum.
    #[must_use]
    pub fn sum(&self) -> u64 {
        u64::try_from(self.sum).unwrap_or(u64::MAX)
    }

    /// How many lie in a range.
    #[must_use]
    pub fn within(&self, range: RangeInclusive<u64>) -> u64 {
        self.each().filter(|(value, _)| range.contains(value)).map(|(_, number)| number).sum()
    }

    /// Their mean.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a sum of hours is far below 2^52")]
    pub fn mean(&self) -> Option<f64> {
        (self.number > 0).then(|| self.sum as f64 / self.number as f64)
    }

    /// The middle value; of an even number the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let (low, high) = (self.at(self.number.checked_sub(1)? / 2)?, self.at(self.number / 2)?);
        Some(f64::midpoint(low, high))
    }

    /// The least value that nine in ten do not exceed (nearest rank).
    #[must_use]
    pub fn p90(&self) -> Option<f64> {
        self.at((self.number * 9).div_ceil(10).checked_sub(1)?)
    }

    /// The value in a place of their order, from 0 on.
    #[expect(clippy::cast_precision_loss, reason = "hours are far below 2^52")]
    fn at(&self, place: u64) -> Option<f64> {
        let mut passed = 0;
        let found = self.each().find(|(_, number)| {
            passed += number;
            place < passed
        });
        found.map(|(value, _)| value as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|value| histogram.add(*value));
        histogram
    }

    #[test]
    fn mean_median_and_nine_in_ten() {
        // (values, mean, median, nine in ten)
        let to_ten: Vec<i64> = (1..=10).collect();
        let to_eleven: Vec<i64> = (1..=11).collect();
        type Line<'v> = (&'v [i64], Option<f64>, Option<f64>, Option<f64>);
        let table: [Line<'_>; 6] = [
            (&[], None, None, None),
            (&[7], Some(7.0), Some(7.0), Some(7.0)),
            (&[-3, 5_000], Some(2_500.0), Some(2_500.0), Some(5_000.0)),
            (&to_ten, Some(5.5), Some(5.5), Some(9.0)),
            (&to_eleven, Some(6.0), Some(6.0), Some(10.0)),
            (&[1_023, 1_024, 1_025], Some(1_024.0), Some(1_024.0), Some(1_025.0)),
        ];
        for (values, mean, median, p90) in table {
            let histogram = of(values);
            assert_eq!((histogram.mean(), histogram.median(), histogram.p90()), (mean, median, p90), "{values:?}");
        }
    }

    #[test]
    fn together_they_are_as_if_counted_together() {
        let mut first = of(&[1, 2, 9_000]);
        first.merge(&of(&[2, 3, 9_000, 4]));
        let all = of(&[1, 2, 2, 3, 4, 9_000, 9_000]);
        assert_eq!((first.number(), first.mean(), first.median()), (7, all.mean(), all.median()));
        assert_eq!((first.within(2..=4), first.within(5..=u64::MAX), first), (4, 2, all));
    }
}
