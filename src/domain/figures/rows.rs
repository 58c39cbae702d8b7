//! From what was counted to the tables of a report: which rows each has, in which order, under which names.

use std::collections::{BTreeMap, HashMap};

use super::count::Counts;
use super::tally::Tally;
use super::{Names, OPEN, OWN, Period, PeriodFigures, Row, TableName, Tables, UNASSIGNED, UNCLASSIFIED};
use crate::domain::case::{CloseCode, Kind};
use crate::domain::units::{Unit, Units};

/// The names that rows carry, in the agency's order.
pub struct Directory<'a> {
    /// The agency.
    pub agency: Names,
    /// Every category there is or was, by its code.
    pub categories: Vec<(String, Names)>,
    /// Every speed class there is or was, by its code.
    pub speed_classes: Vec<(String, Names)>,
    /// The units.
    pub units: &'a Units,
}

impl Counts<'_> {
    /// The figures. Months and kinds have a row each; of the others those that have anything in them.
    #[must_use]
    pub fn figures(mut self, directory: &Directory<'_>) -> PeriodFigures {
        let period = self.period;
        let mut tables = Tables::default();
        let mut put = |name: TableName, rows: Vec<Row>| *tables.get_mut(name) = rows;
        put(TableName::Month, (1..).zip(&self.months).map(|(n, t)| row(&period.month(n), None, t)).collect());
        put(TableName::Channel, self.channels.iter().map(|(c, tally)| row(c.code(), None, tally)).collect());
        let kinds = Kind::ALL.iter().map(|kind| (*kind, self.kinds.remove(kind).unwrap_or_default()));
        put(TableName::Kind, kinds.map(|(kind, tally)| row(kind.code(), None, &tally)).collect());
        put(TableName::Category, in_order(self.categories, &directory.categories));
        put(TableName::SpeedClass, in_order(self.speed_classes, &directory.speed_classes));
        put(TableName::Unit, divisions(&self.units, directory.units));
        put(TableName::UnitTree, tree(&self.units, directory.units));
        put(TableName::CloseCode, endings(&self.endings));
        let rows = ["not_extended", "extended"].iter().zip(&self.extensions);
        put(TableName::Extension, rows.map(|(code, tally)| row(code, None, tally)).collect());
        let rows = ["0", "1", "2", "3_or_more"].iter().zip(&self.reassignments);
        put(TableName::Reassignment, rows.map(|(code, tally)| row(code, None, tally)).collect());
        let of = |(code, months): (&str, &Vec<Tally>)| channel_months(code, months, period);
        put(TableName::ChannelMonth, self.channel_months.iter().map(|(c, m)| (c.code(), m)).flat_map(of).collect());
        PeriodFigures {
            period: period.name().to_string(),
            year: period.year(),
            agency: directory.agency.clone(),
            from: period.first_day().to_string(),
            to: period.last_day().to_string(),
            complete: period.complete(),
            as_of: period.as_of(),
            locked_at: None,
            locked_sha256: None,
            locked_damaged: false,
            scope: None,
            total: self.total.figures(),
            series: Vec::new(),
            changes: Vec::new(),
            tables,
        }
    }
}

fn row(code: &str, names: Option<Names>, tally: &Tally) -> Row {
    Row::new(code, names, tally.figures())
}

fn channel_months(channel: &str, months: &[Tally], period: &Period) -> Vec<Row> {
    let rows = (1..).zip(months);
    rows.map(|(n, tally)| Row { month: Some(period.month(n)), ..row(channel, None, tally) }).collect()
}

/// The rows in the agency's order; what has no code stands last.
fn in_order(mut counted: HashMap<String, Tally>, names: &[(String, Names)]) -> Vec<Row> {
    let none = counted.remove("");
    let mut rows: Vec<Row> = Vec::new();
    for (code, names) in names {
        rows.extend(counted.remove(code).map(|tally| row(code, Some(names.clone()), &tally)));
    }
    // A code that the agency's list no longer has stands by itself.
    let rest: BTreeMap<String, Tally> = counted.into_iter().collect();
    rows.extend(
        rest.iter().map(|(code, tally)| row(code, Some(Names { name_zh: code.clone(), name_en: code.clone() }), tally)),
    );
    rows.extend(none.map(|tally| row(UNCLASSIFIED, None, &tally)));
    rows
}

/// Every ending that occurred, in the order of the list; then what is open.
fn endings(counted: &BTreeMap<Option<CloseCode>, Tally>) -> Vec<Row> {
    let ended = CloseCode::ALL.iter().filter_map(|code| counted.get(&Some(*code)).map(|tally| (code.code(), tally)));
    let open = counted.get(&None).map(|tally| (OPEN, tally));
    ended.chain(open).map(|(code, tally)| row(code, None, tally)).collect()
}

/// Every unit is counted in the branch or division it belongs to: the unit right below the root.
fn divisions(counted: &HashMap<Option<i64>, Tally>, units: &Units) -> Vec<Row> {
    let mut divisions: HashMap<Option<i64>, Tally> = HashMap::new();
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

/// The units as a tree: its top are the rows of [`divisions`], below each are its units. What lies in a unit itself
/// stands in a row of its own among those below it, so that every row is the sum of the rows right below it.
fn tree(counted: &HashMap<Option<i64>, Tally>, units: &Units) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for unit in units.all().iter().filter(|unit| units.division(unit.id) == Some(*unit)) {
        let own = counted.get(&Some(unit.id));
        // The root stands for itself: what is below it are the other rows.
        let below = if unit.parent_id.is_some() { below(counted, units, unit, 2) } else { Vec::new() };
        rows.extend(branch(unit, own, below, 1).into_iter().flat_map(|(_, rows)| rows));
    }
    let mut nowhere = Tally::default();
    for (_, tally) in counted.iter().filter(|(id, _)| id.and_then(|id| units.get(id)).is_none()) {
        nowhere.add(tally);
    }
    rows.extend((nowhere != Tally::default()).then(|| row(UNASSIGNED, None, &nowhere)));
    rows
}

/// A branch of the tree: what it has counted in all, and its rows, its own first.
type Branch = (Tally, Vec<Row>);

/// The branches right below a unit.
fn below(counted: &HashMap<Option<i64>, Tally>, units: &Units, above: &Unit, level: usize) -> Vec<Branch> {
    // The tree is checked when it is loaded; the bound keeps a broken one from turning for ever.
    if level > units.all().len() {
        return Vec::new();
    }
    let children = units.all().iter().filter(|unit| unit.parent_id == Some(above.id));
    children
        .filter_map(|unit| {
            let mut branch = branch(unit, counted.get(&Some(unit.id)), below(counted, units, unit, level + 1), level)?;
            branch.1.first_mut()?.parent = Some(above.code.clone());
            Some(branch)
        })
        .collect()
}

/// The branch of a unit with what it has itself and the branches below it; none where nothing was counted.
fn branch(unit: &Unit, own: Option<&Tally>, below: Vec<Branch>, level: usize) -> Option<Branch> {
    let mut all = own.cloned().unwrap_or_default();
    below.iter().for_each(|(tally, _)| all.add(tally));
    if own.is_none() && below.is_empty() {
        return None;
    }
    let mut rows = vec![Row { level, ..row(&unit.code, Some(names(unit)), &all) }];
    if let (Some(own), false) = (own, below.is_empty()) {
        rows.push(Row {
            level: level + 1,
            parent: Some(unit.code.clone()),
            ..row(&format!("{}{OWN}", unit.code), Some(names(unit)), own)
        });
    }
    rows.extend(below.into_iter().flat_map(|(_, rows)| rows));
    Some((all, rows))
}

fn names(unit: &Unit) -> Names {
    Names { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() }
}
