//! What an agency publishes of a year as open data (政府開放資料): counts of cases by one or two variables, never cases, with
//! every small count suppressed so that nothing else that is published gives it away.
//!
//! A *population* (cases received, cases closed, ratings given) is divided by *variables* (month, unit, how long it took …).
//! A [`Margin`] divides it by one variable, a [`Cross`] by two, whose rows and columns add up to margins of their own. How
//! the parts are laid out is in `tables`, what is suppressed in `suppress`, how that is attacked in `attack`, which shares
//! and means are given beside the counts in `indicators`.
//!
//! Three choices keep what is published provable:
//! - No population is published that another adds up to. What is open at the end of a year is none: it is open at the start
//!   of the next, and two years' files would tell what each suppresses.
//! - The variables of a population, joined where a cross is published of two, make a forest. Whatever fits all margins and
//!   crosses one by one then fits them together: there is a list of cases that would be published in the same way.
//! - Variables that say nearly the same of a case (its speed class with its limit kept, and with its days used) are not both
//!   crossed with a third.

mod attack;
mod indicators;
mod suppress;
mod tables;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::domain::figures::{Names, TableName};
use crate::domain::staff::Role;

pub use self::attack::{Leak, attack};
pub use self::indicators::{Indicator, IndicatorName, indicators};
pub use self::suppress::suppressed;
pub use self::tables::counted;

/// The least count that is published: one to four cases could be known to somebody by their circumstances.
pub const LEAST: u64 = 5;

/// Who releases open data, and takes them back.
pub const RELEASERS: &[Role] = &[Role::Manager, Role::ControlOfficer];

codes! {
    /// What is counted.
    Population {
        /// Cases received in the year: new ones and those reopened.
        Received = "received",
        /// Cases closed in the year.
        Closed = "closed",
        /// Ratings given in the year.
        Ratings = "ratings",
    }
}

codes! {
    /// What a population is divided by.
    Variable {
        /// Month.
        Month = "month",
        /// How the petition came in.
        Channel = "channel",
        /// One of the four kinds of petition.
        Kind = "kind",
        /// The agency's category.
        Category = "category",
        /// The branch or division.
        Unit = "unit",
        /// The agency's speed class.
        SpeedClass = "speed_class",
        /// How the case ended.
        CloseCode = "close_code",
        /// Extended, or not.
        Extension = "extension",
        /// How often it was reassigned.
        Reassignment = "reassignment",
        /// New, or reopened.
        Entry = "entry",
        /// By the original limit, or after it.
        Timeliness = "timeliness",
        /// Bands of days used.
        Days = "days",
        /// Whether a rating was asked for and given.
        Survey = "survey",
        /// Level of the answer on the result.
        RatedResult = "rated_result",
        /// Level of the answer on how clear the reply is.
        RatedClarity = "rated_clarity",
        /// Level of the answer on how fast it came.
        RatedSpeed = "rated_speed",
        /// Level of the answer on the attitude of the staff.
        RatedAttitude = "rated_attitude",
        /// Level of the answer all in all.
        RatedOverall = "rated_overall",
    }
}

impl Variable {
    /// The table of a report whose rows are the values, where there is one.
    #[must_use]
    pub const fn table(self) -> Option<TableName> {
        Some(match self {
            Self::Month => TableName::Month,
            Self::Channel => TableName::Channel,
            Self::Kind => TableName::Kind,
            Self::Category => TableName::Category,
            Self::Unit => TableName::Unit,
            Self::SpeedClass => TableName::SpeedClass,
            Self::CloseCode => TableName::CloseCode,
            Self::Extension => TableName::Extension,
            Self::Reassignment => TableName::Reassignment,
            Self::Entry
            | Self::Timeliness
            | Self::Days
            | Self::Survey
            | Self::RatedResult
            | Self::RatedClarity
            | Self::RatedSpeed
            | Self::RatedAttitude
            | Self::RatedOverall => return None,
        })
    }
}

/// A value of a variable with its count: of the true figures a number, of the published ones none where it is suppressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value<C> {
    /// Its code; of a month `2026-01`.
    pub code: String,
    /// Its names where the agency gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Names>,
    /// How many.
    pub count: C,
}

/// A population by one variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin<C> {
    /// The variable.
    pub variable: Variable,
    /// Its values; their counts add up to the total.
    pub values: Vec<Value<C>>,
}

/// A population by two variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cross<C> {
    /// The variable of the rows.
    pub rows: Variable,
    /// The variable of the columns.
    pub columns: Variable,
    /// A row for each value of the one, in it a count for each value of the other; they add up to both margins.
    pub cells: Vec<Vec<C>>,
}

/// A population with all its divisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divided<C> {
    /// Of what.
    pub population: Population,
    /// How many in all.
    pub total: C,
    /// By one variable.
    pub margins: Vec<Margin<C>>,
    /// By two variables, each of which has a margin.
    pub crosses: Vec<Cross<C>>,
    /// Variables that are left out with everything divided by them, because too little of them could be published.
    pub withheld: Vec<Variable>,
}

/// The true figures.
pub type Counted = Divided<u64>;
/// The published ones.
pub type Published = Divided<Option<u64>>;

impl<C> Divided<C> {
    /// The margin of a variable.
    #[must_use]
    pub fn margin(&self, variable: Variable) -> Option<&Margin<C>> {
        self.margins.iter().find(|margin| margin.variable == variable)
    }

    /// The variables of a population, joined where a cross is published of two, make a forest.
    #[must_use]
    pub fn is_forest(&self) -> bool {
        // Whichever is left with one neighbour at most falls; in a circle nothing falls.
        let mut edges: Vec<(Variable, Variable)> =
            self.crosses.iter().map(|cross| (cross.rows, cross.columns)).collect();
        loop {
            let before = edges.len();
            let degree = |variable| edges.iter().filter(|(a, b)| *a == variable || *b == variable).count();
            let rest: Vec<_> = edges.iter().copied().filter(|(a, b)| degree(*a) > 1 && degree(*b) > 1).collect();
            if rest.len() == before {
                return before == 0;
            }
            edges = rest;
        }
    }
}

/// Whether a count may not be published: it is neither none nor enough.
#[must_use]
pub const fn is_small(count: u64) -> bool {
    count > 0 && count < LEAST
}
