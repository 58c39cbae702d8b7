//! The mail server is away, busy, or breaks off: letters wait and arrive once it serves again.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chenqing::domain::delivery::LetterState;
use chenqing::post::{Transport, Trouble};
use chenqing::store::parties;

use super::server::Server;
use super::world::{Place, World, header, worlds, worlds_and_places};

const HOUR: i64 = 3600;

/// A tick a minute.
fn minutes(world: &World, place: &Place, count: i64) -> usize {
    (0..count).map(|_| (world.deliver(place).sent.len(), world.pass(60)).0).sum()
}

fn trouble(world: &World, id: i64) -> Trouble {
    let error = world.row(id).error.unwrap();
    Trouble::read(&error).unwrap_or_else(|| panic!("{error}")).0
}

#[test]
fn down_for_an_hour_then_up_every_letter_arrives_once() {
    for (world, mut place) in worlds_and_places() {
        place.go_down();
        let owed: BTreeSet<String> = (0..40).map(|n| format!("citizen{n}@example.org")).collect();
        let mut ids = Vec::new();
        for (n, address) in owed.iter().enumerate() {
            ids.push(world.owe(address));
            if n % 8 == 7 {
                assert_eq!(minutes(&world, &place, 12), 0);
            }
        }
        assert_eq!(world.now(), super::world::START.plus_seconds(HOUR));
        assert_eq!(world.count(LetterState::Waiting), 40);
        assert_eq!(trouble(&world, ids[0]), Trouble::Unreachable);
        // The first attempt and then after 1, 2, 4, 8, 16 and 32 minutes: patience, not knocking.
        assert!((3..=7).contains(&world.row(ids[0]).attempts), "{}", world.row(ids[0]).attempts);

        place.come_up();
        assert_eq!(minutes(&world, &place, 65), 40);
        world.pass(5 * HOUR);
        assert_eq!(minutes(&world, &place, 1), 0);
        let arrived = place.arrived();
        assert_eq!(arrived.len(), 40);
        assert_eq!(arrived.iter().map(|letter| letter.to.clone()).collect::<BTreeSet<_>>(), owed);
        assert_eq!(world.count(LetterState::Sent), 40);
        assert!(world.row(ids[0]).error.is_none() && world.row(ids[0]).sent_at.is_some());
    }
}

#[test]
fn a_server_that_is_away_is_not_knocked_at_for_every_letter() {
    for world in worlds() {
        // Takes connections and closes them without a word.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut config = world.config.clone();
        config.mail.smtp.url = format!("smtp://{}", listener.local_addr().unwrap());
        let knocks = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&knocks);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        let ids: Vec<i64> = (0..100).map(|n| world.owe(&format!("citizen{n}@example.org"))).collect();
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        let delivered = chenqing::post::deliver(&post, &world.clock).unwrap();
        // Four connections with sixteen letters each; the other letters were prepared meanwhile and given back.
        assert_eq!((delivered.sent.len(), delivered.later, delivered.failed.len(), delivered.left), (0, 64, 0, 0));
        assert_eq!(world.count(LetterState::Waiting), 100);
        let untried: Vec<_> = ids.into_iter().map(|id| world.row(id)).filter(|row| row.attempts == 0).collect();
        assert_eq!(untried.len(), 36);
        assert!(untried.iter().all(|row| row.claim.is_none() && row.next_try_at == Some(world.now())));
        assert!((1..=4).contains(&knocks.load(Ordering::SeqCst)), "{knocks:?}");
    }
}

#[test]
fn refused_for_the_moment_waits_longer_each_time_until_time_runs_out() {
    for world in worlds() {
        let server = Server::up();
        server.fault("*", Some("temporary"));
        let place = Place::Smtp(server);
        let id = world.owe("lin.hai@example.org");
        let mut waits = Vec::new();
        let mut failed = 0;
        while let (0, Some(next)) = (failed, world.row(id).next_try_at) {
            waits.push(next.seconds_since(world.now()));
            world.clock.set(next);
            failed = world.deliver(&place).failed.len();
        }
        let whole = [0, 60, 120, 240, 480, 960, 1920, 3840, 7680, 14_400];
        let fits = waits.iter().zip(whole).all(|(wait, whole)| (whole - whole / 8..=whole).contains(wait));
        assert!(fits && waits.len() > 30, "{waits:?}");
        let age = world.now().seconds_since(super::world::START);
        assert!((5 * 24 * HOUR..5 * 24 * HOUR + 4 * HOUR).contains(&age), "{age}");
        let row = world.row(id);
        assert_eq!((row.state, row.next_try_at, row.claim), (LetterState::Failed, None, None));
        let error = row.error.unwrap();
        assert!(error.starts_with("deferred: ") && error.contains("451"), "{error}");
        assert!(!error.contains("lin.hai") && !error.contains("example.org"), "{error}");
        assert!(place.arrived().is_empty());
    }
}

#[test]
fn a_lost_answer_sends_the_same_letter_again() {
    for world in worlds() {
        let server = Server::up();
        server.fault("lost@example.org", Some("drop"));
        let place = Place::Smtp(server);
        let lost = world.owe("lost@example.org");
        for n in 0..10 {
            world.owe(&format!("citizen{n}@example.org"));
        }
        // The others are sent in the same round: the server is not away.
        let delivered = world.deliver(&place);
        assert_eq!((delivered.sent.len(), delivered.later), (10, 1));
        assert_eq!(trouble(&world, lost), Trouble::BrokenOff);
        let Place::Smtp(server) = &place else { unreachable!() };
        server.fault("lost@example.org", None);
        world.pass(60);
        assert_eq!(world.deliver(&place).sent.len(), 1);
        let twice: Vec<_> = place.arrived().into_iter().filter(|letter| letter.to == "lost@example.org").collect();
        assert_eq!(twice.len(), 2);
        assert_eq!(twice[0].bytes, twice[1].bytes);
        assert_eq!(header(&twice[0].bytes, "Message-ID"), world.row(lost).message_id);
    }
}

#[test]
fn a_corrected_address_gets_the_frozen_letter() {
    for (world, mut place) in worlds_and_places() {
        let party = world.party("wrong@example.org", "王小明");
        let id =
            world.owe_to(chenqing::store::letters::Recipient::Party(party), super::world::notice("夜間噪音"), "zh-TW");
        place.go_down();
        assert_eq!(world.deliver(&place).later, 1);
        let frozen = world.row(id).message_id.unwrap();
        let keys = world.keys.clone();
        world.store.write(move |db| parties::set_email(db, &keys, party, "right@example.org")).unwrap();
        place.come_up();
        world.pass(60);
        assert_eq!(world.deliver(&place).sent.len(), 1);
        let arrived = place.arrived();
        assert_eq!((arrived.len(), arrived[0].to.as_str()), (1, "right@example.org"));
        assert_eq!(header(&arrived[0].bytes, "Message-ID"), Some(frozen));
    }
}

#[test]
fn a_wrong_password_is_no_fault_of_the_letters() {
    for world in worlds() {
        let server = Server::up();
        let login = |password: &str| format!("smtp://chenqing:{password}@127.0.0.1:{}", server.port());
        let id = world.owe("lin@example.org");
        let mut config = world.config.clone();
        config.mail.smtp.url = login("wrong");
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        let error = post.transport().check().unwrap_err();
        assert!(error.contains("535") && !error.contains("wrong"), "{error}");
        assert_eq!(chenqing::post::deliver(&post, &world.clock).unwrap().later, 1);
        assert_eq!(trouble(&world, id), Trouble::Unreachable);

        world.pass(60);
        config.mail.smtp.url = login("right%20password");
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        assert!(post.transport().check().unwrap().contains("logged in"));
        assert_eq!(chenqing::post::deliver(&post, &world.clock).unwrap().sent.len(), 1);
        assert_eq!(server.records()[0]["login"], true);
    }
}

#[test]
fn a_server_that_wants_a_log_in_first_does_not_fail_the_letters() {
    for world in worlds() {
        let server = Server::up();
        server.fault("*", Some("login"));
        let place = Place::Smtp(server);
        let id = world.owe("lin@example.org");
        assert_eq!(world.deliver(&place).later, 1);
        assert_eq!(trouble(&world, id), Trouble::Unreachable);
    }
}

#[test]
fn a_server_that_hangs_or_cuts_off_keeps_only_its_own_letter() {
    for world in worlds() {
        for (fault, trouble_is) in [("hang", Trouble::BrokenOff), ("cut", Trouble::BrokenOff)] {
            let server = Server::up();
            server.fault("slow@example.org", Some(fault));
            let place = Place::Smtp(server);
            let mut config = place.config(&world.config);
            (config.mail.smtp.timeout_seconds, config.mail.connections) = (1, 1);
            let slow = world.owe("slow@example.org");
            let others: Vec<i64> = (0..3).map(|n| world.owe(&format!("citizen{n}@example.org"))).collect();
            let post = super::world::post(&config, world.store.clone(), world.files.clone());
            let delivered = chenqing::post::deliver(&post, &world.clock).unwrap();
            assert_eq!((delivered.sent.len(), delivered.later, delivered.left), (3, 1, 0), "{fault}");
            assert_eq!((world.row(slow).state, trouble(&world, slow)), (LetterState::Waiting, trouble_is), "{fault}");
            assert!(others.iter().all(|id| world.row(*id).state == LetterState::Sent), "{fault}");
            let Place::Smtp(server) = &place else { unreachable!() };
            server.fault("slow@example.org", None);
            world.pass(60);
            assert_eq!(chenqing::post::deliver(&post, &world.clock).unwrap().sent.len(), 1, "{fault}");
            assert_eq!(place.arrived().len(), 4, "{fault}");
        }
    }
}

#[test]
fn check_says_what_does_not_work() {
    let mut mail = chenqing::config::Config::defaults().unwrap().mail;
    let down = Server::down();
    mail.smtp.url = down.url();
    let error = Transport::from_config(&mail).unwrap().check().unwrap_err();
    assert!(error.contains(&down.port().to_string()) && !error.contains('\n'), "{error}");
    mail.smtp.url = "smtp://mail.example.org".into();
    assert!(Transport::from_config(&mail).unwrap_err().contains("unencrypted"));
}
