//! What of a period is counted: the cases that are under one of these units, categories, channels, kinds and speed classes at
//! its end. A filter is asked of each row as it is read, so that a filtered report costs one pass like every other.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::count::Place;
use super::{Names, TableName, UNASSIGNED, UNCLASSIFIED};
use crate::domain::case::{Channel, Kind};
use crate::domain::units::Units;

/// What is counted; an empty list leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Codes of units, or [`UNASSIGNED`].
    pub units: Vec<String>,
    /// Whether the units below them are counted too.
    pub below: bool,
    /// Codes of categories, or [`UNCLASSIFIED`]; a group stands for all that lies in it.
    pub categories: Vec<String>,
    /// How cases came in.
    pub channels: Vec<Channel>,
    /// Of which kind they are.
    pub kinds: Vec<Kind>,
    /// Codes of speed classes, or [`UNCLASSIFIED`].
    pub speed_classes: Vec<String>,
}

impl Filter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { below: self.below, ..Self::default() }
    }

    /// The filter with its units looked up in their tree, its categories in theirs: `groups` has the group of every category
    /// that is in one.
    #[must_use]
    pub fn over<'a>(&'a self, units: &Units, groups: &'a HashMap<String, String>) -> Sifted<'a> {
        let ids = self
            .units
            .iter()
            .filter_map(|code| units.by_code(code))
            .flat_map(|unit| if self.below { units.subtree(unit.id) } else { vec![unit.id] });
        let ids: HashSet<i64> = ids.collect();
        let wanted = |code: &str| self.categories.iter().any(|wanted| wanted == code);
        let mut categories: HashSet<&str> = self.categories.iter().map(String::as_str).collect();
        for category in groups.keys() {
            // As often as there are groups: broken ones may turn in a circle.
            let above = std::iter::successors(groups.get(category), |group| groups.get(*group)).take(groups.len());
            if above.into_iter().any(|group| wanted(group)) {
                categories.insert(category);
            }
        }
        Sifted { filter: self, units: ids, unassigned: self.units.iter().any(|code| code == UNASSIGNED), categories }
    }
}

/// A filter that can be asked of cases.
pub struct Sifted<'a> {
    filter: &'a Filter,
    units: HashSet<i64>,
    unassigned: bool,
    categories: HashSet<&'a str>,
}

impl Sifted<'_> {
    /// Whether what stands in a place is counted.
    #[must_use]
    pub fn holds(&self, place: &Place) -> bool {
        let filter = self.filter;
        let named = |wanted: &[String], code: Option<&str>| {
            wanted.is_empty() || wanted.iter().any(|wanted| wanted == code.unwrap_or(UNCLASSIFIED))
        };
        let of_units = || match place.unit_id {
            Some(id) => self.units.contains(&id),
            None => self.unassigned,
        };
        (filter.channels.is_empty() || filter.channels.contains(&place.channel))
            && (filter.kinds.is_empty() || filter.kinds.contains(&place.kind))
            && (filter.categories.is_empty()
                || self.categories.contains(place.category.as_deref().unwrap_or(UNCLASSIFIED)))
            && named(&filter.speed_classes, place.speed_class.as_deref())
            && (filter.units.is_empty() || of_units())
    }
}

/// Which saved report figures are of, and what of the period they count: said on every page, file and chart of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// What the report is called.
    pub report: String,
    /// What is counted; empty: everything.
    pub parts: Vec<ScopePart>,
}

/// One list of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopePart {
    /// What its values are: the table they are rows of.
    pub table: TableName,
    /// Whether what lies below them is counted too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub below: bool,
    /// The values.
    pub values: Vec<ScopeValue>,
}

/// A value of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeValue {
    /// Its code.
    pub code: String,
    /// Its names where the agency gave them.
    #[serde(flatten)]
    pub names: Option<Names>,
}

impl Scope {
    /// The scope of a filter, with the agency's names.
    #[must_use]
    pub fn of(
        report: &str,
        filter: &Filter,
        units: &Units,
        categories: &[(String, Names)],
        speed_classes: &[(String, Names)],
    ) -> Self {
        let named = |codes: &[String], of: &[(String, Names)]| -> Vec<ScopeValue> {
            let names = |code: &String| of.iter().find(|(known, _)| known == code).map(|(_, names)| names.clone());
            codes.iter().map(|code| ScopeValue { code: code.clone(), names: names(code) }).collect()
        };
        let plain = |code: &str| ScopeValue { code: code.to_owned(), names: None };
        let unit = |code: &String| {
            let names =
                units.by_code(code).map(|unit| Names { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() });
            ScopeValue { code: code.clone(), names }
        };
        let lists = [
            (TableName::Unit, filter.units.iter().map(unit).collect()),
            (TableName::Category, named(&filter.categories, categories)),
            (TableName::Channel, filter.channels.iter().map(|channel| plain(channel.code())).collect()),
            (TableName::Kind, filter.kinds.iter().map(|kind| plain(kind.code())).collect()),
            (TableName::SpeedClass, named(&filter.speed_classes, speed_classes)),
        ];
        let parts = lists.into_iter().filter(|(_, values)| !values.is_empty()).map(|(table, values)| ScopePart {
            table,
            below: table == TableName::Unit && filter.below,
            values,
        });
        Self { report: report.to_owned(), parts: parts.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_stands_for_all_that_lies_in_it() {
        let groups = [("smuggling", "law"), ("drugs", "smuggling"), ("a", "b"), ("b", "a")];
        let groups: HashMap<String, String> = groups.map(|(of, group)| (of.to_owned(), group.to_owned())).into();
        let holds = |wanted: &[&str], category: Option<&str>| {
            let categories = wanted.iter().map(|code| (*code).to_owned()).collect();
            let filter = Filter { categories, ..Filter::default() };
            filter.over(&Units::default(), &groups).holds(&Place {
                channel: Channel::Web,
                kind: Kind::Suggestion,
                category: category.map(Into::into),
                speed_class: None,
                unit_id: None,
            })
        };
        for (wanted, category, held) in [
            (vec!["law"], Some("smuggling"), true),
            (vec!["law"], Some("drugs"), true),
            (vec!["law"], Some("law"), true),
            (vec!["smuggling"], Some("drugs"), true),
            (vec!["smuggling"], Some("noise"), false),
            (vec!["drugs"], Some("smuggling"), false),
            (vec!["law"], None, false),
            (vec![UNCLASSIFIED], None, true),
            (vec!["a"], Some("b"), true),
            (vec![], Some("noise"), true),
        ] {
            assert_eq!(holds(&wanted, category), held, "{wanted:?} {category:?}");
        }
    }
}
