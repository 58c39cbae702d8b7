//! An agency's deadline policies: which clocks a case has, their limits, from which event the reply's runs, who is warned
//! when, how far it may be extended and by whom, and which reasons stop the clock. Each policy names the cases it is for
//! and says only what is different there; a case's [`Rules`] are all that match it, laid over one another from the general
//! to the special.

use serde::{Deserialize, Serialize};

use super::case::{Channel, Kind};
use super::limit::{Basis, Limit};
use super::staff::Role;
use crate::codes;

mod check;
mod warning;

pub use self::check::Known;
pub use self::warning::{Recipient, Warning, When};

codes! {
    /// What a clock of a case measures.
    ClockPurpose {
        /// From receipt to registration (登記).
        Registration = "registration",
        /// From registration to assignment (分案).
        Assignment = "assignment",
        /// From assignment to a unit until a handler has it (受理).
        Acceptance = "acceptance",
        /// What a unit that was asked for its part has for it (會辦).
        CoHandling = "co_handling",
        /// The reply, by speed class (辦結).
        Reply = "reply",
        /// The whole limit of a petition: 30 days (行政院及所屬各機關處理人民陳情案件要點).
        Ceiling = "ceiling",
        /// What the petitioner has to supplement (補陳).
        Supplement = "supplement",
    }
}

codes! {
    /// From which event the clock of the reply runs.
    StartEvent {
        /// When it was handed in: on the web the submission, before it was confirmed.
        Received = "received",
        /// The petitioner's confirmation; for channels without one, the receipt.
        Confirmed = "confirmed",
        /// Registration.
        Registered = "registered",
        /// Assignment to a unit.
        Assigned = "assigned",
    }
}

/// The cases a policy is for: those that fit every list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// Category codes.
    pub category: Vec<String>,
    /// Kinds.
    pub kind: Vec<Kind>,
    /// Channels.
    pub channel: Vec<Channel>,
    /// Speed class codes.
    pub speed_class: Vec<String>,
}

/// What of a case decides which policies match it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Category code, once it is known.
    pub category: Option<&'a str>,
    /// Kind.
    pub kind: Kind,
    /// Channel.
    pub channel: Channel,
    /// Speed class code.
    pub speed_class: Option<&'a str>,
}

impl Match {
    /// Whether the case is meant.
    #[must_use]
    pub fn fits(&self, case: &Subject<'_>) -> bool {
        let named = |list: &[String], code: Option<&str>| {
            list.is_empty() || code.is_some_and(|code| list.iter().any(|name| name == code))
        };
        named(&self.category, case.category)
            && (self.kind.is_empty() || self.kind.contains(&case.kind))
            && (self.channel.is_empty() || self.channel.contains(&case.channel))
            && named(&self.speed_class, case.speed_class)
    }

    /// How many properties it asks for: the more, the more special.
    #[must_use]
    pub fn weight(&self) -> usize {
        [self.category.is_empty(), self.kind.is_empty(), self.channel.is_empty(), self.speed_class.is_empty()]
            .iter()
            .filter(|empty| !**empty)
            .count()
    }
}

/// The limits of a case's clocks; a purpose without one has no clock, but for the reply, whose limit is then the speed
/// class's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// To registration.
    pub registration: Option<Limit>,
    /// To assignment.
    pub assignment: Option<Limit>,
    /// To acceptance by a handler.
    pub acceptance: Option<Limit>,
    /// For a unit that is asked for its part.
    pub co_handling: Option<Limit>,
    /// To the reply, in place of the speed class's.
    pub reply: Option<Limit>,
    /// The whole limit.
    pub ceiling: Option<Limit>,
    /// For the petitioner's supplement.
    pub supplement: Option<Limit>,
}

impl Limits {
    /// The limit of a purpose.
    #[must_use]
    pub const fn of(&self, purpose: ClockPurpose) -> Option<Limit> {
        match purpose {
            ClockPurpose::Registration => self.registration,
            ClockPurpose::Assignment => self.assignment,
            ClockPurpose::Acceptance => self.acceptance,
            ClockPurpose::CoHandling => self.co_handling,
            ClockPurpose::Reply => self.reply,
            ClockPurpose::Ceiling => self.ceiling,
            ClockPurpose::Supplement => self.supplement,
        }
    }

    fn laid_over(&self, below: &Self) -> Self {
        Self {
            registration: self.registration.or(below.registration),
            assignment: self.assignment.or(below.assignment),
            acceptance: self.acceptance.or(below.acceptance),
            co_handling: self.co_handling.or(below.co_handling),
            reply: self.reply.or(below.reply),
            ceiling: self.ceiling.or(below.ceiling),
            supplement: self.supplement.or(below.supplement),
        }
    }
}

/// A step of the ladder by rank (分層負責): who may grant extensions that add up to so many working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Working days in all, from the original last day.
    pub days: u32,
    /// Who grants them.
    pub rank: Role,
}

/// How far a case may be extended (展期).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extending {
    /// Times at most.
    pub times: u32,
    /// Working days in all at most.
    pub days: u32,
    /// Who may grant how much, the lowest rank first.
    pub ladder: Vec<Rung>,
}

/// A reason for which a case waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseReason {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Whether the clocks of reply and ceiling stand still meanwhile.
    pub stops: bool,
}

/// The reason of a pause for the petitioner's supplement; every agency has it.
pub const SUPPLEMENT_PAUSE: &str = "supplement";

/// A policy: what is different for the cases it matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The cases it is for; left out, every case.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// From which event the reply's clock runs.
    #[serde(default)]
    pub start: Option<StartEvent>,
    /// Reads limits in days of reply and ceiling on this basis, whatever they say.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// Extensions.
    #[serde(default)]
    pub extension: Option<Extending>,
    /// Reasons to wait; given, they replace those of the more general policies.
    #[serde(default, rename = "pause")]
    pub pauses: Option<Vec<PauseReason>>,
    /// Warnings; given, they replace those of the more general policies.
    #[serde(default, rename = "warning")]
    pub warnings: Option<Vec<Warning>>,
    /// Whether the petitioner is told when a changed calendar moves the last day on.
    #[serde(default)]
    pub tell_moved: Option<bool>,
}

/// An agency's policies as one document: `policies.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// In force for what starts on or after this local day: `2026-01-01`.
    pub from: String,
    /// The policies; of two that are equally special the later one holds.
    #[serde(rename = "policy")]
    pub list: Vec<Policy>,
}

/// What holds for one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rules {
    /// Codes of the policies that matched, the most general first.
    pub policies: Vec<String>,
    /// From which event the reply's clock runs.
    pub start: StartEvent,
    /// Limits; that of the reply is always there.
    pub limits: Limits,
    /// Extensions.
    pub extension: Extending,
    /// Reasons to wait.
    pub pauses: Vec<PauseReason>,
    /// Warnings.
    pub warnings: Vec<Warning>,
    /// Whether the petitioner is told of a last day moved on by the calendar.
    pub tell_moved: bool,
}

impl Policies {
    /// The rules of a case whose speed class has the limit `class`.
    #[must_use]
    pub fn rules(&self, case: &Subject<'_>, class: Limit) -> Rules {
        let mut fitting: Vec<&Policy> = self.list.iter().filter(|policy| policy.matches.fits(case)).collect();
        // A stable sort: of equally special ones the later one stays on top.
        fitting.sort_by_key(|policy| policy.matches.weight());
        let mut rules = Rules {
            policies: Vec::new(),
            start: StartEvent::Confirmed,
            limits: Limits::default(),
            extension: Extending { times: 0, days: 0, ladder: Vec::new() },
            pauses: Vec::new(),
            warnings: Vec::new(),
            tell_moved: false,
        };
        let mut basis = None;
        for policy in fitting {
            rules.policies.push(policy.code.clone());
            rules.start = policy.start.unwrap_or(rules.start);
            basis = policy.basis.or(basis);
            rules.limits = policy.limits.laid_over(&rules.limits);
            if let Some(extension) = &policy.extension {
                rules.extension = extension.clone();
            }
            if let Some(pauses) = &policy.pauses {
                rules.pauses.clone_from(pauses);
            }
            if let Some(warnings) = &policy.warnings {
                rules.warnings.clone_from(warnings);
            }
            rules.tell_moved = policy.tell_moved.unwrap_or(rules.tell_moved);
        }
        let on_basis = |limit: Limit| basis.map_or(limit, |basis| limit.on(basis));
        rules.limits.reply = Some(on_basis(rules.limits.reply.unwrap_or(class)));
        rules.limits.ceiling = rules.limits.ceiling.map(on_basis);
        rules
    }
}

impl Rules {
    /// The limit of the reply.
    #[must_use]
    pub fn reply_limit(&self) -> Limit {
        self.limits.reply.unwrap_or(Limit::WorkingDays(6))
    }

    /// The warnings of a clock.
    pub fn warnings_of(&self, purpose: ClockPurpose) -> impl Iterator<Item = &Warning> {
        self.warnings.iter().filter(move |warning| warning.clocks.contains(&purpose))
    }

    /// The lowest rank that may grant extensions of so many working days in all; `None` when nobody may.
    #[must_use]
    pub fn rank_for(&self, days: u32) -> Option<Role> {
        self.extension.ladder.iter().find(|rung| days <= rung.days).map(|rung| rung.rank)
    }

    /// The reason to wait with this code.
    #[must_use]
    pub fn pause(&self, code: &str) -> Option<&PauseReason> {
        self.pauses.iter().find(|reason| reason.code == code)
    }
}
