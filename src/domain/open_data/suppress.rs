//! What is suppressed, and why no more and no less. Too much rather than too little: what cannot be hidden in a simple way is
//! withheld whole.
//!
//! 1. A total of 1 to 4: nothing of the population is published.
//! 2. A margin with counts of 1 to 4: they are suppressed, and with them the least others that are not 0, until the
//!    suppressed are two at least and together [`LEAST`] − 1 more than they are in number. Zeros are published, so a reader
//!    knows that none of the suppressed is 0; each can then still be [`LEAST`] different numbers. Where that cannot be
//!    reached the variable is withheld.
//! 3. A cross: the rows and the columns with a count of 1 to 4 are suppressed where they meet, a block; a row whose total is
//!    suppressed in every column, a column in every row. Further rows and columns follow, the least first, until two of each
//!    are suppressed, and in each the suppressed are together as many as in a margin. Lines of the block in which there are
//!    nothing but zeros are published. Where the attack would find anything, all counts are suppressed.

use super::{Counted, Cross, Divided, LEAST, Margin, Published, Value, Variable, attack, is_small};

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
    let margins: Vec<Margin<Option<u64>>> =
        counted.margins.iter().filter_map(|margin| Some(shown(margin, of(margin.variable)?))).collect();
    let mut published = Divided {
        population: counted.population,
        total: Some(counted.total),
        margins,
        crosses: Vec::new(),
        withheld: all().filter(|variable| of(*variable).is_none()).collect(),
    };
    for cross in &counted.crosses {
        let side = |variable| Some(Side::new(counted.margin(variable)?, of(variable)?));
        let (Some(rows), Some(columns)) = (side(cross.rows), side(cross.columns)) else { continue };
        let with = |block: &Block| Cross {
            rows: cross.rows,
            columns: cross.columns,
            cells: cells(cross, block, &rows, &columns),
        };
        let block = block(cross, &rows, &columns);
        published.crosses.push(with(&block));
        if attack(&published).is_err() {
            published.crosses.pop();
            published.crosses.push(with(&Block { rows: rows.filled(), columns: columns.filled() }));
        }
    }
    published
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

    /// The values that have anything.
    fn filled(&self) -> Vec<usize> {
        (0..self.counts.len()).filter(|at| !self.is_none(*at)).collect()
    }
}

/// What is suppressed of a cross: each of these rows in each of these columns.
struct Block {
    rows: Vec<usize>,
    columns: Vec<usize>,
}

fn cells(cross: &Cross<u64>, block: &Block, rows: &Side, columns: &Side) -> Vec<Vec<Option<u64>>> {
    let turned = turned(&cross.cells);
    let any = |lines: &[Vec<u64>], at: usize, across: &[usize]| across.iter().any(|other| cell(lines, at, *other) > 0);
    let in_block = |row: usize, column: usize| {
        block.rows.contains(&row)
            && block.columns.contains(&column)
            && any(&cross.cells, row, &block.columns)
            && any(&turned, column, &block.rows)
    };
    let shown = |row: usize, column: usize, count: u64| {
        if rows.is_none(row) || columns.is_none(column) {
            return Some(0);
        }
        match (rows.only(), columns.only()) {
            (true, _) => columns.shown(column),
            (_, true) => rows.shown(row),
            _ => (!in_block(row, column)).then_some(count),
        }
    };
    let line =
        |(row, counts): (usize, &Vec<u64>)| (0..).zip(counts).map(|(column, c)| shown(row, column, *c)).collect();
    (0..).zip(&cross.cells).map(line).collect()
}

fn cell(lines: &[Vec<u64>], at: usize, across: usize) -> u64 {
    lines.get(at).and_then(|line| line.get(across)).copied().unwrap_or(0)
}

/// The columns as rows.
fn turned(cells: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let width = cells.first().map_or(0, Vec::len);
    (0..width).map(|column| (0..cells.len()).map(|row| cell(cells, row, column)).collect()).collect()
}

fn block(cross: &Cross<u64>, rows: &Side, columns: &Side) -> Block {
    let turned = turned(&cross.cells);
    let mut block = Block { rows: first(&cross.cells, rows, columns), columns: first(&turned, columns, rows) };
    loop {
        let row = missing(&turned, &block.columns, &block.rows, rows);
        let column = missing(&cross.cells, &block.rows, &block.columns, columns);
        if row.is_none() && column.is_none() {
            return block;
        }
        block.rows.extend(row);
        block.columns.extend(column);
    }
}

/// The lines that are suppressed to begin with: those with a small count or a suppressed total; all, where a total on the
/// other side is suppressed.
fn first(lines: &[Vec<u64>], side: &Side, other: &Side) -> Vec<usize> {
    let small = |at: usize| lines.get(at).is_some_and(|line| line.iter().copied().any(is_small));
    let must = |at: &usize| other.hidden.contains(&true) || side.hidden.get(*at) == Some(&true) || small(*at);
    side.filled().into_iter().filter(must).collect()
}

/// A line that has to be suppressed beside `across`, so that each of the `lines` that are suppressed hides its counts; none
/// where they do, or where there is no further one.
fn missing(lines: &[Vec<u64>], suppressed: &[usize], across: &[usize], side: &Side) -> Option<usize> {
    let others: Vec<usize> = side.filled().into_iter().filter(|at| !across.contains(at)).collect();
    let least = |fits: &dyn Fn(usize) -> bool| {
        let fitting = others.iter().copied().filter(|at| fits(*at));
        fitting.min_by_key(|at| side.counts.get(*at).copied())
    };
    let filled = |at: usize| suppressed.iter().any(|line| cell(lines, *line, at) > 0);
    if !suppressed.is_empty() && across.iter().filter(|at| filled(**at)).count() < 2 {
        return least(&filled).or_else(|| least(&|_| true));
    }
    suppressed.iter().copied().find_map(|line| {
        let counts: Vec<u64> = across.iter().map(|at| cell(lines, line, *at)).collect();
        let scant = counts.iter().any(|count| *count > 0) && !hides(&counts);
        scant.then(|| least(&|at| cell(lines, line, at) > 0).or_else(|| least(&|_| true))).flatten()
    })
}
