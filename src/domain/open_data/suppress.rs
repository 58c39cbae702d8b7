//! What is suppressed, and why no more and no less. Too much rather than too little: what cannot be hidden in a simple way is
//! withheld whole.
//!
//! 1. A total of 1 to 4: nothing of the population is published.
//! 2. A margin with counts of 1 to 4: they are suppressed, and with them the least others that are not 0, until the
//!    suppressed are two at least and together [`LEAST`] − 1 more than they are in number. Zeros are published, so a reader
//!    knows that none of the suppressed is 0; each can then still be [`LEAST`] different numbers. Where that cannot be
//!    reached the variable is withheld.
//! 3. A cross: a row with a count of 1 to 4 is suppressed from end to end (its total is not), so is one whose total is
//!    suppressed, and with them further rows until in every column the suppressed are together as many as in a margin. The
//!    columns in which nothing is suppressed but zeros are published. Where that cannot be reached, or the total of a column
//!    is suppressed, every row is.

use super::{Counted, Cross, Divided, LEAST, Margin, Published, Value, Variable, is_small};

/// What may be published of a population.
#[must_use]
pub fn suppressed(counted: &Counted) -> Published {
    let all = || counted.margins.iter().map(|margin| margin.variable);
    if is_small(counted.total) {
        return none_of(counted, all().collect());
    }
    let hidden: Vec<(Variable, Option<Vec<bool>>)> =
        counted.margins.iter().map(|margin| (margin.variable, hidden_values(&counts(margin)))).collect();
    let of = |variable| hidden.iter().find(|(known, _)| *known == variable).and_then(|(_, hidden)| hidden.as_ref());
    let margins = counted.margins.iter().filter_map(|margin| Some(shown(margin, of(margin.variable)?))).collect();
    let crosses = counted
        .crosses
        .iter()
        .filter_map(|cross| {
            let (rows, columns) = (counted.margin(cross.rows)?, counted.margin(cross.columns)?);
            let (rows, columns) = (Side::new(rows, of(cross.rows)?), Side::new(columns, of(cross.columns)?));
            Some(Cross { rows: cross.rows, columns: cross.columns, cells: cells(cross, &rows, &columns) })
        })
        .collect();
    let withheld = all().filter(|variable| of(*variable).is_none()).collect();
    Divided { population: counted.population, total: Some(counted.total), margins, crosses, withheld }
}

fn none_of(counted: &Counted, withheld: Vec<Variable>) -> Published {
    Divided { population: counted.population, total: None, margins: Vec::new(), crosses: Vec::new(), withheld }
}

fn counts(margin: &Margin<u64>) -> Vec<u64> {
    margin.values.iter().map(|value| value.count).collect()
}

/// Which values of a margin are suppressed; `None` where that would hide too little.
fn hidden_values(counts: &[u64]) -> Option<Vec<bool>> {
    let mut hidden: Vec<bool> = counts.iter().map(|count| is_small(*count)).collect();
    loop {
        let suppressed: Vec<u64> = counts.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(c, _)| *c).collect();
        if suppressed.is_empty() || (suppressed.len() >= 2 && hides(&suppressed)) {
            return Some(hidden);
        }
        let others = counts.iter().enumerate().filter(|(at, count)| **count > 0 && hidden.get(*at) == Some(&false));
        let (least, _) = others.min_by_key(|(_, count)| **count)?;
        *hidden.get_mut(least)? = true;
    }
}

/// Whether counts of which none is 0 are, together, so many that each can be [`LEAST`] different numbers.
fn hides(suppressed: &[u64]) -> bool {
    let number = suppressed.iter().filter(|count| **count > 0).fold(0, |number, _| number + 1);
    suppressed.iter().sum::<u64>() >= number + LEAST - 1
}

fn shown(margin: &Margin<u64>, hidden: &[bool]) -> Margin<Option<u64>> {
    let values = margin.values.iter().zip(hidden).map(|(value, hidden)| Value {
        code: value.code.clone(),
        names: value.names.clone(),
        count: (!hidden).then_some(value.count),
    });
    Margin { variable: margin.variable, values: values.collect() }
}

/// A margin of a cross: its counts, and which of them are suppressed.
struct Side {
    counts: Vec<u64>,
    hidden: Vec<bool>,
}

impl Side {
    fn new(margin: &Margin<u64>, hidden: &[bool]) -> Self {
        Self { counts: counts(margin), hidden: hidden.to_vec() }
    }

    /// The only value that has anything, where there is but one: a cross tells no more than its other margin.
    fn only(&self) -> bool {
        self.counts.iter().filter(|count| **count > 0).take(2).count() < 2
    }

    fn shown(&self, at: usize) -> Option<u64> {
        self.counts.get(at).filter(|_| self.hidden.get(at) == Some(&false)).copied()
    }

    fn is_none(&self, at: usize) -> bool {
        self.counts.get(at) == Some(&0)
    }
}

fn cells(cross: &Cross<u64>, rows: &Side, columns: &Side) -> Vec<Vec<Option<u64>>> {
    let hidden = hidden_rows(cross, rows, columns);
    let sum = |column: usize| hidden.iter().filter_map(|row| cross.cells.get(*row)?.get(column)).sum::<u64>();
    let every = hidden.len() == rows.counts.iter().filter(|count| **count > 0).count();
    let cell = |row: usize, column: usize, count: u64| {
        if rows.is_none(row) || columns.is_none(column) {
            return Some(0);
        }
        match (rows.only(), columns.only()) {
            (true, _) => columns.shown(column),
            (_, true) => rows.shown(row),
            _ => (!hidden.contains(&row) || (!every && sum(column) == 0)).then_some(count),
        }
    };
    let row = |(at, counts): (usize, &Vec<u64>)| (0..).zip(counts).map(|(column, c)| cell(at, column, *c)).collect();
    cross.cells.iter().enumerate().map(row).collect()
}

/// The rows that are suppressed from end to end, of those that have anything.
fn hidden_rows(cross: &Cross<u64>, rows: &Side, columns: &Side) -> Vec<usize> {
    let filled: Vec<usize> = (0..rows.counts.len()).filter(|row| !rows.is_none(*row)).collect();
    if columns.hidden.contains(&true) {
        return filled;
    }
    let row = |at: usize| cross.cells.get(at).map_or(&[][..], Vec::as_slice);
    let cell = |at: usize, column: usize| row(at).get(column).copied().unwrap_or(0);
    let must = |at: &usize| rows.hidden.get(*at) == Some(&true) || row(*at).iter().copied().any(is_small);
    let mut hidden: Vec<usize> = filled.iter().copied().filter(must).collect();
    loop {
        let in_column = |column: usize| hidden.iter().map(|at| cell(*at, column)).collect::<Vec<u64>>();
        let scant = |column: &usize| {
            let suppressed = in_column(*column);
            suppressed.iter().any(|count| *count > 0) && !hides(&suppressed)
        };
        let scant: Vec<usize> = (0..columns.counts.len()).filter(scant).collect();
        if scant.is_empty() && hidden.len() != 1 {
            return hidden;
        }
        let helps = |at: &usize| scant.is_empty() || scant.iter().any(|column| cell(*at, *column) > 0);
        let others = filled.iter().copied().filter(|at| !hidden.contains(at) && helps(at));
        let Some(least) = others.min_by_key(|at| rows.counts.get(*at).copied()) else { return filled };
        hidden.push(least);
    }
}
