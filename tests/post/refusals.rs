//! Letters that cannot arrive: refused for good, without an address, without words. Each fails once, is listed with its
//! reason, and what follows from it happens with the record.

use std::sync::{Arc, Mutex};

use chenqing::domain::delivery::LetterState;
use chenqing::domain::letter::Letter;
use chenqing::domain::staff::Role;
use chenqing::error::Error;
use chenqing::post::{Trouble, deliver};
use chenqing::store::letters::{self, Outcome, Recipient};
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{agency, parties};

use super::server::Server;
use super::world::{Place, START, World, notice, worlds, worlds_and_places};

pub fn staff(world: &World, email: &str) -> i64 {
    let new = NewStaff {
        username: format!("user-{email}"),
        name: "林大海".into(),
        unit_id: 0,
        roles: vec![Role::Handler],
        email: email.into(),
        phone: "02-0000-5678".into(),
        password_hash: "-".into(),
        must_change_password: false,
    };
    let insert = move |db: &mut chenqing::store::Db| {
        let unit_id = agency::put_unit(db, "root", None, ("海巡署", "Coast Guard"), ("02-0000-1234", ""), 0)?;
        staff::insert(db, &NewStaff { unit_id, ..new.clone() }, START)
    };
    world.store.write(insert).unwrap()
}

#[test]
fn refused_for_good_fails_once_and_is_listed() {
    for world in worlds() {
        let server = Server::up();
        server.fault("no.such.user@example.org", Some("permanent"));
        let place = Place::Smtp(server);
        let bad = world.owe("no.such.user@example.org");
        for n in 0..5 {
            world.owe(&format!("citizen{n}@example.org"));
        }
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let post = world.post(&place).with_settled(Arc::new(move |db, row, outcome, at| {
            // In the transaction of the record, after it.
            assert_eq!(letters::get(db, row.id)?.claim, None);
            noted.lock().unwrap().push((row.id, outcome.clone(), at));
            Ok(())
        }));
        let delivered = deliver(&post, &world.clock).unwrap();
        assert_eq!((delivered.sent.len(), delivered.later, delivered.left), (5, 0, 0));
        let failed = &delivered.failed[0];
        assert_eq!((delivered.failed.len(), failed.id, failed.state), (1, bad, LetterState::Failed));

        let listed = world.store.read(|db| letters::in_state(db, LetterState::Failed, None, 10)).unwrap();
        assert_eq!((listed.len(), listed[0].id, &listed[0].error), (1, bad, &failed.error));
        let (trouble, detail) = Trouble::read(listed[0].error.as_deref().unwrap()).unwrap();
        assert_eq!(trouble, Trouble::Refused);
        assert!(detail.contains("550") && detail.contains("5.1.1"), "{detail}");
        assert!(!detail.contains("no.such.user") && !detail.contains("example.org"), "{detail}");

        let mut seen = std::mem::take(&mut *seen.lock().unwrap());
        seen.sort_by_key(|(id, ..)| *id);
        assert_eq!(seen.len(), 6);
        assert!(matches!(&seen[0], (id, Outcome::Failed(_), at) if *id == bad && *at == START));
        assert!(seen[1..].iter().all(|(_, outcome, _)| *outcome == Outcome::Sent));
        world.pass(1_000_000);
        let again = deliver(&post, &world.clock).unwrap();
        assert_eq!((again.sent.len(), again.failed.len(), place.arrived().len()), (0, 0, 5));
    }
}

#[test]
fn nobody_to_write_to_fails_with_its_reason() {
    for (world, place) in worlds_and_places() {
        let erased = world.party("", "王小明");
        let odd = world.party("lin@example.org\r\nBcc: other@example.org", "王小明");
        let foreign = world.party("林@example.org", "王小明");
        let gone = staff(&world, "gone@agency.example.tw");
        let mut row = world.store.read(|db| staff::get(db, gone)).unwrap();
        row.active = false;
        world.store.write(move |db| staff::save(db, &row)).unwrap();
        let due = |to, trouble| (world.owe_to(to, notice("夜間噪音"), "zh-TW"), trouble);
        let owed = [
            due(Recipient::Party(erased), Trouble::NoAddress),
            due(Recipient::Party(odd), Trouble::BadAddress),
            due(Recipient::Party(foreign), Trouble::BadAddress),
            due(Recipient::Staff(gone), Trouble::AccountClosed),
        ];
        let delivered = world.deliver(&place);
        assert_eq!((delivered.failed.len(), delivered.later, delivered.left), (4, 0, 0));
        for (id, trouble) in owed {
            let row = world.row(id);
            assert_eq!(row.state, LetterState::Failed);
            let error = row.error.unwrap();
            assert_eq!(Trouble::read(&error).unwrap().0, trouble);
            assert!(!error.contains("example"), "{error}");
        }
        assert!(place.arrived().is_empty());
    }
}

#[test]
fn a_letter_without_words_waits_for_whoever_mends_it() {
    for (world, place) in worlds_and_places() {
        let party = world.party("lin@example.org", "王小明");
        // A confirmation without the link it is all about.
        let letter = Letter::Confirm { subject: "夜間噪音".into(), expires_at: START };
        let id = world.owe_to(Recipient::Party(party), letter, "zh-TW");
        assert_eq!(world.deliver(&place).later, 1);
        let row = world.row(id);
        assert_eq!(row.state, LetterState::Waiting);
        assert_eq!(Trouble::read(&row.error.unwrap()).unwrap().0, Trouble::Unreadable);
        world.pass(6 * 24 * 3600);
        assert_eq!(world.deliver(&place).failed.len(), 1);
        assert!(place.arrived().is_empty());
    }
}

#[test]
fn an_erased_party_gets_nothing_more() {
    for (world, mut place) in worlds_and_places() {
        let party = world.party("lin@example.org", "王小明");
        let id = world.owe_to(Recipient::Party(party), notice("夜間噪音"), "zh-TW");
        place.go_down();
        assert_eq!(world.deliver(&place).later, 1);
        let keys = world.keys.clone();
        world.store.write(move |db| parties::set_email(db, &keys, party, "")).unwrap();
        place.come_up();
        world.pass(60);
        assert_eq!(world.deliver(&place).failed[0].id, id);
        assert!(place.arrived().is_empty());
    }
}

#[test]
fn what_follows_may_fail_but_the_letter_is_not_sent_again() {
    for (world, place) in worlds_and_places() {
        let id = world.owe("lin@example.org");
        let post = world.post(&place).with_settled(Arc::new(|_, _, _, _| Err(Error::internal("a fault"))));
        assert_eq!(deliver(&post, &world.clock).unwrap().sent[0].id, id);
        world.pass(1_000_000);
        assert!(deliver(&post, &world.clock).unwrap().sent.is_empty());
        assert_eq!((world.row(id).state, place.arrived().len()), (LetterState::Sent, 1));
    }
}
