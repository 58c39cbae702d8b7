//! The periods around a period: the one before and after, and the quarters and months of its year.

use super::{FIRST_YEAR, PeriodName};

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

    /// The period that is meant by a year of the Republic: 2025 by `114`, 2025Q3 by `114Q3`.
    #[must_use]
    pub fn of_republic(typed: &str) -> Option<Self> {
        let end = typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len());
        let (year, rest) = typed.split_at(end);
        let year = year.parse::<i16>().ok().filter(|year| (1..1000).contains(year))?;
        Self::parse(&format!("{}{rest}", year + FIRST_YEAR - 1))
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

    #[test]
    fn years_of_the_republic_are_understood() {
        for (typed, meant) in [
            ("114", Some(PeriodName::Year(2025))),
            ("114Q3", Some(PeriodName::Quarter(2025, 3))),
            ("99-09", Some(PeriodName::Month(2010, 9))),
            ("0", None),
            ("114Q5", None),
            ("1140", None),
            ("-32768", None),
            ("年", None),
            ("", None),
        ] {
            assert_eq!(PeriodName::of_republic(typed), meant, "{typed}");
        }
    }
}
