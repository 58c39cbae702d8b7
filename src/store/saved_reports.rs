//! Saved reports, who gets each, and what came of each time it was sent.

use diesel::prelude::*;

use super::Db;
use super::schema::{saved_report_recipients, saved_report_runs, saved_reports};
use crate::domain::saved_report::{Draft, RunOutcome, Schedule, Terms};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// Reports on a page at most.
const MOST: i64 = 500;
/// Runs that are kept of a report.
const RUNS: i64 = 100;

/// A row of `saved_reports`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct SavedReport {
    pub id: i64,
    pub name: String,
    pub owner_id: i64,
    pub shared: bool,
    terms: String,
    schedule: String,
    pub next_run_at: Option<Moment>,
    pub version: i64,
    pub created_at: Moment,
    pub changed_at: Moment,
}

impl SavedReport {
    /// What it says.
    ///
    /// # Errors
    /// `Internal` when what is stored cannot be read.
    pub fn terms(&self) -> Result<Terms> {
        serde_json::from_str(&self.terms).map_err(|e| Error::internal(format!("saved report {}: {e}", self.id)))
    }

    /// When it is sent.
    ///
    /// # Errors
    /// `Internal` when what is stored cannot be read.
    pub fn schedule(&self) -> Result<Schedule> {
        serde_json::from_str(&self.schedule).map_err(|e| Error::internal(format!("saved report {}: {e}", self.id)))
    }
}

/// A row of `saved_report_runs`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Run {
    pub id: i64,
    pub report_id: i64,
    /// The moment it was due at; that of the request where somebody sent it.
    pub due_at: Moment,
    /// Who sent it by hand.
    pub staff_id: Option<i64>,
    pub ran_at: Moment,
    pub outcome: RunOutcome,
    /// How many were owed.
    pub letters: i64,
}

/// A run to be noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Of which report.
    pub report_id: i64,
    /// See [`Run::due_at`].
    pub due_at: Moment,
    /// See [`Run::staff_id`].
    pub staff_id: Option<i64>,
    /// What came of it.
    pub outcome: RunOutcome,
    /// How many letters are owed.
    pub letters: i64,
}

/// Saves a new report; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, draft: &Draft, owner_id: i64, next: Option<Moment>, now: Moment) -> Result<i64> {
    let id: i64 = diesel::insert_into(saved_reports::table)
        .values((
            saved_reports::name.eq(&draft.name),
            saved_reports::owner_id.eq(owner_id),
            saved_reports::shared.eq(draft.shared),
            saved_reports::terms.eq(text(&draft.terms)?),
            saved_reports::schedule.eq(text(&draft.schedule)?),
            saved_reports::next_run_at.eq(next),
            saved_reports::version.eq(1_i64),
            saved_reports::created_at.eq(now),
            saved_reports::changed_at.eq(now),
        ))
        .returning(saved_reports::id)
        .get_result(db)?;
    set_recipients(db, id, &draft.recipients)?;
    Ok(id)
}

/// Saves a report anew.
///
/// # Errors
/// `Conflict` when a colleague was faster than whoever saw `version`.
pub fn update(db: &mut Db, (id, version): (i64, i64), draft: &Draft, next: Option<Moment>, now: Moment) -> Result<()> {
    let seen = saved_reports::id.eq(id).and(saved_reports::version.eq(version));
    let changed = diesel::update(saved_reports::table.filter(seen))
        .set((
            saved_reports::name.eq(&draft.name),
            saved_reports::shared.eq(draft.shared),
            saved_reports::terms.eq(text(&draft.terms)?),
            saved_reports::schedule.eq(text(&draft.schedule)?),
            saved_reports::next_run_at.eq(next),
            saved_reports::version.eq(saved_reports::version + 1),
            saved_reports::changed_at.eq(now),
        ))
        .execute(db)?;
    if changed != 1 {
        return Err(Error::Conflict);
    }
    set_recipients(db, id, &draft.recipients)
}

fn text<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn set_recipients(db: &mut Db, id: i64, recipients: &[(i64, String)]) -> Result<()> {
    use saved_report_recipients::dsl;
    diesel::delete(dsl::saved_report_recipients.filter(dsl::report_id.eq(id))).execute(db)?;
    for (staff, locale) in recipients {
        diesel::insert_into(dsl::saved_report_recipients)
            .values((dsl::report_id.eq(id), dsl::staff_id.eq(staff), dsl::locale.eq(locale)))
            .execute(db)?;
    }
    Ok(())
}

/// Deletes a report; what was sent of it stays sent.
///
/// # Errors
/// `Conflict` when a colleague was faster than whoever saw `version`.
pub fn delete(db: &mut Db, id: i64, version: i64) -> Result<()> {
    let seen = saved_reports::id.eq(id).and(saved_reports::version.eq(version));
    match diesel::delete(saved_reports::table.filter(seen)).execute(db)? {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}

/// Reads a report.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<SavedReport> {
    Ok(saved_reports::table.find(id).get_result(db)?)
}

/// Every report, by its name.
///
/// # Errors
/// Of the database.
pub fn all(db: &mut Db) -> Result<Vec<SavedReport>> {
    Ok(saved_reports::table.order((saved_reports::name, saved_reports::id)).limit(MOST).load(db)?)
}

/// Who gets a report, each with their language.
///
/// # Errors
/// Of the database.
pub fn recipients(db: &mut Db, id: i64) -> Result<Vec<(i64, String)>> {
    use saved_report_recipients::dsl;
    let own = dsl::saved_report_recipients.filter(dsl::report_id.eq(id)).order(dsl::staff_id);
    Ok(own.select((dsl::staff_id, dsl::locale)).load(db)?)
}

/// The reports that somebody gets.
///
/// # Errors
/// Of the database.
pub fn sent_to(db: &mut Db, staff_id: i64) -> Result<Vec<i64>> {
    use saved_report_recipients::dsl;
    Ok(dsl::saved_report_recipients.filter(dsl::staff_id.eq(staff_id)).select(dsl::report_id).load(db)?)
}

/// The reports that are due, the longest due first.
///
/// # Errors
/// Of the database.
pub fn due(db: &mut Db, now: Moment) -> Result<Vec<SavedReport>> {
    Ok(saved_reports::table
        .filter(saved_reports::next_run_at.le(now))
        .order((saved_reports::next_run_at, saved_reports::id))
        .limit(MOST)
        .load(db)?)
}

/// Moves a report on from the time it is due to the next; `false` when it was changed or moved on meanwhile, and then nothing
/// is changed.
///
/// # Errors
/// Of the database.
pub fn move_on(db: &mut Db, report: &SavedReport, next: Option<Moment>) -> Result<bool> {
    let seen = saved_reports::id.eq(report.id).and(saved_reports::version.eq(report.version));
    let due = saved_reports::table.filter(seen).filter(saved_reports::next_run_at.eq(report.next_run_at));
    Ok(diesel::update(due).set(saved_reports::next_run_at.eq(next)).execute(db)? == 1)
}

/// Notes what came of a run. One that failed and is tried again is the same run.
///
/// # Errors
/// Of the database.
pub fn note(db: &mut Db, run: NewRun, now: Moment) -> Result<()> {
    use saved_report_runs::dsl;
    let row = (
        dsl::report_id.eq(run.report_id),
        dsl::due_at.eq(run.due_at),
        dsl::staff_id.eq(run.staff_id),
        dsl::ran_at.eq(now),
        dsl::outcome.eq(run.outcome),
        dsl::letters.eq(run.letters),
    );
    on!(db, c => diesel::insert_into(dsl::saved_report_runs)
        .values(row)
        .on_conflict((dsl::report_id, dsl::due_at))
        .do_update()
        .set((dsl::ran_at.eq(now), dsl::outcome.eq(run.outcome), dsl::letters.eq(run.letters)))
        .execute(c))?;
    let old: Option<i64> = dsl::saved_report_runs
        .filter(dsl::report_id.eq(run.report_id))
        .order(dsl::id.desc())
        .offset(RUNS)
        .limit(1)
        .select(dsl::id)
        .first(db)
        .optional()?;
    if let Some(old) = old {
        let gone = dsl::saved_report_runs.filter(dsl::report_id.eq(run.report_id).and(dsl::id.le(old)));
        diesel::delete(gone).execute(db)?;
    }
    Ok(())
}

/// The last runs of a report, the latest first.
///
/// # Errors
/// Of the database.
pub fn runs(db: &mut Db, report_id: i64, limit: i64) -> Result<Vec<Run>> {
    Ok(saved_report_runs::table
        .filter(saved_report_runs::report_id.eq(report_id))
        .order((saved_report_runs::ran_at.desc(), saved_report_runs::id.desc()))
        .limit(limit)
        .load(db)?)
}
