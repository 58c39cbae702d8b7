//! The accounts of the demonstration: the eight that are shown, one for every part of the way, and those behind the
//! cases of every unit. All have the same password, which is printed at the start.

use std::collections::HashMap;

use super::content::Content;
use crate::acts::Office;
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::staff::{NewStaff, insert, get};

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
/// Of the database.
pub fn add(office: &Office, now: Moment, content: &Content, password: &str) -> Result<HashMap<String, Staff>> {
    let hash = password.to_owned();
    let people = content.staff.clone();
    let office = office.clone();
    office.store.clone().write(move |db| {
        let reference = office.reference(db)?;
        let mut staff = HashMap::new();
        for person in &people {
            let unit = reference.units.by_code(&person.unit);
            let unit = unit.ok_or_else(|| Error::internal(format!("staff.toml: there is no unit {}", person.unit)))?;
            let new = NewStaff {
                username: person.username.clone(),
                name: person.name.clone(),
                unit_id: unit.id,
                roles: person.roles.clone(),
                email: person.email.clone(),
                phone: person.phone.clone(),
                password_hash: hash.clone(),
                must_change_password: false,
            };
            let id = insert(db, &new, now)?;
            staff.insert(person.username.clone(), get(db, id)?.person()?);
        }
        Ok(staff)
    })
}
