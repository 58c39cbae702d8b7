//! The accounts of the demonstration: the eight that are shown, one for every part of the way, and those behind the
//! cases of every unit. All have the same password, which is printed at the start.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::content::Content;
use crate::acts::Office;
use crate::acts::add_staff::{NewAccount, add_staff};
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::reference::set_value;
use crate::store::staff::{self, NewStaff};

/// The fact of the installation that holds the accounts that are shown with their password, as JSON: the log-in page of
/// a demonstration reads it.
pub const DEMO_ACCOUNTS: &str = "demo.accounts";

/// An account as it is shown.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Account {
    /// Name to sign in with.
    pub username: String,
    /// Name.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Roles.
    pub roles: Vec<Role>,
}

/// The accounts that are shown.
///
/// # Errors
/// One sentence when the built-in file is broken, which a test excludes.
pub fn accounts() -> std::result::Result<Vec<Account>, String> {
    let shown = Content::read()?.staff.into_iter().filter(|person| !person.background);
    Ok(shown.map(|p| Account { username: p.username, name: p.name, unit: p.unit, roles: p.roles }).collect())
}

/// Adds every account; the people by user name.
///
/// # Errors
/// Of the database; `Invalid` when an account of the built-in file is none, which a test excludes.
pub fn add(office: &Office, now: Moment, content: &Content, password: &str) -> Result<HashMap<String, Staff>> {
    let (shown, behind): (Vec<_>, Vec<_>) = content.staff.iter().cloned().partition(|person| !person.background);
    for person in &shown {
        let account = NewAccount {
            username: person.username.clone(),
            name: person.name.clone(),
            unit: person.unit.clone(),
            roles: person.roles.clone(),
            email: person.email.clone(),
            phone: person.phone.clone(),
        };
        add_staff(office, now, &account, Some(password))?;
    }
    let office = office.clone();
    office.store.clone().write(move |db| {
        let units = &office.reference(db)?.units;
        // Hashing is slow on purpose: those behind the cases share the hash of one who is shown.
        let password_hash = staff::all(db)?.first().map(|row| row.password_hash.clone()).unwrap_or_default();
        for person in &behind {
            let unit = units.by_code(&person.unit);
            let new = NewStaff {
                username: person.username.clone(),
                name: person.name.clone(),
                unit_id: unit.ok_or_else(|| Error::internal(format!("there is no unit {}", person.unit)))?.id,
                roles: person.roles.clone(),
                email: person.email.clone(),
                phone: person.phone.clone(),
                password_hash: password_hash.clone(),
                must_change_password: false,
            };
            staff::insert(db, &new, now)?;
        }
        let people = staff::all(db)?;
        people.iter().map(|row| Ok((row.username.clone(), row.person()?))).collect()
    })
}

/// Lets the log-in page of a demonstration show the accounts with their password.
///
/// # Errors
/// Of the database.
pub fn show(office: &Office, content: &Content, password: &str) -> Result<()> {
    let shown = content.staff.iter().filter(|person| !person.background);
    let list: Vec<Value> = shown.map(|p| json!({ "username": p.username, "password": password })).collect();
    let list = Value::Array(list).to_string();
    office.store.write(move |db| set_value(db, DEMO_ACCOUNTS, &list))
}
