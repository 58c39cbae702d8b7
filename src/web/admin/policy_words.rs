//! A policy in words: what it says, line by line, in the reader's language; and what one document says differently from
//! another.

use serde_json::{Value, json};

use crate::domain::limit::{Basis, Limit};
use crate::domain::policy::{ClockPurpose, Extending, Match, Policies, Policy, Recipient, Warning, When};
use crate::error::Message;
use crate::store::reference::Reference;
use crate::web::state::Web;

/// What words are made with.
pub struct Words<'a> {
    web: &'a Web,
    reference: &'a Reference,
    locale: &'a str,
}

/// A line: what it is about, and what is said of it.
type Line = (String, Vec<String>);

impl<'a> Words<'a> {
    /// Words in a language.
    #[must_use]
    pub const fn new(web: &'a Web, reference: &'a Reference, locale: &'a str) -> Self {
        Self { web, reference, locale }
    }

    fn text(&self, message: &Message) -> String {
        self.web.text(self.locale, message)
    }

    fn key(&self, prefix: &str, code: &str) -> String {
        let key = format!("{prefix}-{}", code.replace('_', "-"));
        self.web.pages.text(self.locale, &key, &Value::Null).unwrap_or(key)
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.locale == "en" { en } else { zh }
    }

    fn list(&self, words: impl IntoIterator<Item = String>) -> String {
        let comma = self.text(&Message::new("list-comma"));
        words.into_iter().collect::<Vec<_>>().join(&comma)
    }

    /// The name of a clock.
    #[must_use]
    pub fn clock(&self, purpose: ClockPurpose) -> String {
        self.key("policy-clock", purpose.code())
    }

    /// A length of time.
    #[must_use]
    pub fn limit(&self, limit: Limit) -> String {
        let of = |key: &'static str, n: u32| self.text(&Message::new(key).with("n", n.to_string()));
        match limit {
            Limit::WorkingDays(n) => of("policy-limit-working-days", n),
            Limit::CalendarDays(n) => of("policy-limit-days", n),
            Limit::WorkingMinutes(n) if n % 60 == 0 => of("policy-limit-office-hours", n / 60),
            Limit::WorkingMinutes(n) => of("policy-limit-office-minutes", n),
            Limit::FixedDate(date) => date.to_string(),
        }
    }

    fn when(&self, when: When) -> String {
        let of = |key: &'static str, n: u32| self.text(&Message::new(key).with("n", n.to_string()));
        match when {
            When::Before(n) => of("policy-when-before", n),
            When::Used(n) => of("policy-when-used", n),
            When::OnDay => self.text(&Message::new("policy-when-on-day")),
            When::After(n) => of("policy-when-after", n),
        }
    }

    fn warning(&self, warning: &Warning) -> String {
        let key = if warning.urgent { "policy-warning-urgent" } else { "policy-warning-digest" };
        // In the lists' own order, so that the order in which a document names them makes no difference.
        let clocks = ClockPurpose::ALL.iter().filter(|clock| warning.clocks.contains(clock));
        let clocks = self.list(clocks.map(|clock| self.clock(*clock)));
        let to = Recipient::ALL.iter().filter(|to| warning.to.contains(to));
        let to = self.list(to.map(|to| self.key("policy-to", to.code())));
        self.text(&Message::new(key).with("clocks", clocks).with("when", self.when(warning.when)).with("to", to))
    }

    fn extension(&self, extension: &Extending) -> Vec<String> {
        if extension.times == 0 {
            return vec![self.text(&Message::new("policy-extension-none"))];
        }
        let whole = Message::new("policy-extension")
            .with("times", extension.times.to_string())
            .with("days", extension.days.to_string());
        let rungs = extension.ladder.iter().map(|rung| {
            let rank = self.key("role", rung.rank.code());
            self.text(&Message::new("policy-rung").with("days", rung.days.to_string()).with("rank", rank))
        });
        std::iter::once(self.text(&whole)).chain(rungs).collect()
    }

    /// For which cases.
    #[must_use]
    pub fn matches(&self, matches: &Match) -> Vec<String> {
        if matches.is_for_all() {
            return vec![self.text(&Message::new("policy-for-all"))];
        }
        let category = |code: &String| {
            let found = self.reference.category(code);
            found.map_or_else(|| code.clone(), |c| self.pick(&c.name_zh, &c.name_en).to_owned())
        };
        let class = |code: &String| {
            let found = self.reference.speed_class(code);
            found.map_or_else(|_| code.clone(), |c| self.pick(&c.name_zh, &c.name_en).to_owned())
        };
        [
            ("policy-match-category", self.list(matches.category.iter().map(category))),
            ("policy-match-kind", self.list(matches.kind.iter().map(|kind| self.key("kind", kind.code())))),
            ("policy-match-channel", self.list(matches.channel.iter().map(|c| self.key("channel", c.code())))),
            ("policy-match-speed-class", self.list(matches.speed_class.iter().map(class))),
        ]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(key, names)| self.text(&Message::new(key).with("names", names)))
        .collect()
    }

    fn lines(&self, policy: &Policy) -> Vec<Line> {
        let mut lines = vec![(self.text(&Message::new("policy-line-match")), self.matches(&policy.matches))];
        let mut line = |key: &'static str, said: Vec<String>| lines.push((self.text(&Message::new(key)), said));
        if let Some(start) = policy.start {
            line("policy-line-start", vec![self.key("policy-start", start.code())]);
        }
        if let Some(basis) = policy.basis {
            let code = if basis == Basis::Working { "working" } else { "calendar" };
            line("policy-line-basis", vec![self.key("policy-basis", code)]);
        }
        for purpose in ClockPurpose::ALL {
            if let Some(limit) = policy.limits.of(*purpose) {
                let clock = self.text(&Message::new("policy-line-limit").with("clock", self.clock(*purpose)));
                lines.push((clock, vec![self.limit(limit)]));
            }
        }
        let mut line = |key: &'static str, said: Vec<String>| lines.push((self.text(&Message::new(key)), said));
        if let Some(extension) = &policy.extension {
            line("policy-line-extension", self.extension(extension));
        }
        if let Some(pauses) = &policy.pauses {
            let said = pauses.iter().map(|reason| {
                let key = if reason.stops { "policy-pause-stops" } else { "policy-pause-runs" };
                self.text(&Message::new(key).with("name", self.pick(&reason.name_zh, &reason.name_en)))
            });
            line("policy-line-pauses", said.collect());
        }
        if let Some(warnings) = &policy.warnings {
            line("policy-line-warnings", self.or_none(warnings.iter().map(|w| self.warning(w)).collect()));
        }
        if let Some(tell) = policy.tell_moved {
            let key = if tell { "policy-tell-yes" } else { "policy-tell-no" };
            line("policy-line-tell", vec![self.text(&Message::new(key))]);
        }
        lines
    }

    fn or_none(&self, said: Vec<String>) -> Vec<String> {
        if said.is_empty() { vec![self.text(&Message::new("policy-none"))] } else { said }
    }

    /// The document as its page shows it: each policy with its lines.
    #[must_use]
    pub fn document(&self, policies: &Policies) -> Value {
        let policy = |policy: &Policy| {
            let lines = self.lines(policy).into_iter().map(|(what, said)| json!({ "what": what, "said": said }));
            json!({
                "code": policy.code, "name": self.pick(&policy.name_zh, &policy.name_en),
                "lines": lines.collect::<Vec<_>>(),
            })
        };
        policies.list.iter().map(policy).collect()
    }

    /// What `new` says differently from `old`: policy, what, until now, from then on.
    #[must_use]
    pub fn differences(&self, old: &Policies, new: &Policies) -> Vec<Value> {
        let in_old = |code: &str| old.list.iter().find(|policy| policy.code == code);
        let in_new = |code: &str| new.list.iter().any(|policy| policy.code == code);
        let mut rows = Vec::new();
        for policy in &new.list {
            let before = in_old(&policy.code).map(|policy| self.lines(policy)).unwrap_or_default();
            self.compare(policy, &before, &self.lines(policy), &mut rows);
        }
        for policy in old.list.iter().filter(|policy| !in_new(&policy.code)) {
            self.compare(policy, &self.lines(policy), &[], &mut rows);
        }
        rows
    }

    fn compare(&self, policy: &Policy, old: &[Line], new: &[Line], rows: &mut Vec<Value>) {
        let said = |lines: &[Line], what: &str| lines.iter().find(|line| line.0 == what).map(|line| line.1.clone());
        let name = self.pick(&policy.name_zh, &policy.name_en);
        let only_old = old.iter().filter(|line| said(new, &line.0).is_none());
        for (what, _) in new.iter().chain(only_old) {
            let (mut before, mut after) = (said(old, what).unwrap_or_default(), said(new, what).unwrap_or_default());
            // Of a list only what is said differently.
            let same: Vec<String> = before.iter().filter(|line| after.contains(line)).cloned().collect();
            before.retain(|line| !same.contains(line));
            after.retain(|line| !same.contains(line));
            if before != after {
                rows.push(json!({ "policy": name, "what": what, "old": before, "new": after }));
            }
        }
    }
}
