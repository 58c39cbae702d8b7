//! An account is added: from the command line, by the demonstration, by administrators. The first password is random and
//! must be changed at the first log-in.

use crate::acts::sign_in::fold;
use crate::acts::{Office, passwords};
use crate::domain::staff::Role;
use crate::domain::submission::{is_email, one_line};
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::keys::random_word;
use crate::store::staff::{self, NewStaff};

/// Who gets an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Name to sign in with: small Latin letters, digits, dot, dash.
    pub username: String,
    /// Name as letters show it.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Roles, at least one.
    pub roles: Vec<Role>,
    /// Address for notices.
    pub email: String,
    /// Telephone as letters show it; empty: the unit's.
    pub phone: String,
}

/// Adds the account and returns its password: a random one that must be changed at the first log-in, or `password`, which
/// need not be (for demonstrations and tests).
///
/// # Errors
/// `Invalid` with every wrong field.
pub fn add_staff(office: &Office, now: Moment, account: &NewAccount, password: Option<&str>) -> Result<String> {
    let account = NewAccount {
        username: fold(&account.username),
        name: one_line(&account.name),
        email: one_line(&account.email),
        phone: one_line(&account.phone),
        ..account.clone()
    };
    check(&account)?;
    let word = match password {
        Some(given) => given.to_owned(),
        None => random_word::<10>()?,
    };
    let (must_change_password, password_hash) = (password.is_none(), passwords::hash(&word)?);
    let office = office.clone();
    office.store.clone().write(move |db| {
        let unit = office.reference(db)?.units.by_code(&account.unit).map(|unit| unit.id);
        let new = NewStaff {
            username: account.username.clone(),
            name: account.name.clone(),
            unit_id: unit.ok_or_else(|| Error::invalid("unit", "field-choose"))?,
            roles: account.roles.clone(),
            email: account.email.clone(),
            phone: account.phone.clone(),
            password_hash: password_hash.clone(),
            must_change_password,
        };
        let id = staff::insert(db, &new, now).map_err(|e| match e {
            Error::Conflict => Error::invalid("username", "account-username-taken"),
            e => e,
        })?;
        staff::remember_password(db, id, &password_hash, now)
    })?;
    Ok(word)
}

fn check(account: &NewAccount) -> Result<()> {
    let mut errors = Vec::new();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if !(2..=40).contains(&account.username.len()) || !account.username.chars().all(plain) {
        errors.push(FieldError::new("username", "account-username"));
    }
    if account.name.is_empty() || account.name.chars().count() > 60 {
        errors.push(FieldError::new("name", "petition-name"));
    }
    if account.roles.is_empty() {
        errors.push(FieldError::new("roles", "field-choose"));
    }
    if !is_email(&account.email) {
        errors.push(FieldError::new("email", "petition-email"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
