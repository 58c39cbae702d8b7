//! The versions of the calendar. Every change makes a new one, whole, and puts it in force in the same transaction; the old
//! ones stay for what was measured with them.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jiff::tz::TimeZone;

use super::reference::{date, day_number, office_rules, touch};
use super::schema::{calendar_days, calendar_versions, calendar_years};
use super::{Db, closures};
use crate::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use crate::domain::closure::with_closures;
use crate::domain::office_hours::OfficeHours;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// Takes the calendar for a change: until the transaction ends no other one changes it, and every node reads it anew.
/// What is in force must be read after this, and past [`crate::store::reference::Reference`], which would keep it in memory
/// before it is committed.
///
/// # Errors
/// Of the database.
pub fn lock(db: &mut Db) -> Result<()> {
    touch(db)
}

/// The version in force; 0 when there is none.
///
/// # Errors
/// Of the database.
pub fn in_force(db: &mut Db) -> Result<i64> {
    let newest: Option<i64> = calendar_versions::table
        .filter(calendar_versions::active.eq(true))
        .order(calendar_versions::id.desc())
        .select(calendar_versions::id)
        .first(db)
        .optional()?;
    Ok(newest.unwrap_or(0))
}

/// What the calendar in force is built from, without closures.
///
/// # Errors
/// Of the database; `Internal` for a stored day that is none.
pub fn data(db: &mut Db, zone: &TimeZone) -> Result<CalendarData> {
    let version = in_force(db)?;
    data_of(db, zone, version)
}

/// The versions up to one, the newest first: each with when it came into force.
///
/// # Errors
/// Of the database.
pub fn up_to(db: &mut Db, version: i64, limit: i64) -> Result<Vec<(i64, Moment)>> {
    Ok(calendar_versions::table
        .filter(calendar_versions::id.le(version))
        .order(calendar_versions::id.desc())
        .limit(limit)
        .select((calendar_versions::id, calendar_versions::created_at))
        .load(db)?)
}

/// The calendar of a region as it was by a version; office hours are those of today, because earlier ones are not kept.
///
/// # Errors
/// Of the database; `Internal` when stored days contradict themselves.
pub fn calendar_of(db: &mut Db, zone: &TimeZone, version: i64, region: &str) -> Result<Calendar> {
    let (data, closures) = (data_of(db, zone, version)?, closures::in_force_at(db, version)?);
    with_closures(&data, &closures, region).map_err(|e| Error::internal(format!("calendar {version}: {e}")))
}

fn data_of(db: &mut Db, zone: &TimeZone, version: i64) -> Result<CalendarData> {
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
    let office = office_rules(db)?;
    Ok(CalendarData {
        zone: zone.clone(),
        version,
        years: Some(years.into_iter().filter_map(|year| i16::try_from(year).ok()).collect()),
        days,
        hours: office.hours.unwrap_or_else(OfficeHours::usual),
        saturday_to_monday_noon: office.saturday_to_monday_noon,
        ..CalendarData::default()
    })
}

/// Puts a new version in force; its id. The given years have these days, all other years those they had; without years it
/// says that closures or office hours changed. The calendar is [`lock`]ed by the caller.
///
/// # Errors
/// Of the database.
pub fn activate(db: &mut Db, years: &[i16], days: &[ExceptionalDay], note: &str, now: Moment) -> Result<i64> {
    let old = in_force(db)?;
    diesel::update(calendar_versions::table.filter(calendar_versions::active.eq(true)))
        .set(calendar_versions::active.eq(false))
        .execute(db)?;
    let new: i64 = diesel::insert_into(calendar_versions::table)
        .values((
            calendar_versions::created_at.eq(now),
            calendar_versions::note.eq(note),
            calendar_versions::active.eq(true),
        ))
        .returning(calendar_versions::id)
        .get_result(db)?;
    // Year 0 stands for none: an empty list is no SQL.
    let replaced = years.iter().map(ToString::to_string).chain(["0".to_owned()]).collect::<Vec<_>>().join(", ");
    for copy in [
        format!(
            "INSERT INTO calendar_years (version_id, year) \
             SELECT $1, year FROM calendar_years WHERE version_id = $2 AND year NOT IN ({replaced})"
        ),
        format!(
            "INSERT INTO calendar_days (version_id, day, day_off, note) \
             SELECT $1, day, day_off, note FROM calendar_days WHERE version_id = $2 AND day / 10000 NOT IN ({replaced})"
        ),
    ] {
        diesel::sql_query(copy).bind::<BigInt, _>(new).bind::<BigInt, _>(old).execute(db)?;
    }
    let years: Vec<_> = years
        .iter()
        .map(|year| (calendar_years::version_id.eq(new), calendar_years::year.eq(i32::from(*year))))
        .collect();
    let days: Vec<_> = days
        .iter()
        .map(|day| {
            (
                calendar_days::version_id.eq(new),
                calendar_days::day.eq(day_number(day.date)),
                calendar_days::day_off.eq(day.kind != DayKind::MakeUp),
                calendar_days::note.eq(&day.note),
            )
        })
        .collect();
    on!(db, c => {
        diesel::insert_into(calendar_years::table).values(&years).execute(c)?;
        diesel::insert_into(calendar_days::table).values(&days).execute(c)
    })?;
    Ok(new)
}
