//! SIGKILL in the middle of the morning's digest, again and again, until it is through: everybody has their one letter, with
//! every warning that waited for them, and none is told twice. A child process runs the job at a moment of the test's
//! choosing and is killed for good.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chenqing::acts::install::install;
use chenqing::acts::{Office, digest};
use chenqing::config::{Config, Database};
use chenqing::domain::letter::Letter;
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::staff::Role;
use chenqing::domain::time::{DAY, Moment};
use chenqing::store::clocks::{NewClock, insert};
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{Store, letters, warnings};
use jiff::tz::TimeZone;

use crate::stories::site::agency;
use crate::support::rows::{self, NOW};
use crate::support::{TestDb, databases};

/// Set in the child: database and moment.
const CHILD: &str = "CHENQING_TEST_DIGEST";
/// People who are to be told, each of so many clocks.
const PEOPLE: i64 = 100;
const EACH: i64 = 2;
/// Monday 21 September 2026, nine in the morning in Taipei: the first office morning after [`NOW`].
const MORNING: &str = "2026-09-21T01:00:00Z";

#[test]
fn a_kill_in_the_middle_of_the_digest_loses_and_doubles_no_letter() {
    if let Ok(told) = std::env::var(CHILD) {
        let (url, now) = told.rsplit_once('|').unwrap();
        let config = Database { url: url.to_owned(), pool: 2, wait_seconds: 30 };
        digest::digest(&office(&config), Moment(now.parse().unwrap())).unwrap();
        return;
    }
    databases().iter().for_each(story);
}

fn story(db: &TestDb) {
    let office = office(&db.config());
    install(&office, NOW, &agency()).unwrap();
    warn(&office);
    let now = Moment::from_jiff(MORNING.parse().unwrap());

    // Each child may write at least one letter more before it is killed; one that ends by itself has told the rest.
    let (mut kills, mut cut) = (0, BTreeSet::new());
    loop {
        let (mut child, before) = (start(db, now), told(db));
        let started = Instant::now();
        while told(db) == before && child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < Duration::from_secs(60), "the digest does not begin");
            std::thread::sleep(Duration::from_micros(200));
        }
        // At another moment each time.
        std::thread::sleep(Duration::from_micros(700 * kills));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        check(db, &office);
        cut.insert(told(db));
    }
    assert!(cut.iter().any(|told| (1..PEOPLE).contains(told)), "it was never cut in the middle: {cut:?}");
    assert_eq!(told(db), PEOPLE, "after {kills} kills");
    check(db, &office);
    // Once more, by whoever is left: nobody is told again.
    assert_eq!(digest::digest(&office, now).unwrap(), 0);
    assert_eq!(told(db), PEOPLE);
}

fn start(db: &TestDb, now: Moment) -> Child {
    let name = "faults::digest::a_kill_in_the_middle_of_the_digest_loses_and_doubles_no_letter";
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name]).env(CHILD, format!("{}|{}", db.url, now.0));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How many letters the digest has written.
fn told(db: &TestDb) -> i64 {
    rows::number(&mut db.connection(), "SELECT count(*) AS n FROM letters WHERE kind = 'digest'")
}

/// Whoever has a letter has one, and it says all that was to be said to them; of the others nothing is marked as told.
fn check(db: &TestDb, office: &Office) {
    let mut connection = db.connection();
    let mut numbers = |sql: &str| rows::numbers(&mut connection, sql);
    let readers = numbers("SELECT staff_id AS n FROM letters WHERE kind = 'digest' ORDER BY id");
    let marked = numbers("SELECT DISTINCT staff_id AS n FROM warnings WHERE told_at IS NOT NULL ORDER BY staff_id");
    let gathered = numbers("SELECT staff_id AS n FROM gathered ORDER BY staff_id");
    let once: BTreeSet<i64> = readers.iter().copied().collect();
    assert_eq!(once.len(), readers.len(), "two letters to one person");
    assert_eq!(once.iter().copied().collect::<Vec<_>>(), marked);
    assert_eq!(marked, gathered);
    for id in numbers("SELECT id AS n FROM letters WHERE kind = 'digest'") {
        let Letter::Digest { overdue, today, soon, more } =
            office.store.read(|db| letters::get(db, id)).unwrap().letter().unwrap()
        else {
            panic!("another letter")
        };
        let lines = overdue.len() + today.len() + soon.len();
        assert_eq!((i64::try_from(lines).unwrap(), more), (EACH, 0));
    }
    let open = numbers("SELECT count(*) AS n FROM warnings WHERE told_at IS NULL")[0];
    assert_eq!(open, (PEOPLE - i64::try_from(readers.len()).unwrap()) * EACH, "every warning is told or waits");
}

/// People with warnings that wait for the morning.
fn warn(office: &Office) {
    let store = office.store.clone();
    let office = office.clone();
    store
        .write(move |db| {
            let unit_id = office.reference(db)?.units.by_code("logistics").unwrap().id;
            for n in 0..PEOPLE {
                let new = NewStaff {
                    username: format!("reader{n}"),
                    name: "示範人".into(),
                    unit_id,
                    roles: vec![Role::Handler],
                    email: format!("reader{n}@agency.example.tw"),
                    phone: String::new(),
                    password_hash: String::new(),
                    must_change_password: false,
                };
                let staff_id = staff::insert(db, &new, NOW)?;
                for _ in 0..EACH {
                    let case_id = rows::case(db, "港區路燈")?;
                    let due_at = NOW.plus_seconds(20 * DAY);
                    let clock_id = insert(db, &clock(case_id, due_at))?;
                    let kind = "2 working days before".to_owned();
                    let (for_id, told_at) = (None, None);
                    let waits =
                        warnings::NewWarning { staff_id, for_id, case_id, clock_id, kind, due_at, at: NOW, told_at };
                    assert!(warnings::insert(db, &waits)?);
                }
            }
            Ok(())
        })
        .unwrap();
}

fn clock(case_id: i64, due_at: Moment) -> NewClock {
    NewClock {
        case_id,
        round: 1,
        purpose: ClockPurpose::Reply,
        unit_id: None,
        region: String::new(),
        policy_id: None,
        start_at: NOW,
        time_limit: "6 working days".into(),
        original_due_at: due_at,
        due_at,
        calendar_version: 1,
        // The sweep has said what it had to say.
        next_check_at: None,
    }
}

fn office(config: &Database) -> Office {
    let (store, zone) = (Store::open(config).unwrap(), TimeZone::get("Asia/Taipei").unwrap());
    Office::new(store, rows::keys(), Config::defaults().unwrap().cases, zone)
}
