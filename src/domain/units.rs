//! The organisation as a tree: who stands below whom.

use std::collections::HashMap;

use serde::Serialize;

/// A unit of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Row id.
    pub id: i64,
    /// Short code, unique in the agency.
    pub code: String,
    /// The unit above; `None` at the root.
    pub parent_id: Option<i64>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Telephone as letters show it.
    pub phone: String,
    /// Whether new cases may go there.
    pub active: bool,
    /// Code of the region it lies in; empty: that of the unit above.
    pub region: String,
}

impl Unit {
    /// The name in a locale.
    #[must_use]
    pub fn name(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.name_zh } else { &self.name_en }
    }
}

/// All units of the agency.
#[derive(Clone, Debug, Default)]
pub struct Units {
    list: Vec<Unit>,
    index: HashMap<i64, usize>,
}

impl Units {
    /// The tree of these units, which stay in the order given.
    #[must_use]
    pub fn new(list: Vec<Unit>) -> Self {
        let index = list.iter().enumerate().map(|(at, unit)| (unit.id, at)).collect();
        Self { list, index }
    }

    /// Every unit, in the agency's order.
    #[must_use]
    pub fn all(&self) -> &[Unit] {
        &self.list
    }

    /// The unit with this id.
    #[must_use]
    pub fn get(&self, id: i64) -> Option<&Unit> {
        self.index.get(&id).and_then(|at| self.list.get(*at))
    }

    /// The unit with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Unit> {
        self.list.iter().find(|unit| unit.code == code)
    }

    /// The branch or division that a unit belongs to: the unit right below the root that it is or stands below; the root
    /// for the root itself.
    #[must_use]
    pub fn division(&self, id: i64) -> Option<&Unit> {
        let mut at = self.get(id)?;
        for _ in 0..self.list.len() {
            match at.parent_id.and_then(|parent| self.get(parent)) {
                Some(parent) if parent.parent_id.is_some() => at = parent,
                _ => break,
            }
        }
        Some(at)
    }

    /// Whether `unit` is `above` or stands below it, at any depth.
    #[must_use]
    pub fn within(&self, unit: i64, above: i64) -> bool {
        // The tree is checked when it is loaded; the bound keeps a broken one from turning for ever.
        std::iter::successors(Some(unit), |id| self.get(*id).and_then(|u| u.parent_id))
            .take(self.list.len() + 1)
            .any(|id| id == above)
    }

    /// The region a unit lies in: its own, or that of the nearest unit above that names one; empty when none does.
    #[must_use]
    pub fn region(&self, id: i64) -> &str {
        std::iter::successors(self.get(id), |unit| unit.parent_id.and_then(|id| self.get(id)))
            .take(self.list.len())
            .map(|unit| unit.region.as_str())
            .find(|region| !region.is_empty())
            .unwrap_or_default()
    }

    /// `root` and everything below it.
    #[must_use]
    pub fn subtree(&self, root: i64) -> Vec<i64> {
        self.list.iter().map(|u| u.id).filter(|id| self.within(*id, root)).collect()
    }

    /// Depth below the root, 0 for the root itself.
    #[must_use]
    pub fn depth(&self, id: i64) -> usize {
        std::iter::successors(self.get(id).and_then(|u| u.parent_id), |id| self.get(*id).and_then(|u| u.parent_id))
            .take(self.list.len())
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: i64, parent_id: Option<i64>) -> Unit {
        let text = id.to_string();
        Unit {
            id,
            code: text.clone(),
            parent_id,
            name_zh: text.clone(),
            name_en: text,
            phone: String::new(),
            active: true,
            region: String::new(),
        }
    }

    #[test]
    fn subtree_reaches_every_depth_and_nothing_beside() {
        let units = Units::new(vec![unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, Some(1))]);
        assert_eq!(units.subtree(2), [2, 3]);
        assert_eq!(units.subtree(1), [1, 2, 3, 4]);
        assert!(!units.within(2, 3));
        assert_eq!(units.depth(3), 2);
        let divisions: Vec<i64> = (1..=4).filter_map(|id| units.division(id)).map(|unit| unit.id).collect();
        assert_eq!(divisions, [1, 2, 2, 4]);
    }

    #[test]
    fn a_unit_lies_where_the_one_above_lies() {
        let at = |unit: Unit, region: &str| Unit { region: region.into(), ..unit };
        let units = Units::new(vec![
            at(unit(1, None), "taipei"),
            unit(2, Some(1)),
            at(unit(3, Some(2)), "hualien"),
            unit(4, Some(3)),
        ]);
        assert_eq!([1, 2, 3, 4, 9].map(|id| units.region(id)), ["taipei", "taipei", "hualien", "hualien", ""]);
    }

    #[test]
    fn a_ring_does_not_hang() {
        let units = Units::new(vec![unit(1, Some(2)), unit(2, Some(1))]);
        assert!(!units.within(1, 9));
        assert_eq!(units.depth(1), 2);
        assert!(units.division(1).is_some());
    }
}
