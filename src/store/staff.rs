//! Accounts of staff, their sessions and the passwords they may not use again.

use diesel::prelude::*;

use super::Db;
use super::schema::{password_history, sessions, staff};
use crate::domain::staff::{Role, Staff, roles_from_text, roles_to_text};
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// A row of `staff`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = staff, treat_none_as_null = true)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct StaffRow {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub unit_id: i64,
    pub roles: String,
    pub email: String,
    pub phone: String,
    pub password_hash: String,
    pub must_change_password: bool,
    pub failed_logins: i64,
    pub locked_until: Option<Moment>,
    pub last_login_at: Option<Moment>,
    pub active: bool,
    pub created_at: Moment,
}

impl StaffRow {
    /// The person without the account's secrets.
    ///
    /// # Errors
    /// `Internal` when the stored roles are unknown to this program.
    pub fn person(&self) -> Result<Staff> {
        Ok(Staff {
            id: self.id,
            username: self.username.clone(),
            name: self.name.clone(),
            unit_id: self.unit_id,
            roles: roles_from_text(&self.roles)
                .ok_or_else(|| Error::internal(format!("staff {} has unknown roles {:?}", self.id, self.roles)))?,
            email: self.email.clone(),
            phone: self.phone.clone(),
            must_change_password: self.must_change_password,
        })
    }
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Name to sign in with.
    pub username: String,
    /// Name as letters show it.
    pub name: String,
    /// Unit.
    pub unit_id: i64,
    /// Roles.
    pub roles: Vec<Role>,
    /// Address for notices.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// argon2id hash in PHC form.
    pub password_hash: String,
    /// Must choose another password first.
    pub must_change_password: bool,
}

/// Stores an account; its id.
///
/// # Errors
/// `Conflict` when the user name is taken.
pub fn insert(db: &mut Db, new: &NewStaff, now: Moment) -> Result<i64> {
    Ok(diesel::insert_into(staff::table)
        .values((
            staff::username.eq(&new.username),
            staff::name.eq(&new.name),
            staff::unit_id.eq(new.unit_id),
            staff::roles.eq(roles_to_text(&new.roles)),
            staff::email.eq(&new.email),
            staff::phone.eq(&new.phone),
            staff::password_hash.eq(&new.password_hash),
            staff::must_change_password.eq(new.must_change_password),
            staff::failed_logins.eq(0_i64),
            staff::active.eq(true),
            staff::created_at.eq(now),
        ))
        .returning(staff::id)
        .get_result(db)?)
}

/// Reads an account.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<StaffRow> {
    Ok(staff::table.find(id).get_result(db)?)
}

/// Reads an account by its user name.
///
/// # Errors
/// `NotFound`.
pub fn by_username(db: &mut Db, username: &str) -> Result<StaffRow> {
    Ok(staff::table.filter(staff::username.eq(username)).get_result(db)?)
}

/// Every account, by id.
///
/// # Errors
/// Of the database.
pub fn all(db: &mut Db) -> Result<Vec<StaffRow>> {
    Ok(staff::table.order(staff::id).load(db)?)
}

/// Active people of these units, by id.
///
/// # Errors
/// Of the database.
pub fn in_units(db: &mut Db, units: &[i64]) -> Result<Vec<Staff>> {
    let rows: Vec<StaffRow> = staff::table
        .filter(staff::active.eq(true).and(staff::unit_id.eq_any(units.to_vec())))
        .order(staff::id)
        .load(db)?;
    rows.iter().map(StaffRow::person).collect()
}

/// Active people who have a role, by id.
///
/// # Errors
/// Of the database.
pub fn with_role(db: &mut Db, role: Role) -> Result<Vec<Staff>> {
    let rows: Vec<StaffRow> = staff::table.filter(staff::active.eq(true)).order(staff::id).load(db)?;
    let people: Vec<Staff> = rows.iter().map(StaffRow::person).collect::<Result<_>>()?;
    Ok(people.into_iter().filter(|p| p.is(role)).collect())
}

/// Writes an account back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, row: &StaffRow) -> Result<()> {
    diesel::update(staff::table.find(row.id)).set(row.clone()).execute(db)?;
    Ok(())
}

/// Keeps an old password's hash.
///
/// # Errors
/// Of the database.
pub fn remember_password(db: &mut Db, staff_id: i64, hash: &str, at: Moment) -> Result<()> {
    diesel::insert_into(password_history::table)
        .values((
            password_history::staff_id.eq(staff_id),
            password_history::password_hash.eq(hash),
            password_history::at.eq(at),
        ))
        .execute(db)?;
    Ok(())
}

/// The hashes of the last passwords, newest first.
///
/// # Errors
/// Of the database.
pub fn last_passwords(db: &mut Db, staff_id: i64, number: i64) -> Result<Vec<String>> {
    Ok(password_history::table
        .filter(password_history::staff_id.eq(staff_id))
        .order(password_history::id.desc())
        .limit(number)
        .select(password_history::password_hash)
        .load(db)?)
}

/// A signed-in browser. The cookie holds a random word; the row its SHA-256.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Session {
    pub digest: String,
    pub staff_id: i64,
    pub csrf: String,
    pub created_at: Moment,
    pub seen_at: Moment,
    pub expires_at: Moment,
}

/// Stores a session.
///
/// # Errors
/// Of the database.
pub fn insert_session(db: &mut Db, session: &Session) -> Result<()> {
    diesel::insert_into(sessions::table).values(session.clone()).execute(db)?;
    Ok(())
}

/// Reads a session and its person; `None` when there is none, it has run out, or the account is off.
///
/// # Errors
/// Of the database.
pub fn session(db: &mut Db, digest: &str, now: Moment) -> Result<Option<(Session, Staff)>> {
    let session: Option<Session> = sessions::table
        .filter(sessions::digest.eq(digest).and(sessions::expires_at.gt(now)))
        .get_result(db)
        .optional()?;
    let Some(session) = session else { return Ok(None) };
    let row = get(db, session.staff_id)?;
    Ok(if row.active { Some((session, row.person()?)) } else { None })
}

/// Notes that a session was used, and when it runs out now.
///
/// # Errors
/// Of the database.
pub fn touch_session(db: &mut Db, digest: &str, seen_at: Moment, expires_at: Moment) -> Result<()> {
    diesel::update(sessions::table.find(digest))
        .set((sessions::seen_at.eq(seen_at), sessions::expires_at.eq(expires_at)))
        .execute(db)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// Of the database.
pub fn delete_session(db: &mut Db, digest: &str) -> Result<()> {
    diesel::delete(sessions::table.find(digest)).execute(db)?;
    Ok(())
}

/// Ends every session of a person but one (after a change of password).
///
/// # Errors
/// Of the database.
pub fn delete_other_sessions(db: &mut Db, staff_id: i64, keep: &str) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::staff_id.eq(staff_id).and(sessions::digest.ne(keep))))
        .execute(db)?;
    Ok(())
}

/// Deletes sessions that have run out.
///
/// # Errors
/// Of the database.
pub fn purge_sessions(db: &mut Db, now: Moment) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(db)?)
}
