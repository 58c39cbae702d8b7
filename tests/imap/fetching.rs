//! One look by the job `fetch`: what arrives, what becomes of it on the server, what `check` says.

use serde_json::Value;

use super::place::{at, count, digests, installation, ledger, message};
use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::{TestDb, on_both, rows};

on_both!(every_message_arrives_once_and_byte_for_byte, |db| { Dovecot::up().iter().for_each(|d| arrives(db, d)) });
on_both!(messages_are_moved_or_deleted_when_the_ledger_has_them, |db| {
    Dovecot::up().iter().for_each(|d| moved(db, d));
});
on_both!(uids_given_anew_do_no_harm, |db| { Dovecot::up().into_iter().for_each(|d| anew(db, d)) });
on_both!(a_wrong_password_is_said_and_shown_nowhere, |db| { Dovecot::up().iter().for_each(|d| wrong(db, d)) });

/// Messages of every kind that servers deliver.
fn odd() -> Vec<Vec<u8>> {
    let mut all = vec![
        message("plain"),
        // Raw Big5 in header and body, no declaration.
        b"From: a@example.org\nSubject: \xb3\xaf\xb1\xa1\n\n\xb1z\xa6n\n".to_vec(),
        "From: b@example.org\nSubject: 陳情\nContent-Type: text/plain; charset=utf-8\n\n港口路燈😀\n"
            .as_bytes()
            .to_vec(),
        // Lines that mean something to protocols, and no last line end.
        b"From: c@example.org\nSubject: dots\n\n.\n..\n)\n* 1 FETCH {3}\nA1 OK\n+ go\n{12}".to_vec(),
        b"Subject: no body\n".to_vec(),
        b"\n\n\n".to_vec(),
        [b"From: d@example.org\nSubject: long\n\n".to_vec(), vec![b'x'; 200_000]].concat(),
        b"From: e@example.org\r\nSubject: crlf\r\n\r\nlines\rof\r\nall kinds\n".to_vec(),
        (0..=255_u8).filter(|byte| *byte != 0).collect(),
    ];
    let line = [vec![b'Y'; 76], vec![b'\n']].concat();
    all.push([b"From: f@example.org\nSubject: huge\n\n".to_vec(), line.repeat(200_000)].concat());
    all
}

fn arrives(db: &TestDb, dovecot: &Dovecot) {
    let place = installation(db, dovecot, "");
    let messages = odd();
    messages.iter().for_each(|bytes| dovecot.deliver(bytes));
    // The same bytes once more are the same message, with a receipt of its own.
    dovecot.deliver(&messages[0]);
    let too_large = vec![b'z'; (64 << 20) + 1];
    dovecot.deliver(&too_large);
    let all = messages.len();
    assert!(place.must(&["job", "fetch"]).contains(&format!("{} messages fetched", all + 1)), "{}", dovecot.log());
    assert_eq!(ledger(db), digests(&messages));
    let receipts = "SELECT COUNT(*) AS n FROM receipts WHERE source = 'imap:head'";
    assert_eq!(count(db, receipts), i64::try_from(all + 1).unwrap());
    let marked = dovecot.messages("").into_iter().filter(|name| name.ends_with(":2,Sa")).count();
    assert_eq!(marked, all + 1, "{:?}", dovecot.messages(""));

    assert!(place.must(&["job", "fetch"]).contains("0 messages fetched"));
    dovecot.deliver(&message("later"));
    assert!(place.must(&["job", "fetch"]).contains("1 message fetched"));
    assert_eq!((ledger(db).len(), count(db, receipts)), (all + 1, i64::try_from(all + 2).unwrap()));

    // The one that was left is told of, once.
    staff(&place);
    assert!(place.must(&["job", "fetch_overdue"]).contains("1 person told"));
    assert!(place.must(&["job", "fetch_overdue"]).contains("0 people told"));
    let letter = rows::words(&mut db.connection(), "SELECT data AS t FROM letters WHERE kind = 'fetch_overdue'");
    assert!(letter.len() == 1 && letter[0].contains("\"too_large\":1"), "{letter:?}");
    assert!(letter[0].contains("\"overdue\":false"), "{letter:?}");
}

fn staff(place: &crate::support::program::Installation) {
    let words = ["staff", "add", "--username", "admin", "--name", "示範人", "--unit", "secretariat", "--role"];
    place.must(&[&words[..], &["administrator", "--email", "admin@example.tw"]].concat());
}

fn moved(db: &TestDb, dovecot: &Dovecot) {
    // 已處理, as it goes over the wire.
    const DONE: &str = "&XfKGVXQG-";
    let place = installation(db, dovecot, "processed=\"move:已處理\"");
    dovecot.deliver(&message("one"));
    dovecot.deliver(&message("two"));
    // Without the folder they are taken in all the same, and wait where they are.
    let failed = place.run(&["job", "fetch"]);
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(!failed.status.success() && said.contains("mailbox head: the server refuses"), "{said}");
    assert_eq!((ledger(db).len(), dovecot.messages("").len()), (2, 2));
    assert!(check(&place)["text"].as_str().unwrap().contains("the folder 已處理 cannot be opened"));
    dovecot.make_folder(DONE);
    dovecot.deliver(&message("three"));
    place.must(&["job", "fetch"]);
    assert_eq!((ledger(db).len(), dovecot.messages("").len(), dovecot.messages(DONE).len()), (3, 0, 3));
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM receipts"), 3, "fetched again, they are what they were");
    let line = check(&place);
    assert!(line["ok"] == true && line["text"].as_str().unwrap().contains("0 message(s) in INBOX"), "{line}");

    let place = installation(db, dovecot, "processed=\"delete\", idle=false, poll_seconds=30");
    dovecot.deliver(&message("four"));
    place.must(&["job", "fetch"]);
    assert_eq!((ledger(db).len(), dovecot.messages("").len()), (4, 0));
    assert!(check(&place)["text"].as_str().unwrap().contains("asked every 30 s"));
}

fn anew(db: &TestDb, mut dovecot: Dovecot) {
    let place = installation(db, &dovecot, "");
    let messages = [message("one"), message("two")];
    messages.iter().for_each(|bytes| dovecot.deliver(bytes));
    place.must(&["job", "fetch"]);
    let validity = || count(db, "SELECT uid_validity AS n FROM fetch_states");
    let before = validity();
    dovecot.stop();
    dovecot.forget_uids();
    // They are made of the second they are made in.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    dovecot.start();
    dovecot.deliver(&message("three"));
    place.must(&["job", "fetch"]);
    assert_ne!(validity(), before);
    assert_eq!(ledger(db), digests(&[&messages[..], &[message("three")]].concat()));
    let receipts = format!("SELECT COUNT(*) AS n FROM receipts WHERE reference LIKE '{}/%'", validity());
    assert_eq!(count(db, &receipts), 3);
}

fn wrong(db: &TestDb, dovecot: &Dovecot) {
    let url = format!("imap://mailbox%40agency.example.tw@127.0.0.1:{}", dovecot.port());
    let place = at(db, &url, "").with("MAILBOX_PASSWORD", "a wrong one").with("CHENQING__LOG__LEVEL", "trace");
    place.must(&["migrate"]);
    let failed = place.run(&["job", "fetch"]);
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(!failed.status.success() && said.contains("mailbox head: the log-in is refused"), "{said}");
    assert!(!said.contains("a wrong one") && !said.contains("YSB3cm9uZyBvbmU"), "{said}");
    let line = check(&place);
    assert!(line["ok"] == false && line["text"].as_str().unwrap().contains("the log-in is refused"), "{line}");
    assert!(line["text"].as_str().unwrap().contains("never read yet; last error: the log-in is refused"), "{line}");

    // Standing, the server asks once and then waits for minutes.
    let before = dovecot.log().matches("auth failed").count();
    let server = place.serve();
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(dovecot.log().matches("auth failed").count() - before, 1, "{}", dovecot.log());
    let told = std::time::Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(told.elapsed() < std::time::Duration::from_secs(5), "it stops in the middle of a wait");

    // The right one, at the finest level of the log: neither it nor what people write is in it.
    let place = place.with("MAILBOX_PASSWORD", PASSWORD);
    dovecot.deliver(&message("in confidence"));
    let done = place.run(&["job", "fetch"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    for secret in ["right passw", "in confidence", "demonstration harbour", "lin@example.org"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    assert_eq!(ledger(db).len(), 1);
}

/// The line of `check` about the mailbox.
fn check(place: &crate::support::program::Installation) -> Value {
    let lines: Vec<Value> = serde_json::from_slice(&place.run(&["check", "--json"]).stdout).unwrap();
    lines.into_iter().find(|line| line["what"] == "mailbox").unwrap()
}
