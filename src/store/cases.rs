//! Cases, their rounds and what they are counted under. An act first takes the case with [`lock`], which checks and
//! counts up its version, changes the row in memory and writes it back with [`save`].

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use jiff::tz::TimeZone;

use super::Db;
use super::rounds;
pub use super::rounds::{ask_rating, finish_round, open_round, round_opened_at, set_round_due};
use super::schema::{case_facts, case_references, cases, clocks, counters};
use crate::domain::case::{Channel, CloseCode, Kind, ReplyBy, State};
use crate::domain::case_number::CaseNumber;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// A row of `cases`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = cases, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Case {
    pub id: i64,
    pub number: Option<String>,
    pub code_digest: Option<String>,
    pub version: i64,
    pub state: State,
    pub channel: Channel,
    pub kind: Kind,
    pub category: Option<String>,
    pub speed_class: Option<String>,
    pub confidential: bool,
    pub unit_id: Option<i64>,
    pub handler_id: Option<i64>,
    pub party_id: i64,
    pub subject: String,
    pub text_id: i64,
    pub place: String,
    pub locale: String,
    pub reply_by: ReplyBy,
    pub submission_id: Option<i64>,
    pub round: i32,
    pub received_at: Moment,
    pub received_month: i32,
    pub registered_at: Option<Moment>,
    pub assigned_at: Option<Moment>,
    pub replied_at: Option<Moment>,
    pub finished_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub close_code: Option<CloseCode>,
    pub original_due_at: Option<Moment>,
    pub due_at: Option<Moment>,
    pub extended: bool,
    pub rating_until: Option<Moment>,
}

impl Case {
    /// The number; every case has one from the moment its first transaction ends.
    #[must_use]
    pub fn number(&self) -> &str {
        self.number.as_deref().unwrap_or_default()
    }
}

/// What a new case is made of; the number follows as the transaction's last step ([`give_number`]).
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewCase {
    pub code_digest: Option<String>,
    pub version: i64,
    pub state: State,
    pub channel: Channel,
    pub kind: Kind,
    pub category: Option<String>,
    pub speed_class: Option<String>,
    pub confidential: bool,
    pub party_id: i64,
    pub subject: String,
    pub text_id: i64,
    pub place: String,
    pub locale: String,
    pub reply_by: ReplyBy,
    pub submission_id: Option<i64>,
    pub round: i32,
    pub received_at: Moment,
    pub received_month: i32,
    pub original_due_at: Option<Moment>,
    pub due_at: Option<Moment>,
    pub extended: bool,
}

/// Stores a new case with its first round and facts; its id. `counted_at` is when it came to be known: the confirmation, or
/// the entry by staff of what was received before. It counts in the month of that moment, which is its `received_month`.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, new: &NewCase, counted_at: Moment) -> Result<i64> {
    let id: i64 = diesel::insert_into(cases::table).values(new.clone()).returning(cases::id).get_result(db)?;
    let counted = (counted_at, new.received_month);
    open_round(db, id, new.round, new.received_at, counted, new.original_due_at, new.due_at)?;
    diesel::insert_into(case_facts::table)
        .values((
            case_facts::case_id.eq(id),
            case_facts::from_at.eq(new.received_at),
            case_facts::channel.eq(new.channel),
            case_facts::kind.eq(new.kind),
            case_facts::category.eq(new.category.clone()),
            case_facts::speed_class.eq(new.speed_class.clone()),
        ))
        .execute(db)?;
    Ok(id)
}

/// Gives the case the next number of the local year in which it was confirmed or entered. The counter's row is the one row every new case needs:
/// this comes as late in the transaction as can be.
///
/// # Errors
/// Of the database; `Internal` past 9,999,999 cases in a year.
pub fn give_number(db: &mut Db, id: i64, counted_at: Moment, zone: &TimeZone) -> Result<String> {
    let year = counted_at.date_in(zone).year();
    let row = (counters::name.eq(format!("case-{year}")), counters::value.eq(1_i64));
    let serial: i64 = on!(db, c => diesel::insert_into(counters::table)
        .values(row)
        .on_conflict(counters::name)
        .do_update()
        .set(counters::value.eq(counters::value + 1))
        .returning(counters::value)
        .get_result(c))?;
    let full = || Error::internal(format!("the case numbers of {year} are used up"));
    let number = CaseNumber {
        roc_year: u16::try_from(i32::from(year) - 1911).map_err(|_| full())?,
        serial: u32::try_from(serial).ok().filter(|s| *s <= 9_999_999).ok_or_else(full)?,
    }
    .to_string();
    diesel::update(cases::table.find(id)).set(cases::number.eq(Some(&number))).execute(db)?;
    Ok(number)
}

/// Reads a case.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Case> {
    Ok(cases::table.find(id).get_result(db)?)
}

/// Reads a case by its number.
///
/// # Errors
/// `NotFound`.
pub fn by_number(db: &mut Db, number: &str) -> Result<Case> {
    Ok(cases::table.filter(cases::number.eq(number)).get_result(db)?)
}

/// Takes a case for a change: counts its version up and returns it, locked until the transaction ends. `version` is the
/// one the user saw; `None` for acts that do not depend on it.
///
/// # Errors
/// `NotFound`; `Conflict` when a colleague changed it since.
pub fn lock(db: &mut Db, id: i64, version: Option<i64>) -> Result<Case> {
    let locked = match version {
        Some(seen) => diesel::update(cases::table.filter(cases::id.eq(id).and(cases::version.eq(seen))))
            .set(cases::version.eq(cases::version + 1))
            .returning(cases::all_columns)
            .get_result(db)
            .optional()?,
        None => diesel::update(cases::table.find(id))
            .set(cases::version.eq(cases::version + 1))
            .returning(cases::all_columns)
            .get_result(db)
            .optional()?,
    };
    match locked {
        Some(case) => Ok(case),
        None => get(db, id).and(Err(Error::Conflict)),
    }
}

/// Writes a locked case back. When kind, category, speed class or unit changed since `before`, what it is counted under
/// changes from `now` on; the stages it has reached stand in its round.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, before: &Case, case: &Case, now: Moment) -> Result<()> {
    diesel::update(cases::table.find(case.id)).set(case.clone()).execute(db)?;
    rounds::reach(db, before, case, now)?;
    let counted = |c: &Case| (c.kind, c.category.clone(), c.speed_class.clone(), c.unit_id);
    if counted(before) == counted(case) {
        return Ok(());
    }
    if before.unit_id != case.unit_id {
        // Its running clocks stand on the new unit's desk, but for those of a unit of their own.
        let these = clocks::case_id.eq(case.id).and(clocks::unit_id.is_null()).and(clocks::finished_at.is_null());
        diesel::update(clocks::table.filter(these)).set(clocks::holder_unit_id.eq(case.unit_id)).execute(db)?;
    }
    diesel::update(case_facts::table.filter(case_facts::case_id.eq(case.id).and(case_facts::to_at.is_null())))
        .set(case_facts::to_at.eq(Some(now)))
        .execute(db)?;
    diesel::insert_into(case_facts::table)
        .values((
            case_facts::case_id.eq(case.id),
            case_facts::from_at.eq(now),
            case_facts::channel.eq(case.channel),
            case_facts::kind.eq(case.kind),
            case_facts::category.eq(case.category.clone()),
            case_facts::speed_class.eq(case.speed_class.clone()),
            case_facts::unit_id.eq(case.unit_id),
        ))
        .execute(db)?;
    Ok(())
}

/// What few cases have: where they came from, document numbers, whom they complain of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = case_references, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct References {
    pub case_id: i64,
    pub incoming_ref: Option<String>,
    pub referring_agency: Option<String>,
    pub referring_due_at: Option<Moment>,
    pub document_in: Option<String>,
    pub document_out: Option<String>,
    pub transferred_to: Option<String>,
    pub respondent_unit_id: Option<i64>,
    pub respondent_staff_id: Option<i64>,
}

/// The references of a case; empty ones when it has none.
///
/// # Errors
/// Of the database.
pub fn references(db: &mut Db, case_id: i64) -> Result<References> {
    let row: Option<References> = case_references::table.find(case_id).get_result(db).optional()?;
    Ok(row.unwrap_or(References { case_id, ..References::default() }))
}

/// Writes the references of a case.
///
/// # Errors
/// Of the database.
pub fn set_references(db: &mut Db, references: &References) -> Result<()> {
    let row = references.clone();
    on!(db, c => diesel::insert_into(case_references::table)
        .values(row.clone())
        .on_conflict(case_references::case_id)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// Replied cases whose rating link has run out, oldest first.
///
/// # Errors
/// Of the database.
pub fn to_close(db: &mut Db, now: Moment, limit: i64) -> Result<Vec<i64>> {
    Ok(cases::table
        // Written out, as the partial index has it: SQLite does not look at what is bound.
        .filter(sql::<Bool>("cases.state = 'replied'").and(cases::rating_until.le(now)))
        .order((cases::rating_until, cases::id))
        .limit(limit)
        .select(cases::id)
        .load(db)?)
}

/// Takes a case to append to its history without a new version: a look at the identity must not make a colleague's open
/// form stale.
///
/// # Errors
/// `NotFound`.
pub fn lock_for_log(db: &mut Db, id: i64) -> Result<Case> {
    Ok(diesel::update(cases::table.find(id))
        .set(cases::version.eq(cases::version))
        .returning(cases::all_columns)
        .get_result(db)?)
}
