//! An installation with a mailbox in Dovecot, and what its ledger holds.

use std::collections::BTreeSet;

use chenqing::keys::sha256;

use crate::support::TestDb;
use crate::support::dovecot::{Dovecot, PASSWORD, USER};
use crate::support::program::Installation;
use crate::support::rows;

/// An installation whose mailbox `head` is that of the Dovecot, with more keys of the configuration.
pub fn installation(db: &TestDb, dovecot: &Dovecot, more: &str) -> Installation {
    let place = at(db, &format!("imap://{}@127.0.0.1:{}", USER.replace('@', "%40"), dovecot.port()), more);
    place.must(&["migrate"]);
    place
}

/// As [`installation`], at this URL, not migrated.
pub fn at(db: &TestDb, url: &str, more: &str) -> Installation {
    let more = if more.is_empty() { String::new() } else { format!(", {more}") };
    let mailbox = format!("[{{name=\"head\", url=\"{url}\", password_variable=\"MAILBOX_PASSWORD\"{more}}}]");
    Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:1")
        .with("CHENQING__MAIL__INCOMING__IMAP", &mailbox)
        .with("MAILBOX_PASSWORD", PASSWORD)
        // The standing connection alone, where a server runs.
        .with("CHENQING__JOBS__FETCH", "0 0 0 1 1 *")
        // What becomes of messages afterwards is not told here.
        .with("CHENQING__JOBS__INCOMING", "0 0 0 1 1 *")
}

/// A plain message of an invented person.
pub fn message(subject: &str) -> Vec<u8> {
    format!(
        "From: lin@example.org\nTo: mailbox@agency.example.tw\nSubject: {subject}\nMessage-ID: <{subject}@example.org>\n\n\
         The lamps at the demonstration harbour are dark.\n"
    )
    .into_bytes()
}

/// A message as it comes over the wire: every line ends in CR LF.
pub fn on_the_wire(bytes: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            wire.push(b'\r');
        }
        wire.push(*byte);
        before = *byte;
    }
    wire
}

/// What the ledger holds: the digests of its messages. That no receipt is doubled is checked by the way.
pub fn ledger(db: &TestDb) -> BTreeSet<String> {
    let mut connection = db.connection();
    let digests = rows::words(&mut connection, "SELECT sha256 AS t FROM messages");
    let all: BTreeSet<String> = digests.iter().cloned().collect();
    assert_eq!(all.len(), digests.len(), "no message is there twice");
    all
}

/// The digests of these messages.
pub fn digests(messages: &[Vec<u8>]) -> BTreeSet<String> {
    messages.iter().map(|bytes| sha256(&on_the_wire(bytes))).collect()
}

/// A number out of the database.
pub fn count(db: &TestDb, sql: &str) -> i64 {
    rows::number(&mut db.connection(), sql)
}
