//! The standing connection of a running server: news within seconds, and no second fetcher beside it.

use std::time::{Duration, Instant};

use super::place::{count, installation, ledger, message};
use crate::support::dovecot::Dovecot;
use crate::support::{TestDb, on_both, until};

on_both!(a_new_message_is_there_within_seconds, |db| { Dovecot::up().iter().for_each(|d| news(db, d)) });
on_both!(a_server_that_cannot_tell_is_asked, |db| { Dovecot::up().iter().for_each(|d| asked(db, d)) });
on_both!(what_came_while_the_mail_server_was_away_arrives, |db| {
    Dovecot::up().into_iter().for_each(|d| away(db, d))
});

fn news(db: &TestDb, dovecot: &Dovecot) {
    let place = installation(db, dovecot, "poll_seconds=1500, overdue_minutes=60");
    dovecot.deliver(&message("before"));
    let server = place.serve();
    until("what was there is in the ledger", 30, || ledger(db).len() == 1);
    // Several, one after another: each ends one IDLE and begins the next.
    for nth in 0..5 {
        dovecot.deliver(&message(&format!("news{nth}")));
        until("the news is in the ledger", 10, || ledger(db).len() == nth + 2);
    }
    // In a burst: whatever comes between a look and the next IDLE is not left lying.
    (0..40).for_each(|nth| dovecot.deliver(&message(&format!("burst{nth}"))));
    until("the burst is in the ledger", 30, || ledger(db).len() == 46);
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM receipts"), 46, "each was received once");
    assert!(place.must(&["job", "fetch"]).contains("1 mailbox is attended to"), "the lease keeps others out");
    let told = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "it took {:?} to stop", told.elapsed());
    // It gave the lease back.
    dovecot.deliver(&message("after"));
    assert!(place.must(&["job", "fetch"]).contains("1 message fetched"));
}

fn asked(db: &TestDb, dovecot: &Dovecot) {
    let place = installation(db, dovecot, "poll_seconds=5, idle=false");
    let _server = place.serve();
    until("the mailbox was read", 30, || {
        count(db, "SELECT COUNT(*) AS n FROM fetch_states WHERE last_success_at IS NOT NULL") == 1
    });
    dovecot.deliver(&message("asked"));
    until("the message is in the ledger", 15, || ledger(db).len() == 1);
}

fn away(db: &TestDb, mut dovecot: Dovecot) {
    let place = installation(db, &dovecot, "poll_seconds=1500, overdue_minutes=60");
    let _server = place.serve();
    let read = "SELECT COUNT(*) AS n FROM fetch_states WHERE last_success_at IS NOT NULL";
    until("the mailbox was read", 30, || count(db, read) == 1);
    dovecot.stop();
    dovecot.deliver(&message("while away"));
    let failing = "SELECT COUNT(*) AS n FROM fetch_states WHERE last_error LIKE 'no connection%'";
    until("the failure is noted", 30, || count(db, failing) == 1);
    dovecot.start();
    until("the message is in the ledger", 60, || ledger(db).len() == 1);
}
