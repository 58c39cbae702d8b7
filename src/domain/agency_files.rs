//! An agency's files (`config/agency`) as values: what is read from TOML is checked here before anything is installed.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::domain::calendar_file::CalendarFile;
use crate::domain::closure::Region;
use crate::domain::limit::Limit;
use crate::domain::office_hours::OfficeHours;
use crate::domain::policy::{Known, Policies};

/// All of an agency's files.
#[derive(Clone, Debug)]
pub struct AgencyFiles {
    /// `agency.toml`
    pub agency: AgencyFile,
    /// `units.toml`, a parent before its children.
    pub units: Vec<UnitEntry>,
    /// `categories.toml`
    pub categories: Vec<CategoryEntry>,
    /// `speed_classes.toml`
    pub speed_classes: Vec<SpeedClassEntry>,
    /// `calendar.csv`
    pub calendar: CalendarFile,
    /// `policies.toml`
    pub policies: Policies,
    /// The text of `policies.toml`, with its comments.
    pub policies_text: String,
}

/// `agency.toml`. Keys that other parts of the program read are allowed and passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct AgencyFile {
    /// Full name in Chinese.
    pub name_zh: String,
    /// Full name in English.
    pub name_en: String,
    /// Telephone.
    pub phone: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
    /// Emergency line.
    #[serde(default)]
    pub hotline: String,
    /// The week's office hours; left out, the usual ones.
    #[serde(default)]
    pub office_hours: Option<OfficeHours>,
    /// A limit in calendar days that ends on a plain Saturday ends on Monday noon (Administrative Procedure Act 48).
    #[serde(default)]
    pub saturday_to_monday_noon: bool,
    /// Places with closures of their own.
    #[serde(default)]
    pub region: Vec<Region>,
    /// The mailboxes.
    pub mailbox: Vec<MailboxEntry>,
}

/// A `[[mailbox]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxEntry {
    /// Address.
    pub address: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Code of the unit it serves.
    pub root_unit: String,
    /// Code of the unit whose registry desk reads it.
    pub registry_unit: String,
}

/// A `[[unit]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitEntry {
    /// Code.
    pub code: String,
    /// Code of the unit above.
    pub parent: Option<String>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Code of the region it lies in; left out, that of the unit above.
    #[serde(default)]
    pub region: String,
}

/// A `[[category]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Code of the unit that usually leads.
    pub unit: Option<String>,
    /// Code of the group it is counted in; no case stands in a group itself.
    pub group: Option<String>,
}

/// A `[[speed_class]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedClassEntry {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Time to the reply.
    pub limit: Limit,
    /// Whose rule it is.
    #[serde(default)]
    pub source: String,
}

impl AgencyFiles {
    /// Checks that codes are unique, that every code named exists, and that no limit in days is over the ceiling
    /// (directions on petitions: 30 days).
    ///
    /// # Errors
    /// One sentence that names the entry.
    pub fn check(&self, ceiling_days: u32) -> Result<(), String> {
        let mut units = HashSet::new();
        for unit in &self.units {
            if let Some(parent) = unit.parent.as_ref().filter(|parent| !units.contains(parent.as_str())) {
                return Err(format!(
                    "units.toml: unit {} stands before its parent {parent}, or there is none",
                    unit.code
                ));
            }
            if !units.insert(unit.code.as_str()) {
                return Err(format!("units.toml: the code {} stands twice", unit.code));
            }
        }
        let regions = &self.agency.region;
        unique("agency.toml", regions.iter().map(|region| region.code.as_str()))?;
        let nowhere = |unit: &&UnitEntry| !unit.region.is_empty() && regions.iter().all(|r| r.code != unit.region);
        if let Some(unit) = self.units.iter().find(nowhere) {
            return Err(format!(
                "units.toml: unit {} lies in {}, but agency.toml has no such region",
                unit.code, unit.region
            ));
        }
        let known = |file: &str, code: &str| {
            if units.contains(code) { Ok(()) } else { Err(format!("{file}: there is no unit {code}")) }
        };
        for mailbox in &self.agency.mailbox {
            known("agency.toml", &mailbox.root_unit)?;
            known("agency.toml", &mailbox.registry_unit)?;
        }
        if self.agency.mailbox.is_empty() {
            return Err("agency.toml: there is no [[mailbox]]".into());
        }
        for category in &self.categories {
            category.unit.as_ref().map_or(Ok(()), |unit| known("categories.toml", unit))?;
        }
        unique("categories.toml", self.categories.iter().map(|c| c.code.as_str()))?;
        self.groups_are_sound()?;
        unique("speed_classes.toml", self.speed_classes.iter().map(|c| c.code.as_str()))?;
        for class in &self.speed_classes {
            if let Limit::WorkingDays(days) | Limit::CalendarDays(days) = class.limit
                && days > ceiling_days
            {
                return Err(format!(
                    "speed_classes.toml: the limit of {} ({}) is over the ceiling of {ceiling_days} days",
                    class.code, class.limit
                ));
            }
        }
        let groups: HashSet<&str> = self.categories.iter().filter_map(|c| c.group.as_deref()).collect();
        let categories = self.categories.iter().map(|c| c.code.as_str()).filter(|code| !groups.contains(code));
        let categories: Vec<&str> = categories.collect();
        let speed_classes: Vec<(&str, Limit)> = self.speed_classes.iter().map(|c| (c.code.as_str(), c.limit)).collect();
        let known = Known { categories: &categories, speed_classes: &speed_classes };
        self.policies.check(known, ceiling_days).map_err(|e| format!("policies.toml: {e}"))
    }

    /// Every group is a category, and none lies in itself.
    fn groups_are_sound(&self) -> Result<(), String> {
        let group_of: HashMap<&str, Option<&str>> =
            self.categories.iter().map(|c| (c.code.as_str(), c.group.as_deref())).collect();
        for category in &self.categories {
            let (mut at, mut steps) = (category.group.as_deref(), 0);
            while let Some(group) = at {
                let above = group_of.get(group);
                let above = above.ok_or_else(|| format!("categories.toml: there is no category {group}"))?;
                steps += 1;
                if steps > self.categories.len() {
                    return Err(format!("categories.toml: the group of {} lies in itself", category.code));
                }
                at = *above;
            }
        }
        Ok(())
    }
}

fn unique<'a>(file: &str, codes: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(format!("{file}: the code {code} stands twice"));
        }
    }
    Ok(())
}
