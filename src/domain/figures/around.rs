//! The periods around a period: the one before and after, and the quarters and months of its year.

use super::PeriodName;

impl PeriodName {
    /// The period of the same length right before.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year - 1),
            Self::Quarter(year, 1) => Self::Quarter(year - 1, 4),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter - 1),
            Self::Month(year, 1) => Self::Month(year - 1, 12),
            Self::Month(year, month) => Self::Month(year, month - 1),
        }
    }

    /// The period of the same length right after.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Year(year) => Self::Year(year + 1),
            Self::Quarter(year, 4) => Self::Quarter(year + 1, 1),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter + 1),
            Self::Month(year, 12) => Self::Month(year + 1, 1),
            Self::Month(year, month) => Self::Month(year, month + 1),
        }
    }

    /// The four quarters of its year.
    pub fn quarters(self) -> impl Iterator<Item = Self> {
        (1..=4).map(move |quarter| Self::Quarter(self.year(), quarter))
    }

    /// The twelve months of its year.
    pub fn months_of_year(self) -> impl Iterator<Item = Self> {
        (1..=12).map(move |month| Self::Month(self.year(), month))
    }

    /// The month of a number like 202609.
    #[must_use]
    pub fn of_month(month: i32) -> Option<Self> {
        Some(Self::Month(i16::try_from(month / 100).ok()?, i8::try_from(month % 100).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_over_the_turn_of_the_year() {
        for (period, next) in [
            ("2025", "2026"),
            ("2025Q4", "2026Q1"),
            ("2026Q1", "2026Q2"),
            ("2025-12", "2026-01"),
            ("2026-08", "2026-09"),
        ] {
            let (period, next) = (PeriodName::parse(period).unwrap(), PeriodName::parse(next).unwrap());
            assert_eq!((period.next(), next.previous()), (next, period));
        }
        assert_eq!(PeriodName::of_month(202_609), PeriodName::parse("2026-09"));
    }
}
