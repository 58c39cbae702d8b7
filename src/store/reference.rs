//! What every act looks things up in: the agency, its units, categories, speed classes, mailboxes and calendar. Read
//! whole and kept in memory; a stamp in the database says when it changed.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Text;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::policies::{self, PolicySet};
use super::schema::{categories, installation, mailboxes, speed_classes, units};
use super::{Db, calendars, closures};
use crate::domain::agency::{Agency, Category, Mailbox, SpeedClass};
use crate::domain::calendar::{Calendar, CalendarData};
use crate::domain::closure::{Closure, Region, with_closures};
use crate::domain::office_hours::OfficeHours;
use crate::domain::policy::Policies;
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
    /// The calendar in force, with the closures that hold everywhere.
    pub calendar: Calendar,
    /// Places with closures of their own.
    pub regions: Vec<Region>,
    /// The policy documents, the one in force latest first.
    pub policies: Vec<PolicySet>,
    /// The calendars of regions that have closures of their own.
    regional: HashMap<String, Calendar>,
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

    /// The calendar of a region.
    #[must_use]
    pub fn calendar_in(&self, region: &str) -> &Calendar {
        self.regional.get(region).unwrap_or(&self.calendar)
    }

    /// The region a unit lies in; without a unit, that of the registry desk.
    #[must_use]
    pub fn region_of(&self, unit_id: Option<i64>) -> &str {
        let unit = unit_id.or_else(|| self.mailboxes.first().map(|mailbox| mailbox.registry_unit_id));
        unit.map_or("", |id| self.units.region(id))
    }

    /// The calendar that counts for a unit; without a unit, for the registry desk.
    #[must_use]
    pub fn calendar_of(&self, unit_id: Option<i64>) -> &Calendar {
        self.calendar_in(self.region_of(unit_id))
    }

    /// The same reference data with another calendar: what a change would do.
    ///
    /// # Errors
    /// `Internal` when the days contradict themselves.
    pub fn with_calendar(&self, data: &CalendarData, closures: &[Closure]) -> Result<Self> {
        let (calendar, regional) = built(data, closures)?;
        Ok(Self { calendar, regional, ..self.clone() })
    }

    /// The policy document in force on a local day: the latest whose day has come, or the first there ever was; of several
    /// of one day the newest.
    #[must_use]
    pub fn policies_on(&self, day: Date) -> Option<&PolicySet> {
        let first = self.policies.last()?.from;
        self.policies.iter().find(|set| set.from <= day.max(first))
    }

    /// The same with a document that is not stored, under the id [`DRAFT`]: what would hold if it were.
    ///
    /// # Errors
    /// `Internal` when its day is none (checked before).
    pub fn with_draft(&self, policies: Policies) -> Result<Self> {
        let from = policies.from_day().map_err(Error::internal)?;
        let at = self.policies.iter().position(|set| set.from <= from).unwrap_or(self.policies.len());
        let mut with = self.clone();
        with.policies.insert(at, PolicySet { id: DRAFT, from, policies });
        Ok(with)
    }

    /// The category with this code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == code)
    }
}

/// The id of a policy document that is not stored.
pub const DRAFT: i64 = 0;

const STAMP: &str = "reference";
pub(super) const AGENCY: &str = "agency";
pub(super) const REGIONS: &str = "regions";
pub(super) const OFFICE: &str = "office";

/// What of the agency's files the calendar needs beside its days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeRules {
    /// The week's office hours.
    pub hours: Option<OfficeHours>,
    /// Administrative Procedure Act 48, for limits in calendar days.
    pub saturday_to_monday_noon: bool,
}

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
    // One statement, so that two changes at the same time are two stamps, and the second waits for the first.
    diesel::sql_query(
        "INSERT INTO installation (key, value) VALUES ($1, '1') ON CONFLICT (key) \
         DO UPDATE SET value = CAST(CAST(installation.value AS BIGINT) + 1 AS TEXT)",
    )
    .bind::<Text, _>(STAMP)
    .execute(db)?;
    Ok(())
}

/// Office hours and the switch of article 48.
///
/// # Errors
/// Of the database.
pub fn office_rules(db: &mut Db) -> Result<OfficeRules> {
    stored(db, OFFICE)
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
    let agency = stored(db, AGENCY)?;
    let regions = stored(db, REGIONS)?;
    let (calendar, regional) = built(&calendars::data(db, zone)?, &closures::in_force(db)?)?;
    Ok(Reference {
        stamp: stamp(db)?,
        agency,
        units: load_units(db)?,
        categories: load_categories(db)?,
        speed_classes: load_speed_classes(db)?,
        mailboxes: load_mailboxes(db)?,
        calendar,
        regions,
        policies: policies::load(db)?,
        regional,
    })
}

/// The calendar with the closures that hold everywhere, and those of the regions that have their own.
fn built(data: &CalendarData, closures: &[Closure]) -> Result<(Calendar, HashMap<String, Calendar>)> {
    let build = |region: &str| {
        with_closures(data, closures, region).map_err(|e| Error::internal(format!("calendar {}: {e}", data.version)))
    };
    let mut regional = HashMap::new();
    for closure in closures.iter().filter(|closure| !closure.region.is_empty()) {
        if !regional.contains_key(&closure.region) {
            regional.insert(closure.region.clone(), build(&closure.region)?);
        }
    }
    Ok((build("")?, regional))
}

/// A fact of the installation that is kept as JSON; its default when it was never set.
fn stored<T: DeserializeOwned + Default>(db: &mut Db, key: &str) -> Result<T> {
    match value(db, key)? {
        Some(text) => serde_json::from_str(&text).map_err(|e| Error::internal(format!("installation.{key}: {e}"))),
        None => Ok(T::default()),
    }
}

fn load_units(db: &mut Db) -> Result<Units> {
    type Row = (i64, String, Option<i64>, String, String, String, bool, String);
    let rows: Vec<Row> = units::table
        .order((units::sort, units::id))
        .select((
            units::id,
            units::code,
            units::parent_id,
            units::name_zh,
            units::name_en,
            units::phone,
            units::active,
            units::region,
        ))
        .load(db)?;
    Ok(Units::new(
        rows.into_iter()
            .map(|(id, code, parent_id, name_zh, name_en, phone, active, region)| Unit {
                id,
                code,
                parent_id,
                name_zh,
                name_en,
                phone,
                active,
                region,
            })
            .collect(),
    ))
}

/// Those that cases may be put in: groups stand in reports alone.
fn load_categories(db: &mut Db) -> Result<Vec<Category>> {
    let groups: Vec<String> = categories::table
        .filter(categories::active.eq(true))
        .filter(categories::parent.is_not_null())
        .select(categories::parent.assume_not_null())
        .distinct()
        .load(db)?;
    let rows: Vec<(String, String, String, Option<i64>)> = categories::table
        .filter(categories::code.ne_all(groups))
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
