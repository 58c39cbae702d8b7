//! Leases: who may do a job now. A lease that ran out may be taken by anybody; its epoch grows with every taking, so an
//! old holder that wakes up late can be told from the new one.

use diesel::prelude::*;

use super::Db;
use super::schema::leases;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// A row of `leases`, for the page that shows the jobs.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Lease {
    pub name: String,
    pub holder: String,
    pub epoch: i64,
    pub until: Moment,
    pub last_started_at: Option<Moment>,
    pub last_finished_at: Option<Moment>,
    pub last_result: String,
}

/// Takes the lease if it is free or run out; `Some(epoch)` when it is the caller's now.
///
/// # Errors
/// Of the database.
pub fn take(db: &mut Db, name: &str, holder: &str, now: Moment, until: Moment) -> Result<Option<i64>> {
    make(db, name)?;
    Ok(diesel::update(leases::table.filter(leases::name.eq(name).and(leases::until.le(now))))
        .set((
            leases::holder.eq(holder),
            leases::epoch.eq(leases::epoch + 1),
            leases::until.eq(until),
            leases::last_started_at.eq(Some(now)),
        ))
        .returning(leases::epoch)
        .get_result(db)
        .optional()?)
}

/// The row of that name, held by nobody, if there is none.
fn make(db: &mut Db, name: &str) -> Result<()> {
    let row = (
        leases::name.eq(name),
        leases::holder.eq(""),
        leases::epoch.eq(0_i64),
        leases::until.eq(Moment(0)),
        leases::last_result.eq(""),
    );
    on!(db, c => diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Keeps what came of work that needs no lease.
///
/// # Errors
/// Of the database.
pub fn ran(db: &mut Db, name: &str, started: Moment, ended: Moment, result: &str) -> Result<()> {
    make(db, name)?;
    diesel::update(leases::table.filter(leases::name.eq(name)))
        .set((
            leases::last_started_at.eq(Some(started)),
            leases::last_finished_at.eq(Some(ended)),
            leases::last_result.eq(result),
        ))
        .execute(db)?;
    Ok(())
}

/// Keeps the lease for longer; `false` when somebody else holds it by now.
///
/// # Errors
/// Of the database.
pub fn renew(db: &mut Db, name: &str, epoch: i64, until: Moment) -> Result<bool> {
    let own = leases::name.eq(name).and(leases::epoch.eq(epoch));
    let changed = diesel::update(leases::table.filter(own)).set(leases::until.eq(until)).execute(db)?;
    Ok(changed == 1)
}

/// Gives the lease back and says what came of it; nothing happens when somebody else holds it by now.
///
/// # Errors
/// Of the database.
pub fn release(db: &mut Db, name: &str, epoch: i64, now: Moment, result: &str) -> Result<()> {
    diesel::update(leases::table.filter(leases::name.eq(name).and(leases::epoch.eq(epoch))))
        .set((leases::until.eq(now), leases::last_finished_at.eq(Some(now)), leases::last_result.eq(result)))
        .execute(db)?;
    Ok(())
}

/// Every lease, by name.
///
/// # Errors
/// Of the database.
pub fn all(db: &mut Db) -> Result<Vec<Lease>> {
    Ok(leases::table.order(leases::name).load(db)?)
}
