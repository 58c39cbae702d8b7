//! Leases: one holder at a time, and a late one that can do no harm.

use std::time::Duration;

use chenqing::clock::Clock;
use chenqing::domain::time::Moment;
use chenqing::error::{Error, Message};
use chenqing::jobs::under_lease;
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

on_both!(a_long_job_keeps_its_lease_and_gives_it_back, |db| {
    let (store, others, clock) = (db.store(), db.store(), Clock::fixed(NOW));
    let until = || others.read(leases::all).unwrap().pop().unwrap().until;
    let done = Message::new("job-result-seal").with("number", "1");
    let ran = under_lease(&store, &clock, "long", 1, |now| {
        assert_eq!((now, until()), (NOW, NOW.plus_seconds(1)));
        // The lease's time is over: only that it is renewed keeps others out.
        clock.set(NOW.plus_seconds(5));
        let renewed = (0..2000).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            until() > clock.now()
        });
        assert!(renewed, "the lease was not renewed");
        assert_eq!(under_lease(&others, &clock, "long", 1, |_| panic!("a second node ran it")), Ok(None));
        Ok(done.clone())
    });
    assert_eq!(ran, Ok(Some(done.clone())));
    let lease = others.read(leases::all).unwrap().pop().unwrap();
    assert_eq!((lease.until, lease.last_finished_at), (clock.now(), Some(clock.now())));
    assert_eq!(under_lease(&others, &clock, "long", 1, |_| Ok(done.clone())), Ok(Some(done)));
});

on_both!(a_lease_that_another_took_over_is_not_renewed, |db| {
    let store = db.store();
    let old = take(&store, "slow", NOW).unwrap();
    let new = take(&store, "fast", UNTIL).unwrap();
    let renew = |epoch| store.write(move |db| leases::renew(db, "outbox", epoch, Moment(UNTIL.0 + 120_000_000)));
    assert_eq!(renew(old), Ok(false));
    assert_eq!(take(&store, "third", Moment(UNTIL.0 + 60_000_000)), Some(new + 1), "the late holder kept others out");
    assert_eq!(renew(new + 1), Ok(true));
    assert_eq!(take(&store, "fourth", Moment(UNTIL.0 + 119_999_999)), None);
});

on_both!(work_that_fails_gives_its_lease_back, |db| {
    let (store, clock) = (db.store(), Clock::fixed(NOW));
    let failed = under_lease(&store, &clock, "job", 60, |_| Err(Error::internal("no disk")));
    assert_eq!(failed, Err(Error::internal("no disk")));
    let lease = store.read(leases::all).unwrap().pop().unwrap();
    assert!(lease.until == NOW && lease.last_result.contains("job-result-failed"), "{lease:?}");
});
