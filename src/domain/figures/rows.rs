//! From what was counted to the tables of a report: which rows each has, in which order, under which names.

use std::collections::{BTreeMap, HashMap};

use super::count::{Counts, Tallies};
use super::tally::Tally;
use super::trees::{categories, divisions, units};
use super::{DissatisfiedComments, Names, OPEN, Period, PeriodFigures, Row, TableName, Tables, UNCLASSIFIED};
use crate::domain::case::{CloseCode, Kind};
use crate::domain::units::Units;

/// The names that rows carry, in the agency's order.
pub struct Directory<'a> {
    /// The agency.
    pub agency: Names,
    /// Every category there is or was, by its code.
    pub categories: Vec<(String, Names)>,
    /// The group of every category that is in one, by its code.
    pub category_groups: HashMap<String, String>,
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
        let mut months = vec![Tally::default(); period.months()];
        for channel in self.channel_months.values() {
            months.iter_mut().zip(channel).for_each(|(sum, month)| sum.add(month));
        }
        put(TableName::Month, (1..).zip(&months).map(|(n, t)| row(&period.month(n), None, t)).collect());
        put(
            TableName::Channel,
            self.channel_months.iter().map(|(c, m)| row(c.code(), None, &Tally::over(m))).collect(),
        );
        let kinds = Kind::ALL.iter().map(|kind| (*kind, self.kinds.remove(kind).unwrap_or_default()));
        put(TableName::Kind, kinds.map(|(kind, tally)| row(kind.code(), None, &tally)).collect());
        put(TableName::CategoryTree, categories(&self.categories, &directory.categories, &directory.category_groups));
        put(TableName::Category, in_order(self.categories, &directory.categories));
        put(TableName::SpeedClass, in_order(self.speed_classes, &directory.speed_classes));
        put(TableName::Unit, divisions(&self.units, directory.units));
        put(TableName::UnitTree, units(&self.units, directory.units));
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
            total: Tally::over(&months).figures(),
            series: Vec::new(),
            changes: Vec::new(),
            top_issues: Vec::new(),
            dissatisfied_comments: DissatisfiedComments::default(),
            overdue_cases: Vec::new(),
            improvement_measures: Vec::new(),
            tables,
        }
    }
}

pub(super) fn row(code: &str, names: Option<Names>, tally: &Tally) -> Row {
    Row::new(code, names, tally.figures())
}

fn channel_months(channel: &str, months: &[Tally], period: &Period) -> Vec<Row> {
    let rows = (1..).zip(months);
    rows.map(|(n, tally)| Row { month: Some(period.month(n)), ..row(channel, None, tally) }).collect()
}

/// The rows in the agency's order; what has no code stands last.
fn in_order(mut counted: Tallies<String>, names: &[(String, Names)]) -> Vec<Row> {
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
