//! SIGTERM in the middle of a rush: whoever was told that the petition is taken in finds it in the database afterwards,
//! whoever was not told finds a whole petition or none, and the server ends by itself, in order.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::people::Person;
use crate::support::program::Installation;
use crate::support::{TestDb, on_both, rows};

/// People who hand in one petition after another.
const CLIENTS: usize = 16;
/// Petitions that are taken in before the server is told to stop.
const BEFORE: usize = 100;

on_both!(a_stop_in_a_rush_loses_no_promise, |db| { story(db) });

fn story(db: &TestDb) {
    let place =
        Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:1").with("CHENQING__LIMITS__SUBMISSIONS", "0");
    place.must(&["migrate"]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = place.serve();
    let rush = Arc::new(Rush::default());
    let clients: Vec<_> =
        (0..CLIENTS).map(|nth| runtime.spawn(hand_in(Person::at(&place.url()), nth, Arc::clone(&rush)))).collect();
    let started = Instant::now();
    while rush.promised.load(Ordering::SeqCst) < BEFORE {
        assert!(started.elapsed() < Duration::from_secs(60), "the rush does not get going");
        std::thread::sleep(Duration::from_millis(2));
    }
    let told = Instant::now();
    let ended = server.stop();
    rush.over.store(true, Ordering::SeqCst);
    assert_eq!(ended.code(), Some(0), "told to stop, it ends in order");
    assert!(told.elapsed() < Duration::from_secs(15), "it took {:?} to stop", told.elapsed());
    let promises: Vec<String> = clients.into_iter().flat_map(|client| runtime.block_on(client).unwrap()).collect();

    let mut connection = db.connection();
    let kept: BTreeSet<String> =
        rows::words(&mut connection, "SELECT key AS t FROM idempotency WHERE result <> ''").into_iter().collect();
    let lost: Vec<&String> = promises.iter().filter(|key| !kept.contains(*key)).collect();
    assert!(promises.len() >= BEFORE && lost.is_empty(), "{} promised, lost: {lost:?}", promises.len());
    let mut count = |table: &str| rows::number(&mut connection, &format!("SELECT COUNT(*) AS n FROM {table}"));
    for table in ["submissions", "parties", "texts", "letters", "idempotency"] {
        assert_eq!(count(table), i64::try_from(kept.len()).unwrap(), "nothing half done in {table}");
    }
    // Told or not, nobody had more than one request under way.
    assert!(kept.len() <= promises.len() + CLIENTS, "{} kept, {} promised", kept.len(), promises.len());
    // And it serves again, on what was kept.
    drop(place.serve());
}

#[derive(Default)]
struct Rush {
    promised: AtomicUsize,
    over: AtomicBool,
}

/// Hands in petitions until the server is gone; the keys of those it promised to have taken in.
async fn hand_in(program: Person, client: usize, rush: Arc<Rush>) -> Vec<String> {
    let mut promises = Vec::new();
    for nth in 0.. {
        let key = format!("rush-of-the-tests-{client:02}-{nth:06}");
        let new = json!({
            "name": "林示範", "email": "lin@example.org", "phone": "0900-000-123", "subject": "示範漁港北堤路燈不亮",
            "body": format!("示範漁港北側堤防第 {nth} 盞路燈熄滅三天。"), "kind": "suggestion", "consent": true,
        });
        let sent = program.api("/api/v1/petitions").header("idempotency-key", &key).json(&new).send().await;
        match sent.map(|answer| answer.status().as_u16()) {
            Ok(202) => {
                promises.push(key);
                rush.promised.fetch_add(1, Ordering::SeqCst);
            }
            Ok(503) | Err(_) => {
                if rush.over.load(Ordering::SeqCst) {
                    return promises;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(other) => panic!("the server answered {other}"),
        }
    }
    promises
}
