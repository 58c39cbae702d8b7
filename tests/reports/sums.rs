//! What must hold of every report by itself: rows and columns reconcile, months follow one another, trees add up.

use std::collections::HashMap;

use chenqing::domain::figures::{Figures, PeriodFigures, Row, TableName, Tables};

use super::{CATEGORIES, GROUP};

/// Every table adds up to the total: no case is left out, none stands in two rows.
pub fn whole_tables(report: &PeriodFigures) {
    for (name, rows) in report.tables.each() {
        for row in rows {
            let f = &row.figures;
            assert_eq!(f.open_at_start + f.received, f.closed + f.open_at_end, "{name:?} {}", row.code);
            assert_eq!(f.closed, f.closed_on_time + f.closed_late);
            assert_eq!(f.open_at_end, f.pending_within + f.pending_overdue);
            let ended = f.replied + f.transferred + f.withdrawn + f.no_action.values().sum::<u64>();
            assert_eq!(f.closed, ended, "{name:?} {}", row.code);
            let days = &f.days;
            assert_eq!(f.closed, days.up_to_3 + days.up_to_6 + days.up_to_15 + days.up_to_30 + days.over_30);
        }
        let top: Vec<&Row> = rows.iter().filter(|row| row.level == 1).collect();
        let sum = |of: fn(&Figures) -> u64| top.iter().map(|row| of(&row.figures)).sum::<u64>();
        let of: [fn(&Figures) -> u64; 4] = [|f| f.received, |f| f.closed, |f| f.closed_on_time, |f| f.reassigned];
        for f in of {
            assert_eq!(sum(f), f(&report.total), "{name:?}");
        }
        assert_eq!(
            sum(|f| f.ratings.number),
            if name.has_ratings() { report.total.ratings.number } else { 0 },
            "{name:?}"
        );
        if ![TableName::Month, TableName::ChannelMonth].contains(&name) {
            assert_eq!(sum(|f| f.open_at_start), report.total.open_at_start);
            assert_eq!(sum(|f| f.open_at_end), report.total.open_at_end);
            assert_eq!(sum(|f| f.pending_overdue), report.total.pending_overdue);
        }
        // Months follow one another, of each channel too.
        for pair in rows.windows(2).filter(|pair| pair[1].month.is_some() || name == TableName::Month) {
            if name == TableName::Month || pair[0].code == pair[1].code {
                assert_eq!(pair[0].figures.open_at_end, pair[1].figures.open_at_start, "{name:?} {}", pair[1].code);
            }
        }
    }
    let months = report.tables.get(TableName::Month);
    assert_eq!(months[0].figures.open_at_start, report.total.open_at_start);
    assert_eq!(months[months.len() - 1].figures.open_at_end, report.total.open_at_end);
    let rows = report.tables.get(TableName::UnitTree);
    let top: Vec<&Row> = rows.iter().filter(|row| row.level == 1).collect();
    let units = report.tables.get(TableName::Unit);
    assert_eq!(top.len(), units.len());
    for (row, unit) in top.iter().zip(units) {
        assert_eq!((&row.code, &row.figures, &row.parent), (&unit.code, &unit.figures, &None));
    }
    tree(rows);
    // The leaves are the table of categories.
    let rows = report.tables.get(TableName::CategoryTree);
    let leaves: HashMap<&str, &Figures> =
        rows.iter().filter(|row| row.code != GROUP).map(|row| (row.code.as_str(), &row.figures)).collect();
    let categories = report.tables.get(TableName::Category);
    assert_eq!(leaves.len(), categories.len());
    categories.iter().for_each(|row| assert_eq!(leaves[row.code.as_str()], &row.figures, "{}", row.code));
    tree(rows);
}

/// Every row with rows below it is their sum.
fn tree(rows: &[Row]) {
    for row in rows {
        let below: Vec<&Row> = rows.iter().filter(|other| other.parent.as_deref() == Some(&row.code)).collect();
        assert!(below.iter().all(|other| other.level == row.level + 1), "{}", row.code);
        let sum = |of: fn(&Figures) -> u64| below.iter().map(|row| of(&row.figures)).sum::<u64>();
        let of: [fn(&Figures) -> u64; 6] = [
            |f| f.open_at_start,
            |f| f.received,
            |f| f.closed,
            |f| f.closed_on_time,
            |f| f.pending_overdue,
            |f| f.ratings.number,
        ];
        assert!(below.is_empty() || of.iter().all(|f| sum(*f) == f(&row.figures)), "{}", row.code);
    }
}

/// Rows stand in the agency's order, what has no place last.
pub fn in_order(tables: &Tables) {
    let order = |name: TableName, list: &[&str]| {
        let rows = tables.get(name);
        let places: Vec<usize> = rows.iter().map(|r| list.iter().position(|code| *code == r.code).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    };
    order(TableName::Category, &[CATEGORIES[0], CATEGORIES[1], "retired", "unclassified"]);
    let tree = [CATEGORIES[1], GROUP, CATEGORIES[0], "retired", "unclassified"];
    order(TableName::CategoryTree, &tree);
    order(TableName::SpeedClass, &["normal", "urgent", "unclassified"]);
    order(TableName::Unit, &["headquarters", "north", "south", "unassigned"]);
    let tree = ["headquarters", "north", "north.own", "north-1", "north-1.own", "north-1-a", "south", "unassigned"];
    order(TableName::UnitTree, &tree);
}
