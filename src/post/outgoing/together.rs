//! Work shared among a few threads, each with something of its own (a connection): the calling thread takes part, so that
//! the work is done even where the system gives no thread, and what panics costs one item.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does `work` with every item, on this thread and one more for each further worker; the results in the items' order,
/// without those whose work panicked.
pub fn together<T: Send, R: Send, W: Send>(
    items: Vec<T>,
    workers: &mut [W],
    work: impl Fn(&mut W, T) -> R + Sync,
) -> Vec<R> {
    let busy = items.len().min(workers.len());
    let Some((first, others)) = workers.get_mut(..busy).and_then(<[W]>::split_first_mut) else { return Vec::new() };
    let waiting = Mutex::new(items.into_iter().enumerate());
    let done = Mutex::new(Vec::new());
    let run = |worker: &mut W| {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((nth, item)) = next else { break };
            match catch_unwind(AssertUnwindSafe(|| work(worker, item))) {
                Ok(result) => done.lock().unwrap_or_else(PoisonError::into_inner).push((nth, result)),
                Err(_) => tracing::error!("the work on a letter panicked; its claim runs out"),
            }
        }
    };
    thread::scope(|scope| {
        for worker in others {
            let run = &run;
            if let Err(e) = thread::Builder::new().name("post".into()).spawn_scoped(scope, move || run(worker)) {
                tracing::warn!(error = %e, "a delivery thread could not start");
            }
        }
        run(first);
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(nth, _)| *nth);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn results_stand_in_order_and_a_panic_costs_one_item() {
        let mut workers = vec![0_usize; 3];
        let doubled = together((0..100).collect(), &mut workers, |done, item| {
            assert!(item != 41, "the item that cannot be worked on");
            *done += 1;
            item * 2
        });
        let expected: Vec<i32> = (0..100).filter(|item| *item != 41).map(|item| item * 2).collect();
        assert_eq!(doubled, expected);
        assert_eq!(workers.iter().sum::<usize>(), 99);
        assert!(together(vec![1], &mut [(); 0], |(), item| item).is_empty(), "nobody to do it");
    }
}
