//! Leases: one holder at a time, and a late one that can do no harm.

use chenqing::domain::time::Moment;
use chenqing::store::{Store, leases};

use super::together;
use crate::support::on_both;
use crate::support::rows::NOW;

const UNTIL: Moment = Moment(NOW.0 + 60_000_000);

fn take(store: &Store, holder: &str, now: Moment) -> Option<i64> {
    let holder = holder.to_owned();
    store.write(move |db| leases::take(db, "outbox", &holder, now, Moment(now.0 + 60_000_000))).unwrap()
}

on_both!(of_many_that_reach_for_a_lease_one_has_it, |db| {
    let store = db.store();
    for (round, now) in [(1, NOW), (2, UNTIL)] {
        let hands = store.clone();
        let taken = together(16, move |me| take(&hands, &format!("node {me}"), now));
        assert_eq!(taken.into_iter().flatten().collect::<Vec<_>>(), [round]);
    }
});

on_both!(a_lease_is_free_again_when_it_ran_out_or_was_given_back, |db| {
    let store = db.store();
    assert_eq!(take(&store, "a", NOW), Some(1));
    assert_eq!(take(&store, "b", Moment(UNTIL.0 - 1)), None);
    assert_eq!(take(&store, "b", UNTIL), Some(2));
    store.write(|db| leases::release(db, "outbox", 2, UNTIL, "3 letters")).unwrap();
    assert_eq!(take(&store, "c", UNTIL), Some(3));
});

on_both!(an_old_holder_that_wakes_up_late_gives_nothing_back, |db| {
    let store = db.store();
    let old = take(&store, "slow", NOW).unwrap();
    let new = take(&store, "fast", UNTIL).unwrap();
    store.write(move |db| leases::release(db, "outbox", old, UNTIL, "late")).unwrap();
    assert_eq!(take(&store, "third", UNTIL), None, "the new holder still has it");
    let lease = store.read(leases::all).unwrap().pop().unwrap();
    assert_eq!((lease.holder.as_str(), lease.epoch, lease.last_result.as_str()), ("fast", new, ""));
});
