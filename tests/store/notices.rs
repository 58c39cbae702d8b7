//! Notices go out once for a clock, a kind and a due moment, whoever sweeps and however often.

use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::{DAY, HOUR};
use chenqing::store::clocks::{self, NewClock};
use chenqing::store::{Db, Store};

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, case};

fn clock(store: &Store) -> i64 {
    let make = |db: &mut Db| {
        let due_at = NOW.plus_seconds(6 * DAY);
        let new = NewClock {
            case_id: case(db, "港區路燈")?,
            round: 1,
            purpose: ClockPurpose::Reply,
            unit_id: None,
            region: String::new(),
            policy_id: None,
            start_at: NOW,
            time_limit: "6wd".into(),
            original_due_at: due_at,
            due_at,
            calendar_version: 1,
            next_check_at: Some(NOW.plus_seconds(4 * DAY)),
        };
        clocks::insert(db, &new)
    };
    store.write(make).unwrap()
}

on_both!(a_notice_goes_out_once, |db| {
    let store = db.store();
    let id = clock(&store);
    let due = NOW.plus_seconds(6 * DAY);
    let sweeps = store.clone();
    let first =
        together(16, move |_| sweeps.write(move |db| clocks::first_notice(db, id, "due_soon", due, NOW)).unwrap());
    assert_eq!(first.iter().filter(|first| **first).count(), 1);
    let notice = |kind: &'static str, due| store.write(move |db| clocks::first_notice(db, id, kind, due, NOW)).unwrap();
    assert!(!notice("due_soon", due));
    assert!(notice("overdue", due), "another kind");
    assert!(notice("due_soon", due.plus_seconds(DAY)), "another due moment, after an extension");
});

on_both!(a_sweep_sees_only_clocks_whose_check_has_come, |db| {
    let store = db.store();
    let (one, two) = (clock(&store), clock(&store));
    let due = |at| store.read(move |db| clocks::to_check(db, at, 10)).unwrap().iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(due(NOW.plus_seconds(4 * DAY - 1)), [0_i64; 0]);
    assert_eq!(due(NOW.plus_seconds(4 * DAY)), [one, two]);
    store
        .write(move |db| {
            let mut clock = clocks::get(db, one)?;
            clock.next_check_at = Some(clock.due_at);
            clocks::save(db, &clock)
        })
        .unwrap();
    assert_eq!(due(NOW.plus_seconds(4 * DAY + HOUR)), [two]);
    let case_of_two = store.read(move |db| clocks::get(db, two)).unwrap().case_id;
    store.write(move |db| clocks::finish_all(db, case_of_two, NOW)).unwrap();
    assert_eq!(due(NOW.plus_seconds(60 * DAY)), [one], "a finished clock is never looked at again");
});
