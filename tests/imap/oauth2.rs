//! Log-in by OAuth 2.0: a token server and a Dovecot that asks it whether a token holds.

use diesel::connection::SimpleConnection as _;
use serde_json::Value;

use super::place::{count, ledger, message};
use super::tokens::{CLIENT_SECRET, REFRESH, TokenServer};
use crate::support::dovecot::{Dovecot, USER};
use crate::support::program::Installation;
use crate::support::{TestDb, on_both, until};

on_both!(a_refresh_token_opens_the_mailbox_and_no_other_does, |db| {
    let tokens = TokenServer::up();
    let Some(dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    let place = at(db, &dovecot, &tokens, "refresh_token_variable=\"REFRESH\"").with("CHENQING__LOG__LEVEL", "trace");
    place.must(&["migrate"]);
    dovecot.deliver(&message("one"));
    let done = place.run(&["job", "fetch"]);
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(done.status.success(), "{said}\n{}", dovecot.log());
    assert_eq!((ledger(db).len(), tokens.state().shown.as_slice()), (1, &["access-token-1".to_owned()][..]));
    let asked = tokens.state().asked[0].clone();
    assert_eq!((asked["client_id"].as_str(), asked["refresh_token"].as_str()), ("chenqing", REFRESH));
    assert!(!asked.contains_key("scope"));
    // At the finest level of the log.
    for secret in [REFRESH, CLIENT_SECRET, "access-token", "YXV0aD1CZWFyZXI"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    let line = check(&place);
    assert!(line["ok"] == true && line["text"].as_str().unwrap().contains("logged in by OAuth 2.0"), "{line}");

    // A wrong one: said by `check`, by the job and in the mailbox's state, without the token that the server repeats.
    let place = place.with("REFRESH", "a-wrong-refresh-token");
    let failed = place.run(&["job", "fetch"]);
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(!failed.status.success() && !said.contains("a-wrong-refresh") && !said.contains(USER), "{said}");
    let line = check(&place);
    let text = line["text"].as_str().unwrap();
    let words = "no access token: the token server 127.0.0.1:";
    assert!(line["ok"] == false && text.contains(words) && text.contains("refuses (400): invalid_grant"), "{line}");
    assert!(text.contains(&format!("last error: {words}")) && !text.contains("a-wrong-refresh"), "{line}");
    let state = format!("SELECT COUNT(*) AS n FROM fetch_states WHERE last_error LIKE '{words}%invalid_grant%'");
    assert_eq!(count(db, &state), 1);
    // A server that is out of order is no refusal.
    tokens.state().broken = Some(503);
    let said = check(&place)["text"].as_str().unwrap().to_owned();
    assert!(said.contains("no connection: the token server") && said.contains("answers 503"), "{said}");
});

on_both!(a_program_may_log_in_as_itself, |db| {
    let tokens = TokenServer::up();
    let Some(dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    let place = at(db, &dovecot, &tokens, "scope=\"mail.read\"");
    place.must(&["migrate"]);
    dovecot.deliver(&message("one"));
    place.must(&["job", "fetch"]);
    assert_eq!(ledger(db).len(), 1);
    let asked = tokens.state().asked[0].clone();
    assert_eq!((asked["grant_type"].as_str(), asked["scope"].as_str()), ("client_credentials", "mail.read"));
    // A server that knows no such log-in.
    let plain = Dovecot::up().unwrap();
    let line = check(&at(db, &plain, &tokens, "scope=\"mail.read\""));
    assert!(line["text"].as_str().unwrap().contains("offers no log-in by OAuth 2.0"), "{line}");
});

on_both!(secrets_go_to_a_token_server_that_the_system_trusts, |db| {
    let tokens = TokenServer::up();
    let Some(dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    let certificate = dovecot.certificate();
    let key = certificate.replace("certificate.pem", "key.pem");
    let url = tokens.encrypted(certificate.as_ref(), key.as_ref());
    let place = over(db, &dovecot, &url, "refresh_token_variable=\"REFRESH\"");
    place.must(&["migrate"]);
    dovecot.deliver(&message("one"));
    let refused = place.run(&["job", "fetch"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("no connection: the token server localhost:"), "{said}");
    assert!(tokens.state().asked.is_empty(), "it was told nothing");
    place.with("SSL_CERT_FILE", &certificate).must(&["job", "fetch"]);
    assert_eq!((ledger(db).len(), tokens.state().asked.len()), (1, 1));
});

on_both!(a_token_is_kept_until_it_ends_and_asked_for_once_more_when_it_is_refused, |db| {
    let tokens = TokenServer::up();
    let Some(mut dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    tokens.state().rotates = true;
    let place = at(db, &dovecot, &tokens, "refresh_token_variable=\"REFRESH\"");
    place.must(&["migrate"]);
    let _server = place.serve();
    dovecot.deliver(&message("message1"));
    until("the message is in the ledger", 60, || ledger(db).len() == 1);
    let mut again = |nth| on_another_connection(db, &mut dovecot, nth);
    // Another connection, the same token.
    again(2);
    assert_eq!(tokens.state().asked.len(), 1, "the token is kept");
    // It holds no more, though its time is not over: one more is asked for, by the refresh token that came with it.
    tokens.state().valid.clear();
    tokens.state().expires_in = 1;
    again(3);
    assert_eq!(tokens.state().shown, ["access-token-1", "access-token-1", "access-token-1", "access-token-2"]);
    assert_eq!(tokens.state().asked[1]["refresh_token"], "refresh-token-1");
    // One whose time is over is not shown at all.
    again(4);
    assert_eq!(tokens.state().shown.last().unwrap(), "access-token-3");
    assert_eq!(tokens.state().shown.len(), 5);
    assert_eq!(tokens.state().asked.len(), 3);
});

on_both!(a_new_refresh_token_outlives_the_process, |db| {
    let tokens = TokenServer::up();
    let Some(dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    tokens.state().rotates = true;
    let place = at(db, &dovecot, &tokens, "refresh_token_variable=\"REFRESH\"");
    place.must(&["migrate"]);
    let shown = || tokens.state().asked.last().unwrap()["refresh_token"].clone();
    // Each is a process of its own, and the first refresh token is good for one of them.
    for (nth, token) in [REFRESH, "refresh-token-1", "refresh-token-2"].iter().enumerate() {
        dovecot.deliver(&message(&format!("message{nth}")));
        place.must(&["job", "fetch"]);
        assert_eq!((shown().as_str(), ledger(db).len()), (*token, nth + 1));
    }
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM mailbox_tokens WHERE configured NOT LIKE '%token%'"), 1);
    assert!(check(&place)["ok"] == true);
    assert_eq!(shown(), "refresh-token-3");

    // Somebody consented anew: from then on by that, and by what comes of it.
    tokens.state().refresh = "consented-anew".into();
    let place = place.with("REFRESH", "consented-anew");
    for token in ["consented-anew", "refresh-token-5"] {
        place.must(&["job", "fetch"]);
        assert_eq!(shown(), token);
    }
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM mailbox_tokens"), 1);
});

on_both!(a_new_refresh_token_that_cannot_be_kept_is_used_and_kept_later, |db| {
    let tokens = TokenServer::up();
    let Some(mut dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    (tokens.state().rotates, tokens.state().expires_in) = (true, 1);
    let place = at(db, &dovecot, &tokens, "refresh_token_variable=\"REFRESH\"");
    place.must(&["migrate"]);
    let (close, open) = if db.is_postgres() {
        let name = "ALTER TABLE mailbox_tokens";
        (format!("{name} ADD CONSTRAINT closed CHECK (configured = '')"), format!("{name} DROP CONSTRAINT closed"))
    } else {
        let refuses = "BEFORE INSERT ON mailbox_tokens BEGIN SELECT RAISE(ABORT, 'closed'); END";
        (format!("CREATE TRIGGER closed {refuses}"), "DROP TRIGGER closed".to_owned())
    };
    db.connection().batch_execute(&close).unwrap();
    let server = place.serve();
    dovecot.deliver(&message("message1"));
    until("the first message is in the ledger", 60, || ledger(db).len() == 1);
    let mut again = |nth| on_another_connection(db, &mut dovecot, nth);
    let kept = || count(db, "SELECT COUNT(*) AS n FROM mailbox_tokens");
    let by_the_newest = || {
        let shown: Vec<String> = tokens.state().asked.iter().map(|form| form["refresh_token"].clone()).collect();
        let newest = (1..shown.len()).map(|nth| format!("refresh-token-{nth}"));
        assert_eq!(shown[1..], newest.collect::<Vec<_>>());
        shown.len()
    };
    // The old one is void by now: without the one in memory nobody could log in any more.
    again(2);
    assert_eq!((by_the_newest(), kept()), (2, 0));
    db.connection().batch_execute(&open).unwrap();
    again(3);
    assert_eq!((by_the_newest(), kept()), (3, 1));
    assert!(server.stop().success());
    dovecot.deliver(&message("message4"));
    place.must(&["job", "fetch"]);
    assert_eq!((by_the_newest(), ledger(db).len()), (4, 4));
});

on_both!(a_token_server_is_asked_by_one_process_at_a_time, |db| {
    let tokens = TokenServer::up();
    let Some(dovecot) = Dovecot::with_tokens(tokens.port()) else { return };
    tokens.state().rotates = true;
    let place = at(db, &dovecot, &tokens, "refresh_token_variable=\"REFRESH\"");
    place.must(&["migrate"]);
    // Each is a process of its own; the server voids a token at its first showing, and no old one is shown.
    let lines: Vec<Value> = std::thread::scope(|scope| {
        let checks: Vec<_> = (0..4).map(|_| scope.spawn(|| check(&place))).collect();
        checks.into_iter().map(|check| check.join().unwrap()).collect()
    });
    assert!(lines.iter().all(|line| line["ok"] == true), "{lines:?}");
    let shown: Vec<String> = tokens.state().asked.iter().map(|form| form["refresh_token"].clone()).collect();
    assert_eq!(shown, [REFRESH, "refresh-token-1", "refresh-token-2", "refresh-token-3"]);
});

/// The connection to the mailbox is lost; over the next one comes the message with this number.
fn on_another_connection(db: &TestDb, dovecot: &mut Dovecot, nth: usize) {
    dovecot.stop();
    dovecot.deliver(&message(&format!("message{nth}")));
    let lost = "SELECT COUNT(*) AS n FROM fetch_states WHERE last_error_at > last_success_at";
    until("the connection is lost", 60, || count(db, lost) == 1);
    dovecot.start();
    let read = "SELECT COUNT(*) AS n FROM fetch_states WHERE last_success_at > last_error_at";
    until("the mailbox is read again", 60, || count(db, read) == 1);
    assert_eq!(ledger(db).len(), nth);
}

fn at(db: &TestDb, dovecot: &Dovecot, tokens: &TokenServer, more: &str) -> Installation {
    over(db, dovecot, &tokens.url(), more)
}

fn over(db: &TestDb, dovecot: &Dovecot, token_url: &str, more: &str) -> Installation {
    let oauth2 = format!(
        "{{token_url=\"{token_url}\", client_id=\"chenqing\", client_secret_variable=\"CLIENT_SECRET\", {more}}}"
    );
    let url = format!("imap://{}@127.0.0.1:{}", USER.replace('@', "%40"), dovecot.port());
    let mailbox = format!("[{{name=\"head\", url=\"{url}\", auth=\"oauth2\", oauth2={oauth2}}}]");
    Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:1")
        .with("CHENQING__MAIL__INCOMING__IMAP", &mailbox)
        .with("CLIENT_SECRET", CLIENT_SECRET)
        .with("REFRESH", REFRESH)
        .with("CHENQING__JOBS__FETCH", "0 0 0 1 1 *")
        .with("CHENQING__JOBS__INCOMING", "0 0 0 1 1 *")
}

/// The line of `check` about the mailbox.
fn check(place: &Installation) -> Value {
    let lines: Vec<Value> = serde_json::from_slice(&place.run(&["check", "--json"]).stdout).unwrap();
    lines.into_iter().find(|line| line["what"] == "mailbox").unwrap()
}
