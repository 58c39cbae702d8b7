//! Counts of attempts in fixed windows.

use chenqing::domain::time::Moment;
use chenqing::store::{Store, attempts};

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, number};

const QUARTER: i64 = 15 * 60;
/// NOW is 09:30 UTC: a quarter of an hour begins.
const LAST: Moment = Moment(NOW.0 + (QUARTER * 1_000_000) - 1);
const NEXT: Moment = Moment(NOW.0 + QUARTER * 1_000_000);

fn count(store: &Store, scope: &'static str, key: &'static str, now: Moment) -> i64 {
    store.write(move |db| attempts::count(db, scope, key, QUARTER, now)).unwrap()
}

fn known(store: &Store, key: &'static str, now: Moment) -> i64 {
    store.read(move |db| attempts::number(db, "lookup", key, QUARTER, now)).unwrap()
}

on_both!(attempts_are_counted_within_their_window, |db| {
    let store = db.store();
    assert_eq!(known(&store, "a", NOW), 0);
    assert_eq!([NOW, NOW, LAST].map(|at| count(&store, "lookup", "a", at)), [1, 2, 3]);
    assert_eq!(known(&store, "a", LAST), 3);
    assert_eq!(known(&store, "a", NEXT), 0, "the next window knows nothing of it");
    assert_eq!(count(&store, "lookup", "a", NEXT), 1);
    assert_eq!((known(&store, "a", NEXT), known(&store, "a", LAST)), (1, 0));
});

on_both!(each_scope_and_key_counts_for_itself, |db| {
    let store = db.store();
    assert_eq!(count(&store, "lookup", "a", NOW), 1);
    assert_eq!(count(&store, "lookup", "b", NOW), 1);
    assert_eq!(count(&store, "submit", "a", NOW), 1);
    assert_eq!(count(&store, "lookup", "a", NOW), 2);
});

on_both!(attempts_at_the_same_moment_are_all_counted, |db| {
    let store = db.store();
    let mut seen = together(32, move |_| count(&store, "lookup", "a", NOW));
    seen.sort_unstable();
    assert_eq!(seen, (1..=32).collect::<Vec<_>>());
});

on_both!(old_windows_are_purged, |db| {
    let store = db.store();
    count(&store, "lookup", "a", NOW);
    count(&store, "lookup", "b", NEXT);
    assert_eq!(store.write(|db| attempts::purge(db, NEXT)), Ok(1));
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM attempts"), 1);
});
