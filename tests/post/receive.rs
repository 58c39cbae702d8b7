//! `chenqing mail receive` as a mail server calls it: exit codes, beside a running server, and with the database away.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::support::program::Installation;
use crate::support::{TestDb, on_both, rows};

const MESSAGE: &[u8] = b"From: lin@example.org\nTo: mailbox@agency.example.tw\nSubject: x\n\nThe lamp is out.\n";

fn receive(place: &Installation, words: &[&str], message: &[u8]) -> Output {
    let mut command = place.command(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever refuses at once reads no input.
    let _ = child.stdin.take().unwrap().write_all(message);
    child.wait_with_output().unwrap()
}

fn count(db: &TestDb, table: &str) -> i64 {
    rows::number(&mut db.connection(), &format!("SELECT count(*) AS n FROM {table}"))
}

fn installation(db: &TestDb) -> Installation {
    let place = Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:9");
    place.must(&["migrate"]);
    place
}

on_both!(zero_means_it_is_in_the_ledger, |db| {
    let place = installation(db);
    let output = receive(&place, &["mail", "receive"], MESSAGE);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Beside a running server, and the same once more.
    let server = place.serve();
    for message in [MESSAGE, b"From: a@example.org\n\nother", b"", b"\0\xff"] {
        assert_eq!(receive(&place, &["mail", "receive"], message).status.code(), Some(0));
    }
    assert_eq!((count(db, "messages"), count(db, "receipts")), (4, 5));
    let taken = rows::number(&mut db.connection(), "SELECT count(*) AS n FROM messages WHERE state <> 'waiting'");
    assert_eq!(taken, 4, "taken in at once");
    assert!(server.stop().success());
});

on_both!(seventy_five_means_try_again, |db| {
    let place = installation(db);
    let wrong = |name: &str, value: &str| installation(db).with(name, value);
    for (place, words) in [
        // The database is away, or has no schema; the disk takes nothing; a key is mistyped.
        (wrong("CHENQING__DATABASE__URL", "postgres://nobody@127.0.0.1:9/none"), vec!["mail", "receive"]),
        (wrong("CHENQING__DATABASE__URL", "sqlite:/nonexistent/chenqing.db"), vec!["mail", "receive"]),
        (wrong("CHENQING__ATTACHMENTS__FOLDER", "/proc/none"), vec!["mail", "receive"]),
        (wrong("CHENQING__MAIL__INCOMING__FODLER", "x"), vec!["mail", "receive"]),
        (place, vec!["--config", "/nonexistent.toml", "mail", "receive"]),
    ] {
        let output = receive(&place, &words, MESSAGE);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(75), "{said}");
        assert!(said.contains("has to be sent again"), "{said}");
    }
    assert_eq!((count(db, "messages"), count(db, "receipts")), (0, 0));
});

on_both!(explain_asks_the_database_where_it_is_told_to, |db| {
    let place = installation(db);
    let answer = b"From: lin@example.org\nIn-Reply-To: <a@b.example>\nSubject: x\n\ny\n";
    let explain = |words: &[&str]| -> Value {
        let output = receive(&place, words, answer);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let alone = explain(&["mail", "explain", "-", "--json"])["reasons"].to_string();
    let known = explain(&["mail", "explain", "-", "--json", "--known"])["reasons"].to_string();
    assert!(alone.contains("answer_not_looked_up") && !known.contains("answer_not_looked_up"), "{alone} {known}");
    assert_eq!(count(db, "messages"), 0, "nothing is stored");
});
