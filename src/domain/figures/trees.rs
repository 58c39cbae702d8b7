//! The tables that are trees: categories in their groups, units in theirs. What lies in a group itself stands in a row of its
//! own among those below it, so that every row is the sum of the rows right below it.

use std::collections::{BTreeMap, HashMap};

use super::count::Tallies;
use super::rows::row;
use super::tally::Tally;
use super::{Names, OWN, Row, UNASSIGNED, UNCLASSIFIED};
use crate::domain::units::{Unit, Units};

/// A branch of a tree: what it has counted in all, and its rows, its own first.
type Branch = (Tally, Vec<Row>);

/// The branch of a place with what it has itself and the branches below it; none where nothing was counted.
fn branch(code: &str, names: &Names, own: Option<&Tally>, below: Vec<Branch>, level: usize) -> Option<Branch> {
    let mut all = own.cloned().unwrap_or_default();
    below.iter().for_each(|(tally, _)| all.add(tally));
    if own.is_none() && below.is_empty() {
        return None;
    }
    let mut rows = vec![Row { level, ..row(code, Some(names.clone()), &all) }];
    if let (Some(own), false) = (own, below.is_empty()) {
        rows.push(Row {
            level: level + 1,
            parent: Some(code.to_owned()),
            ..row(&format!("{code}{OWN}"), Some(names.clone()), own)
        });
    }
    rows.extend(below.into_iter().flat_map(|(_, rows)| rows));
    Some((all, rows))
}

/// The branches of what lies right below a place.
fn under(parent: &str, mut branches: Vec<Branch>) -> Vec<Branch> {
    for row in branches.iter_mut().filter_map(|(_, rows)| rows.first_mut()) {
        row.parent = Some(parent.to_owned());
    }
    branches
}

/// The categories in their groups, in the agency's order; nothing where no category is in a group.
pub(super) fn categories(
    counted: &Tallies<String>,
    names: &[(String, Names)],
    groups: &HashMap<String, String>,
) -> Vec<Row> {
    if groups.is_empty() {
        return Vec::new();
    }
    let tree = CategoryTree { counted, names, groups };
    let mut rows: Vec<Row> = tree.below(None, 1).into_iter().flat_map(|(_, rows)| rows).collect();
    // A code that the agency's list no longer has stands by itself.
    let gone: BTreeMap<&String, &Tally> =
        counted.iter().filter(|(code, _)| !code.is_empty() && !names.iter().any(|(known, _)| known == *code)).collect();
    for (code, tally) in gone {
        rows.push(row(code, Some(Names { name_zh: code.clone(), name_en: code.clone() }), tally));
    }
    rows.extend(counted.get("").map(|tally| row(UNCLASSIFIED, None, tally)));
    rows
}

struct CategoryTree<'a> {
    counted: &'a Tallies<String>,
    names: &'a [(String, Names)],
    groups: &'a HashMap<String, String>,
}

impl CategoryTree<'_> {
    fn below(&self, group: Option<&String>, level: usize) -> Vec<Branch> {
        // The groups are checked when they are installed; the bound keeps broken ones from turning for ever.
        if level > self.names.len() {
            return Vec::new();
        }
        let here = self.names.iter().filter(|(code, _)| self.groups.get(code) == group);
        let branches = here.filter_map(|(code, names)| {
            let below = under(code, self.below(Some(code), level + 1));
            branch(code, names, self.counted.get(code), below, level)
        });
        branches.collect()
    }
}

/// Every unit is counted in the branch or division it belongs to: the unit right below the root.
pub(super) fn divisions(counted: &Tallies<Option<i64>>, units: &Units) -> Vec<Row> {
    let mut divisions: Tallies<Option<i64>> = HashMap::new();
    for (unit_id, tally) in counted {
        let division = unit_id.and_then(|id| units.division(id)).map(|unit| unit.id);
        divisions.entry(division).or_default().add(tally);
    }
    let mut rows: Vec<Row> = Vec::new();
    for unit in units.all() {
        rows.extend(divisions.get(&Some(unit.id)).map(|tally| row(&unit.code, Some(names(unit)), tally)));
    }
    rows.extend(divisions.get(&None).map(|tally| row(UNASSIGNED, None, tally)));
    rows
}

/// The units as a tree: its top are the rows of [`divisions`], below each are its units.
pub(super) fn units(counted: &Tallies<Option<i64>>, units: &Units) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for unit in units.all().iter().filter(|unit| units.division(unit.id) == Some(*unit)) {
        let own = counted.get(&Some(unit.id));
        // The root stands for itself: what is below it are the other rows.
        let below = if unit.parent_id.is_some() { below(counted, units, unit, 2) } else { Vec::new() };
        rows.extend(branch(&unit.code, &names(unit), own, below, 1).into_iter().flat_map(|(_, rows)| rows));
    }
    let mut nowhere = Tally::default();
    for (_, tally) in counted.iter().filter(|(id, _)| id.and_then(|id| units.get(id)).is_none()) {
        nowhere.add(tally);
    }
    rows.extend((nowhere != Tally::default()).then(|| row(UNASSIGNED, None, &nowhere)));
    rows
}

/// The branches right below a unit.
fn below(counted: &Tallies<Option<i64>>, units: &Units, above: &Unit, level: usize) -> Vec<Branch> {
    // The tree is checked when it is loaded; the bound keeps a broken one from turning for ever.
    if level > units.all().len() {
        return Vec::new();
    }
    let children = units.all().iter().filter(|unit| unit.parent_id == Some(above.id));
    let branches = children.filter_map(|unit| {
        let below = below(counted, units, unit, level + 1);
        branch(&unit.code, &names(unit), counted.get(&Some(unit.id)), below, level)
    });
    under(&above.code, branches.collect())
}

fn names(unit: &Unit) -> Names {
    Names { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() }
}
