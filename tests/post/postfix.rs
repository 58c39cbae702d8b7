//! The whole way of a petition with the real program and a real Postfix: what the petitioner reads comes out of their
//! mailbox, and every link they follow stands in a letter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chenqing::config::AddressMode;
use chenqing::keys::random_word;
use chenqing::post::MARK;
use chenqing::post::address::{letter_of, marked};
use mail_parser::{Message, MessageParser};
use serde_json::json;
use tokio::runtime::Runtime;

use super::server::Server;
use crate::support::people::{Person, option, petition, value};
use crate::support::postfix::{ELSEWHERE, Postfix, UNKNOWN};
use crate::support::program::Installation;
use crate::support::{TestDb, on_both, rows, until};

const SUBJECT: &str = "示範漁港北堤路燈不亮，夜間行走危險，請儘快派員修復並於修復後告知港區住戶";
const REPLY: &str = "您反映的路燈已於今日修復，並加設警示標誌，後續每週巡查一次。\n\n.\n謝謝您的提醒。";

on_both!(from_the_form_to_the_rating_by_real_mail, |db| { Postfix::up().iter().for_each(|mail| whole_way(db, mail)) });
on_both!(a_petition_waits_for_the_mail_server, |db| { Postfix::down().into_iter().for_each(|mail| waits(db, mail)) });

fn installation(db: &TestDb, mail: &Postfix, ticks: &str) -> Installation {
    let place = Installation::new(db.folder(), &db.url, &mail.url())
        .with("CHENQING__JOBS__OUTBOX", ticks)
        .with("CHENQING__MAIL__FROM", "mailbox@agency.example.tw")
        .with("CHENQING__MAIL__FROM_NAME", "署長信箱");
    place.must(&["migrate"]);
    place
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn whole_way(db: &TestDb, mail: &Postfix) {
    // No tick comes: every letter leaves because its act was committed.
    let place = installation(db, mail, "0 0 0 1 1 *");
    let first: BTreeMap<&str, String> =
        [("desk", "secretariat", "registrar"), ("hand", "north", "handler"), ("chief", "north", "supervisor")]
            .map(|(name, unit, role)| (name, add_staff(&place, name, unit, role)))
            .into();
    let _server = place.serve();
    runtime().block_on(async {
        let citizen = Person::at(&place.url());
        submit_with_a_wrong_address(&citizen, mail).await;
        let (number, code) = confirm(&citizen, mail, &place).await;

        let [desk, hand, chief] = ["desk", "hand", "chief"].map(|name| (name, Person::at(&place.url())));
        for (name, person) in [&desk, &hand, &chief] {
            person.sign_in_first(name, &first[name], "a long pass phrase of the tests").await;
        }
        register_and_assign(&desk.1, &number).await;
        answer(&hand.1, &chief.1, &number).await;
        rate(&citizen, mail, &place).await;

        let page = chief.1.page(&format!("/desk/cases/{number}")).await;
        assert!(page.contains("修得快，但希望先放警示標誌。"), "the rating is on the page of the case");
        let form = BTreeMap::from([("number", number.as_str()), ("code", code.as_str())]);
        assert_eq!(citizen.must_post("/status", &form).await, "/status/case");
        let page = citizen.page("/status/case").await;
        assert!(page.contains("後續每週巡查一次") && page.contains("已回復"), "{page}");
    });
    check_letters(&mail.letters());
}

/// The first address is one that Postfix does not know: the page says so, and the right one is given.
async fn submit_with_a_wrong_address(citizen: &Person, mail: &Postfix) {
    let form = citizen.page("/petitions/new").await;
    let typed = petition(value(&form, "idempotency_key"), UNKNOWN, SUBJECT);
    let page = citizen.must_post("/petitions", &typed).await;
    let started = Instant::now();
    while !citizen.page(&page).await.contains("退回") {
        assert!(started.elapsed() < Duration::from_secs(60), "the mail did not come back:\n{}", mail.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(mail.letters().is_empty());
    let form = BTreeMap::from([("email", "lin@example.org")]);
    let to = citizen.must_post(&format!("{page}/address"), &form).await;
    assert!(to.starts_with(&page), "{to}");
}

/// The link in the mail is followed; number and query code, as page and letter show them.
async fn confirm(citizen: &Person, mail: &Postfix, place: &Installation) -> (String, String) {
    let letter = arrival(mail, "lin@example.org", "確認").await;
    let path = link(&letter, place, "/c/");
    assert!(citizen.page(&path).await.contains(SUBJECT));
    assert_eq!(citizen.must_post(&path, &BTreeMap::new()).await, path);
    let receipt = citizen.page(&path).await;
    let letter = arrival(mail, "lin@example.org", "我們收到您的陳情").await;
    let (number, code) = (fact(&letter, "案件編號："), fact(&letter, "查詢碼："));
    assert!(receipt.contains(&number) && receipt.contains(&code), "the letter says what the page says");
    (number, code)
}

async fn register_and_assign(desk: &Person, number: &str) {
    let class = [("kind", "suggestion"), ("category", "port_security"), ("speed_class", "normal")];
    desk.act(number, "register", &class).await;
    let page = desk.page(&format!("/desk/cases/{number}")).await;
    desk.act(number, "assign", &[("unit_id", option(&page, "北部分署")), ("handler_id", "")]).await;
}

async fn answer(hand: &Person, chief: &Person, number: &str) {
    hand.act(number, "take", &[]).await;
    let reply = [("body", REPLY), ("legal_basis", "行政程序法第 171 條")];
    hand.write(number, "draft", &reply).await;
    hand.write(number, "submit_reply", &reply).await;
    chief.act(number, "approve", &[("result", "answered")]).await;
}

async fn rate(citizen: &Person, mail: &Postfix, place: &Installation) {
    let letter = arrival(mail, "lin@example.org", "回復您的陳情").await;
    assert!(letter.body_text(0).unwrap().lines().any(|line| line == "."), "a lone dot stays a line of the letter");
    let path = link(&letter, place, "/r/");
    assert!(citizen.page(&path).await.contains("滿意"));
    let levels = ["result", "clarity", "speed", "attitude"].map(|question| (question, "4"));
    let mut form = BTreeMap::from(levels);
    form.extend([("overall", "2"), ("comment", "修得快，但希望先放警示標誌。")]);
    citizen.must_post(&path, &form).await;
}

/// What every letter must be after a real mail server had it.
fn check_letters(letters: &[Vec<u8>]) {
    let mut ids = BTreeSet::new();
    for bytes in letters {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 998), "{text}");
        let message = MessageParser::default().parse(bytes).unwrap();
        let once = |name: &str| assert_eq!(message.header_values(name).count(), 1, "{name} in\n{text}");
        ["Return-Path", "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
            .into_iter()
            .for_each(once);
        assert!(text.starts_with("Return-Path: <mailbox@agency.example.tw>"), "{text}");
        assert_eq!(message.from().unwrap().first().unwrap().name(), Some("署長信箱"));
        let types: Vec<_> = message.parts.iter().map(mime_type).collect();
        assert_eq!(types, ["multipart/alternative", "text/plain; utf-8", "text/html; utf-8"]);
        let words = message.body_text(0).unwrap();
        assert!(!words.contains('\u{fffd}') && words.contains("示範漁港"), "{words}");
        assert!(ids.insert(message.message_id().unwrap().to_owned()), "a letter arrived twice");
    }
    // To the petitioner: confirm, receipt, assigned, reply. To staff: for the unit, for approval.
    assert_eq!(letters.len(), 6, "{:?}", letters.iter().map(|bytes| subject(bytes)).collect::<Vec<_>>());
}

fn mime_type(part: &mail_parser::MessagePart<'_>) -> String {
    use mail_parser::MimeHeaders;
    let kind = part.content_type().unwrap();
    let charset = kind.attribute("charset").map(|charset| format!("; {charset}")).unwrap_or_default();
    format!("{}/{}{charset}", kind.ctype(), kind.subtype().unwrap())
}

/// Petitions are handed in while Postfix is away; it comes back, and each letter arrives once.
fn waits(db: &TestDb, mut mail: Postfix) {
    const PETITIONS: i64 = 20;
    let place = installation(db, &mail, "* * * * * *");
    let _server = place.serve();
    runtime().block_on(async {
        let program = Person::at(&place.url());
        for nth in 0..PETITIONS {
            let new = json!({
                "name": "林示範", "email": format!("citizen{nth}@example.org"), "phone": "0900-000-123",
                "subject": SUBJECT, "body": "示範漁港北側堤防的路燈熄滅三天。", "kind": "suggestion", "consent": true,
            });
            let request = program.api("/api/v1/petitions").header("idempotency-key", random_word::<16>().unwrap());
            assert_eq!(request.json(&new).send().await.unwrap().status(), 202);
        }
    });
    let count = |state: &str| {
        let sql = format!("SELECT COUNT(*) AS n FROM letters WHERE state = '{state}' AND attempts > 0");
        rows::number(&mut db.connection(), &sql)
    };
    until("every letter was tried", 60, || count("waiting") == PETITIONS);
    assert!(mail.letters().is_empty());
    mail.start();
    // They would be tried again after a minute.
    rows::execute(&mut db.connection(), "UPDATE letters SET next_try_at = 1 WHERE state = 'waiting'");
    until("every letter is sent", 60, || count("sent") == PETITIONS);
    until("every letter is delivered", 60, || mail.letters().len() >= usize::try_from(PETITIONS).unwrap());
    // Whatever is still on its way in Postfix has arrived when it has stopped.
    mail.stop();
    let letters = mail.letters();
    let recipients: BTreeSet<String> = letters.iter().map(|bytes| recipient(bytes)).collect();
    assert_eq!((letters.len(), recipients.len()), (20, 20), "each arrived once");
}

#[test]
fn what_postfix_cannot_deliver_comes_back_to_its_letter_s_address() {
    // Postfix takes it, and hears only from the next server that there is nobody of this name.
    let next = Server::up();
    next.fault("*", Some("permanent"));
    if let Some(mail) = Postfix::relaying(next.port()) {
        let world = super::world::worlds().remove(0);
        let mut config = world.config.clone();
        (config.mail.smtp.url, config.mail.bounce_address) = (mail.url(), AddressMode::Plus);
        let post = super::world::post(&config, world.store.clone(), world.files.clone());
        let lost = world.owe(&format!("lin@{ELSEWHERE}"));
        let other = world.owe("lin@example.org");
        assert_eq!(chenqing::post::deliver(&post, &world.clock).unwrap().sent.len(), 2);
        until("letter and report have arrived", 60, || mail.letters().len() == 2);
        let letters = mail.letters();
        let report = letters.iter().find(|bytes| recipient(bytes).starts_with("bounce+l.")).unwrap();
        assert_eq!(letter_of(&world.keys, &recipient(report)), Some(lost), "{}", recipient(report));
        let report = String::from_utf8_lossy(report);
        assert!(report.starts_with("Return-Path: <>") && report.contains("multipart/report"), "{report}");
        // The letter in it has its mark still.
        let mark = report.split(&format!("{MARK}: ")).nth(1).and_then(|rest| rest.lines().next()).unwrap();
        assert_eq!(marked(&world.keys, mark), Some(lost));
        let delivered = letters.iter().find(|bytes| recipient(bytes) == "lin@example.org").unwrap();
        let path = String::from_utf8_lossy(delivered);
        let path = path.lines().next().unwrap().trim_start_matches("Return-Path: ");
        assert_eq!(letter_of(&world.keys, path), Some(other));
    }
}

/// Waits for a letter to somebody whose subject holds these words.
async fn arrival(mail: &Postfix, to: &str, words: &str) -> Message<'static> {
    let started = Instant::now();
    loop {
        let letters = mail.letters();
        if let Some(bytes) = letters.iter().find(|bytes| recipient(bytes) == to && subject(bytes).contains(words)) {
            return MessageParser::default().parse(bytes).unwrap().into_owned();
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no letter {words:?} to {to} arrived:\n{}", mail.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn subject(bytes: &[u8]) -> String {
    MessageParser::default().parse(bytes).unwrap().subject().unwrap().to_owned()
}

/// To whom Postfix delivered it.
fn recipient(bytes: &[u8]) -> String {
    MessageParser::default().parse(bytes).unwrap().header_raw("Delivered-To").unwrap().trim().to_owned()
}

/// The path of a letter's link, the same in both parts.
fn link(letter: &Message<'_>, place: &Installation, begins: &str) -> String {
    let base = place.url();
    let text = letter.body_text(0).unwrap();
    let links: Vec<&str> = text.lines().filter(|line| line.starts_with(&format!("{base}{begins}"))).collect();
    assert_eq!(links.len(), 1, "one link {begins} on a line of its own:\n{text}");
    assert!(letter.body_html(0).unwrap().contains(&format!("href=\"{}\"", links[0])), "the page has the same link");
    links[0].trim_end().strip_prefix(&base).unwrap().to_owned()
}

/// What a letter says after a caption.
fn fact(letter: &Message<'_>, caption: &str) -> String {
    let text = letter.body_text(0).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(caption));
    line.unwrap_or_else(|| panic!("no {caption} in\n{text}")).trim().to_owned()
}

fn add_staff(place: &Installation, username: &str, unit: &str, role: &str) -> String {
    let email = format!("{username}@example.tw");
    let words = ["staff", "add", "--username", username, "--name", "示範人", "--unit", unit, "--role", role, "--email"];
    let said = place.must(&[&words[..], &[&email]].concat());
    said.rsplit(": ").next().unwrap().trim().to_owned()
}
