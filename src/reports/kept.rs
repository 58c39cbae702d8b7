//! What costs to work out and is asked for again and again, kept in the process for some seconds.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use crate::domain::time::Moment;
use crate::error::Result;

/// As many as this are kept side by side.
const MOST: usize = 64;

/// Values by their keys, each with the moment it was worked out.
pub struct Kept<K, V> {
    seconds: i64,
    places: Mutex<HashMap<K, Place<V>>>,
}

/// Where a value is kept. Whoever works it out holds the lock.
type Place<V> = Arc<Mutex<Option<(Moment, Arc<V>)>>>;

impl<K: Eq + Hash + Clone, V> Kept<K, V> {
    /// Keeps values for so many seconds; with 0 none.
    #[must_use]
    pub fn new(seconds: u32) -> Self {
        Self { seconds: i64::from(seconds), places: Mutex::default() }
    }

    /// The value and when it was worked out: some seconds ago, or now. Whoever asks for it meanwhile waits for it.
    ///
    /// # Errors
    /// What `work` returned.
    pub fn get(&self, key: &K, now: Moment, work: impl FnOnce() -> Result<V>) -> Result<(Arc<V>, Moment)> {
        let place = self.place(key, now);
        let mut kept = lock(&place);
        if let Some((made, value)) = kept.as_ref().filter(|(made, _)| self.is_good(*made, now)) {
            return Ok((Arc::clone(value), *made));
        }
        let value = Arc::new(work()?);
        *kept = Some((now, Arc::clone(&value)));
        Ok((value, now))
    }

    fn is_good(&self, made: Moment, now: Moment) -> bool {
        made <= now && now < made.plus_seconds(self.seconds)
    }

    /// The place of a key; one that nobody else finds where there are too many.
    fn place(&self, key: &K, now: Moment) -> Place<V> {
        let mut places = lock(&self.places);
        places.retain(|_, place| {
            let kept = match place.try_lock() {
                Ok(kept) => kept,
                // Its count panicked: nobody works it out any more.
                Err(TryLockError::Poisoned(left)) => left.into_inner(),
                // It is being worked out, and stays.
                Err(TryLockError::WouldBlock) => return true,
            };
            kept.as_ref().is_some_and(|(made, _)| self.is_good(*made, now))
        });
        if self.seconds == 0 || (places.len() >= MOST && !places.contains_key(key)) {
            return Place::default();
        }
        Arc::clone(places.entry(key.clone()).or_default())
    }
}

/// A poisoned lock only means that a count panicked: what is kept is whole, or nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_value_is_worked_out_anew_when_its_seconds_have_passed() {
        let (kept, mut worked) = (Kept::new(10), 0);
        for (second, expected) in [(0, 1), (9, 1), (10, 2), (5, 3)] {
            let (value, _) = kept
                .get(&"day", Moment(0).plus_seconds(second), || {
                    worked += 1;
                    Ok(worked)
                })
                .unwrap();
            assert_eq!(*value, expected, "{second}");
        }
        let none = Kept::new(0);
        let of = |value| *none.get(&1, Moment(0), || Ok(value)).unwrap().0;
        assert_eq!((of(1), of(2)), (1, 2));
    }

    #[test]
    fn who_asks_meanwhile_waits_and_a_failure_is_not_kept() {
        let (kept, worked) = (Kept::<u8, u32>::new(10), AtomicU32::new(0));
        assert!(kept.get(&1, Moment(0), || Err(crate::error::Error::NotFound)).is_err());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let work = || {
                        std::thread::yield_now();
                        Ok(worked.fetch_add(1, Ordering::SeqCst) + 1)
                    };
                    assert_eq!(*kept.get(&1, Moment(0), work).unwrap().0, 1);
                });
            }
        });
    }

    #[test]
    fn a_place_whose_count_panicked_is_let_go() {
        let kept = Kept::<u8, u32>::new(10);
        let panicked = std::thread::scope(|scope| {
            scope.spawn(|| kept.get(&1, Moment(0), || panic!("this test's count panics"))).join().is_err()
        });
        assert!(panicked && lock(&kept.places).contains_key(&1));
        assert_eq!(*kept.get(&2, Moment(0), || Ok(2)).unwrap().0, 2);
        assert_eq!(lock(&kept.places).keys().collect::<Vec<_>>(), [&2]);
        // It is worked out again and kept like any other.
        for value in [3, 4] {
            assert_eq!(*kept.get(&1, Moment(0), || Ok(value)).unwrap().0, 3);
        }
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let kept = Kept::<usize, usize>::new(10);
        for key in 0..2 * MOST {
            assert_eq!(*kept.get(&key, Moment(0), || Ok(key)).unwrap().0, key);
        }
        assert_eq!(lock(&kept.places).len(), MOST);
    }
}
