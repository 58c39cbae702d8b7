//! A year beside itself: how its rounds ended, and how they would have ended under other rules, in all and by speed class,
//! category, division and channel.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::domain::case::Channel;
use crate::domain::time::Moment;
use crate::store::reference::Reference;
use crate::store::replay::LivedRound;

/// What is counted, now and then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Rounds that ended.
    pub closed: u64,
    /// Of these within the original limit, as it was.
    pub on_time_now: u64,
    /// The same under the other rules.
    pub on_time_then: u64,
    /// On time as it was, late then.
    pub becomes_late: u64,
    /// Late as it was, on time then.
    pub becomes_on_time: u64,
    /// Within the limit with its extensions, as it was.
    pub on_time_extended_now: u64,
    /// The same under the other rules.
    pub on_time_extended_then: u64,
    /// Rounds that still run.
    pub open: u64,
    /// Of these past their original limit, as it is.
    pub overdue_now: u64,
    /// The same under the other rules.
    pub overdue_then: u64,
    /// Rounds with another original last moment.
    pub moved: u64,
}

/// What is compared, of rounds that have something in common.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Code; empty: none yet.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The numbers.
    #[serde(flatten)]
    pub compared: Compared,
    /// On time of what ended, in percent; `None` when nothing did.
    pub rate_now: Option<f64>,
    /// The same under the other rules.
    pub rate_then: Option<f64>,
}

/// A year, now and then.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replay {
    /// The year.
    pub year: i16,
    /// The moment up to which what still runs was looked at.
    pub as_of: Moment,
    /// All rounds.
    pub total: Line,
    /// By speed class.
    pub speed_class: Vec<Line>,
    /// By category.
    pub category: Vec<Line>,
    /// By branch or division.
    pub unit: Vec<Line>,
    /// By channel.
    pub channel: Vec<Line>,
    /// Whether some last day fell into a year without an official table.
    pub uncovered: bool,
}

impl Line {
    fn new(code: &str, names: (&str, &str), compared: Compared) -> Self {
        let rate = |part: u64| (compared.closed > 0).then(|| part as f64 * 100.0 / compared.closed as f64);
        Self {
            code: code.to_owned(),
            name_zh: names.0.to_owned(),
            name_en: names.1.to_owned(),
            compared,
            rate_now: rate(compared.on_time_now),
            rate_then: rate(compared.on_time_then),
        }
    }
}

/// What was counted so far.
#[derive(Default)]
pub(super) struct Sums {
    total: Compared,
    speed_class: BTreeMap<String, Compared>,
    category: BTreeMap<String, Compared>,
    unit: HashMap<Option<i64>, Compared>,
    channel: BTreeMap<Channel, Compared>,
    pub(super) uncovered: bool,
}

impl Sums {
    /// Counts a round wherever it belongs.
    pub(super) fn add(&mut self, round: &LivedRound, class: &str, division: Option<i64>, one: Compared) {
        self.total.add(one);
        self.speed_class.entry(class.to_owned()).or_default().add(one);
        self.category.entry(round.case.category.clone().unwrap_or_default()).or_default().add(one);
        self.unit.entry(division).or_default().add(one);
        self.channel.entry(round.case.channel).or_default().add(one);
    }

    /// The lines, in the agency's order.
    pub(super) fn lines(self, reference: &Reference, year: i16, now: Moment) -> Replay {
        let classes = reference.speed_classes.iter().map(|c| (c.code.as_str(), c.name_zh.as_str(), c.name_en.as_str()));
        let categories = reference.categories.iter().map(|c| (c.code.as_str(), c.name_zh.as_str(), c.name_en.as_str()));
        let units = reference.units.all().iter().filter_map(|unit| {
            let compared = self.unit.get(&Some(unit.id))?;
            Some(Line::new(&unit.code, (&unit.name_zh, &unit.name_en), *compared))
        });
        let nowhere = self.unit.get(&None).map(|compared| Line::new("", ("未分案", "Not assigned"), *compared));
        let channels = self.channel.iter().map(|(c, compared)| Line::new(c.code(), (c.code(), c.code()), *compared));
        Replay {
            year,
            as_of: now,
            total: Line::new("", ("", ""), self.total),
            unit: units.chain(nowhere).collect(),
            channel: channels.collect(),
            speed_class: in_order(self.speed_class, classes),
            category: in_order(self.category, categories),
            uncovered: self.uncovered,
        }
    }
}

/// The lines in the agency's order; what it no longer has stands last under its code.
fn in_order<'a>(
    mut sums: BTreeMap<String, Compared>,
    names: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
) -> Vec<Line> {
    let mut lines: Vec<Line> = names
        .filter_map(|(code, zh, en)| sums.remove(code).map(|compared| Line::new(code, (zh, en), compared)))
        .collect();
    lines.extend(sums.iter().map(|(code, compared)| match code.as_str() {
        "" => Line::new("", ("未分類", "Not classified"), *compared),
        code => Line::new(code, (code, code), *compared),
    }));
    lines
}

impl Compared {
    fn add(&mut self, other: Self) {
        for (mine, more) in [
            (&mut self.closed, other.closed),
            (&mut self.on_time_now, other.on_time_now),
            (&mut self.on_time_then, other.on_time_then),
            (&mut self.becomes_late, other.becomes_late),
            (&mut self.becomes_on_time, other.becomes_on_time),
            (&mut self.on_time_extended_now, other.on_time_extended_now),
            (&mut self.on_time_extended_then, other.on_time_extended_then),
            (&mut self.open, other.open),
            (&mut self.overdue_now, other.overdue_now),
            (&mut self.overdue_then, other.overdue_then),
            (&mut self.moved, other.moved),
        ] {
            *mine += more;
        }
    }
}
