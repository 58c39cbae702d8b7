//! The open data that were released: the files as they were, who released them, and who took them back.

use diesel::prelude::*;

use super::Db;
use super::schema::open_data_releases as releases;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A release, without its files.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = releases)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Release {
    pub id: i64,
    pub year: i32,
    pub released_at: Moment,
    pub released_by: i64,
    /// The SHA-256 of the locked figures they were made of.
    pub figures_sha256: String,
    pub archive_sha256: String,
    pub json_sha256: String,
    pub withdrawn_at: Option<Moment>,
    pub withdrawn_by: Option<i64>,
    /// Why it was withdrawn; empty while it stands.
    pub reason: String,
}

/// What is released.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// The year.
    pub year: i32,
    /// The SHA-256 of the locked figures.
    pub figures_sha256: String,
    /// The archive.
    pub archive: Vec<u8>,
    /// Its SHA-256.
    pub archive_sha256: String,
    /// The same as JSON.
    pub json: Vec<u8>,
    /// Its SHA-256.
    pub json_sha256: String,
}

/// Keeps a release; `false` when one of the year stands already.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewRelease, staff_id: i64, now: Moment) -> Result<bool> {
    let row = (
        releases::year.eq(new.year),
        releases::released_at.eq(now),
        releases::released_by.eq(staff_id),
        releases::figures_sha256.eq(&new.figures_sha256),
        releases::archive.eq(&new.archive),
        releases::archive_sha256.eq(&new.archive_sha256),
        releases::json.eq(&new.json),
        releases::json_sha256.eq(&new.json_sha256),
        releases::reason.eq(""),
    );
    let inserted = on!(db, c => diesel::insert_into(releases::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Takes the release of a year back; `false` when none stands, or another than `id`.
///
/// # Errors
/// Of the database.
pub fn withdraw(db: &mut Db, (year, id): (i32, i64), reason: &str, staff_id: i64, now: Moment) -> Result<bool> {
    let standing = releases::year.eq(year).and(releases::id.eq(id)).and(releases::withdrawn_at.is_null());
    let changed = diesel::update(releases::table.filter(standing))
        .set((
            releases::withdrawn_at.eq(Some(now)),
            releases::withdrawn_by.eq(Some(staff_id)),
            releases::reason.eq(reason),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// The releases that stand, the latest year first.
///
/// # Errors
/// Of the database.
pub fn standing(db: &mut Db) -> Result<Vec<Release>> {
    let standing = releases::table.filter(releases::withdrawn_at.is_null());
    Ok(standing.order(releases::year.desc()).select(Release::as_select()).load(db)?)
}

/// Whether any release stands.
///
/// # Errors
/// Of the database.
pub fn any(db: &mut Db) -> Result<bool> {
    let first = releases::table.filter(releases::withdrawn_at.is_null()).select(releases::id);
    Ok(first.first::<i64>(db).optional()?.is_some())
}

/// The releases of a year there have been, the latest first.
///
/// # Errors
/// Of the database.
pub fn of_year(db: &mut Db, year: i32) -> Result<Vec<Release>> {
    let found = releases::table.filter(releases::year.eq(year)).order(releases::id.desc());
    Ok(found.select(Release::as_select()).load(db)?)
}

/// A file that was released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256.
    pub sha256: String,
    /// When they were released.
    pub released_at: Moment,
}

/// The archive of a year, if its release stands.
///
/// # Errors
/// Of the database.
pub fn archive(db: &mut Db, year: i32) -> Result<Option<File>> {
    let standing = releases::table.filter(releases::year.eq(year).and(releases::withdrawn_at.is_null()));
    let columns = (releases::archive, releases::archive_sha256, releases::released_at);
    Ok(standing.select(columns).first(db).optional()?.map(file))
}

/// The JSON of a year, if its release stands.
///
/// # Errors
/// Of the database.
pub fn json(db: &mut Db, year: i32) -> Result<Option<File>> {
    let standing = releases::table.filter(releases::year.eq(year).and(releases::withdrawn_at.is_null()));
    let columns = (releases::json, releases::json_sha256, releases::released_at);
    Ok(standing.select(columns).first(db).optional()?.map(file))
}

fn file((bytes, sha256, released_at): (Vec<u8>, String, Moment)) -> File {
    File { bytes, sha256, released_at }
}
