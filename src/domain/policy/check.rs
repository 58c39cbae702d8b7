//! Whether an agency's policies make sense, told before any is in force.

use std::collections::HashSet;

use jiff::civil::Date;

use super::{Policies, Policy, SUPPLEMENT_PAUSE};
use crate::domain::day::parse_date;
use crate::domain::limit::Limit;
use crate::domain::staff::Role;

/// The codes an agency has, which policies may name.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Categories.
    pub categories: &'a [&'a str],
    /// Speed classes with their limits.
    pub speed_classes: &'a [(&'a str, Limit)],
}

impl Policies {
    /// The day from which they are in force.
    ///
    /// # Errors
    /// One sentence.
    pub fn from_day(&self) -> Result<Date, String> {
        parse_date(&self.from).map_err(|e| format!("from: {e}"))
    }

    /// Checks that codes are unique and known, that one policy is for every case, that limits keep to the ceiling
    /// (30 days; extensions are outside it), and that the ladder reaches as far as extensions may.
    ///
    /// # Errors
    /// One sentence that names the policy.
    pub fn check(&self, known: Known<'_>, ceiling_days: u32) -> Result<(), String> {
        self.from_day()?;
        let mut codes = HashSet::new();
        for policy in &self.list {
            if !codes.insert(policy.code.as_str()) {
                return Err(format!("the policy {} stands twice", policy.code));
            }
            policy.check(known, ceiling_days).map_err(|e| format!("policy {}: {e}", policy.code))?;
        }
        let general = self.list.iter().filter(|policy| policy.matches.weight() == 0).collect::<Vec<_>>();
        if general.is_empty() {
            return Err("one policy must be for every case: one without [policy.match]".into());
        }
        if !general.iter().any(|policy| policy.extension.is_some()) {
            return Err("the policy for every case must say how far cases may be extended: [policy.extension]".into());
        }
        let waits = |policy: &&Policy| policy.pauses.iter().flatten().any(|reason| reason.code == SUPPLEMENT_PAUSE);
        if !general.iter().any(waits) {
            return Err(format!(
                "the policy for every case must have a [[policy.pause]] with the code {SUPPLEMENT_PAUSE}"
            ));
        }
        Ok(())
    }
}

impl Policy {
    fn check(&self, known: Known<'_>, ceiling_days: u32) -> Result<(), String> {
        if self.code.trim().is_empty() || self.name_zh.trim().is_empty() || self.name_en.trim().is_empty() {
            return Err("code, name_zh and name_en must not be empty".into());
        }
        if let Some(code) = self.matches.category.iter().find(|code| !known.categories.contains(&code.as_str())) {
            return Err(format!("there is no category {code}"));
        }
        let class = |code: &str| known.speed_classes.iter().find(|(name, _)| *name == code);
        if let Some(code) = self.matches.speed_class.iter().find(|code| class(code).is_none()) {
            return Err(format!("there is no speed class {code}"));
        }
        for (name, limit) in [("reply", self.limits.reply), ("ceiling", self.limits.ceiling)] {
            if let Some(limit @ (Limit::WorkingDays(days) | Limit::CalendarDays(days))) = limit
                && days > ceiling_days
            {
                return Err(format!("the {name} limit ({limit}) is over the ceiling of {ceiling_days} days"));
            }
        }
        if let Some(extension) = &self.extension {
            let days: Vec<u32> = extension.ladder.iter().map(|rung| rung.days).collect();
            if !days.is_sorted_by(|a, b| a < b) {
                return Err("the ladder's days must rise".into());
            }
            if days.last().copied().unwrap_or(0) < extension.days {
                return Err(format!("nobody on the ladder may grant the {} days of extension", extension.days));
            }
            let ranks = [Role::Supervisor, Role::ControlOfficer, Role::Manager];
            if let Some(rung) = extension.ladder.iter().find(|rung| !ranks.contains(&rung.rank)) {
                return Err(format!("{} cannot grant extensions: supervisor, control_officer or manager", rung.rank));
            }
        }
        let reasons = self.pauses.iter().flatten();
        let mut codes = HashSet::new();
        if let Some(reason) = reasons.clone().find(|reason| !codes.insert(reason.code.as_str())) {
            return Err(format!("the pause reason {} stands twice", reason.code));
        }
        let mut warned = HashSet::new();
        for warning in self.warnings.iter().flatten() {
            if warning.to.is_empty() || warning.clocks.is_empty() {
                return Err(format!("the warning \"{}\" must name clocks and recipients", warning.when));
            }
            for clock in &warning.clocks {
                if !warned.insert((*clock, warning.when)) {
                    return Err(format!("the warning \"{}\" of the clock {clock} stands twice", warning.when));
                }
            }
        }
        Ok(())
    }
}
