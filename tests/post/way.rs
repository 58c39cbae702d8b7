//! The whole way with real mail servers on both sides: a citizen's message through Postfix into the mailbox of Dovecot,
//! fetched by the running program, confirmed by the link of the letter that Postfix brings, answered, joined to its case;
//! and a letter that Postfix returns, fetched and noted on its case.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chenqing::post::incoming::{Read, read};

use crate::support::dovecot::{Dovecot, PASSWORD, USER};
use crate::support::people::Person;
use crate::support::postfix::{NAME, Postfix};
use crate::support::program::Installation;
use crate::support::{TestDb, on_both, rows};

const LIN: &str = "lin@example.org";
const MOVED: &str = "moved@example.org";
const MAILBOX: &str = "mailbox@agency.example.tw";

on_both!(from_a_message_to_its_case_by_message_ids, async |db| { whole_way(db, "none").await });
on_both!(from_a_message_to_its_case_by_signed_addresses, async |db| { whole_way(db, "plus").await });

async fn whole_way(db: &TestDb, mode: &str) {
    let Some(dovecot) = Dovecot::up() else { return };
    // Where addresses are signed, a relay that rewrites Message-IDs does no harm.
    let rewrites = mode == "plus";
    let Some(mut postfix) = Postfix::of_agency(&dovecot.maildir(""), &[LIN, MOVED], rewrites) else { return };
    let place = installation(db, &dovecot, &postfix, mode);
    let _server = place.serve();
    let world = World { db, dovecot, place };

    // A message becomes a submission, whose confirmation letter comes to the citizen's mailbox.
    postfix.take(LIN, MAILBOX, &message(LIN, "Lamp", "one", "", "The lamp at the demonstration harbour is dark."));
    let confirm = world.letter(&postfix, LIN, 1).await;
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM cases"), 0, "nobody has confirmed yet");
    // Its link is followed: a case, and the receipt with its number.
    world.follow(&confirm).await;
    let receipt = world.letter(&postfix, LIN, 2).await;
    let number = world.words("SELECT number AS t FROM cases").remove(0);
    assert!(receipt.text.contains(&number), "{}", receipt.text);

    // The citizen answers, as mail programs do.
    let (to, id) = (receipt.reply_to.unwrap(), receipt.message_id.unwrap());
    assert_eq!((to == MAILBOX, id.ends_with("@relay.example.org")), (!rewrites, rewrites), "{to} {id}");
    let answers = format!("In-Reply-To: <{id}>\nReferences: <{id}>\n");
    postfix.take(LIN, &to, &message(LIN, "Re: Lamp", "two", &answers, "Its number is A-17."));
    world
        .until(
            &postfix,
            "the answer has joined its case",
            "SELECT COUNT(*) AS n FROM messages WHERE state = 'appended'",
        )
        .await;
    let joined = "SELECT number AS t FROM cases WHERE id IN (SELECT case_id FROM messages WHERE state = 'appended')";
    assert_eq!(world.words(joined), [number]);
    let said = "SELECT reasons AS t FROM messages WHERE state = 'appended'";
    let by = if mode == "none" { "answers_letter" } else { "signed_reply" };
    assert!(world.words(said)[0].contains(by), "{:?}", world.words(said));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM events WHERE act = 'mail_joined'"), 1);

    // Another citizen confirms, but their mailbox is gone when the receipt comes: Postfix takes it and returns it.
    postfix.take(MOVED, MAILBOX, &message(MOVED, "Bench", "three", "", "The bench at the pier is broken."));
    let confirm = world.letter(&postfix, MOVED, 1).await;
    postfix.forget(MOVED);
    world.follow(&confirm).await;
    let failed =
        "SELECT COUNT(*) AS n FROM letters WHERE state = 'failed' AND kind = 'receipt' AND case_id IS NOT NULL";
    world.until(&postfix, "the returned letter has failed", failed).await;
    let error = world.words("SELECT error AS t FROM letters WHERE state = 'failed'").remove(0);
    assert!(error.starts_with("bounced: ") && !error.contains(MOVED), "{error}");
    let noted = "SELECT COUNT(*) AS n FROM messages m JOIN letters l ON l.id = m.letter_id \
                 WHERE m.state = 'noted' AND l.state = 'failed' AND m.case_id = l.case_id";
    assert_eq!(world.count(noted), 1, "Postfix's own report stands with the letter and its case");
    let told = "SELECT COUNT(*) AS n FROM events e JOIN letters l ON l.case_id = e.case_id \
                WHERE e.act = 'letter_failed' AND l.state = 'failed'";
    assert_eq!(world.count(told), 1, "the history of the case says so");
    // Where Message-IDs were rewritten, answer and report have taught them: now an answer joins without a signed address.
    if rewrites {
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM learned_ids"), 2);
        postfix.take(LIN, MAILBOX, &message(LIN, "Re: Lamp", "four", &answers, "Thank you."));
        let joined = "SELECT COUNT(*) AS n FROM messages WHERE state = 'appended' AND reasons LIKE '%answers_letter%'";
        world.until(&postfix, "the answer has joined its case by what was learned", joined).await;
    }
    // Each message once, and on the server each marked as done.
    let all = if rewrites { 5 } else { 4 };
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM messages"), all);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM receipts"), all);
    let marked = world.dovecot.messages("").into_iter().filter(|name| name.ends_with(":2,Sa")).count();
    assert_eq!(i64::try_from(marked).unwrap(), all, "{:?}", world.dovecot.messages(""));
}

fn installation(db: &TestDb, dovecot: &Dovecot, postfix: &Postfix, mode: &str) -> Installation {
    let url = format!("imap://{}@127.0.0.1:{}", USER.replace('@', "%40"), dovecot.port());
    let mailbox = format!("[{{name=\"head\", url=\"{url}\", password_variable=\"MAILBOX_PASSWORD\"}}]");
    let place = Installation::new(db.folder(), &db.url, &postfix.url())
        .with("CHENQING__MAIL__INCOMING__IMAP", &mailbox)
        .with("MAILBOX_PASSWORD", PASSWORD)
        .with("CHENQING__MAIL__INCOMING__TRUSTED_RELAYS", &format!("[\"{NAME}\"]"))
        .with("CHENQING__MAIL__REPLY_ADDRESS", mode)
        .with("CHENQING__MAIL__BOUNCE_ADDRESS", mode)
        .with("CHENQING__JOBS__INCOMING", "* * * * * *");
    place.must(&["migrate"]);
    place
}

fn message(from: &str, subject: &str, id: &str, more: &str, text: &str) -> String {
    format!(
        "From: Lin <{from}>\nTo: {MAILBOX}\nSubject: {subject}\nDate: Fri, 18 Sep 2026 17:00:00 +0800\n\
         Message-ID: <{id}@example.org>\n{more}\n{text}"
    )
}

struct World<'a> {
    db: &'a TestDb,
    dovecot: Dovecot,
    place: Installation,
}

impl World<'_> {
    /// The nth letter in a citizen's mailbox, once it has come.
    async fn letter(&self, postfix: &Postfix, citizen: &str, nth: usize) -> Read {
        let started = Instant::now();
        loop {
            let letters = postfix.letters().into_iter().map(|bytes| read(&bytes));
            let mut theirs = letters.filter(|letter| letter.to.iter().any(|to| to.address == citizen));
            if let Some(letter) = theirs.nth(nth - 1) {
                return letter;
            }
            self.wait(started, postfix, &format!("letter {nth} comes to {citizen}")).await;
        }
    }

    /// Follows the link of a confirmation letter, and presses the button there.
    async fn follow(&self, letter: &Read) {
        let begins = format!("{}/", self.place.url());
        let links = letter.text.split_whitespace().filter_map(|word| word.strip_prefix(&begins));
        let path = links.map(|rest| format!("/{rest}")).find(|path| path.contains("c/")).unwrap();
        let citizen = Person::at(&self.place.url());
        citizen.page(&path).await;
        citizen.must_post(&path, &BTreeMap::new()).await;
    }

    async fn until(&self, postfix: &Postfix, what: &str, counts: &str) {
        let started = Instant::now();
        while self.count(counts) == 0 {
            self.wait(started, postfix, what).await;
        }
    }

    async fn wait(&self, started: Instant, postfix: &Postfix, what: &str) {
        if started.elapsed() > Duration::from_secs(60) {
            let ledger = self.words("SELECT state || ' ' || reasons AS t FROM messages ORDER BY id");
            panic!("not so: {what}\n{ledger:?}\n{}\n{}", postfix.log(), self.dovecot.log());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    fn count(&self, sql: &str) -> i64 {
        rows::number(&mut self.db.connection(), sql)
    }

    fn words(&self, sql: &str) -> Vec<String> {
        rows::words(&mut self.db.connection(), sql)
    }
}
