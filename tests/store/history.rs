//! The history of cases: a chain without gaps that shows every change made behind its back.

use chenqing::domain::event::Event;
use chenqing::domain::staff::Actor;
use chenqing::keys::sha256;
use chenqing::store::{Db, Store, cases, events};
use diesel::RunQueryDsl;
use serde_json::json;

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, case, number, numbers};

fn append(store: &Store, id: i64, act: &'static str) {
    store
        .write(move |db| {
            cases::lock(db, id, None)?;
            events::append(db, id, NOW, act, &Actor::System, &json!({"to": "registered", "by": 1}))
        })
        .unwrap();
}

/// The first position at which a chain does not hold.
fn broken_at(events: &[Event]) -> Option<i64> {
    let mut previous = String::new();
    for (seq, event) in (1..).zip(events) {
        if event.seq != seq || event.previous != previous || event.hash != sha256(event.canonical().as_bytes()) {
            return Some(seq);
        }
        previous.clone_from(&event.hash);
    }
    None
}

on_both!(a_chain_holds_and_any_change_in_it_shows, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    for act in ["confirmed", "register", "assign", "take"] {
        append(&store, id, act);
    }
    let chain = |store: &Store| store.read(move |db| events::of_case(db, id)).unwrap();
    let good = chain(&store);
    assert_eq!(
        good.iter().map(|event| event.act.as_str()).collect::<Vec<_>>(),
        ["confirmed", "register", "assign", "take"]
    );
    assert_eq!(broken_at(&good), None);

    let changes = [
        "facts = '{}'",
        "act = 'withdraw'",
        "at = at + 1",
        "actor = 'staff'",
        "previous = ''",
        "hash = 'x' || hash",
        "seq = 9",
    ];
    for change in changes {
        let mut behind: Db = db.connection();
        diesel::sql_query("CREATE TABLE kept AS SELECT * FROM events").execute(&mut behind).unwrap();
        diesel::sql_query(format!("UPDATE events SET {change} WHERE seq = 2")).execute(&mut behind).unwrap();
        assert!(broken_at(&chain(&store)).is_some(), "{change}");
        for query in ["DELETE FROM events", "INSERT INTO events SELECT * FROM kept", "DROP TABLE kept"] {
            diesel::sql_query(query).execute(&mut behind).unwrap();
        }
        assert_eq!(chain(&store), good, "{change}");
    }
    diesel::sql_query("DELETE FROM events WHERE seq = 2").execute(&mut db.connection()).unwrap();
    assert_eq!(broken_at(&chain(&store)), Some(2));
});

on_both!(a_chain_grown_by_many_hands_has_no_gaps, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    let hands = store.clone();
    together(16, move |_| (0..5).for_each(|_| append(&hands, id, "note")));
    let events = store.read(move |db| events::of_case(db, id)).unwrap();
    assert_eq!(events.len(), 80);
    assert_eq!(broken_at(&events), None);
    // The sealer is told of the last one: its generation counts the events.
    assert_eq!(numbers(&mut db.connection(), "SELECT generation AS n FROM work WHERE kind = 'seal'"), [80]);
});

on_both!(an_act_that_fails_leaves_no_event, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    let failed: chenqing::error::Result<()> = store.write(move |db| {
        events::append(db, id, NOW, "note", &Actor::System, &json!({}))?;
        Err(chenqing::error::Error::Conflict)
    });
    assert!(failed.is_err());
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM events"), 0);
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM work"), 0);
});

on_both!(the_whole_history_is_read_in_pages_without_loss, |db| {
    let store = db.store();
    for _ in 0..3 {
        let id = store.write(|db| case(db, "港區路燈")).unwrap();
        (0..4).for_each(|_| append(&store, id, "note"));
    }
    let (mut place, mut all) = ((0, 0), Vec::new());
    loop {
        let page = store.read(move |db| events::after(db, place.0, place.1, 5)).unwrap();
        let Some(last) = page.last() else { break };
        place = (last.case_id, last.seq);
        all.extend(page.iter().map(|event| (event.case_id, event.seq)));
    }
    assert_eq!(all, (1..=3).flat_map(|case| (1..=4).map(move |seq| (case, seq))).collect::<Vec<_>>());
});
