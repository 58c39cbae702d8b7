//! What rounds were due by, and how often they had been reassigned, until that changed: what a report of a period that ended
//! before takes instead of what is in force now. Only rounds that were open at its end can differ, and of these few have
//! changed since; everything else is read where it stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable};

use super::Db;
use super::schema::round_terms;
use crate::domain::figures::Period;
use crate::domain::time::Moment;
use crate::error::Result;

/// What was in force of a round at the end of a period, where it is another now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Due by the class and the calendar.
    pub original_due_at: Option<Moment>,
    /// Due with extensions.
    pub due_at: Option<Moment>,
    /// How often it had been reassigned.
    pub moves: i32,
    /// Due by the class and the calendar, as it is now.
    pub original_due_now: Option<Moment>,
}

impl Terms {
    /// Whether its original due moment lay before another moment as it was then, and as it is now.
    #[must_use]
    pub fn due_before(&self, moment: Moment) -> (bool, bool) {
        let before = |due: Option<Moment>| due.is_some_and(|due| due < moment);
        (before(self.original_due_at), before(self.original_due_now))
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    case_id: i64,
    #[diesel(sql_type = Integer)]
    round: i32,
    #[diesel(sql_type = BigInt)]
    until_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    original_due_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    due_at: Option<i64>,
    #[diesel(sql_type = Integer)]
    moves: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    original_due_now: Option<i64>,
}

/// The rounds that were open at the end of a period and have changed since, by case and round.
///
/// # Errors
/// Of the database.
pub fn open_at_end(db: &mut Db, period: &Period) -> Result<HashMap<(i64, i32), Terms>> {
    let end = period.end();
    let later: Option<i64> =
        round_terms::table.filter(round_terms::until_at.ge(end)).select(round_terms::case_id).first(db).optional()?;
    if later.is_none() {
        return Ok(HashMap::new());
    }
    // While the period runs, what was finished later in its last month was open too.
    let last = period.last_month();
    let (ended, running) = if period.complete() {
        (last, String::new())
    } else {
        let open = format!("AND r.counted_at < {0} AND (r.finished_at IS NULL OR r.finished_at >= {0})", end.0);
        (last - 1, open)
    };
    let next = last + 100;
    // The conditions are those of the partial indexes.
    let mut which = vec![
        format!(
            "r.opened_month <= {last} AND r.finished_month BETWEEN {} AND {next} AND r.finished_month <> r.opened_month",
            ended + 1
        ),
        format!("r.opened_month <= {last} AND r.finished_month > {next} AND r.finished_month - r.opened_month > 100"),
        format!("r.opened_month <= {last} AND r.finished_month IS NULL"),
    ];
    if !period.complete() {
        which.push(format!("r.opened_month = {last} AND r.finished_month = {last}"));
    }
    let mut found: HashMap<(i64, i32), (i64, Terms)> = HashMap::new();
    for which in which {
        let rows: Vec<Row> = sql_query(format!(
            "SELECT t.case_id, t.round, t.until_at, t.original_due_at, t.due_at, t.moves, \
             r.original_due_at AS original_due_now FROM case_rounds r JOIN round_terms t ON t.case_id = r.case_id \
             AND t.round = r.round AND t.until_at >= {} WHERE {which} {running}",
            end.0
        ))
        .load(db)?;
        for row in rows {
            let terms = row.terms();
            // The first change after the end tells what was in force until then.
            match found.entry((row.case_id, row.round)) {
                Entry::Occupied(mut kept) if kept.get().0 > row.until_at => *kept.get_mut() = (row.until_at, terms),
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert((row.until_at, terms));
                }
            }
        }
    }
    Ok(found.into_iter().map(|(of, (_, terms))| (of, terms)).collect())
}

impl Row {
    fn terms(&self) -> Terms {
        Terms {
            original_due_at: self.original_due_at.map(Moment),
            due_at: self.due_at.map(Moment),
            moves: self.moves,
            original_due_now: self.original_due_now.map(Moment),
        }
    }
}
