//! The attack that what is published has to withstand: whoever reads it knows every published count, that totals are the sums
//! of their parts, that no count is below zero, that zeros are published in margins, and all of this file. For every
//! suppressed count the attack works out between which numbers it must lie, from the published figures alone; fewer than
//! [`LEAST`] possible numbers are a leak.
//!
//! The bounds are exact. The suppressed part of a cross is a block, every suppressed row in every suppressed column; of a
//! block whose rows add up to a₁, a₂ … and its columns to c₁, c₂ …, together t, the count in row i and column j can be every
//! number from max(0, aᵢ + cⱼ − t) to min(aᵢ, cⱼ) and no other (Fréchet's bounds). Rows whose own totals are suppressed
//! share what is known of them together, and any of them may have it all but one each. As the crosses are a forest
//! ([`super::Divided::is_forest`]), what is possible in one is possible beside all others.

use std::fmt;

use super::{Cross, LEAST, Margin, Published, Variable};

/// What the attack found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The variable of the rows.
    pub rows: Variable,
    /// The variable of the columns, in a cross.
    pub columns: Option<Variable>,
    /// What is wrong.
    pub why: &'static str,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns.map(|columns| format!(" and {columns}")).unwrap_or_default();
        write!(f, "by {}{columns}: {}", self.rows, self.why)
    }
}

/// Attacks what is published of a population.
///
/// # Errors
/// The first thing that is found out.
pub fn attack(published: &Published) -> Result<(), Leak> {
    let Some(total) = published.total else {
        return match published.margins.first() {
            Some(margin) => Err(Leak { rows: margin.variable, columns: None, why: "divides a suppressed total" }),
            None => Ok(()),
        };
    };
    for margin in &published.margins {
        let leak = |why| Leak { rows: margin.variable, columns: None, why };
        Groups::of(margin, total).map_err(leak)?.stand().map_err(leak)?;
    }
    if !published.is_forest() {
        let rows = published.crosses.first().map_or(Variable::Month, |cross| cross.rows);
        return Err(Leak { rows, columns: None, why: "the crosses go in a circle" });
    }
    for cross in &published.crosses {
        let leak = |why| Leak { rows: cross.rows, columns: Some(cross.columns), why };
        let side = |variable| published.margin(variable).ok_or("has no margin").and_then(|m| Groups::of(m, total));
        let (rows, columns) = (side(cross.rows).map_err(leak)?, side(cross.columns).map_err(leak)?);
        block(cross, &rows, &columns).map_err(leak)?;
    }
    Ok(())
}

/// The values of a margin as a reader sees them.
struct Groups {
    /// The published counts.
    known: Vec<Option<u64>>,
    /// How many are suppressed.
    number: u64,
    /// What these are together.
    together: u64,
}

impl Groups {
    fn of(margin: &Margin<Option<u64>>, total: u64) -> Result<Self, &'static str> {
        let known: Vec<Option<u64>> = margin.values.iter().map(|value| value.count).collect();
        if known.iter().flatten().any(|count| super::is_small(*count)) {
            return Err("a small count is published");
        }
        let together = total.checked_sub(known.iter().flatten().sum()).ok_or("the parts are more than the whole")?;
        let number = known.iter().filter(|count| count.is_none()).fold(0, |number, _| number + 1);
        Ok(Self { known, number, together })
    }

    /// The most that one of the suppressed can be: the others are one at least.
    const fn most(&self) -> u64 {
        (self.together + 1).saturating_sub(self.number)
    }

    fn stand(&self) -> Result<(), &'static str> {
        match self.number {
            0 if self.together == 0 => Ok(()),
            0 => Err("the parts are less than the whole"),
            1 => Err("a single count is suppressed"),
            _ if self.most() < LEAST => Err("a suppressed count can be too few numbers"),
            _ => Ok(()),
        }
    }
}

/// A row or a column of the suppressed block, or all whose totals are suppressed as one: the most that one of its members can
/// be by itself, and what it adds up to.
struct Line {
    shared: bool,
    most: u64,
    sum: u64,
}

fn block(cross: &Cross<Option<u64>>, rows: &Groups, columns: &Groups) -> Result<(), &'static str> {
    let width = columns.known.len();
    if cross.cells.len() != rows.known.len() || cross.cells.iter().any(|row| row.len() != width) {
        return Err("has other values than its margins");
    }
    if cross.cells.iter().flatten().flatten().any(|count| super::is_small(*count)) {
        return Err("a small count is published");
    }
    let turned: Vec<Vec<Option<u64>>> =
        (0..width).map(|at| cross.cells.iter().filter_map(|row| row.get(at).copied()).collect()).collect();
    let (down, across) = (suppressed(&cross.cells), suppressed(&turned));
    for row in down.iter().filter_map(|at| cross.cells.get(*at)) {
        if (0..).zip(row).any(|(at, cell)| cell.is_some() == across.contains(&at)) {
            return Err("what is suppressed is no block");
        }
    }
    let (down, across) = (lines(&down, &cross.cells, rows)?, lines(&across, &turned, columns)?);
    let whole: u64 = down.iter().map(|line| line.sum).sum();
    if whole != across.iter().map(|line| line.sum).sum::<u64>() {
        return Err("the parts are not the whole");
    }
    for (row, column) in down.iter().flat_map(|row| across.iter().map(move |column| (row, column))) {
        let most = row.sum.min(column.sum).min(row.most).min(column.most);
        // One of several with a suppressed total may have nothing here; at least one where it has nothing elsewhere.
        let least = if row.shared || column.shared { 1 } else { (row.sum + column.sum).saturating_sub(whole) };
        if most + 1 < least + LEAST {
            return Err("a suppressed count can be too few numbers");
        }
    }
    Ok(())
}

/// The rows in which anything is suppressed.
fn suppressed(cells: &[Vec<Option<u64>>]) -> Vec<usize> {
    (0..).zip(cells).filter(|(_, row)| row.contains(&None)).map(|(at, _)| at).collect()
}

/// The lines of the block: what the suppressed counts of each add up to.
fn lines(suppressed: &[usize], cells: &[Vec<Option<u64>>], side: &Groups) -> Result<Vec<Line>, &'static str> {
    let published = |at: usize| cells.get(at).map_or(0, |row| row.iter().flatten().sum::<u64>());
    let known = |at: usize| side.known.get(at).copied().flatten();
    let mut lines = Vec::new();
    for at in suppressed.iter().copied() {
        if let Some(total) = known(at) {
            let sum = total.checked_sub(published(at)).ok_or("the parts are more than the whole")?;
            lines.push(Line { shared: false, most: sum, sum });
        }
    }
    let shared: Vec<usize> = (0..side.known.len()).filter(|at| known(*at).is_none()).collect();
    if shared.iter().any(|at| !suppressed.contains(at)) {
        return Err("a suppressed total can be added up");
    }
    if !shared.is_empty() {
        let published = shared.iter().map(|at| published(*at)).sum();
        let sum = side.together.checked_sub(published).ok_or("the parts are more than the whole")?;
        lines.push(Line { shared: true, most: side.most(), sum });
    }
    Ok(lines)
}
