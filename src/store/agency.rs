//! The agency's own data as its files and its administrators write them: units, categories, classes, mailboxes.
//! What acts read of them is in `reference`.

use diesel::prelude::*;

use super::Db;
use super::reference::{AGENCY, OFFICE, OfficeRules, REGIONS, set_value};
use super::schema::{categories, mailboxes, speed_classes, units};
use crate::domain::agency::{Agency, Category, SpeedClass};
use crate::domain::closure::Region;
use crate::error::{Error, Result};
use crate::on;

/// Sets the agency's names.
///
/// # Errors
/// Of the database.
pub fn set_agency(db: &mut Db, agency: &Agency) -> Result<()> {
    set_value(db, AGENCY, &serde_json::to_string(agency).map_err(Error::internal)?)
}

/// Sets the agency's regions.
///
/// # Errors
/// Of the database.
pub fn set_regions(db: &mut Db, regions: &[Region]) -> Result<()> {
    set_value(db, REGIONS, &serde_json::to_string(regions).map_err(Error::internal)?)
}

/// Sets office hours and the switch of article 48.
///
/// # Errors
/// Of the database.
pub fn set_office(db: &mut Db, office: &OfficeRules) -> Result<()> {
    set_value(db, OFFICE, &serde_json::to_string(office).map_err(Error::internal)?)
}

/// Adds a unit, or renames the one with its code; its id.
///
/// # Errors
/// Of the database.
pub fn put_unit(
    db: &mut Db,
    code: &str,
    parent: Option<i64>,
    names: (&str, &str),
    (phone, region): (&str, &str),
    sort: i64,
) -> Result<i64> {
    let path = match parent {
        Some(id) => {
            let above: String = units::table.find(id).select(units::path).first(db)?;
            format!("{above}{code}/")
        }
        None => format!("/{code}/"),
    };
    let row = (
        units::code.eq(code),
        units::parent_id.eq(parent),
        units::path.eq(path),
        units::name_zh.eq(names.0),
        units::name_en.eq(names.1),
        units::phone.eq(phone),
        units::sort.eq(sort),
        units::active.eq(true),
        units::region.eq(region),
    );
    Ok(on!(db, c => diesel::insert_into(units::table)
        .values(row.clone())
        .on_conflict(units::code)
        .do_update()
        .set(row)
        .returning(units::id)
        .get_result(c))?)
}

/// Adds a category, or changes the one with its code.
///
/// # Errors
/// Of the database.
pub fn put_category(db: &mut Db, category: &Category, sort: i64) -> Result<()> {
    let row = (
        categories::code.eq(&category.code),
        categories::name_zh.eq(&category.name_zh),
        categories::name_en.eq(&category.name_en),
        categories::unit_id.eq(category.unit_id),
        categories::sort.eq(sort),
        categories::active.eq(true),
    );
    on!(db, c => diesel::insert_into(categories::table)
        .values(row)
        .on_conflict(categories::code)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// Puts a category in a group, or in none.
///
/// # Errors
/// Of the database.
pub fn set_category_group(db: &mut Db, code: &str, group: Option<&str>) -> Result<()> {
    diesel::update(categories::table.find(code)).set(categories::parent.eq(group)).execute(db)?;
    Ok(())
}

/// Adds a speed class, or changes the one with its code.
///
/// # Errors
/// Of the database.
pub fn put_speed_class(db: &mut Db, class: &SpeedClass, sort: i64) -> Result<()> {
    let row = (
        speed_classes::code.eq(&class.code),
        speed_classes::name_zh.eq(&class.name_zh),
        speed_classes::name_en.eq(&class.name_en),
        speed_classes::time_limit.eq(class.limit.to_string()),
        speed_classes::sort.eq(sort),
        speed_classes::active.eq(true),
    );
    on!(db, c => diesel::insert_into(speed_classes::table)
        .values(row.clone())
        .on_conflict(speed_classes::code)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// Adds a mailbox, or changes the one with its address.
///
/// # Errors
/// Of the database.
pub fn put_mailbox(
    db: &mut Db,
    address: &str,
    names: (&str, &str),
    root_unit_id: i64,
    registry_unit_id: i64,
) -> Result<()> {
    let row = (
        mailboxes::address.eq(address),
        mailboxes::name_zh.eq(names.0),
        mailboxes::name_en.eq(names.1),
        mailboxes::root_unit_id.eq(root_unit_id),
        mailboxes::registry_unit_id.eq(registry_unit_id),
        mailboxes::active.eq(true),
    );
    on!(db, c => diesel::insert_into(mailboxes::table)
        .values(row)
        .on_conflict(mailboxes::address)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}
