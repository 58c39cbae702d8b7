//! Deputies (職務代理人): who reads what somebody would have read who is away. Deputies of deputies are followed a bounded
//! way; a ring, or somebody who leaves without a deputy, leads to nobody, and the supervisors are told instead.

use std::collections::HashMap;

/// How many deputies of deputies are followed.
const CHAIN: usize = 5;

/// Who is away on a day, and who stands in for them where somebody does.
#[derive(Clone, Debug, Default)]
pub struct Away(HashMap<i64, Option<i64>>);

/// Who reads in somebody's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// They are there.
    Themself,
    /// This deputy.
    Deputy(i64),
    /// There is no deputy who could.
    Nobody,
}

impl Away {
    /// From pairs of a person and their deputy; of two that speak of one person the later one holds.
    #[must_use]
    pub fn new(absences: impl IntoIterator<Item = (i64, Option<i64>)>) -> Self {
        Self(absences.into_iter().collect())
    }

    /// The same, with somebody more who is away and has no deputy.
    #[must_use]
    pub fn with(mut self, person: i64) -> Self {
        self.0.insert(person, None);
        self
    }

    /// Whether somebody is away.
    #[must_use]
    pub fn is_away(&self, person: i64) -> bool {
        self.0.contains_key(&person)
    }

    /// Who reads for `person`: the first in the chain of deputies who is there, if they may (`fits`).
    #[must_use]
    pub fn reader_for(&self, person: i64, fits: impl Fn(i64) -> bool) -> Reader {
        let mut at = person;
        for step in 0..=CHAIN {
            match self.0.get(&at) {
                None if step == 0 => return Reader::Themself,
                None if fits(at) => return Reader::Deputy(at),
                // Back at the beginning: everybody in the ring is away.
                Some(Some(next)) if *next != person => at = *next,
                _ => return Reader::Nobody,
            }
        }
        Reader::Nobody
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deputies_are_followed_and_rings_end() {
        let away = Away::new([
            (1, Some(2)),
            (3, None),
            (4, Some(1)),
            (5, Some(6)),
            (6, Some(5)),
            (7, Some(7)),
            // A ring that does not come back to where it began.
            (8, Some(5)),
        ]);
        for (person, reader) in [
            (2, Reader::Themself),
            (1, Reader::Deputy(2)),
            (3, Reader::Nobody),
            (4, Reader::Deputy(2)),
            (5, Reader::Nobody),
            (6, Reader::Nobody),
            (7, Reader::Nobody),
            (8, Reader::Nobody),
        ] {
            assert_eq!(away.reader_for(person, |_| true), reader, "{person}");
        }
        assert_eq!(away.reader_for(1, |id| id != 2), Reader::Nobody, "who may not see it is no deputy for it");
    }

    #[test]
    fn a_chain_ends_somewhere_and_the_later_absence_holds() {
        let long = Away::new((0..20).map(|n| (n, Some(n + 1))));
        assert_eq!(long.reader_for(15, |_| true), Reader::Deputy(20));
        assert_eq!(long.reader_for(14, |_| true), Reader::Nobody);
        let changed = Away::new([(1, Some(2)), (1, Some(3))]);
        assert_eq!(changed.reader_for(1, |_| true), Reader::Deputy(3));
        assert!(changed.is_away(1) && !changed.is_away(3));
    }
}
