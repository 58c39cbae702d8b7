//! What the dashboard asks beside the rounds: what petitioners said between two moments.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};

use super::Db;
use crate::domain::time::Moment;
use crate::error::Result;

/// The ratings of a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct Rated {
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// The levels of their overall question, added up.
    #[diesel(sql_type = BigInt)]
    pub levels: i64,
}

/// The ratings given from `from` to `to`, both counted; the months are those the moments lie in.
///
/// # Errors
/// Of the database.
pub fn rated(db: &mut Db, months: (i32, i32), from: Moment, to: Moment) -> Result<Rated> {
    Ok(sql_query(
        "SELECT count(*) AS number, CAST(coalesce(sum(overall), 0) AS BIGINT) AS levels FROM ratings \
         WHERE created_month BETWEEN $1 AND $2 AND created_at BETWEEN $3 AND $4",
    )
    .bind::<Integer, _>(months.0)
    .bind::<Integer, _>(months.1)
    .bind::<BigInt, _>(from.0)
    .bind::<BigInt, _>(to.0)
    .get_result(db)?)
}
