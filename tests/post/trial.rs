//! `chenqing check --send`: which forms of address arrive, by a real Postfix and a real Dovecot.

use serde_json::Value;

use crate::support::dovecot::{Dovecot, PASSWORD, USER};
use crate::support::on_both;
use crate::support::postfix::Postfix;
use crate::support::program::Installation;

const MODES: [&str; 3] = ["send none", "send plus", "send catch_all"];

/// The lines about the letters that were sent, and how it ended.
fn sent(place: &Installation, wait: &str) -> (Vec<(bool, String)>, Option<i32>) {
    let output = place.run(&["check", "--json", "--send", "--wait", wait]);
    let lines: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of_trials: Vec<&Value> =
        lines.iter().filter(|line| line["what"].as_str().unwrap().starts_with("send ")).collect();
    let names: Vec<&str> = of_trials.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert!(names.starts_with(&MODES) && (names.len() == 3 || names[3..] == ["send bounce"]), "{lines:?}");
    let text = |line: &&Value| (line["ok"] == true, line["text"].as_str().unwrap().to_owned());
    (of_trials.iter().map(text).collect(), output.status.code())
}

fn check(said: &(bool, String), ok: bool, words: &[&str]) {
    assert_eq!(said.0, ok, "{}", said.1);
    assert!(words.iter().all(|words| said.1.contains(words)), "{}", said.1);
}

on_both!(check_sends_itself_a_letter_in_every_mode, |db| {
    let Some(dovecot) = Dovecot::up() else { return };
    let url = format!("imap://{}@127.0.0.1:{}", USER.replace('@', "%40"), dovecot.port());
    let mailbox = format!("[{{name=\"head\", url=\"{url}\", password_variable=\"MAILBOX_PASSWORD\"}}]");
    let place = |postfix: &Postfix| {
        Installation::new(db.folder(), &db.url, &postfix.url())
            .with("MAILBOX_PASSWORD", PASSWORD)
            .with("CHENQING__MAIL__REPLY_ADDRESS", "plus")
            .with("CHENQING__JOBS__INCOMING", "* * * * * *")
    };
    // This mail server delivers to the mailbox, with and without a plus sign, and to no other name of the domain.
    let Some(postfix) = Postfix::of_agency(&dovecot.maildir(""), &[], false) else { return };
    let plain = place(&postfix);
    plain.must(&["migrate"]);
    let fetching = place(&postfix).with("CHENQING__MAIL__INCOMING__IMAP", &mailbox);
    let (said, _) = sent(&fetching, "15");
    check(&said[0], true, &["works", "mailbox@agency.example.tw", "the mailbox head", "is as it was sent"]);
    check(&said[1], true, &["works", "mailbox+c.", "the mailbox head"]);
    check(&said[2], true, &["does not work", "did not arrive within 15 s", "not in use here"]);
    assert_eq!(said.len(), 3, "what comes back goes to the sender's own address");
    assert!(
        dovecot.messages("").iter().all(|name| !name.contains(":2,")),
        "nothing is marked: {:?}",
        dovecot.messages("")
    );
    // In use, it is a fault.
    let all = place(&postfix)
        .with("CHENQING__MAIL__INCOMING__IMAP", &mailbox)
        .with("CHENQING__MAIL__REPLY_ADDRESS", "catch_all");
    let (said, code) = sent(&all, "2");
    check(&said[2], false, &["does not work", "did not arrive within 2 s"]);
    assert_eq!(code, Some(1));
    // The address that letters return to is tried by a letter that has it as its envelope's sender too.
    let bounce = |mode: &str, returns: &str| {
        let all = place(&postfix).with("CHENQING__MAIL__INCOMING__IMAP", &mailbox);
        all.with("CHENQING__MAIL__BOUNCE_ADDRESS", mode).with("CHENQING__MAIL__BOUNCE_MAILBOX", returns)
    };
    let (said, _) = sent(&bounce("plus", "bounce"), "15");
    check(&said[3], true, &["works", "bounce+l.", "the mailbox head"]);
    let newest = dovecot.messages("").into_iter().map(|name| std::fs::read(dovecot.maildir("").join("new").join(name)));
    let newest: Vec<String> = newest.flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(
        newest.iter().any(|one| one.contains("Return-Path: <bounce+l.") && one.contains("To: bounce+l.")),
        "{newest:?}"
    );
    for (mode, returns) in [("plus", "nobody"), ("catch_all", "bounce")] {
        let (said, code) = sent(&bounce(mode, returns), "2");
        check(&said[3], false, &["does not work", "did not arrive within 2 s"]);
        assert_eq!(code, Some(1));
    }
    // Without a mailbox it says how to look.
    let (said, _) = sent(&plain, "2");
    check(&said[1], true, &["look for it there", "Message-ID <letter."]);

    // Beside a running server, which takes the letters first and makes nothing of them; a relay that rewrites is told of.
    let Some(postfix) = Postfix::of_agency(&dovecot.maildir(""), &[], true) else { return };
    let fetching =
        place(&postfix).with("CHENQING__MAIL__INCOMING__IMAP", &mailbox.replace("}]", ", processed=\"delete\"}]"));
    let _server = fetching.serve();
    let (said, _) = sent(&fetching, "15");
    for mode in &said[..2] {
        check(mode, true, &["works", "a relay rewrote its Message-ID", "@relay.example.org>"]);
    }
    // A server that takes nothing says why.
    let away = place(&postfix).with("CHENQING__MAIL__SMTP__URL", "smtp://127.0.0.1:9");
    let (said, code) = sent(&away, "2");
    check(&said[1], false, &["does not work", "does not take it"]);
    assert_eq!(code, Some(1));
    assert_eq!(away.run(&["check", "--wait", "3"]).status.code(), Some(2), "--wait goes with --send");
});
