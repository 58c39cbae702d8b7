//! The rounds behind a figure, a piece after a key, in the order of the index that a year is counted from. The database
//! leaves out what it can tell does not belong; which of the rest does, the rule in `domain` says.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Db;
use super::figures::facts_at;
use super::figures_row::{RoundRow, round_columns};
use super::round_terms;
use super::schema::{case_facts, case_rounds};
use crate::domain::case::{Channel, Kind};
use crate::domain::figures::{CountedRound, Period};
use crate::domain::time::Moment;
use crate::error::Result;

type Backend = <Db as Connection>::Backend;

/// A round with its case.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The case.
    pub case_id: i64,
    /// The round as it is counted.
    pub round: CountedRound,
}

/// Where a piece ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoundKey {
    /// The month the round was opened in, as YYYYMM.
    pub month: i32,
    /// The case.
    pub case_id: i64,
    /// The round.
    pub round: i32,
}

/// What the database leaves out.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// Whether rounds are read that were opened in the period.
    pub opened: bool,
    /// Whether rounds are read that were opened before it.
    pub carried: bool,
    /// `Some(true)`: only what was finished in the period; `Some(false)`: only what was not.
    pub finished: Option<bool>,
    /// Only what was counted in this place.
    pub place: Option<PlaceIs>,
}

/// A place that cases are counted in.
#[derive(Clone, Debug)]
pub enum PlaceIs {
    /// A channel.
    Channel(Channel),
    /// A kind.
    Kind(Kind),
    /// A category, or none.
    Category(Option<String>),
    /// A speed class, or none.
    SpeedClass(Option<String>),
    /// One of these units.
    Units(Vec<i64>),
}

impl Listed {
    /// Where the next piece begins.
    #[must_use]
    pub const fn key(&self) -> RoundKey {
        RoundKey { month: self.round.opened_month, case_id: self.case_id, round: self.round.round }
    }
}

/// At most `limit` rounds of a period after a key.
///
/// # Errors
/// Of the database.
pub fn piece(db: &mut Db, period: &Period, sieve: &Sieve, after: Option<RoundKey>, limit: i64) -> Result<Vec<Listed>> {
    let (first, last, ends) = (period.first_month(), period.last_month(), period.final_month());
    // While a period runs, what was finished after the moment of the report may bear its last month.
    let (later, cut) = if period.complete() { (last + 1, Moment(i64::MAX)) } else { (last, period.end()) };
    let terms = round_terms::open_at_end(db, period)?;
    macro_rules! read {
        ($which:expr, $limit:expr) => {{
            let mut query = case_rounds::table
                .inner_join(case_facts::table.on(facts_at!(case_rounds::case_id, period)))
                .filter(case_rounds::counted_at.lt(cut))
                .filter($which)
                .into_boxed::<Backend>();
            if let Some(key) = after {
                query = query.filter(
                    case_rounds::opened_month.ge(key.month).and(
                        case_rounds::opened_month.gt(key.month).or(case_rounds::case_id
                            .ge(key.case_id)
                            .and(case_rounds::case_id.gt(key.case_id).or(case_rounds::round.gt(key.round)))),
                    ),
                );
            }
            query = match sieve.finished {
                Some(true) => query.filter(case_rounds::finished_month.between(first, last)),
                Some(false) => {
                    query.filter(case_rounds::finished_month.is_null().or(case_rounds::finished_month.ge(later)))
                }
                None => query,
            };
            query = match sieve.place.clone() {
                Some(PlaceIs::Channel(channel)) => query.filter(case_facts::channel.eq(channel)),
                Some(PlaceIs::Kind(kind)) => query.filter(case_facts::kind.eq(kind)),
                Some(PlaceIs::Category(Some(code))) => query.filter(case_facts::category.eq(code)),
                Some(PlaceIs::Category(None)) => query.filter(case_facts::category.is_null()),
                Some(PlaceIs::SpeedClass(Some(code))) => query.filter(case_facts::speed_class.eq(code)),
                Some(PlaceIs::SpeedClass(None)) => query.filter(case_facts::speed_class.is_null()),
                Some(PlaceIs::Units(units)) => query.filter(case_facts::unit_id.eq_any(units)),
                None => query,
            };
            let rows: Vec<RoundRow> = query
                .order((case_rounds::opened_month, case_rounds::case_id, case_rounds::round))
                .limit($limit)
                .select(round_columns!())
                .load(db)?;
            rows.into_iter().map(|row| Listed { case_id: row.case_id, round: row.counted(&terms) })
        }};
    }
    let mut found: Vec<Listed> = Vec::new();
    if sieve.carried && after.is_none_or(|key| key.month < first) {
        // The same ranges of the same partial indexes as the figures are counted from.
        let until = if sieve.finished == Some(true) { last } else { ends + 100 };
        let from = if sieve.finished == Some(false) { later } else { first };
        found.extend(read!(
            case_rounds::opened_month
                .lt(first)
                .and(case_rounds::finished_month.between(from, until))
                .and(sql::<Bool>("case_rounds.finished_month <> case_rounds.opened_month")),
            limit
        ));
        if sieve.finished != Some(true) {
            found.extend(read!(
                case_rounds::opened_month
                    .lt(first)
                    .and(case_rounds::finished_month.gt(ends + 100))
                    .and(sql::<Bool>("case_rounds.finished_month - case_rounds.opened_month > 100")),
                limit
            ));
            found.extend(read!(case_rounds::opened_month.lt(first).and(case_rounds::finished_month.is_null()), limit));
        }
        found.sort_by_key(Listed::key);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let left = limit - i64::try_from(found.len()).unwrap_or(limit);
    if sieve.opened && left > 0 {
        found.extend(read!(case_rounds::opened_month.between(first, last), left));
    }
    Ok(found)
}
