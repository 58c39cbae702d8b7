//! What is suppressed: by tables for the rules, and against two attackers for whatever populations there are.

use chenqing::domain::open_data::{
    Counted, Cross, LEAST, Margin, Population, Published, Value, Variable, attack, is_small, suppressed,
};
use proptest::prelude::*;

use super::attacker;

fn margin(variable: Variable, counts: &[u64]) -> Margin<u64> {
    let value = |(at, count): (usize, &u64)| Value { code: format!("{at}"), names: None, count: *count };
    Margin { variable, values: counts.iter().enumerate().map(value).collect() }
}

fn by_one(counts: &[u64]) -> Counted {
    Counted {
        population: Population::Received,
        total: counts.iter().sum(),
        margins: vec![margin(Variable::Unit, counts)],
        crosses: Vec::new(),
        withheld: Vec::new(),
    }
}

/// Units by whether they kept the limit.
fn by_two(cells: &[[u64; 2]]) -> Counted {
    let rows: Vec<u64> = cells.iter().map(|row| row.iter().sum()).collect();
    let columns = [0, 1].map(|at| cells.iter().map(|row| row[at]).sum());
    Counted {
        population: Population::Closed,
        total: rows.iter().sum(),
        margins: vec![margin(Variable::Unit, &rows), margin(Variable::Timeliness, &columns)],
        crosses: vec![Cross {
            rows: Variable::Unit,
            columns: Variable::Timeliness,
            cells: cells.iter().map(|row| row.to_vec()).collect(),
        }],
        withheld: Vec::new(),
    }
}

fn shown(published: &Published, variable: Variable) -> Vec<Option<u64>> {
    published.margin(variable).unwrap().values.iter().map(|value| value.count).collect()
}

#[test]
fn margins() {
    // (counts, what is published; none where the variable is withheld)
    type Line<'a> = (&'a [u64], Option<&'a [Option<u64>]>);
    let table: [Line<'_>; 11] = [
        (&[5, 0, 90], Some(&[Some(5), Some(0), Some(90)])),
        // One small count is not alone: the least other one goes with it.
        (&[3, 20, 90], Some(&[None, None, Some(90)])),
        (&[3, 20, 0, 9], Some(&[None, Some(20), Some(0), None])),
        // Two small ones hide each other, if they are enough together: 1 + 4 could be four numbers each only.
        (&[2, 4, 90], Some(&[None, None, Some(90)])),
        (&[1, 4, 90, 30], Some(&[None, None, Some(90), None])),
        // All ones: whoever knows that zeros are published would know each of them.
        (&[1, 1, 1, 1, 1, 90], Some(&[None, None, None, None, None, None])),
        (&[1, 1, 1, 1, 1], None),
        (&[4, 1], None),
        (&[4, 2], Some(&[None, None])),
        (&[0, 0], Some(&[Some(0), Some(0)])),
        (&[7], Some(&[Some(7)])),
    ];
    for (counts, expected) in table {
        let published = suppressed(&by_one(counts));
        attack(&published).unwrap();
        attacker::finds_nothing(&published, LEAST);
        match expected {
            Some(expected) => assert_eq!(shown(&published, Variable::Unit), expected, "{counts:?}"),
            None => assert_eq!((published.margins.len(), &published.withheld[..]), (0, &[Variable::Unit][..])),
        }
        assert_eq!(published.total, Some(counts.iter().sum()));
    }
}

#[test]
fn a_small_total_is_nothing() {
    let published = suppressed(&by_two(&[[1, 0], [1, 1]]));
    assert_eq!((published.total, published.margins.len(), published.crosses.len()), (None, 0, 0));
    assert_eq!(published.withheld, [Variable::Unit, Variable::Timeliness]);
    attack(&published).unwrap();
}

#[test]
fn crosses() {
    const X: Option<u64> = None;
    let s = Some;
    // (what is counted, what is published, the margin of the units)
    type Line<'a> = (&'a [[u64; 2]], &'a [[Option<u64>; 2]], &'a [Option<u64>]);
    let table: [Line<'_>; 7] = [
        (&[[50, 5], [60, 0]], &[[s(50), s(5)], [s(60), s(0)]], &[s(55), s(60)]),
        // Two late in one unit: the least other unit with any that is late goes with it; totals of units stay.
        (
            &[[50, 2], [60, 9], [40, 0], [70, 7]],
            &[[X, X], [X, X], [s(40), s(0)], [s(70), s(7)]],
            &[s(52), s(69), s(40), s(77)],
        ),
        // All late ones together are few: then it is not told at all how many kept the limit, in no unit.
        (&[[50, 2], [60, 1], [40, 0]], &[[X, X], [X, X], [X, X]], &[s(52), s(61), s(40)]),
        // Small units are hidden with their cells; zeros that follow from the rest are published.
        (
            &[[2, 0], [5, 0], [40, 9], [50, 8]],
            &[[X, s(0)], [X, s(0)], [s(40), s(9)], [s(50), s(8)]],
            &[X, X, s(49), s(58)],
        ),
        // One unit has everything: its cells are the margin.
        (&[[50, 7], [0, 0]], &[[s(50), s(7)], [s(0), s(0)]], &[s(57), s(0)]),
        (&[[50, 2], [0, 0]], &[[X, X], [s(0), s(0)]], &[s(52), s(0)]),
        (&[[50, 0], [9, 0]], &[[s(50), s(0)], [s(9), s(0)]], &[s(50), s(9)]),
    ];
    for (counts, expected, units) in table {
        let published = suppressed(&by_two(counts));
        let Some(cross) = published.crosses.first() else {
            // A margin that is withheld takes its crosses along.
            assert!(published.withheld.contains(&Variable::Timeliness), "{counts:?}");
            continue;
        };
        let cells: Vec<[Option<u64>; 2]> = cross.cells.iter().map(|row| [row[0], row[1]]).collect();
        assert_eq!((cells.as_slice(), shown(&published, Variable::Unit).as_slice()), (expected, units), "{counts:?}");
        attack(&published).unwrap();
        attacker::finds_nothing(&published, LEAST);
    }
}

#[test]
fn only_a_block_is_suppressed() {
    // Two small counts in the last columns of two rows: all other counts stay.
    let rows = [[50, 40, 6, 3], [60, 30, 4, 8], [20, 20, 9, 5], [30, 30, 7, 0]];
    let sums: Vec<u64> = rows.iter().map(|row| row.iter().sum()).collect();
    let down: Vec<u64> = (0..4).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
    let counted = Counted {
        population: Population::Closed,
        total: sums.iter().sum(),
        margins: vec![margin(Variable::SpeedClass, &sums), margin(Variable::Days, &down)],
        crosses: vec![Cross {
            rows: Variable::SpeedClass,
            columns: Variable::Days,
            cells: rows.iter().map(|row| row.to_vec()).collect(),
        }],
        withheld: Vec::new(),
    };
    let published = suppressed(&counted);
    let hidden: Vec<Vec<bool>> =
        published.crosses[0].cells.iter().map(|row| row.iter().map(Option::is_none).collect()).collect();
    let block = vec![false, false, true, true];
    assert_eq!(hidden, [block.clone(), block, vec![false; 4], vec![false; 4]]);
    attack(&published).unwrap();
    attacker::finds_nothing(&published, LEAST);
}

#[test]
fn both_attackers_find_what_is_not_hidden() {
    let counted = by_two(&[[50, 2], [60, 9], [40, 0], [70, 7]]);
    let good = suppressed(&counted);
    type Change = fn(&mut Published);
    let changes: [(&str, Change); 5] = [
        ("a small count is published", |p| p.crosses[0].cells[0] = vec![Some(50), Some(2)]),
        ("only the small count is suppressed", |p| {
            p.crosses[0].cells =
                vec![vec![Some(50), None], vec![Some(60), Some(9)], vec![Some(40), Some(0)], vec![Some(70), Some(7)]];
        }),
        ("one row is suppressed", |p| p.crosses[0].cells[1] = vec![Some(60), Some(9)]),
        ("a total is suppressed that its row adds up to", |p| p.margins[0].values[3].count = None),
        ("the row's total is suppressed, and can be computed", |p| p.margins[0].values[0].count = None),
    ];
    for (what, change) in changes {
        let mut published = good.clone();
        change(&mut published);
        assert!(attack(&published).is_err(), "{what}");
        let small = published.crosses[0].cells.iter().flatten().flatten().any(|count| is_small(*count));
        let found = attacker::ranges(&published).values().any(|(from, to)| to - from + 1 < LEAST);
        assert!(small || found, "{what}");
    }
    // In a circle of crosses no proof holds.
    let mut circle = good;
    for (rows, columns) in [(Variable::Timeliness, Variable::Kind), (Variable::Kind, Variable::Unit)] {
        circle.crosses.push(Cross { rows, columns, cells: Vec::new() });
    }
    assert!(!circle.is_forest());
    assert!(attack(&circle).is_err());
}

/// A case: its unit, its category, whether it kept its limit, how it ended, its class, its days.
type Case = [usize; 6];

const VARIABLES: [(Variable, usize); 6] = [
    (Variable::Unit, 5),
    (Variable::Category, 4),
    (Variable::Timeliness, 2),
    (Variable::CloseCode, 4),
    (Variable::SpeedClass, 3),
    (Variable::Days, 5),
];

/// The crosses that a year's closed cases have, as places in [`VARIABLES`].
const CROSSES: [(usize, usize); 4] = [(0, 2), (1, 2), (3, 2), (4, 5)];

fn population(cases: &[Case]) -> Counted {
    let count = |fits: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| fits(case)).count() as u64;
    let margins = VARIABLES.iter().enumerate().map(|(at, (variable, values))| {
        let counts: Vec<u64> = (0..*values).map(|value| count(&|case| case[at] == value)).collect();
        margin(*variable, &counts)
    });
    let crosses = CROSSES.iter().map(|(rows, columns)| {
        let cells = (0..VARIABLES[*rows].1).map(|row| {
            (0..VARIABLES[*columns].1).map(|column| count(&|c| c[*rows] == row && c[*columns] == column)).collect()
        });
        Cross { rows: VARIABLES[*rows].0, columns: VARIABLES[*columns].0, cells: cells.collect() }
    });
    Counted {
        population: Population::Closed,
        total: cases.len() as u64,
        margins: margins.collect(),
        crosses: crosses.collect(),
        withheld: Vec::new(),
    }
}

/// Cases that are rarely of the later values, the more rarely the steeper.
fn cases() -> impl Strategy<Value = Vec<Case>> {
    (0_usize..120, 1_i32..6).prop_flat_map(|(number, steep)| {
        let one = prop::array::uniform6(0.0_f64..1.0).prop_map(move |drawn| {
            let mut case = [0; 6];
            for (at, (_, values)) in VARIABLES.iter().enumerate() {
                case[at] = ((drawn[at].powi(steep) * *values as f64) as usize).min(values - 1);
            }
            case
        });
        prop::collection::vec(one, number)
    })
}

/// Every published count is the true one, or is none; no small one is published.
fn is_true_and_not_small(counted: &Counted, published: &Published) {
    let same = |shown: Option<u64>, counted: u64| assert!(shown.is_none_or(|c| c == counted && !is_small(c)));
    same(published.total, counted.total);
    for margin in &published.margins {
        let values = &counted.margin(margin.variable).unwrap().values;
        margin.values.iter().zip(values).for_each(|(shown, value)| same(shown.count, value.count));
        // Nothing is hidden without need: of those that are, some is small.
        let hidden = margin.values.iter().zip(values).filter(|(shown, _)| shown.count.is_none());
        let small: Vec<bool> = hidden.map(|(_, value)| is_small(value.count)).collect();
        assert!(small.is_empty() || small.contains(&true));
    }
    for cross in &published.crosses {
        let of = counted.crosses.iter().find(|of| (of.rows, of.columns) == (cross.rows, cross.columns)).unwrap();
        let pairs = cross.cells.iter().flatten().zip(of.cells.iter().flatten());
        pairs.for_each(|(shown, count)| same(*shown, *count));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_suppressed_count_can_be_found_out_by_a_linear_program(cases in cases()) {
        let counted = population(&cases);
        let published = suppressed(&counted);
        attacker::finds_nothing(&published, LEAST);
        // The truth is among what is possible.
        if published.total.is_some() {
            for ((variable, at, other), (from, to)) in attacker::ranges(&published) {
                let count = match other {
                    None => counted.margin(variable).unwrap().values[at].count,
                    Some((columns, column)) => {
                        let cross = counted.crosses.iter().find(|c| (c.rows, c.columns) == (variable, columns)).unwrap();
                        cross.cells[at][column]
                    }
                };
                prop_assert!(from <= count && count <= to);
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_suppressed_count_can_be_found_out(cases in cases()) {
        let counted = population(&cases);
        prop_assert!(counted.is_forest());
        let published = suppressed(&counted);
        is_true_and_not_small(&counted, &published);
        prop_assert!(attack(&published).is_ok(), "{:?} {published:#?}", attack(&published));
    }

    #[test]
    fn a_suppressed_count_that_is_told_is_found(cases in cases(), at in 0_usize..1000) {
        // Whatever small count is put back, the attack is not content.
        let counted = population(&cases);
        let mut published = suppressed(&counted);
        let small: Vec<(usize, usize)> = published.margins.iter().enumerate().flat_map(|(m, margin)| {
            let values = &counted.margin(margin.variable).unwrap().values;
            let small = margin.values.iter().zip(values).enumerate().filter(|(_, (s, v))| s.count.is_none() && is_small(v.count));
            small.map(move |(v, _)| (m, v)).collect::<Vec<_>>()
        }).collect();
        if !small.is_empty() {
            let (m, v) = small[at % small.len()];
            let variable = published.margins[m].variable;
            published.margins[m].values[v].count = Some(counted.margin(variable).unwrap().values[v].count);
            prop_assert!(attack(&published).is_err());
        }
    }
}
