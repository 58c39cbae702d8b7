//! The agency's policy documents, each in force from its day.

use diesel::prelude::*;
use jiff::civil::Date;

use super::Db;
use super::reference::{date, day_number};
use super::schema::policies;
use crate::domain::policy::Policies;
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// A stored document.
#[derive(Clone, Debug)]
pub struct PolicySet {
    /// Row id.
    pub id: i64,
    /// In force for what starts on or after this local day.
    pub from: Date,
    /// What it says.
    pub policies: Policies,
}

/// A row of `policies`, with the text as it was written.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct PolicyRow {
    pub id: i64,
    pub from_day: i32,
    pub source: String,
    pub rules: String,
    pub note: String,
    /// `None`: installed from the agency's files.
    pub created_by: Option<i64>,
    pub created_at: Moment,
}

/// Every document, the one in force latest first.
///
/// # Errors
/// Of the database.
pub fn all(db: &mut Db) -> Result<Vec<PolicyRow>> {
    Ok(policies::table.order((policies::from_day.desc(), policies::id.desc())).load(db)?)
}

/// Every document as a value, the one in force latest first: the first whose day has come holds.
///
/// # Errors
/// `Internal` when a stored document cannot be read.
pub fn load(db: &mut Db) -> Result<Vec<PolicySet>> {
    all(db)?
        .into_iter()
        .map(|row| {
            let policies =
                serde_json::from_str(&row.rules).map_err(|e| Error::internal(format!("policies {}: {e}", row.id)))?;
            Ok(PolicySet { id: row.id, from: date(row.from_day)?, policies })
        })
        .collect()
}

/// Adds a document; its id. `source` is its text as it was written.
///
/// # Errors
/// Of the database; `Internal` when its day is none (checked before).
pub fn insert(
    db: &mut Db,
    source: &str,
    policies: &Policies,
    note: &str,
    created_by: Option<i64>,
    now: Moment,
) -> Result<i64> {
    let from = policies.from_day().map_err(Error::internal)?;
    Ok(diesel::insert_into(policies::table)
        .values((
            policies::from_day.eq(day_number(from)),
            policies::source.eq(source),
            policies::rules.eq(serde_json::to_string(policies).map_err(Error::internal)?),
            policies::note.eq(note),
            policies::created_by.eq(created_by),
            policies::created_at.eq(now),
        ))
        .returning(policies::id)
        .get_result(db)?)
}

/// When a document was stored.
///
/// # Errors
/// `NotFound`.
pub fn made_at(db: &mut Db, id: i64) -> Result<Moment> {
    Ok(policies::table.find(id).select(policies::created_at).get_result(db)?)
}

/// The text that the agency's files brought last.
///
/// # Errors
/// Of the database.
pub fn newest_from_files(db: &mut Db) -> Result<Option<String>> {
    Ok(policies::table
        .filter(policies::created_by.is_null())
        .order(policies::id.desc())
        .select(policies::source)
        .first(db)
        .optional()?)
}
