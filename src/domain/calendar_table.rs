//! The working days of 1970–2099 as one bit a day with a running count, so that "the nth working day after" is a
//! search among 742 numbers and one word of bits, however long the limit.

use super::day::Day;

const WORDS: usize = 742;

/// The number of days the table holds, from 1970-01-01.
pub(super) const DAYS: i32 = (WORDS * 64) as i32;

/// One bit a day, set when the day is worked.
#[derive(Clone, Debug)]
pub(super) struct Table {
    words: Vec<u64>,
    /// Working days before each word, and of the whole table at the end.
    before: Vec<u32>,
}

impl Table {
    /// A table whose every week is alike: bit 0 of `week` is Monday.
    pub(super) fn of_week(week: u8) -> Self {
        let words = (0..WORDS as i32)
            .map(|word| (0..64).fold(0, |bits, bit| bits | (worked(week, Day(word * 64 + bit)) << bit)));
        // A word's pattern depends only on the weekday it starts with.
        let patterns: Vec<u64> = words.take(7).collect();
        Self { words: patterns.iter().copied().cycle().take(WORDS).collect(), before: Vec::new() }
    }

    /// Sets one day; days outside the table are left to the caller.
    pub(super) fn set(&mut self, day: Day, worked: bool) {
        if let Some(word) = usize::try_from(day.0).ok().and_then(|at| self.words.get_mut(at / 64)) {
            let bit = 1 << (day.0 % 64);
            *word = if worked { *word | bit } else { *word & !bit };
        }
    }

    /// Counts, once every day is set.
    pub(super) fn finish(&mut self) {
        let mut sum = 0;
        self.before = Vec::with_capacity(WORDS + 1);
        self.before.push(0);
        for word in &self.words {
            sum += word.count_ones();
            self.before.push(sum);
        }
    }

    /// Whether the day is worked; `None` outside the table.
    #[inline]
    pub(super) fn get(&self, day: Day) -> Option<bool> {
        let word = self.words.get(usize::try_from(day.0).ok()? / 64)?;
        Some(word >> (day.0 % 64) & 1 == 1)
    }

    /// Working days from 1970-01-01 to the day before `day`; `None` outside the table.
    #[inline]
    pub(super) fn rank(&self, day: Day) -> Option<u32> {
        let at = usize::try_from(day.0).ok()?;
        let (word, before) = (self.words.get(at / 64)?, self.before.get(at / 64)?);
        Some(before + (word & ((1 << (at % 64)) - 1)).count_ones())
    }

    /// The nth working day (n ≥ 1) after `day`, or `None` when the table ends before it.
    #[inline]
    pub(super) fn nth_after(&self, day: Day, n: u32) -> Option<Day> {
        let wanted = self.rank(day.next())?.checked_add(n)?;
        let mut word = day.next().0 as usize / 64;
        // A limit of a few weeks ends in this word or the next two; only longer ones search.
        let [_, one, two, three] = *self.before.get(word..word + 4)? else { return None };
        if three < wanted {
            word = self.before.partition_point(|before| *before < wanted) - 1;
        } else {
            // Added and not branched on: a processor cannot guess it.
            word += usize::from(one < wanted) + usize::from(two < wanted);
        }
        let bits = *self.words.get(word)?;
        Some(Day((word * 64) as i32 + select(bits, wanted - self.before[word])))
    }
}

fn worked(week: u8, day: Day) -> u64 {
    u64::from(week >> day.weekday() & 1)
}

/// The place of the nth set bit (n ≥ 1) of a word that has at least n: the byte it lies in by the running sums of all
/// eight, which one multiplication gives, then within the byte by a table. (Counting bits has no instruction of its own on the oldest
/// machines that are served, so few counts beat many.)
#[inline]
fn select(bits: u64, n: u32) -> i32 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let pairs = bits - (bits >> 1 & (ONES * 0x55));
    let fours = (pairs & (ONES * 0x33)) + (pairs >> 2 & (ONES * 0x33));
    let bytes = (fours + (fours >> 4)) & (ONES * 0x0f);
    // Byte by byte, how many bits are set up to its end: at most 64.
    let sums = bytes.wrapping_mul(ONES);
    // The high bit of each byte stays set where its sum falls short of n.
    let short = ((((u64::from(n) - 1) * ONES) | (ONES * 0x80)) - sums) & (ONES * 0x80);
    let byte = short.count_ones() * 8;
    let before = if byte == 0 { 0 } else { (sums >> (byte - 8) & 0xff) as u32 };
    let within = PLACES[(bits >> byte & 0xff) as usize][(n - before - 1) as usize & 7];
    byte as i32 + i32::from(within)
}

/// Of each byte the places of its bits, in order.
static PLACES: [[u8; 8]; 256] = {
    let mut places = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut place, mut nth) = (0, 0);
        while place < 8 {
            if byte >> place & 1 == 1 {
                places[byte][nth] = place;
                nth += 1;
            }
            place += 1;
        }
        byte += 1;
    }
    places
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn select_finds_every_bit_of_a_word() {
        for bits in [u64::MAX, 1, 1 << 63, 0x9e37_79b9_7f4a_7c15, 0x8000_0000_0000_0001, 0x7c1f_07c1_f07c_1f07] {
            let places: Vec<i32> = (0..64).filter(|place| bits >> place & 1 == 1).collect();
            for (nth, place) in places.iter().enumerate() {
                assert_eq!(select(bits, nth as u32 + 1), *place);
            }
        }
    }

    #[test]
    fn the_nth_day_is_what_stepping_finds_up_to_the_tables_end() {
        let mut table = Table::of_week(0b001_1111);
        for day in (0..DAYS).step_by(11) {
            table.set(Day(day), day % 3 == 0);
        }
        table.finish();
        for start in (0..DAYS - 1).step_by(97) {
            let mut n = 0;
            for day in start + 1..DAYS {
                if table.get(Day(day)) == Some(true) {
                    n += 1;
                    if n < 40 || n % 500 == 0 {
                        let found = table.nth_after(Day(start), n);
                        assert!(found == Some(Day(day)) || (found.is_none() && day > DAYS - 200), "{start} {n}");
                    }
                }
            }
            assert_eq!(table.nth_after(Day(start), n + 1), None);
        }
        assert_eq!(table.get(Day(-1)), None);
        assert_eq!(table.get(Day(DAYS)), None);
    }
}
