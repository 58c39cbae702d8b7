//! The keyed chain over the heads of the histories, and the work that waits for the sealer.

use diesel::prelude::*;

use super::Db;
use super::schema::{events, seals, work};
use crate::domain::time::Moment;
use crate::error::Result;

/// The kind of work that the sealer does.
const KIND: &str = "seal";

/// A case whose history has a new head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The case.
    pub case_id: i64,
    /// Which change the sealer saw; a later one stays waiting.
    pub generation: i64,
}

/// Work that waits, by case.
///
/// # Errors
/// Of the database.
pub fn waiting(db: &mut Db, limit: i64) -> Result<Vec<Waiting>> {
    let rows: Vec<(i64, i64)> = work::table
        .filter(work::kind.eq(KIND))
        .order(work::case_id)
        .limit(limit)
        .select((work::case_id, work::generation))
        .load(db)?;
    Ok(rows.into_iter().map(|(case_id, generation)| Waiting { case_id, generation }).collect())
}

/// Forgets work that was done, unless there is newer.
///
/// # Errors
/// Of the database.
pub fn done(db: &mut Db, seen: &Waiting) -> Result<()> {
    let same = work::kind.eq(KIND).and(work::case_id.eq(seen.case_id)).and(work::generation.eq(seen.generation));
    diesel::delete(work::table.filter(same)).execute(db)?;
    Ok(())
}

/// The last event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its position.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// The head of a case's history.
///
/// # Errors
/// `NotFound` when it has none.
pub fn head(db: &mut Db, case_id: i64) -> Result<Head> {
    let (seq, hash) = events::table
        .filter(events::case_id.eq(case_id))
        .order(events::seq.desc())
        .select((events::seq, events::hash))
        .first(db)?;
    Ok(Head { seq, hash })
}

/// A link of the chain, about to be added.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = seals, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewSeal {
    pub at: Moment,
    pub case_id: i64,
    pub seq: i64,
    pub hash: String,
    pub previous: String,
    pub seal: String,
}

impl NewSeal {
    /// What the seal is taken of.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{}\n{}\n{}\n{}\n{}", self.at.0, self.case_id, self.seq, self.hash, self.previous)
    }
}

/// The last seal.
///
/// # Errors
/// Of the database.
pub fn last(db: &mut Db) -> Result<Option<String>> {
    Ok(seals::table.order(seals::id.desc()).select(seals::seal).first(db).optional()?)
}

/// Adds a seal.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewSeal) -> Result<()> {
    diesel::insert_into(seals::table).values(new.clone()).execute(db)?;
    Ok(())
}

/// A batch of the chain in order, after the given id: id and link.
///
/// # Errors
/// Of the database.
pub fn after(db: &mut Db, id: i64, limit: i64) -> Result<Vec<(i64, NewSeal)>> {
    type Row = (i64, Moment, i64, i64, String, String, String);
    let rows: Vec<Row> = seals::table.filter(seals::id.gt(id)).order(seals::id).limit(limit).load(db)?;
    Ok(rows
        .into_iter()
        .map(|(id, at, case_id, seq, hash, previous, seal)| (id, NewSeal { at, case_id, seq, hash, previous, seal }))
        .collect())
}

/// The hash of one event.
///
/// # Errors
/// Of the database.
pub fn event_hash(db: &mut Db, case_id: i64, seq: i64) -> Result<Option<String>> {
    Ok(events::table
        .filter(events::case_id.eq(case_id).and(events::seq.eq(seq)))
        .select(events::hash)
        .first(db)
        .optional()?)
}

/// How many histories have a head that is not sealed yet, and since when the oldest of them.
///
/// # Errors
/// Of the database.
pub fn unsealed(db: &mut Db) -> Result<(i64, Option<Moment>)> {
    let number: i64 = work::table.filter(work::kind.eq(KIND)).count().get_result(db)?;
    let first: Option<i64> =
        work::table.filter(work::kind.eq(KIND)).order(work::case_id).select(work::case_id).first(db).optional()?;
    let since = match first {
        Some(case_id) => events::table
            .filter(events::case_id.eq(case_id))
            .order(events::seq.desc())
            .select(events::at)
            .first(db)
            .optional()?,
        None => None,
    };
    Ok((number, since))
}
