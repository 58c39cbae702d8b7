//! What the sweep of clocks costs: a hundred clocks to act on among ten thousand running ones and among a million, most of
//! them long overdue, in one run; and the control officer's first page beside it. `cargo bench --bench sweep`, with
//! PostgreSQL by `tests/with-postgres --durable`. CHENQING_BENCH_CASES sets how many the many are.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may stop at the first fault")]

use std::time::{Duration, Instant};

use chenqing::acts::install::install;
use chenqing::acts::{Office, watch};
use chenqing::config::{Config, Database};
use chenqing::domain::agency_files::AgencyFiles;
use chenqing::domain::calendar_file;
use chenqing::domain::control::purposes;
use chenqing::domain::queue::Reach;
use chenqing::domain::time::{DAY, Moment};
use chenqing::keys::Keys;
use chenqing::store::control::{self, Slice};
use chenqing::store::{Db, Store, clocks, is_sqlite, migrate, sqlite_path};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use jiff::tz::TimeZone;

/// Clocks whose check has come.
const DUE: i64 = 100;
const FEW: i64 = 10_000;
/// Thursday 1 October 2026, nine in the morning in Taipei.
const NOW: &str = "2026-10-01T01:00:00Z";

fn main() {
    let many: i64 = std::env::var("CHENQING_BENCH_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    println!("{DUE} clocks to act on among {FEW} and among {many} running ones\n");
    // Beside the build and not in /tmp, which may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = |name: &str| format!("sqlite:{}/{name}.db", folder.path().display());
    compare("SQLite", &file("few"), &file("many"), many);
    match std::env::var("CHENQING_TEST_POSTGRES_URL") {
        Ok(server) => {
            let mut admin = PgConnection::establish(&server).unwrap();
            for name in ["sweep_few", "sweep_many"] {
                admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
                admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
            }
            let (address, _) = server.rsplit_once('/').unwrap();
            compare("PostgreSQL", &format!("{address}/sweep_few"), &format!("{address}/sweep_many"), many);
        }
        Err(_) => println!("PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set"),
    }
}

fn compare(name: &str, few: &str, many: &str, cases: i64) {
    let (few, many) = (measure(few, FEW), measure(many, cases));
    for (what, few, many) in
        [("finding them", few[0], many[0]), ("the sweep", few[1], many[1]), ("control, first page", few[2], many[2])]
    {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        println!("{name}, {what}: {few:.2?} and {many:.2?}, ratio {ratio:.2}");
    }
}

/// How long the query of the sweep, the whole sweep, and the first page of control take.
fn measure(url: &str, cases: i64) -> [Duration; 3] {
    let now = Moment::from_jiff(NOW.parse().unwrap());
    migrate(url).unwrap();
    let store = Store::open(&Database { url: url.to_owned(), pool: 2, wait_seconds: 30 }).unwrap();
    let rules = Config::defaults().unwrap().cases;
    let keys = Keys::new(&["1:only-for-benches-0123456789abcdefghij"]).unwrap();
    let office = Office::new(store, keys, rules, TimeZone::get("Asia/Taipei").unwrap());
    install(&office, now, &agency()).unwrap();
    fill(&mut connection(url), cases, now);
    // Once beforehand: reference data and plans are read.
    let reference = office.store.read(|db| office.reference(db)).unwrap();
    let slice =
        Slice { reach: Reach::Agency, registry: true, purposes: purposes(None), after: None, until: now, viewer: None };
    let mut best = [Duration::MAX; 3];
    for _ in 0..5 {
        let start = Instant::now();
        let found = office.store.read(|db| clocks::to_check(db, now, 500)).unwrap();
        best[0] = best[0].min(start.elapsed());
        assert_eq!(found.len(), usize::try_from(DUE).unwrap());
        let start = Instant::now();
        let page = office.store.read(|db| control::page(db, &slice, None, 51)).unwrap();
        best[2] = best[2].min(start.elapsed());
        assert_eq!(page.len(), 51);
    }
    drop(reference);
    let start = Instant::now();
    assert_eq!(watch::watch(&office, now).unwrap(), usize::try_from(DUE).unwrap());
    best[1] = start.elapsed();
    best
}

/// Cases in progress, the clock of each long overdue and all its warnings given, but for a hundred that are due since
/// yesterday.
fn fill(db: &mut Db, cases: i64, now: Moment) {
    let (long_ago, yesterday) = (now.0 - 400 * DAY * 1_000_000, now.0 - 10 * 3_600_000_000);
    let numbers = match db {
        Db::Pg(_) => format!("generate_series(1, {cases}) AS s(n)"),
        Db::Sqlite(_) => {
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {cases}) SELECT n FROM s) AS s"
            )
        }
    };
    let step = cases / DUE;
    let due = format!("CASE WHEN n % {step} = 0 THEN {yesterday} ELSE {long_ago} + n END");
    db.batch_execute(&format!(
        "INSERT INTO parties (id, created_at) VALUES (1, 0); INSERT INTO texts (id, body) VALUES (1, 'x');
         INSERT INTO cases (id, number, version, state, channel, kind, category, speed_class, confidential, unit_id, party_id,
             subject, text_id, place, locale, reply_by, round, received_at, received_month, original_due_at, due_at, extended)
         SELECT n, 'c' || n, 1, 'assigned', 'web', 'suggestion', 'other', 'normal', FALSE, 1 + n % 40, 1, 'subject', 1, '',
             'zh-TW', 'email', 1, {long_ago}, 202508, {due}, {due}, FALSE FROM {numbers};
         INSERT INTO clocks (id, case_id, round, purpose, region, start_at, time_limit, original_due_at, due_at,
             calendar_version, next_check_at, holder_unit_id)
         SELECT n, n, 1, 'reply', '', {long_ago}, '6 working days', {due}, {due}, 1,
             CASE WHEN n % {step} = 0 THEN {yesterday} END, 1 + n % 40 FROM {numbers};
         ANALYZE"
    ))
    .unwrap();
    if matches!(db, Db::Sqlite(_)) {
        // What was filled in is not left to the first write that is measured.
        db.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    }
}

/// A connection past the store, without foreign keys: only the rows that a sweep reads are written.
fn connection(url: &str) -> Db {
    if is_sqlite(url) {
        let mut c = SqliteConnection::establish(sqlite_path(url).unwrap()).unwrap();
        c.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
        Db::Sqlite(c)
    } else {
        let mut c = PgConnection::establish(url).unwrap();
        c.batch_execute("SET session_replication_role = replica").unwrap();
        Db::Pg(c)
    }
}

fn agency() -> AgencyFiles {
    let list = |text: &str, key: &str| toml::from_str::<toml::Table>(text).unwrap()[key].clone();
    AgencyFiles {
        agency: toml::from_str(include_str!("../config/agency/agency.toml")).unwrap(),
        units: list(include_str!("../config/agency/units.toml"), "unit").try_into().unwrap(),
        categories: list(include_str!("../config/agency/categories.toml"), "category").try_into().unwrap(),
        speed_classes: list(include_str!("../config/agency/speed_classes.toml"), "speed_class").try_into().unwrap(),
        calendar: calendar_file::parse(include_str!("../config/agency/calendar.csv")).unwrap(),
        policies: toml::from_str(include_str!("../config/agency/policies.toml")).unwrap(),
        policies_text: include_str!("../config/agency/policies.toml").to_owned(),
    }
}
