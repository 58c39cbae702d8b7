//! What an installation knows of its agency: names, categories, speed classes. Kept in the database, filled from the
//! agency's files.

use serde::{Deserialize, Serialize};

use crate::domain::limit::Limit;

/// The agency as letters and pages name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Full name in Chinese.
    pub name_zh: String,
    /// Full name in English.
    pub name_en: String,
    /// Telephone of the exchange.
    pub phone: String,
    /// The emergency line, shown on every page; empty if there is none.
    pub hotline: String,
    /// Postal address, for paper letters.
    pub address: String,
}

impl Agency {
    /// The name in a locale.
    #[must_use]
    pub fn name(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.name_zh } else { &self.name_en }
    }
}

/// A category of the agency's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The unit that usually leads.
    pub unit_id: Option<i64>,
}

/// A speed class (速別) and its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpeedClass {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Time to the reply.
    pub limit: Limit,
}

/// A public mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// Row id.
    pub id: i64,
    /// Address.
    pub address: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The unit it serves, with everything below it.
    pub root_unit_id: i64,
    /// The unit whose registry desk reads it.
    pub registry_unit_id: i64,
}
