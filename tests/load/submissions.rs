//! How many petitions a second are taken in, durably, from 64 clients at once: by the act `submit`, and by the running
//! server over HTTP, beside what the database does bare with the same rows on the same machine in the same run. Started
//! by `tests/load/run`; no part of the tests.
#![allow(missing_docs, reason = "a program of its own, not a library")]
#![allow(clippy::unwrap_used, reason = "a measurement stops at the first fault")]

mod act;
mod bare;
mod figures;
mod http;
mod mail;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../support"]
mod support {
    pub mod ports;
    pub mod postfix;
    pub mod program;
}

use std::path::Path;
use std::time::{Duration, Instant};

use chenqing::domain::time::Moment;

use figures::Figures;

/// Clients that send at the same time.
const CLIENTS: usize = 64;
/// Connections to PostgreSQL: more than the machine has cores, fewer than clients.
const POOL: u32 = 32;
/// Each measurement is taken so often, bare and through the program in turn; the median counts.
const ROUNDS: usize = 3;
const NOW: Moment = Moment(1_789_723_800_000_000);

fn main() {
    if std::env::args().any(|word| word == "mail") {
        return mail::measure();
    }
    let seconds = std::env::var("CHENQING_LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let time = Duration::from_secs(seconds);
    println!("{CLIENTS} clients, median of {ROUNDS} rounds of {seconds} s\n");
    figures::head();
    sqlite(time);
    match std::env::var("CHENQING_TEST_POSTGRES_URL") {
        Ok(server) => postgres(&server, time),
        Err(_) => println!("PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set"),
    }
}

fn sqlite(time: Duration) {
    // Beside the build and not in /tmp, which may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let fresh = |name: String| format!("sqlite:{}/{name}.db", folder.path().display());
    let bare = ("SQLite: bare loop, one act a transaction", |url: &str| bare::sqlite(url, time));
    rounds(folder.path(), time, fresh, bare);
}

fn postgres(server: &str, time: Duration) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let fresh = |name: String| bare::fresh_postgres(server, &name);
    let bare = ("PostgreSQL: pgbench, the same rows", |url: &str| bare::pgbench(url, CLIENTS, time));
    rounds(folder.path(), time, fresh, bare);
}

/// Takes the three measurements in turn, each on a database of its own, and prints them.
fn rounds(
    folder: &Path,
    time: Duration,
    fresh: impl Fn(String) -> String,
    (name, bare): (&str, impl Fn(&str) -> Figures),
) {
    let (mut alone, mut act, mut web) = (Vec::new(), Vec::new(), Vec::new());
    let mut needs = Vec::new();
    for round in 0..ROUNDS {
        let [first, second, third] = ["bare", "act", "http"].map(|what| {
            let url = fresh(format!("load_{what}_{round}"));
            let place = http::installation(folder, &url);
            place.must(&["migrate"]);
            (url, place)
        });
        alone.push(bare(&first.0));
        act.push(act::petitions(&second.0, time));
        let (figures, need) = http::petitions(&third.1, folder, time);
        assert_eq!(bare::submissions(&third.0), figures.count(), "every answer stands in the database, and no more");
        web.push(figures);
        needs.push(need);
    }
    figures::compare(name, alone, vec![("the act", act), ("POST /api/v1/petitions", web)]);
    for http::Need { start, memory: [idle, after] } in needs {
        println!("{:<46}start {start:>9.1?}   idle {idle:.1} MB   after the load {after:.1} MB", "");
    }
    println!();
}

/// Runs clients at the same time; each is told when all began and gives the times of its acts.
fn at_once<C: FnOnce(Instant) -> Vec<Duration> + Send + 'static>(
    clients: usize,
    client: impl Fn(usize) -> C,
) -> Figures {
    let start = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|number| {
            let client = client(number);
            std::thread::spawn(move || client(start))
        })
        .collect();
    let times: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    Figures::new(times, start.elapsed())
}
