//! `chenqing mail receive` as a mail server calls it: exit codes, beside a running server, with the database away, and by a
//! real Postfix.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::postfix::{PIPED, Postfix, id_of};
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

/// Sends a message from outside.
fn send(mail: &Postfix, subject: &str) {
    let message = format!("From: lin@example.org\nSubject: {subject}\n\nThe lamp.");
    mail.take("lin@example.org", &format!("mailbox+c.abc@{PIPED}"), &message);
}

fn until(mail: &Postfix, what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}:\n{}", mail.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A file for `nobody`, or a folder with all that is in it.
fn give_away(path: &Path) {
    let (user, group) = id_of("nobody");
    chown(path, Some(user), Some(group)).unwrap();
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().for_each(|entry| give_away(&entry.unwrap().path()));
    }
}

on_both!(a_real_postfix_hands_messages_over_and_keeps_what_is_not_taken, |db| {
    let place = installation(db);
    let script = db.folder().join("receive.sh");
    let write = |place: &Installation| {
        let command = place.command(&["mail", "receive"]);
        let variables: String = command
            .get_envs()
            .filter_map(|(name, value)| Some(format!("export {}='{}'\n", name.to_str()?, value?.to_str()?)))
            .collect();
        let program = command.get_program().to_str().unwrap();
        let text = format!("#!/bin/sh\n{variables}cd {}\nexec {program} mail receive\n", db.folder().display());
        std::fs::write(&script, text).unwrap();
        std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
        give_away(db.folder());
    };
    write(&place);
    let Some(mail) = Postfix::piping(&script) else { return };
    send(&mail, "one");
    until(&mail, "the message does not arrive", || count(db, "messages") == 1);
    let raw = rows::words(&mut db.connection(), "SELECT sha256 AS t FROM messages").remove(0);
    let raw =
        std::fs::read_to_string(db.folder().join("data/files").join(&raw[..2]).join(&raw[2..4]).join(&raw)).unwrap();
    assert!(raw.contains(&format!("X-Original-To: mailbox+c.abc@{PIPED}")) && raw.contains("Subject: one"), "{raw}");

    // The database is away: Postfix keeps the message, and hands it over when it is there again.
    write(&installation(db).with("CHENQING__DATABASE__URL", "sqlite:/nonexistent/chenqing.db"));
    send(&mail, "two");
    until(&mail, "nothing is deferred", || mail.log().contains("status=deferred"));
    assert_eq!(count(db, "messages"), 1);
    write(&place);
    mail.flush();
    until(&mail, "the message is not sent again", || count(db, "messages") == 2);
});
