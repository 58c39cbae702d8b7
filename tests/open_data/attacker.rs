//! An attacker who shares nothing with the program: a linear program over every suppressed count of a population at once,
//! whose least and greatest values are what a reader of the published figures can find out.

use std::collections::BTreeMap;

use chenqing::domain::open_data::{Published, Variable};
use microlp::{ComparisonOp, OptimizationDirection, Problem};

/// A count by its place: a value of a margin, or of a cross.
type Place = (Variable, usize, Option<(Variable, usize)>);

/// Each suppressed count with the least and the greatest number that it can be. The attacker has read the rules: no
/// suppressed count of a margin is 0.
pub fn ranges(published: &Published) -> BTreeMap<Place, (u64, u64)> {
    let mut unknown: Vec<(Place, f64)> = Vec::new();
    let mut sums: Vec<(Vec<(Place, f64)>, f64)> = Vec::new();
    let total = published.total.expect("a total that is suppressed has no parts");
    for margin in &published.margins {
        let mut sum = (Vec::new(), total as f64);
        for (at, value) in margin.values.iter().enumerate() {
            let place = (margin.variable, at, None);
            match value.count {
                Some(count) => sum.1 -= count as f64,
                None => {
                    unknown.push((place, 1.0));
                    sum.0.push((place, 1.0));
                }
            }
        }
        sums.push(sum);
    }
    for cross in &published.crosses {
        let whole = |variable: Variable, at: usize| {
            let place = (variable, at, None);
            match published.margin(variable).unwrap().values[at].count {
                Some(count) => (Vec::new(), count as f64),
                None => (vec![(place, -1.0)], 0.0),
            }
        };
        let columns = cross.cells.first().map_or(0, Vec::len);
        let mut down: Vec<_> = (0..columns).map(|at| whole(cross.columns, at)).collect();
        for (at, row) in cross.cells.iter().enumerate() {
            let mut along = whole(cross.rows, at);
            for (column, count) in row.iter().enumerate() {
                let place = (cross.rows, at, Some((cross.columns, column)));
                match count {
                    Some(count) => {
                        along.1 -= *count as f64;
                        down[column].1 -= *count as f64;
                    }
                    None => {
                        unknown.push((place, 0.0));
                        along.0.push((place, 1.0));
                        down[column].0.push((place, 1.0));
                    }
                }
            }
            sums.push(along);
        }
        sums.extend(down);
    }
    let bound = |of: Place, direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<Place, _> = unknown
            .iter()
            .map(|(place, least)| (*place, problem.add_var(f64::from(u8::from(*place == of)), (*least, f64::INFINITY))))
            .collect();
        for (terms, sum) in &sums {
            if terms.is_empty() {
                assert!(sum.abs() < 1e-9, "published parts that are not their whole");
                continue;
            }
            let terms: Vec<_> = terms.iter().map(|(place, factor)| (variables[place], *factor)).collect();
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, *sum);
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    };
    let range = |of: Place| {
        let least = (bound(of, OptimizationDirection::Minimize) - 1e-6).ceil().max(0.0);
        let most = (bound(of, OptimizationDirection::Maximize) + 1e-6).floor();
        (of, (least as u64, most as u64))
    };
    unknown.iter().map(|(place, _)| range(*place)).collect()
}

/// Fails where a suppressed count can be fewer numbers than the least count that is published.
pub fn finds_nothing(published: &Published, least: u64) {
    if published.total.is_none() {
        assert!(published.margins.is_empty() && published.crosses.is_empty());
        return;
    }
    for (place, (from, to)) in ranges(published) {
        assert!(to + 1 >= from + least, "{place:?} is from {from} to {to}: {published:#?}");
    }
}
