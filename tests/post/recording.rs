//! What became of letters is recorded: while others are still on their way, through a database that is away, and whatever
//! follows from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chenqing::clock::Clock;
use chenqing::domain::delivery::LetterState;
use chenqing::error::Error;
use chenqing::post::{Delivered, deliver};

use super::server::Server;
use super::world::{Place, World, post, worlds, worlds_and_places};
use crate::support::until;

fn owe(world: &World, letters: usize) {
    for n in 0..letters {
        world.owe(&format!("citizen{n}@example.org"));
    }
}

/// Delivers with something that follows from each letter.
fn deliver_with(
    world: &World,
    place: &Place,
    follows: impl Fn(&Clock) -> chenqing::error::Result<()> + Send + Sync + 'static,
) -> Delivered {
    let clock = world.clock.clone();
    let post = post(&place.config(&world.config), world.store.clone(), world.files.clone())
        .with_settled(Arc::new(move |_, _, _, _| follows(&clock)));
    deliver(&post, &world.clock).unwrap()
}

#[test]
fn a_database_that_is_away_for_a_while_doubles_no_letter() {
    for (world, place) in worlds_and_places() {
        owe(&world, 20);
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let delivered = deliver_with(&world, &place, move |_| match counted.fetch_add(1, Ordering::SeqCst) {
            0..8 => Err(Error::Unavailable("the database is away".into())),
            _ => Ok(()),
        });
        assert_eq!((delivered.sent.len(), delivered.left), (20, 0), "{} writes", asked.load(Ordering::SeqCst));
        assert_eq!(world.count(LetterState::Sent), 20);
        world.pass(100_000);
        assert!(world.deliver(&place).sent.is_empty());
        assert_eq!(place.arrived().len(), 20);
    }
}

#[test]
fn a_panic_in_what_follows_sends_no_letter_again() {
    for (world, place) in worlds_and_places() {
        owe(&world, 5);
        let delivered = deliver_with(&world, &place, |_| panic!("on purpose"));
        assert_eq!((delivered.sent.len(), delivered.left), (5, 0));
        world.pass(100_000);
        assert!(world.deliver(&place).sent.is_empty());
        assert_eq!(place.arrived().len(), 5);
    }
}

#[test]
fn at_the_end_of_a_round_no_outcome_waits_for_a_server_that_hangs() {
    for mut world in worlds() {
        world.config.mail.smtp.timeout_seconds = 15;
        let server = Server::up();
        server.fault("citizen0@example.org", Some("hang"));
        let place = Place::Smtp(server);
        owe(&world, 10);
        std::thread::scope(|scope| {
            let delivering = scope.spawn(|| world.deliver(&place));
            until("nine are recorded", 60, || world.count(LetterState::Sent) == 9);
            assert!(!delivering.is_finished(), "the tenth hangs until the server is given up");
            let delivered = delivering.join().unwrap();
            assert_eq!((delivered.sent.len(), delivered.later), (9, 1));
        });
    }
}

#[test]
fn a_round_prepared_too_long_ago_is_claimed_anew() {
    for (world, place) in worlds_and_places() {
        // Two rounds; the first takes nearly as long as the claim on the second stands.
        owe(&world, 100);
        let settled = AtomicUsize::new(0);
        let delivered = deliver_with(&world, &place, move |clock| {
            if settled.fetch_add(1, Ordering::SeqCst) == 63 {
                clock.set(clock.now().plus_seconds(620));
            }
            Ok(())
        });
        assert_eq!((delivered.sent.len(), delivered.left), (100, 0));
        assert_eq!(place.arrived().len(), 100);
    }
}
