//! The contract of the store: what holds on both databases, each test once on each.

mod attempts;
mod cases;
mod collector;
mod dead;
mod faults;
mod history;
mod leases;
mod letters;
mod notices;
mod nudge;
mod opening;
mod parties;
mod plans;
mod races;
mod repeats;
mod upgrade;
mod writes;

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use chenqing::store::Db;

use crate::support::TestDb;
use crate::support::rows::number;

/// Runs `f` in `n` threads that start at the same moment; their results in the order of their numbers.
fn together<T: Send + 'static>(n: usize, f: impl Fn(usize) -> T + Send + Sync + 'static) -> Vec<T> {
    let (f, start) = (Arc::new(f), Arc::new(Barrier::new(n)));
    let run = |i| {
        let (f, start) = (Arc::clone(&f), Arc::clone(&start));
        std::thread::spawn(move || {
            start.wait();
            f(i)
        })
    };
    let threads: Vec<_> = (0..n).map(run).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// Waits until a transaction of this PostgreSQL database waits for another's lock.
fn until_one_waits(db: &TestDb) {
    let mut eye: Db = db.connection();
    let query =
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let start = Instant::now();
    while number(&mut eye, query) == 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "nobody waits");
        std::thread::yield_now();
    }
}
