//! The outbox: who claims a letter, what its claim is good for, and what a lost one may still do.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;

use chenqing::domain::delivery::LetterState;
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::store::letters::{LetterRow, Outcome};
use chenqing::store::{Db, Store, letters};

use super::{together, until_one_waits};
use crate::support::rows::{NOW, keys, letter, number, party};
use crate::support::{on_both, postgres};

const UNTIL: Moment = Moment(NOW.0 + 300_000_000);

fn fill(store: &Store, n: usize) -> BTreeSet<i64> {
    let ids = move |db: &mut Db| {
        let party = party(db)?;
        (0..n).map(|_| letter(db, party)).collect::<Result<_>>()
    };
    store.write(ids).unwrap()
}

fn claim(store: &Store, word: &str, now: Moment, limit: i64) -> Vec<LetterRow> {
    let word = word.to_owned();
    store.write(move |db| letters::claim(db, &word, now, Moment(now.0 + 300_000_000), limit)).unwrap()
}

on_both!(letters_claimed_by_many_go_to_one_each, |db| {
    let store = db.store();
    let all = fill(&store, 100);
    let claimed: Vec<Vec<i64>> = together(8, move |me| {
        let mut mine = Vec::new();
        for round in 0..40 {
            mine.extend(claim(&store, &format!("{me}-{round}"), NOW, 7).iter().map(|row| row.id));
        }
        mine
    });
    let ids: Vec<i64> = claimed.into_iter().flatten().collect();
    assert_eq!(ids.len(), 100, "none twice");
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), all, "and none left");
});

#[test]
fn two_nodes_that_claim_at_the_same_time_get_different_letters() {
    let Some(db) = postgres() else { return };
    let store = db.store();
    let all = fill(&store, 6);
    let (claimed, has_claimed) = channel();
    let (go, may_go) = channel::<()>();
    let may_go = std::sync::Mutex::new(may_go);
    let one = store.clone();
    let first = std::thread::spawn(move || {
        one.write(move |db| {
            let rows = letters::claim(db, "one", NOW, UNTIL, 4)?;
            claimed.send(()).unwrap();
            may_go.lock().unwrap().recv().unwrap();
            Ok(rows)
        })
    });
    has_claimed.recv().unwrap();
    // The other has read the same rows as due, and meets the first's uncommitted change.
    let other = store.clone();
    let second = std::thread::spawn(move || claim(&other, "two", NOW, 6));
    until_one_waits(&db);
    go.send(()).unwrap();
    let ids = |rows: Vec<LetterRow>| rows.iter().map(|row| row.id).collect::<BTreeSet<_>>();
    let (first, second) = (ids(first.join().unwrap().unwrap()), ids(second.join().unwrap()));
    assert_eq!(first.len(), 4);
    assert!(first.is_disjoint(&second), "{first:?} {second:?}");
    let rest = ids(claim(&store, "three", NOW, 100));
    assert_eq!(&(&first | &second) | &rest, all);
}

on_both!(a_claim_that_ran_out_may_no_longer_write, |db| {
    let store = db.store();
    let id = *fill(&store, 1).first().unwrap();
    assert_eq!(claim(&store, "slow", NOW, 1).len(), 1);
    assert!(claim(&store, "fast", NOW, 1).is_empty(), "it is taken");
    let freeze = |message_id: &str, text: &str| {
        let words = letters::seal_words(&keys(), id, message_id, text).unwrap();
        store.write(move |db| letters::freeze(db, "slow", std::slice::from_ref(&words)))
    };
    assert_eq!(freeze("<one@example.tw>", "文"), Ok(vec![]));

    let row = claim(&store, "fast", UNTIL, 1).pop().unwrap();
    assert_eq!((row.attempts, row.state), (2, LetterState::Sending));
    assert_eq!(row.message_id.as_deref(), Some("<one@example.tw>"), "the same letter goes out again");
    assert_eq!(row.frozen(&keys()).unwrap().as_deref(), Some("文"));

    assert_eq!(freeze("<two@example.tw>", "?"), Ok(vec![id]), "lost, and nothing is changed");
    assert_eq!(
        store.write(move |db| letters::record(db, id, "slow", &Outcome::Failed("late".into()), UNTIL)),
        Ok(false)
    );
    assert_eq!(store.write(move |db| letters::record(db, id, "fast", &Outcome::Sent, UNTIL)), Ok(true));
    assert_eq!(
        store.write(move |db| letters::record(db, id, "fast", &Outcome::Failed("twice".into()), UNTIL)),
        Ok(false)
    );
    let row = store.read(move |db| letters::get(db, id)).unwrap();
    assert_eq!((row.state, row.sent_at, row.next_try_at, row.error), (LetterState::Sent, Some(UNTIL), None, None));
});

on_both!(a_letter_that_must_wait_is_not_claimed_before_its_time, |db| {
    let store = db.store();
    let id = *fill(&store, 1).first().unwrap();
    claim(&store, "one", NOW, 1);
    let later = Outcome::Later(UNTIL, "451 try again".into());
    assert_eq!(store.write(move |db| letters::record(db, id, "one", &later, NOW)), Ok(true));
    assert!(claim(&store, "two", Moment(UNTIL.0 - 1), 1).is_empty());
    assert_eq!(claim(&store, "two", UNTIL, 1).len(), 1);
    let waiting = "SELECT count(*) AS n FROM letters WHERE next_try_at IS NOT NULL";
    store.write(move |db| letters::record(db, id, "two", &Outcome::Failed("550 no such user".into()), UNTIL)).unwrap();
    assert_eq!(number(&mut db.connection(), waiting), 0, "given up for good");
});
