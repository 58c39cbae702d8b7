//! The packages of years that were reported: the figures as they were then.

use diesel::prelude::*;

use super::Db;
use super::schema::year_packages;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A year that was reported.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Package {
    /// The year.
    pub year: i32,
    /// When it was reported.
    pub made_at: Moment,
    /// Its figures, as JSON.
    pub figures: String,
    /// The SHA-256 of these bytes when they were locked; a version without checksums left none.
    pub sha256: Option<String>,
}

/// The package of a year, if it was reported.
///
/// # Errors
/// Of the database.
pub fn get(db: &mut Db, year: i16) -> Result<Option<Package>> {
    Ok(year_packages::table.find(i32::from(year)).first(db).optional()?)
}

/// Keeps the package of a year; `false` when the year was reported already, and stays as it is.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, package: &Package) -> Result<bool> {
    let row = (
        year_packages::year.eq(package.year),
        year_packages::made_at.eq(package.made_at),
        year_packages::figures.eq(&package.figures),
        year_packages::sha256.eq(&package.sha256),
    );
    let inserted = on!(db, c => diesel::insert_into(year_packages::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}
