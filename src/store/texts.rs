//! Long texts, apart from the rows that lists scan.

use diesel::prelude::*;

use super::Db;
use super::schema::texts;
use crate::error::Result;

/// Stores a text; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, body: &str) -> Result<i64> {
    Ok(diesel::insert_into(texts::table).values(texts::body.eq(body)).returning(texts::id).get_result(db)?)
}

/// Reads a text.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<String> {
    Ok(texts::table.find(id).select(texts::body).get_result(db)?)
}

/// Replaces a text.
///
/// # Errors
/// Of the database.
pub fn set(db: &mut Db, id: i64, body: &str) -> Result<()> {
    diesel::update(texts::table.find(id)).set(texts::body.eq(body)).execute(db)?;
    Ok(())
}
