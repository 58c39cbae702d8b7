//! What every act looks things up in: the agency, its units, categories, speed classes, mailboxes and calendar. Read
//! whole and kept in memory; a stamp in the database says when it changed.

use diesel::prelude::*;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Db;
use super::schema::{
    calendar_days, calendar_versions, calendar_years, categories, installation, mailboxes, speed_classes, units,
};
use crate::domain::agency::{Agency, Category, Mailbox, SpeedClass};
use crate::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use crate::domain::time::Moment;
use crate::domain::units::{Unit, Units};
use crate::error::{Error, Result};
use crate::on;

/// Everything that acts look up.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Changes whenever anything below does.
    pub stamp: i64,
    /// The agency.
    pub agency: Agency,
    /// Its units.
    pub units: Units,
    /// Its categories, in its order.
    pub categories: Vec<Category>,
    /// Its speed classes, in its order.
    pub speed_classes: Vec<SpeedClass>,
    /// Its mailboxes.
    pub mailboxes: Vec<Mailbox>,
    /// The calendar in force.
    pub calendar: Calendar,
}

impl Reference {
    /// The speed class with this code.
    ///
    /// # Errors
    /// `Invalid` on the field `speed_class`.
    pub fn speed_class(&self, code: &str) -> Result<&SpeedClass> {
        self.speed_classes
            .iter()
            .find(|class| class.code == code)
            .ok_or_else(|| Error::invalid("speed_class", "field-choose"))
    }

    /// The category with this code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == code)
    }
}

const STAMP: &str = "reference";
const AGENCY: &str = "agency";

/// The current stamp; 0 before anything was installed.
///
/// # Errors
/// Of the database.
pub fn stamp(db: &mut Db) -> Result<i64> {
    Ok(value(db, STAMP)?.and_then(|v| v.parse().ok()).unwrap_or(0))
}

/// Says that reference data changed: every node reads them anew with its next act.
///
/// # Errors
/// Of the database.
pub fn touch(db: &mut Db) -> Result<()> {
    let next = stamp(db)? + 1;
    set_value(db, STAMP, &next.to_string())
}

/// A fact of the installation.
///
/// # Errors
/// Of the database.
pub fn value(db: &mut Db, key: &str) -> Result<Option<String>> {
    Ok(installation::table.find(key).select(installation::value).get_result(db).optional()?)
}

/// Sets a fact of the installation.
///
/// # Errors
/// Of the database.
pub fn set_value(db: &mut Db, key: &str, value: &str) -> Result<()> {
    let row = (installation::key.eq(key), installation::value.eq(value));
    on!(db, c => diesel::insert_into(installation::table)
        .values(row)
        .on_conflict(installation::key)
        .do_update()
        .set(installation::value.eq(value))
        .execute(c))?;
    Ok(())
}

/// Reads everything.
///
/// # Errors
/// `Internal` when stored data contradict themselves, naming them.
pub fn load(db: &mut Db, zone: &TimeZone) -> Result<Reference> {
    let agency = match value(db, AGENCY)? {
        Some(text) => serde_json::from_str(&text).map_err(|e| Error::internal(format!("installation.agency: {e}")))?,
        None => Agency::default(),
    };
    Ok(Reference {
        stamp: stamp(db)?,
        agency,
        units: load_units(db)?,
        categories: load_categories(db)?,
        speed_classes: load_speed_classes(db)?,
        mailboxes: load_mailboxes(db)?,
        calendar: load_calendar(db, zone)?,
    })
}

fn load_units(db: &mut Db) -> Result<Units> {
    type Row = (i64, String, Option<i64>, String, String, String, bool);
    let rows: Vec<Row> = units::table
        .order((units::sort, units::id))
        .select((units::id, units::code, units::parent_id, units::name_zh, units::name_en, units::phone, units::active))
        .load(db)?;
    Ok(Units::new(
        rows.into_iter()
            .map(|(id, code, parent_id, name_zh, name_en, phone, active)| Unit {
                id,
                code,
                parent_id,
                name_zh,
                name_en,
                phone,
                active,
            })
            .collect(),
    ))
}

fn load_categories(db: &mut Db) -> Result<Vec<Category>> {
    let rows: Vec<(String, String, String, Option<i64>)> = categories::table
        .filter(categories::active.eq(true))
        .order((categories::sort, categories::code))
        .select((categories::code, categories::name_zh, categories::name_en, categories::unit_id))
        .load(db)?;
    Ok(rows.into_iter().map(|(code, name_zh, name_en, unit_id)| Category { code, name_zh, name_en, unit_id }).collect())
}

fn load_speed_classes(db: &mut Db) -> Result<Vec<SpeedClass>> {
    let rows: Vec<(String, String, String, String)> = speed_classes::table
        .filter(speed_classes::active.eq(true))
        .order((speed_classes::sort, speed_classes::code))
        .select((speed_classes::code, speed_classes::name_zh, speed_classes::name_en, speed_classes::time_limit))
        .load(db)?;
    rows.into_iter()
        .map(|(code, name_zh, name_en, limit)| {
            let limit = limit.parse().map_err(|e| Error::internal(format!("speed class {code}: {e}")))?;
            Ok(SpeedClass { code, name_zh, name_en, limit })
        })
        .collect()
}

fn load_mailboxes(db: &mut Db) -> Result<Vec<Mailbox>> {
    type Row = (i64, String, String, String, i64, i64);
    let rows: Vec<Row> = mailboxes::table
        .filter(mailboxes::active.eq(true))
        .order(mailboxes::id)
        .select((
            mailboxes::id,
            mailboxes::address,
            mailboxes::name_zh,
            mailboxes::name_en,
            mailboxes::root_unit_id,
            mailboxes::registry_unit_id,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(id, address, name_zh, name_en, root_unit_id, registry_unit_id)| Mailbox {
            id,
            address,
            name_zh,
            name_en,
            root_unit_id,
            registry_unit_id,
        })
        .collect())
}

fn load_calendar(db: &mut Db, zone: &TimeZone) -> Result<Calendar> {
    let version: Option<i64> = calendar_versions::table
        .filter(calendar_versions::active.eq(true))
        .order(calendar_versions::id.desc())
        .select(calendar_versions::id)
        .first(db)
        .optional()?;
    let version = version.unwrap_or(0);
    let years: Vec<i32> = calendar_years::table
        .filter(calendar_years::version_id.eq(version))
        .order(calendar_years::year)
        .select(calendar_years::year)
        .load(db)?;
    let days: Vec<(i32, bool, String)> = calendar_days::table
        .filter(calendar_days::version_id.eq(version))
        .order(calendar_days::day)
        .select((calendar_days::day, calendar_days::day_off, calendar_days::note))
        .load(db)?;
    let days = days
        .into_iter()
        .map(|(day, off, note)| {
            Ok(ExceptionalDay { date: date(day)?, kind: if off { DayKind::DayOff } else { DayKind::MakeUp }, note })
        })
        .collect::<Result<_>>()?;
    let years = years.into_iter().filter_map(|year| i16::try_from(year).ok()).collect();
    Calendar::build(CalendarData { zone: zone.clone(), version, years: Some(years), days, ..CalendarData::default() })
        .map_err(|e| Error::internal(format!("calendar {version}: {e}")))
}

/// A stored `YYYYMMDD` as a date.
///
/// # Errors
/// `Internal` when it is none.
pub fn date(day: i32) -> Result<Date> {
    let part = |n: i32| i8::try_from(n).unwrap_or(0);
    let year = i16::try_from(day / 10_000).unwrap_or(0);
    Date::new(year, part(day / 100 % 100), part(day % 100)).map_err(|e| Error::internal(format!("date {day}: {e}")))
}

/// A date as it is stored: `YYYYMMDD`.
#[must_use]
pub fn day_number(date: Date) -> i32 {
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

/// Sets the agency's names.
///
/// # Errors
/// Of the database.
pub fn set_agency(db: &mut Db, agency: &Agency) -> Result<()> {
    set_value(db, AGENCY, &serde_json::to_string(agency).map_err(Error::internal)?)
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
    phone: &str,
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

/// Installs a calendar as the new version in force; its id. The old versions stay for what was computed with them.
///
/// # Errors
/// Of the database.
pub fn install_calendar(db: &mut Db, years: &[i16], days: &[ExceptionalDay], note: &str, now: Moment) -> Result<i64> {
    diesel::update(calendar_versions::table).set(calendar_versions::active.eq(false)).execute(db)?;
    let version: i64 = diesel::insert_into(calendar_versions::table)
        .values((
            calendar_versions::created_at.eq(now),
            calendar_versions::note.eq(note),
            calendar_versions::active.eq(true),
        ))
        .returning(calendar_versions::id)
        .get_result(db)?;
    for year in years {
        diesel::insert_into(calendar_years::table)
            .values((calendar_years::version_id.eq(version), calendar_years::year.eq(i32::from(*year))))
            .execute(db)?;
    }
    for day in days {
        diesel::insert_into(calendar_days::table)
            .values((
                calendar_days::version_id.eq(version),
                calendar_days::day.eq(day_number(day.date)),
                calendar_days::day_off.eq(day.kind != DayKind::MakeUp),
                calendar_days::note.eq(&day.note),
            ))
            .execute(db)?;
    }
    touch(db)?;
    Ok(version)
}
