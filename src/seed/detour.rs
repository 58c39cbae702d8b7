//! The way of a case through the agency before it comes to the unit that answers it.

use crate::store::reference::Reference;

/// The units that a case is given to before the one that answers it: every fifth by way of the unit above, a few by way of
/// one or more divisions that it is not for. Taken from the case's place, so that nothing else of its life changes.
#[must_use]
pub fn detour(reference: &Reference, unit: &str, case: i64) -> Vec<i64> {
    let units = &reference.units;
    let Some(unit) = units.by_code(unit) else { return Vec::new() };
    let division = units.division(unit.id).map(|division| division.id);
    let wrong = match case % 40 {
        3 | 17 => 1,
        29 => 3,
        _ => 0,
    };
    if wrong == 0 {
        let above = unit.parent_id.filter(|above| case % 5 == 1 && Some(*above) == division);
        return above.into_iter().collect();
    }
    let others = units.all().iter().filter(|other| units.depth(other.id) == 1 && Some(other.id) != division);
    let others: Vec<i64> = others.filter(|other| other.active).map(|other| other.id).collect();
    let from = usize::try_from(case / 40).unwrap_or(0);
    others.iter().cycle().skip(from % others.len().max(1)).take(wrong.min(others.len())).copied().collect()
}
