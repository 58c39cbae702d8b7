//! Two nodes on one database, and the connections of one.

use std::collections::BTreeSet;
use std::sync::Barrier;

use chenqing::domain::delivery::LetterState;
use chenqing::post::deliver;
use chenqing::store::letters;

use super::server::Server;
use super::world::{Place, post, worlds, worlds_and_places};

#[test]
fn two_nodes_send_disjoint_letters() {
    for (world, place) in worlds_and_places() {
        let owed: BTreeSet<i64> = (0..60).map(|n| world.owe(&format!("citizen{n}@example.org"))).collect();
        let config = place.config(&world.config);
        let start = Barrier::new(2);
        let node = || {
            let post = post(&config, world.node(), world.files.clone());
            start.wait();
            deliver(&post, &world.clock).unwrap()
        };
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(node);
            (node(), other.join().unwrap())
        });
        let mut sent: Vec<i64> = one.sent.iter().chain(&two.sent).map(|row| row.id).collect();
        sent.sort_unstable();
        assert_eq!(sent, owed.into_iter().collect::<Vec<_>>(), "each by one of them");
        assert_eq!((one.left, two.left), (0, 0));
        assert_eq!(place.arrived().len(), 60);
        assert_eq!(world.count(LetterState::Sent), 60);
    }
}

#[test]
fn claims_made_at_the_same_time_share_no_letter() {
    for world in worlds() {
        for n in 0..50 {
            world.owe(&format!("citizen{n}@example.org"));
        }
        let (now, until) = (world.now(), world.now().plus_seconds(600));
        let start = Barrier::new(2);
        let claim = |word: &'static str| {
            let store = world.node();
            start.wait();
            store.write(move |db| letters::claim(db, word, now, until, 30)).unwrap()
        };
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(|| claim("two"));
            (claim("one"), other.join().unwrap())
        });
        let ids = |rows: &[letters::LetterRow]| rows.iter().map(|row| row.id).collect::<BTreeSet<_>>();
        assert!(ids(&one).is_disjoint(&ids(&two)));
        assert!(ids(&one).len().max(ids(&two).len()) == 30);
    }
}

#[test]
fn what_another_node_has_claimed_is_left_to_it_until_the_claim_runs_out() {
    for (world, place) in worlds_and_places() {
        let id = world.owe("lin@example.org");
        let (now, until) = (world.now(), world.now().plus_seconds(600));
        world.store.write(move |db| letters::claim(db, "a node that died", now, until, 10)).unwrap();
        world.pass(599);
        assert!(world.deliver(&place).sent.is_empty() && place.arrived().is_empty());
        world.pass(1);
        assert_eq!(world.deliver(&place).sent[0].id, id);
        assert_eq!(place.arrived().len(), 1);
    }
}

#[test]
fn connections_are_few_and_used_again() {
    let world = &worlds()[0];
    let place = Place::Smtp(Server::up());
    for n in 0..120 {
        world.owe(&format!("citizen{n}@example.org"));
    }
    assert_eq!(world.deliver(&place).sent.len(), 120);
    let Place::Smtp(server) = &place else { unreachable!() };
    let last = server.records().pop().unwrap();
    assert!(last["connections"]["most"].as_i64().unwrap() <= 4, "{last}");
    assert!(last["connections"]["all"].as_i64().unwrap() <= 7, "{last}");
}
