//! The running clocks as control (管考) lists them: overdue or due soon, in the order of their due moments, a page after a
//! key. One range of an index a desk and purpose, merged: no filter makes a page read more than it shows.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::Db;
use super::lists::{COUNTED, Key};
use super::schema::{case_references, cases, clocks, extensions, pauses};
use crate::domain::policy::ClockPurpose;
use crate::domain::queue::Reach;
use crate::domain::time::Moment;
use crate::error::Result;

type Backend = <Db as Connection>::Backend;

/// A running clock with its case.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the tables")]
pub struct ClockRow {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub purpose: ClockPurpose,
    pub region: String,
    pub due_at: Moment,
    pub finished_at: Option<Moment>,
    pub holder_unit_id: Option<i64>,
    pub number: Option<String>,
    pub subject: String,
    pub version: i64,
    pub handler_id: Option<i64>,
    pub confidential: bool,
}

impl ClockRow {
    /// Where the next page begins.
    #[must_use]
    pub const fn key(&self) -> Key {
        Key { at: self.due_at, id: self.id }
    }
}

/// What is listed.
#[derive(Clone, Debug)]
pub struct Slice {
    /// How far.
    pub reach: Reach,
    /// Whether clocks that stand on no unit's desk yet are in reach: they are the registry desk's.
    pub registry: bool,
    /// What the clocks measure.
    pub purposes: Vec<ClockPurpose>,
    /// Due after this moment, if given.
    pub after: Option<Moment>,
    /// Due at this moment at the latest.
    pub until: Moment,
    /// Who looks: what complains of them is left out. Nobody, where all is read for others.
    pub viewer: Option<i64>,
}

/// One range of the index.
#[derive(Clone, Copy)]
enum Desk {
    Any,
    None,
    Unit(i64),
}

impl Slice {
    fn ranges(&self) -> Vec<(Desk, ClockPurpose)> {
        let desks: Vec<Desk> = match &self.reach {
            Reach::Agency => vec![Desk::Any],
            Reach::Units(units) => {
                units.iter().map(|unit| Desk::Unit(*unit)).chain(self.registry.then_some(Desk::None)).collect()
            }
        };
        desks.iter().flat_map(|desk| self.purposes.iter().map(move |purpose| (*desk, *purpose))).collect()
    }
}

/// The columns of a [`ClockRow`].
macro_rules! columns {
    () => {
        (
            clocks::id,
            clocks::case_id,
            clocks::round,
            clocks::purpose,
            clocks::region,
            clocks::due_at,
            clocks::finished_at,
            clocks::holder_unit_id,
            cases::number,
            cases::subject,
            cases::version,
            cases::handler_id,
            cases::confidential,
        )
    };
}

/// The running clocks of one range.
macro_rules! query {
    ($slice:expr, $range:expr) => {{
        let (desk, purpose) = $range;
        let mut query = clocks::table
            .inner_join(cases::table.on(cases::id.eq(clocks::case_id)))
            .filter(clocks::finished_at.is_null().and(clocks::purpose.eq(purpose)))
            .filter(clocks::due_at.le($slice.until))
            .filter(not(exists(
                case_references::table.filter(
                    case_references::case_id
                        .eq(clocks::case_id)
                        .and(case_references::respondent_staff_id.eq($slice.viewer)),
                ),
            )))
            .into_boxed::<Backend>();
        if let Some(after) = $slice.after {
            query = query.filter(clocks::due_at.gt(after));
        }
        match desk {
            Desk::Any => query,
            Desk::None => query.filter(clocks::holder_unit_id.is_null()),
            Desk::Unit(unit) => query.filter(clocks::holder_unit_id.eq(unit)),
        }
    }};
}

/// A page after a key.
///
/// # Errors
/// Of the database.
pub fn page(db: &mut Db, slice: &Slice, after: Option<Key>, limit: i64) -> Result<Vec<ClockRow>> {
    let mut found: Vec<ClockRow> = Vec::new();
    for range in slice.ranges() {
        let mut query = query!(slice, range);
        if let Some(key) = after {
            query = query.filter(clocks::due_at.ge(key.at).and(clocks::due_at.gt(key.at).or(clocks::id.gt(key.id))));
        }
        let rows: Vec<ClockRow> = query.order((clocks::due_at, clocks::id)).limit(limit).select(columns!()).load(db)?;
        found.extend(rows);
    }
    found.sort_by_key(|row| (row.due_at, row.id));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many there are, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn count(db: &mut Db, slice: &Slice) -> Result<usize> {
    let mut found = 0;
    for range in slice.ranges() {
        let left = COUNTED + 1 - found;
        if left <= 0 {
            break;
        }
        // In the order of the index: without one, a database may think that it finds so many sooner among all clocks there
        // ever were.
        let query = query!(slice, range).order((clocks::due_at, clocks::id)).limit(left);
        let ids: Vec<i64> = query.select(clocks::id).load(db)?;
        found += i64::try_from(ids.len()).unwrap_or(i64::MAX);
    }
    Ok(usize::try_from(found).unwrap_or(usize::MAX))
}

/// These clocks, also finished ones.
///
/// # Errors
/// Of the database.
pub fn of_ids(db: &mut Db, ids: &[i64]) -> Result<HashMap<i64, ClockRow>> {
    let rows: Vec<ClockRow> = clocks::table
        .inner_join(cases::table.on(cases::id.eq(clocks::case_id)))
        .filter(clocks::id.eq_any(ids.to_vec()))
        .select(columns!())
        .load(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The rounds of these cases that wait for something that stops their clocks, by case and round.
///
/// # Errors
/// Of the database.
pub fn standing(db: &mut Db, case_ids: &[i64]) -> Result<HashSet<(i64, i32)>> {
    let rows: Vec<(i64, i32)> = pauses::table
        .filter(pauses::case_id.eq_any(case_ids.to_vec()).and(pauses::stops.eq(true)).and(pauses::to_at.is_null()))
        .select((pauses::case_id, pauses::round))
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Of these cases, those that complain of a member of staff, and of whom.
///
/// # Errors
/// Of the database.
pub fn respondents(db: &mut Db, case_ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, Option<i64>)> = case_references::table
        .filter(case_references::case_id.eq_any(case_ids.to_vec()))
        .filter(case_references::respondent_staff_id.is_not_null())
        .select((case_references::case_id, case_references::respondent_staff_id))
        .load(db)?;
    Ok(rows.into_iter().filter_map(|(case, staff)| Some((case, staff?))).collect())
}

/// How often these clocks were extended.
///
/// # Errors
/// Of the database.
pub fn extensions_of(db: &mut Db, clock_ids: &[i64]) -> Result<HashMap<i64, usize>> {
    let rows: Vec<i64> = extensions::table
        .filter(extensions::clock_id.eq_any(clock_ids.to_vec()))
        .select(extensions::clock_id)
        .load(db)?;
    let mut times = HashMap::new();
    for id in rows {
        *times.entry(id).or_insert(0) += 1;
    }
    Ok(times)
}
