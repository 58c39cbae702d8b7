//! SIGKILL in the middle of each step of the way (submit, confirm, approve, deliver), at a different moment each time.
//! After the restart the person does what a person does: looks, and tries again. In the end nothing is lost and nothing
//! doubled; a letter that went out twice is the same letter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chenqing::acts::{Office, assign, draft, register, submit_reply};
use chenqing::config::Config;
use chenqing::domain::case::Kind;
use chenqing::domain::time::Moment;
use chenqing::keys::Keys;
use chenqing::store::{Store, cases, staff};
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;

use crate::post::server::Server as MailServer;
use crate::support::people::{Person, location, petition, value};
use crate::support::program::Installation;
use crate::support::{TestDb, on_both, rows};

/// How often each step is interrupted.
const TIMES: u32 = 8;

on_both!(a_kill_at_any_moment_loses_and_doubles_nothing, |db| { story(db) });

fn story(db: &TestDb) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mail = MailServer::up();
    let place = Installation::new(db.folder(), &db.url, &mail.url())
        .with("CHENQING__JOBS__OUTBOX", "* * * * * *")
        .with("CHENQING__LIMITS__SUBMISSIONS", "10000")
        .with("CHENQING__MAIL__SMTP__TIMEOUT_SECONDS", "5");
    place.must(&["migrate"]);
    let staff = accounts(&place);

    for turn in 0..TIMES {
        submit(&runtime, &place, turn);
    }
    let links = confirmation_links(db, &place);
    assert_eq!(links.len(), TIMES as usize, "one submission a citizen, however often they tried");
    for (turn, link) in (0..).zip(&links) {
        confirm(&runtime, &place, link, turn);
    }
    let numbers = numbers(db);
    assert_eq!(numbers.len(), TIMES as usize, "one case a submission");
    prepare_replies(db, &staff);
    for (turn, number) in (0..).zip(&numbers) {
        approve(&runtime, &place, &staff, number, turn);
    }
    deliver(&place, db);
    check(db, &place, &mail);
}

/// How long after the request the process is killed: sweeps over what a request takes.
fn moment(turn: u32) -> Duration {
    Duration::from_micros(u64::from(turn) * 2_500)
}

/// The petition is sent, the process killed; the citizen goes back and sends the same form again.
fn submit(runtime: &Runtime, place: &Installation, turn: u32) {
    let (key, email) = (format!("fault-test-key-{turn:08}"), format!("citizen{turn}@example.org"));
    let form = petition(&key, &email, "路燈不亮");
    let mut promised = None;
    for killed in [true, false] {
        let server = place.serve();
        let citizen = Person::at(&place.url());
        let request = citizen.post("/petitions", &form).send();
        if !killed {
            let answer = runtime.block_on(request).unwrap();
            assert_eq!(answer.status(), 303);
            if let Some(before) = &promised {
                assert_eq!(&location(&answer), before, "the same form, the same submission");
            }
            return;
        }
        let sent = runtime.spawn(request);
        std::thread::sleep(moment(turn));
        server.kill();
        if let Ok(answer) = runtime.block_on(sent).unwrap() {
            assert_eq!(answer.status(), 303);
            promised = Some(location(&answer));
        }
    }
}

/// The links of the confirmation mails, as the outbox would print them.
fn confirmation_links(db: &TestDb, place: &Installation) -> Vec<String> {
    let keys = keys(place);
    let mut connection = db.connection();
    let rows = rows::words(&mut connection, "SELECT link AS t FROM letters WHERE kind = 'confirm' ORDER BY id");
    rows.iter().map(|link| format!("/c/{}", keys.token(&serde_json::from_str(link).unwrap()).unwrap())).collect()
}

/// The button is pressed, the process killed; the citizen presses again.
fn confirm(runtime: &Runtime, place: &Installation, link: &str, turn: u32) {
    let server = place.serve();
    let citizen = Person::at(&place.url());
    let sent = runtime.spawn(citizen.post(link, &BTreeMap::new()).send());
    std::thread::sleep(moment(turn));
    server.kill();
    let _ = runtime.block_on(sent).unwrap();
    let _server = place.serve();
    let receipt = runtime.block_on(async {
        let answer = citizen.post(link, &BTreeMap::new()).send().await.unwrap();
        assert!(answer.status().is_redirection() || answer.status().is_success(), "{}", answer.status());
        citizen.page(link).await
    });
    assert!(receipt.contains("115"), "the receipt shows the number");
}

/// The supervisor approves, the process is killed; they look again and approve if it is still to do.
fn approve(runtime: &Runtime, place: &Installation, staff: &Accounts, number: &str, turn: u32) {
    let path = format!("/desk/cases/{number}");
    for killed in [true, false] {
        let server = place.serve();
        let person = Person::at(&place.url());
        let sent = runtime.block_on(async {
            person.sign_in("chief", &staff.password).await;
            let page = person.page(&path).await;
            if !page.contains(&format!("{path}/approve")) {
                return None;
            }
            let form = BTreeMap::from([
                ("_csrf", value(&page, "_csrf")),
                ("version", value(&page, "version")),
                ("result", "answered"),
            ]);
            Some(tokio::spawn(person.post(&format!("{path}/approve"), &form).send()))
        });
        let Some(sent) = sent else {
            assert!(!killed, "a reply lies before the supervisor");
            return;
        };
        if killed {
            std::thread::sleep(moment(turn));
            server.kill();
            let _ = runtime.block_on(sent).unwrap();
        } else {
            assert_eq!(runtime.block_on(sent).unwrap().unwrap().status(), 303);
        }
    }
}

/// The outbox works; the process is killed again and again until nothing waits.
fn deliver(place: &Installation, db: &TestDb) {
    let started = Instant::now();
    for turn in 0.. {
        let server = place.serve();
        // The first runs are short, so that claims, sends and records are cut; the later ones may finish.
        std::thread::sleep(Duration::from_millis(700 + 300 * turn.min(10)));
        server.kill();
        // A claim that the kill left behind runs out; the test does not wait ten minutes for it.
        rows::execute(&mut db.connection(), "UPDATE letters SET next_try_at = 1 WHERE state = 'sending'");
        rows::execute(&mut db.connection(), "UPDATE leases SET until = 0");
        if rows::number(&mut db.connection(), "SELECT COUNT(*) AS n FROM letters WHERE next_try_at IS NOT NULL") == 0 {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "letters still wait after two minutes");
    }
}

fn check(db: &TestDb, place: &Installation, mail: &MailServer) {
    let mut connection = db.connection();
    let mut count = |sql: &str| rows::number(&mut connection, sql);
    let times = i64::from(TIMES);
    assert_eq!(count("SELECT COUNT(*) AS n FROM submissions"), times);
    assert_eq!(count("SELECT COUNT(*) AS n FROM cases WHERE state = 'replied'"), times);
    for kind in ["confirm", "receipt", "reply"] {
        assert_eq!(count(&format!("SELECT COUNT(*) AS n FROM letters WHERE kind = '{kind}'")), times, "{kind}");
    }
    assert_eq!(count("SELECT COUNT(*) AS n FROM letters WHERE state <> 'sent'"), 0, "every letter was sent");
    assert_eq!(count("SELECT value AS n FROM counters"), times, "no number was given away");

    let mut letters: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for arrived in mail.arrived() {
        let text = String::from_utf8_lossy(&arrived.bytes).into_owned();
        let id = text.lines().find(|l| l.to_ascii_lowercase().starts_with("message-id:")).unwrap().to_owned();
        letters.entry(id).or_default().insert(without_date(&arrived.bytes));
    }
    assert_eq!(
        i64::try_from(letters.len()).unwrap(),
        count("SELECT COUNT(*) AS n FROM letters"),
        "each letter arrived"
    );
    assert!(letters.values().all(|versions| versions.len() == 1), "a letter sent twice is the same letter");
    assert!(place.must(&["audit", "verify"]).contains("The history is whole."));
}

/// A letter without the moment it was sent at.
fn without_date(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().filter(|line| !line.starts_with("Date:")).collect::<Vec<_>>().join("\n").into_bytes()
}

struct Accounts {
    password: String,
}

/// A registrar, a handler and a supervisor of one unit, with one password.
fn accounts(place: &Installation) -> Accounts {
    let mut password = String::new();
    for (username, unit, role) in
        [("desk", "secretariat", "registrar"), ("hand", "north", "handler"), ("chief", "north", "supervisor")]
    {
        let said = place.must(&[
            "staff",
            "add",
            "--username",
            username,
            "--name",
            "示範人",
            "--unit",
            unit,
            "--role",
            role,
            "--email",
            "staff@example.tw",
        ]);
        if username == "chief" {
            password = said.rsplit(": ").next().unwrap().trim().to_owned();
        }
    }
    Accounts { password }
}

fn keys(_: &Installation) -> Keys {
    Keys::new(&["1:a secret of the tests, of no use elsewhere"]).unwrap()
}

fn numbers(db: &TestDb) -> Vec<String> {
    rows::words(&mut db.connection(), "SELECT number AS t FROM cases ORDER BY id")
}

/// Brings every case before the supervisor, through the acts, with no server running.
fn prepare_replies(db: &TestDb, _: &Accounts) {
    let store = Store::open(&db.config()).unwrap();
    let zone = TimeZone::get("Asia/Taipei").unwrap();
    let keys = Keys::new(&["1:a secret of the tests, of no use elsewhere"]).unwrap();
    let office = Office::new(store, keys, Config::defaults().unwrap().cases, zone);
    let now = Moment::from_jiff(
        jiff::Timestamp::from_second(rows::number(&mut db.connection(), NOW_SQL) / 1_000_000).unwrap(),
    );
    let person = |name: &str| office.store.read(|db| staff::by_username(db, name)?.person()).unwrap();
    let (desk, hand) = (person("desk"), person("hand"));
    // The supervisor's first password would have to be changed at the first log-in; here it stays.
    rows::execute(&mut db.connection(), "UPDATE staff SET must_change_password = false");
    let class = register::Classification {
        kind: Kind::Suggestion,
        category: "port_security".into(),
        speed_class: "normal".into(),
        confidential: false,
        respondent_unit_id: None,
    };
    let written = draft::Draft {
        body: "路燈已於今日修復，謝謝您的來信，後續將定期巡查。".into(),
        legal_basis: "行政程序法第 171 條".into(),
        files: Vec::new(),
    };
    for number in numbers(db) {
        let case = office.store.read(|db| cases::by_number(db, &number)).unwrap();
        let version = register::register(&office, now, &desk, case.id, case.version, &class).unwrap();
        let version = assign::assign(&office, now, &desk, case.id, version, hand.unit_id, Some(hand.id)).unwrap();
        submit_reply::submit_reply(&office, now, &hand, case.id, version, &written).unwrap();
    }
}

/// A moment at which every case had been received.
const NOW_SQL: &str = "SELECT MAX(received_at) AS n FROM cases";
