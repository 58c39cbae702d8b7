//! Repeated requests: a double click, a reload, a retry after a lost answer. One key, one result.

use std::sync::mpsc::channel;

use chenqing::domain::time::DAY;
use chenqing::error::{Error, Result};
use chenqing::store::idempotency::{self, Done, Request};
use chenqing::store::{Store, texts};

use super::{together, until_one_waits};
use crate::support::rows::{NOW, number};
use crate::support::{on_both, postgres};

fn request(key: &str, body: &str) -> Request {
    Request { scope: "submit", key: key.into(), digest: body.into() }
}

/// The act of a form: stores a text once for a key, and gives its id as often as it is asked.
fn send(store: &Store, key: &str, body: &'static str) -> Result<String> {
    send_and(store, key, body, Ok)
}

/// The same, with something behind the text in the same transaction.
fn send_and(
    store: &Store,
    key: &str,
    body: &'static str,
    then: impl Fn(String) -> Result<String> + Send + 'static,
) -> Result<String> {
    let done = idempotency::once(store, request(key, body), NOW, move |db| {
        let id = then(texts::insert(db, body)?.to_string())?;
        Ok((id.clone(), id))
    })?;
    match done {
        Done::Now(id) | Done::Before(id) => Ok(id),
    }
}

on_both!(many_clicks_at_once_are_one_submission, |db| {
    let store = db.store();
    let answers = together(16, move |_| send(&store, "k", "一").unwrap());
    assert!(answers.iter().all(|id| *id == answers[0]), "{answers:?}");
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 1);
});

on_both!(another_body_under_the_same_key_is_refused, |db| {
    let store = db.store();
    let first = send(&store, "k", "一");
    assert_eq!(send(&store, "k", "二"), Err(Error::refused("refused-idempotency")));
    assert_eq!(send(&store, "k", "一"), first);
    assert_ne!(send(&store, "l", "二"), first);
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 2);
});

on_both!(a_key_whose_act_failed_is_free_again, |db| {
    let store = db.store();
    assert_eq!(send_and(&store, "k", "一", |_| Err(Error::Conflict)), Err(Error::Conflict));
    // Also for another body: nothing was done under it.
    send(&store, "k", "二").unwrap();
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 1);
});

on_both!(old_keys_are_purged_and_young_ones_kept, |db| {
    let store = db.store();
    send(&store, "k", "一").unwrap();
    assert_eq!(store.write(|db| idempotency::purge(db, NOW)), Ok(0));
    assert_eq!(store.write(|db| idempotency::purge(db, NOW.plus_seconds(DAY))), Ok(1));
});

/// The first click stands at the end of its transaction, its key stored, while the second comes; `first_ends` says how it
/// ends.
fn second_click_during_the_first(first_ends: Result<()>) -> Option<(Result<String>, Result<String>, i64)> {
    let db = postgres()?;
    let store = db.store();
    let (begun, has_begun) = channel();
    let (go, may_go) = channel::<()>();
    let may_go = std::sync::Mutex::new(may_go);
    let one = store.clone();
    let first = std::thread::spawn(move || {
        one.write(move |db| {
            let id = texts::insert(db, "一")?.to_string();
            idempotency::keep(db, &request("k", "一"), &id, NOW)?;
            begun.send(()).unwrap();
            may_go.lock().unwrap().recv().unwrap();
            first_ends.clone().map(|()| id)
        })
    });
    has_begun.recv().unwrap();
    let second = std::thread::spawn(move || send(&store, "k", "一"));
    until_one_waits(&db);
    go.send(()).unwrap();
    let texts = || number(&mut db.connection(), "SELECT count(*) AS n FROM texts");
    Some((first.join().unwrap(), second.join().unwrap(), texts()))
}

#[test]
fn a_second_click_waits_for_the_first_and_gets_its_answer() {
    let Some((first, second, texts)) = second_click_during_the_first(Ok(())) else { return };
    assert!(first.is_ok());
    assert_eq!(first, second);
    assert_eq!(texts, 1);
}

#[test]
fn a_second_click_takes_over_when_the_first_fails() {
    let Some((first, second, texts)) = second_click_during_the_first(Err(Error::NotFound)) else { return };
    assert_eq!(first, Err(Error::NotFound));
    assert!(second.is_ok());
    assert_eq!(texts, 1);
}
