//! Chance that repeats itself: the same seed gives the same demonstration and the same synthetic cases, on every machine.

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of one thing among many of the same seed: streams of neighbours have nothing in common.
    #[must_use]
    pub fn of(seed: u64, number: u64) -> Self {
        let mut mixed = Self(seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixed.number())
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.number() % span)
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A share between two.
    pub fn share_between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, number: i64) -> bool {
        self.between(0, 99) < number
    }

    /// One of a list; `None` of an empty one.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// One of a list by weight.
    pub fn weighted<T: Copy>(&mut self, list: &[(u32, T)]) -> Option<T> {
        let all: u32 = list.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(1, i64::from(all.max(1)));
        for (weight, thing) in list {
            left -= i64::from(*weight);
            if left <= 0 {
                return Some(*thing);
            }
        }
        None
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(length).unwrap_or(1).max(1)).unwrap_or(0)
    }

    /// A list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.index(at + 1);
            list.swap(at, other);
        }
    }
}

/// Cards that are dealt to the last before they are shuffled again, so that what is rare comes for certain.
#[derive(Clone, Debug)]
pub struct Deck<T> {
    cards: Vec<T>,
    left: Vec<T>,
}

impl<T: Copy> Deck<T> {
    /// A deck with so many of each card.
    #[must_use]
    pub fn new(cards: &[(usize, T)]) -> Self {
        let cards = cards.iter().flat_map(|(number, card)| std::iter::repeat_n(*card, *number)).collect();
        Self { cards, left: Vec::new() }
    }

    /// The next card; `None` of a deck without cards.
    pub fn deal(&mut self, chance: &mut Chance) -> Option<T> {
        if self.left.is_empty() {
            self.left.clone_from(&self.cards);
            chance.shuffle(&mut self.left);
        }
        self.left.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_chance_and_neighbours_differ() {
        let run = |mut c: Chance| (0..8).map(|_| c.between(0, 1_000_000)).collect::<Vec<_>>();
        assert_eq!(run(Chance::new(7)), run(Chance::new(7)));
        assert_ne!(run(Chance::of(7, 1)), run(Chance::of(7, 2)));
        let mut c = Chance::new(1);
        assert!((0..1000).all(|_| (3..=5).contains(&c.between(3, 5))));
    }

    #[test]
    fn a_deck_deals_every_card_before_any_comes_again() {
        let mut deck = Deck::new(&[(3, 'a'), (1, 'b')]);
        let mut chance = Chance::new(5);
        for _ in 0..10 {
            let mut hand: Vec<char> = (0..4).filter_map(|_| deck.deal(&mut chance)).collect();
            hand.sort_unstable();
            assert_eq!(hand, ['a', 'a', 'a', 'b']);
        }
    }
}
