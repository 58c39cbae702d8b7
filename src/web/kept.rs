//! What costs to work out and is asked for again and again, kept in the process for some seconds.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::time::Moment;
use crate::error::Result;

/// As many as this are kept side by side.
const MOST: usize = 64;

/// Values by their keys, each with the moment it was worked out.
pub struct Kept<K, V> {
    seconds: i64,
    made: Mutex<HashMap<K, (Moment, Arc<V>)>>,
}

impl<K: Eq + Hash + Clone, V> Kept<K, V> {
    /// Keeps values for so many seconds; with 0 none.
    #[must_use]
    pub fn new(seconds: u32) -> Self {
        Self { seconds: i64::from(seconds), made: Mutex::default() }
    }

    /// The value as it was worked out some seconds ago, or now.
    ///
    /// # Errors
    /// What `work` returned.
    pub fn get(&self, key: &K, now: Moment, work: impl FnOnce() -> Result<V>) -> Result<Arc<V>> {
        let good = |made: Moment| made <= now && now < made.plus_seconds(self.seconds);
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = lock().get(key).filter(|(made, _)| good(*made)) {
            return Ok(Arc::clone(value));
        }
        // Not under the lock: others who ask meanwhile work it out themselves rather than wait.
        let value = Arc::new(work()?);
        let mut made = lock();
        made.retain(|_, (at, _)| good(*at));
        if self.seconds > 0 && made.len() < MOST {
            made.insert(key.clone(), (now, Arc::clone(&value)));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_worked_out_anew_when_its_seconds_have_passed() {
        let (kept, mut worked) = (Kept::new(10), 0);
        for (second, expected) in [(0, 1), (9, 1), (10, 2), (5, 3)] {
            let value = kept.get(&"day", Moment(0).plus_seconds(second), || {
                worked += 1;
                Ok(worked)
            });
            assert_eq!(*value.unwrap(), expected, "{second}");
        }
        let none = Kept::new(0);
        assert_eq!((*none.get(&1, Moment(0), || Ok(1)).unwrap(), *none.get(&1, Moment(0), || Ok(2)).unwrap()), (1, 2));
    }
}
