//! The program is killed between the ledger's commit and the mark on the server: nothing is lost, nothing doubled, and the
//! mark is made up for.

use super::place::{at, count, digests, ledger, message};
use super::proxy::Proxy;
use crate::support::dovecot::Dovecot;
use crate::support::{TestDb, on_both, rows, until};

on_both!(killed_before_the_mark_nothing_is_lost_or_doubled, |db| {
    for (word, processed, left) in
        [("STORE", "flag", 3), ("UID MOVE", "move:Done", 0), ("STORE", "delete", 0), ("EXPUNGE", "delete", 0)]
    {
        rows::execute(&mut db.connection(), "DELETE FROM receipts");
        rows::execute(&mut db.connection(), "DELETE FROM messages");
        rows::execute(&mut db.connection(), "DELETE FROM fetch_states");
        Dovecot::up().iter().for_each(|dovecot| killed(db, dovecot, word, processed, left));
    }
});

fn killed(db: &TestDb, dovecot: &Dovecot, word: &'static str, processed: &str, left: usize) {
    let line = Proxy::holding(dovecot.port(), word);
    let url = format!("imap://mailbox%40agency.example.tw@127.0.0.1:{}", line.port());
    let place = at(db, &url, &format!("processed=\"{processed}\""));
    place.must(&["migrate"]);
    dovecot.make_folder("Done");
    let messages = [message("one"), message("two"), message("three")];
    messages.iter().for_each(|bytes| dovecot.deliver(bytes));
    let server = place.serve();
    until("the mark is on its way", 30, || line.is_held());
    assert_eq!(ledger(db).len(), 1, "what is to be marked is in the ledger");
    server.kill();
    assert_eq!(dovecot.messages("").iter().filter(|name| name.contains("Sa")).count(), 0, "nothing is marked yet");

    line.let_go();
    // The dead node's lease runs out; the test does not wait for it.
    rows::execute(&mut db.connection(), "UPDATE leases SET until = 0");
    let server = place.serve();
    until("every message is in the ledger", 30, || ledger(db).len() == 3);
    let marked = || dovecot.messages("").iter().filter(|name| name.ends_with("Sa")).count();
    until("every message is marked", 30, || if left > 0 { marked() == left } else { dovecot.messages("").is_empty() });
    assert_eq!(ledger(db), digests(&messages));
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM receipts"), 3, "{word} {processed}");
    let done = if processed.starts_with("move") { 3 } else { 0 };
    assert_eq!(dovecot.messages("Done").len(), done);
    assert_eq!(server.stop().code(), Some(0));
}
