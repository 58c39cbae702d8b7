//! Whether an agency's policies make sense, told before any is in force: what is wrong, and in which policy, in the words of
//! the program's log and as a message for people.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::Date;

use super::{ClockPurpose, Extending, Policies, Policy, SUPPLEMENT_PAUSE, When};
use crate::domain::day::parse_date;
use crate::domain::limit::Limit;
use crate::domain::staff::Role;
use crate::error::Message;

/// The codes an agency has, which policies may name.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Categories.
    pub categories: &'a [&'a str],
    /// Speed classes with their limits.
    pub speed_classes: &'a [(&'a str, Limit)],
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    /// Code of the policy it is in; `None`: the document as a whole.
    pub policy: Option<String>,
    /// What.
    pub what: Wrong,
}

/// The mistakes a document can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// `from` is no day.
    From,
    /// Two policies have this code.
    PolicyTwice,
    /// A code of a policy or pause reason that is not lower snake case.
    Code(String),
    /// A policy or pause reason lacks a name.
    Nameless(String),
    /// No such category.
    Category(String),
    /// No such speed class.
    SpeedClass(String),
    /// A limit that ends on a given date.
    FixedDate(ClockPurpose),
    /// A limit over the ceiling of so many days.
    OverCeiling(ClockPurpose, Limit, u32),
    /// The days of the ladder do not rise.
    Ladder,
    /// Nobody on the ladder may grant so many days.
    LadderShort(u32),
    /// A rank that grants nothing.
    Rank(Role),
    /// A pause reason stands twice.
    PauseTwice(String),
    /// A warning without clocks or recipients.
    WarningForNobody(When),
    /// A warning of one clock stands twice.
    WarningTwice(When, ClockPurpose),
    /// No policy is for every case.
    NoGeneral,
    /// The policy for every case does not say how far cases may be extended.
    NoExtension,
    /// The policy for every case has no pause for the petitioner's supplement.
    NoSupplementPause,
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
    /// The first mistake, with the policy it is in.
    pub fn check(&self, known: Known<'_>, ceiling_days: u32) -> Result<(), PolicyFault> {
        let whole = |what| Err(PolicyFault { policy: None, what });
        if self.from_day().is_err() {
            return whole(Wrong::From);
        }
        let mut codes = HashSet::new();
        for policy in &self.list {
            let in_it = |what| PolicyFault { policy: Some(policy.code.clone()), what };
            if !codes.insert(policy.code.as_str()) {
                return Err(in_it(Wrong::PolicyTwice));
            }
            policy.check(known, ceiling_days).map_err(in_it)?;
        }
        let general: Vec<&Policy> = self.list.iter().filter(|policy| policy.matches.weight() == 0).collect();
        let waits = |policy: &Policy| policy.pauses.iter().flatten().any(|reason| reason.code == SUPPLEMENT_PAUSE);
        // Of several policies for every case the last one's reasons hold alone.
        let reasons = general.iter().rev().find(|policy| policy.pauses.is_some());
        if general.is_empty() {
            whole(Wrong::NoGeneral)
        } else if !general.iter().any(|policy| policy.extension.is_some()) {
            whole(Wrong::NoExtension)
        } else if !reasons.is_some_and(|policy| waits(policy)) {
            whole(Wrong::NoSupplementPause)
        } else {
            Ok(())
        }
    }
}

impl Policy {
    fn check(&self, known: Known<'_>, ceiling_days: u32) -> Result<(), Wrong> {
        named(&self.code, &self.name_zh, &self.name_en)?;
        if let Some(code) = self.matches.category.iter().find(|code| !known.categories.contains(&code.as_str())) {
            return Err(Wrong::Category(code.clone()));
        }
        let class = |code: &str| known.speed_classes.iter().find(|(name, _)| *name == code);
        if let Some(code) = self.matches.speed_class.iter().find(|code| class(code).is_none()) {
            return Err(Wrong::SpeedClass(code.clone()));
        }
        for purpose in ClockPurpose::ALL {
            // What the petitioner has time for is no part of the agency's.
            let ceiling = if *purpose == ClockPurpose::Supplement { u32::MAX } else { ceiling_days };
            self.limits.of(*purpose).map_or(Ok(()), |limit| bounded(*purpose, limit, ceiling))?;
        }
        self.extension.as_ref().map_or(Ok(()), Extending::check)?;
        let mut codes = HashSet::new();
        for reason in self.pauses.iter().flatten() {
            named(&reason.code, &reason.name_zh, &reason.name_en)?;
            if !codes.insert(reason.code.as_str()) {
                return Err(Wrong::PauseTwice(reason.code.clone()));
            }
        }
        self.check_warnings()
    }

    fn check_warnings(&self) -> Result<(), Wrong> {
        let mut warned = HashSet::new();
        for warning in self.warnings.iter().flatten() {
            if warning.to.is_empty() || warning.clocks.is_empty() {
                return Err(Wrong::WarningForNobody(warning.when));
            }
            for clock in &warning.clocks {
                if !warned.insert((*clock, warning.when)) {
                    return Err(Wrong::WarningTwice(warning.when, *clock));
                }
            }
        }
        Ok(())
    }
}

impl Extending {
    fn check(&self) -> Result<(), Wrong> {
        let days: Vec<u32> = self.ladder.iter().map(|rung| rung.days).collect();
        let ranks = [Role::Supervisor, Role::ControlOfficer, Role::Manager];
        if !days.is_sorted_by(|a, b| a < b) {
            Err(Wrong::Ladder)
        } else if days.last().copied().unwrap_or(0) < self.days {
            Err(Wrong::LadderShort(self.days))
        } else if let Some(rung) = self.ladder.iter().find(|rung| !ranks.contains(&rung.rank)) {
            Err(Wrong::Rank(rung.rank))
        } else {
            Ok(())
        }
    }
}

fn named(code: &str, name_zh: &str, name_en: &str) -> Result<(), Wrong> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if code.is_empty() || !code.bytes().all(plain) {
        Err(Wrong::Code(code.to_owned()))
    } else if name_zh.trim().is_empty() || name_en.trim().is_empty() {
        Err(Wrong::Nameless(code.to_owned()))
    } else {
        Ok(())
    }
}

/// No stage may take longer than the whole: 30 days, on whichever basis.
fn bounded(purpose: ClockPurpose, limit: Limit, ceiling_days: u32) -> Result<(), Wrong> {
    let over = match limit {
        Limit::FixedDate(_) => return Err(Wrong::FixedDate(purpose)),
        Limit::WorkingDays(days) | Limit::CalendarDays(days) => days > ceiling_days,
        // More than that is longer in any office.
        Limit::WorkingMinutes(minutes) => minutes > ceiling_days.saturating_mul(1_440),
    };
    if over { Err(Wrong::OverCeiling(purpose, limit, ceiling_days)) } else { Ok(()) }
}

impl PolicyFault {
    /// The mistake as a sentence for people; the argument `policy` is the code of the policy it is in.
    #[must_use]
    pub fn message(&self) -> Message {
        let message = match &self.what {
            Wrong::From => Message::new("policy-fault-from"),
            Wrong::PolicyTwice => Message::new("policy-fault-policy-twice"),
            Wrong::Code(code) => Message::new("policy-fault-code").with("code", code),
            Wrong::Nameless(code) => Message::new("policy-fault-nameless").with("code", code),
            Wrong::Category(code) => Message::new("policy-fault-category").with("code", code),
            Wrong::SpeedClass(code) => Message::new("policy-fault-speed-class").with("code", code),
            Wrong::FixedDate(purpose) => Message::new("policy-fault-fixed-date").with("clock", purpose.code()),
            Wrong::OverCeiling(purpose, limit, days) => Message::new("policy-fault-over-ceiling")
                .with("clock", purpose.code())
                .with("limit", limit.to_string())
                .with("days", days.to_string()),
            Wrong::Ladder => Message::new("policy-fault-ladder"),
            Wrong::LadderShort(days) => Message::new("policy-fault-ladder-short").with("days", days.to_string()),
            Wrong::Rank(rank) => Message::new("policy-fault-rank").with("rank", rank.code()),
            Wrong::PauseTwice(code) => Message::new("policy-fault-pause-twice").with("code", code),
            Wrong::WarningForNobody(when) => Message::new("policy-fault-warning-nobody").with("when", when.to_string()),
            Wrong::WarningTwice(when, purpose) => {
                Message::new("policy-fault-warning-twice").with("when", when.to_string()).with("clock", purpose.code())
            }
            Wrong::NoGeneral => Message::new("policy-fault-no-general"),
            Wrong::NoExtension => Message::new("policy-fault-no-extension"),
            Wrong::NoSupplementPause => Message::new("policy-fault-no-supplement").with("code", SUPPLEMENT_PAUSE),
        };
        message.with("policy", self.policy.as_deref().unwrap_or_default())
    }
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(policy) = &self.policy {
            write!(f, "policy {policy}: ")?;
        }
        match &self.what {
            Wrong::From => f.write_str("from must be a day like 2026-01-01"),
            Wrong::PolicyTwice => f.write_str("a policy with this code stands twice"),
            Wrong::Code(code) => write!(f, "the code {code:?} must be lower case letters, digits and underscores"),
            Wrong::Nameless(code) => write!(f, "name_zh and name_en of {code} must not be empty"),
            Wrong::Category(code) => write!(f, "there is no category {code}"),
            Wrong::SpeedClass(code) => write!(f, "there is no speed class {code}"),
            Wrong::FixedDate(purpose) => write!(f, "the {purpose} limit must be a length of time, not a date"),
            Wrong::OverCeiling(purpose, limit, days) => {
                write!(f, "the {purpose} limit ({limit}) is over the ceiling of {days} days")
            }
            Wrong::Ladder => f.write_str("the ladder's days must rise"),
            Wrong::LadderShort(days) => write!(f, "nobody on the ladder may grant the {days} days of extension"),
            Wrong::Rank(rank) => {
                write!(f, "{rank} cannot grant extensions: supervisor, control_officer or manager")
            }
            Wrong::PauseTwice(code) => write!(f, "the pause reason {code} stands twice"),
            Wrong::WarningForNobody(when) => write!(f, "the warning \"{when}\" must name clocks and recipients"),
            Wrong::WarningTwice(when, purpose) => {
                write!(f, "the warning \"{when}\" of the clock {purpose} stands twice")
            }
            Wrong::NoGeneral => f.write_str("one policy must be for every case: one without [policy.match]"),
            Wrong::NoExtension => {
                f.write_str("the policy for every case must say how far cases may be extended: [policy.extension]")
            }
            Wrong::NoSupplementPause => {
                write!(f, "the policy for every case must have a [[policy.pause]] with the code {SUPPLEMENT_PAUSE}")
            }
        }
    }
}

impl std::error::Error for PolicyFault {}
