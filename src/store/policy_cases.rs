//! The open cases that a policy document is for: those whose clocks run and that were received while it is in force. Read
//! by the index of running clocks, whatever the number of closed cases.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::Db;
use super::schema::{cases, clocks};
use crate::domain::time::Moment;
use crate::error::Result;

/// The moments of receipt from the first up to, and without, the second.
pub type Window = (Moment, Moment);

/// The documents that running clocks were measured with; `None` for those from before there were any.
///
/// # Errors
/// Of the database.
pub fn measured_with(db: &mut Db) -> Result<Vec<Option<i64>>> {
    let mut found: Vec<Option<i64>> =
        clocks::table.filter(clocks::finished_at.is_null()).select(clocks::policy_id).distinct().load(db)?;
    found.sort_unstable();
    Ok(found)
}

/// Cases after `after` that have a running clock measured with `policy_id` and were received inside the window, or
/// outside of it: in the order of their ids, each once.
///
/// # Errors
/// Of the database.
pub fn running(
    db: &mut Db,
    policy_id: Option<i64>,
    (from, until): Window,
    inside: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>> {
    macro_rules! of {
        ($which:expr) => {
            clocks::table
                .inner_join(cases::table.on(cases::id.eq(clocks::case_id)))
                // The condition written out is that of the partial index.
                .filter(sql::<Bool>("clocks.finished_at IS NULL"))
                .filter(clocks::case_id.gt(after))
                .filter($which)
                .select(clocks::case_id)
                .distinct()
                .order(clocks::case_id)
                .limit(limit)
        };
    }
    // SQLite does not look at what is bound and would go by the index of receipts, which has every case there ever was: the
    // sign keeps it from that. PostgreSQL knows how much lies in the window.
    let sign = if matches!(db, Db::Sqlite(_)) { "+" } else { "" };
    let within = sql::<Bool>(&format!("{sign}cases.received_at >= "))
        .bind::<BigInt, _>(from.0)
        .sql(&format!(" AND {sign}cases.received_at < "))
        .bind::<BigInt, _>(until.0);
    let beyond = sql::<Bool>(&format!("({sign}cases.received_at < "))
        .bind::<BigInt, _>(from.0)
        .sql(&format!(" OR {sign}cases.received_at >= "))
        .bind::<BigInt, _>(until.0)
        .sql(")");
    Ok(match (policy_id, inside) {
        (Some(id), true) => of!(clocks::policy_id.eq(id).and(within)).load(db)?,
        (Some(id), false) => of!(clocks::policy_id.eq(id).and(beyond)).load(db)?,
        (None, true) => of!(clocks::policy_id.is_null().and(within)).load(db)?,
        (None, false) => of!(clocks::policy_id.is_null().and(beyond)).load(db)?,
    })
}
