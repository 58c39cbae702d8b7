//! How long the figures of a year take over many cases, beside one bare scan of the same rows by the same database in the
//! same run, by the plan that the database chooses by itself and by that of the figures: `cargo bench --bench figures`, with
//! PostgreSQL by `tests/with-postgres --durable`. CHENQING_BENCH_CASES sets how many cases stand over ten years; a tenth of
//! them is measured first, to see how it grows. Beside it stand what one GROUP BY by everything that rounds are counted by
//! would take, and how many groups it leaves (where they are hardly fewer than the rows, grouping only costs); the report of
//! a month, a quarter and a year with its series; the year in every format, with the most memory that it took; the dashboard
//! of a day, before and after the months were folded.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may stop at the first fault")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chenqing::acts::Office;
use chenqing::acts::fold_months::fold_months;
use chenqing::config::{Config, Database};
use chenqing::domain::figures::{Day, PeriodFigures, PeriodName};
use chenqing::domain::time::Moment;
use chenqing::keys::Keys;
use chenqing::reports::{Format, dashboard, write, year};
use chenqing::store::figures::snapshot;
use chenqing::store::reference;
use chenqing::store::{Db, Store, is_sqlite, migrate, sqlite_path};
use chenqing::web::pages::Pages;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use jiff::tz::TimeZone;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const FIRST: &str = "2016-12-31T16:00:00Z";
const ROUNDS: usize = 7;
const CHANNELS: [&str; 10] = ["web", "web", "web", "web", "web", "email", "email", "phone", "letter", "visit"];
const SPEEDS: [&str; 4] = ["normal", "normal", "urgent", "most_urgent"];
const KINDS: [&str; 4] = ["suggestion", "inquiry", "report", "rights"];
const ENDINGS: [&str; 8] =
    ["answered", "answered", "answered", "explained", "adopted", "transferred", "no_content", "withdrawn"];

fn main() {
    let cases: i64 = std::env::var("CHENQING_BENCH_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    println!("ten years, the year 2025; best of {ROUNDS}");
    // Beside the build and not in /tmp, which may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for cases in [cases / 10, cases] {
        println!("\n{cases} cases");
        measure("SQLite", &format!("sqlite:{}/figures{cases}.db", folder.path().display()), cases);
        match std::env::var("CHENQING_TEST_POSTGRES_URL") {
            Ok(server) => {
                let mut admin = PgConnection::establish(&server).unwrap();
                admin.batch_execute("DROP DATABASE IF EXISTS figures WITH (FORCE)").unwrap();
                admin.batch_execute("CREATE DATABASE figures").unwrap();
                let (address, _) = server.rsplit_once('/').unwrap();
                measure("PostgreSQL", &format!("{address}/figures"), cases);
            }
            Err(_) => println!("PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set"),
        }
    }
}

fn measure(name: &str, url: &str, cases: i64) {
    migrate(url).unwrap();
    fill(&mut connection(url), cases);
    let store = Store::open(&Database { url: url.to_owned(), pool: 1, wait_seconds: 30 }).unwrap();
    let zone = TimeZone::get("Asia/Taipei").unwrap();
    let now = at("2026-12-30T00:00:00Z");
    // What was needed to write the rows is no part of what is measured.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let (mut bare, mut by_index, mut figures, mut rows) = (Duration::MAX, Duration::MAX, Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        rows = store.read(|db| Ok(scan(db))).unwrap();
        bare = bare.min(start.elapsed());
        let start = Instant::now();
        store.read(|db| snapshot(db, |db| Ok(scan(db)))).unwrap();
        by_index = by_index.min(start.elapsed());
        let start = Instant::now();
        let report = store.read(|db| {
            let reference = reference::load(db, &zone)?;
            year::count(db, &reference, &zone, 2025, now)
        });
        figures = figures.min(start.elapsed());
        let total = report.unwrap().total;
        assert_eq!(total.open_at_start + total.received, total.closed + total.open_at_end);
    }
    let ratio = |bare: Duration| figures.as_secs_f64() / bare.as_secs_f64();
    println!("{name}: bare scan of {rows} rounds {bare:.1?}, figures {figures:.1?}, ratio {:.2}", ratio(bare));
    println!("{name}: bare scan by the plan of the figures {by_index:.1?}, ratio {:.2}", ratio(by_index));
    let start = Instant::now();
    let groups = store.read(|db| Ok(grouped(db))).unwrap();
    println!("{name}: grouped by everything, {groups} groups of {rows} rounds, {:.1?}", start.elapsed());
    let month = PeriodName::Month(2025, 6);
    for period in [month, PeriodName::Quarter(2025, 2), PeriodName::Year(2025)] {
        let start = Instant::now();
        let report = whole(&store, &zone, period, now);
        println!("{name}: whole report of {period} with its series {:.1?}", start.elapsed());
        assert_eq!(report.series.len(), 5);
    }
    package(name, &store, &zone, now);
    let office = Office::new(
        store,
        Keys::new(&["1:only-to-measure-0123456789abcdef"]).unwrap(),
        Config::defaults().unwrap().cases,
        zone,
    );
    dashboard_of(name, "counted", &office, now);
    let start = Instant::now();
    let months = fold_months(&office, now).unwrap();
    println!("{name}: {months} months folded {:.1?}", start.elapsed());
    dashboard_of(name, "folded", &office, now);
    println!("{name}: most memory {} MB", most_memory());
}

fn whole(store: &Store, zone: &TimeZone, period: PeriodName, now: Moment) -> PeriodFigures {
    let report = store.read(|db| {
        let reference = reference::load(db, zone)?;
        year::report(db, &reference, zone, period, now, &mut |_| ())
    });
    report.unwrap()
}

/// The year counted and written in every format, in both languages.
fn package(name: &str, store: &Store, zone: &TimeZone, now: Moment) {
    let pages = Pages::in_zone(None, zone.clone()).unwrap();
    let start = Instant::now();
    let report = whole(store, zone, PeriodName::Year(2025), now);
    let mut told = format!("counted {:.1?}", start.elapsed());
    for format in Format::built_in() {
        let begun = Instant::now();
        let bytes: usize =
            ["zh-TW", "en"].iter().map(|locale| write(&report, format, locale, &pages).unwrap().len()).sum();
        write!(told, ", {format} {:.1?} ({} kB)", begun.elapsed(), bytes / 1024).unwrap();
    }
    println!("{name}: whole package {:.1?}: {told}", start.elapsed());
}

/// The dashboard of the day.
fn dashboard_of(name: &str, how: &str, office: &Office, now: Moment) {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let numbers = office.store.read(|db| {
            let reference = office.reference(db)?;
            let day = Day::of(now.date_in(&office.zone), now, &reference.calendar, 2).unwrap();
            dashboard::of(db, &reference, &office.zone, &day)
        });
        best = best.min(start.elapsed());
        assert_eq!(numbers.unwrap().trend.len(), 12);
    }
    println!("{name}: dashboard of a day, months {how}: {best:.1?}");
}

/// The most memory that this process has taken since it was asked to forget, in megabytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// One scan that reads what figures read of a round, and adds it up in the database.
fn scan(db: &mut Db) -> i64 {
    #[derive(QueryableByName)]
    struct Rows {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let end = at("2025-12-31T16:00:00Z").0;
    let query = format!(
        "SELECT count(*) AS n, sum(r.half_days), max(r.finished_at), max(r.due_at), max(r.original_due_at), \
         max(r.close_code), max(r.round), max(r.registered_at), max(r.assigned_at), \
         max(r.accepted_at), max(r.moves), max(r.counted_at), sum(CASE WHEN r.asked THEN 1 ELSE 0 END), max(r.rated_at), \
         max(f.channel), max(f.kind), max(f.category), max(f.speed_class), max(f.unit_id) \
         FROM case_rounds r JOIN case_facts f ON f.case_id = r.case_id AND f.from_at < {end} \
         AND (f.to_at IS NULL OR f.to_at >= {end}) WHERE r.opened_month BETWEEN 202501 AND 202512"
    );
    diesel::sql_query(query).get_result::<Rows>(db).unwrap().n
}

/// How many groups the rounds fall into by everything that they are counted by; moments only by what is asked of them.
fn grouped(db: &mut Db) -> i64 {
    #[derive(QueryableByName)]
    struct Groups {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let end = at("2025-12-31T16:00:00Z").0;
    let query = format!(
        "SELECT count(*) AS n FROM (SELECT count(*) AS rounds FROM case_rounds r JOIN case_facts f \
         ON f.case_id = r.case_id AND f.from_at < {end} AND (f.to_at IS NULL OR f.to_at >= {end}) \
         WHERE r.opened_month BETWEEN 202501 AND 202512 \
         GROUP BY r.opened_month, r.finished_month, r.round > 1, r.close_code, r.half_days, r.moves, \
         r.finished_at <= r.original_due_at, r.finished_at <= r.due_at, r.due_at > r.original_due_at, \
         (r.registered_at - r.opened_at) / {HOUR}, (r.assigned_at - r.opened_at) / {HOUR}, \
         (r.accepted_at - r.opened_at) / {HOUR}, f.channel, f.kind, f.category, f.speed_class, f.unit_id) g"
    );
    diesel::sql_query(query).get_result::<Groups>(db).unwrap().n
}

fn at(text: &str) -> Moment {
    Moment::from_jiff(text.parse().unwrap())
}

/// A connection past the store, without foreign keys: only the rows that figures read are written.
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

/// Cases one after another over ten years: received, given to a unit, finished, a few reopened, a quarter rated.
fn fill(db: &mut Db, cases: i64) {
    let (zone, first) = (TimeZone::get("Asia/Taipei").unwrap(), at(FIRST).0);
    let month = |at: i64| Moment(at).month_in(&zone);
    let mut chance = Chance(7);
    let mut id = 0;
    while id < cases {
        let [mut rounds, mut facts, mut ratings, mut terms] = [const { String::new() }; 4];
        for _ in 0..5_000.min(cases - id) {
            id += 1;
            let opened = first + id * (3_650 * DAY / cases);
            let assigned = opened + chance.below(30) * HOUR;
            let (channel, kind) = (chance.of(&CHANNELS), chance.of(&KINDS));
            write!(facts, "({id},{opened},{assigned},'{channel}','{kind}',NULL,NULL,NULL),").unwrap();
            let speed = chance.of(&SPEEDS);
            let (category, unit) = (chance.below(15), 1 + chance.below(90));
            write!(facts, "({id},{assigned},NULL,'{channel}','{kind}','category-{category}','{speed}',{unit}),")
                .unwrap();
            // The class was set when it was registered: what it was due by until then.
            write!(terms, "({id},1,{assigned},{0},{0},0),", opened + 6 * DAY).unwrap();
            let mut from = opened;
            for round in 1..=2 {
                let (used, due) = (1 + chance.below(12) + chance.below(12), from + 9 * DAY);
                let extended = due + if chance.below(20) == 0 { 10 * DAY } else { 0 };
                let end = from + used * DAY;
                let stages = if round == 1 {
                    let accepted = assigned + chance.below(20) * HOUR;
                    format!("{},{assigned},{accepted},{}", opened + chance.below(10) * HOUR, chance.below(20) / 17)
                } else {
                    format!("NULL,NULL,{},0", from + chance.below(20) * HOUR)
                };
                let (ending, opened_month) = (chance.of(&ENDINGS), month(from));
                if chance.below(500) == 0 {
                    write!(
                        rounds,
                        "({id},{round},{from},{opened_month},NULL,NULL,NULL,{due},{extended},NULL,{stages},{from},FALSE,NULL),"
                    )
                    .unwrap();
                    break;
                }
                let (finished_month, half_days) = (month(end), used * 2);
                write!(rounds, "({id},{round},{from},{opened_month},{end},{finished_month},'{ending}',{due},{extended},{half_days},{stages},{from},TRUE,").unwrap();
                let rated = chance.below(4) == 0;
                let given = end + DAY;
                match rated {
                    true => write!(rounds, "{given}),").unwrap(),
                    false => rounds.push_str("NULL),"),
                }
                if rated {
                    let reply = id * 2 + round;
                    let levels: Vec<String> = (0..5).map(|_| (1 + chance.below(5)).to_string()).collect();
                    write!(ratings, "({id},{reply},{},'',FALSE,{given},{},{given},0),", levels.join(","), month(given))
                        .unwrap();
                }
                if chance.below(25) != 0 {
                    break;
                }
                from = end + 5 * DAY;
            }
        }
        for (table, rows) in [
            (
                "case_rounds (case_id,round,opened_at,opened_month,finished_at,finished_month,close_code,original_due_at,due_at,half_days,registered_at,assigned_at,accepted_at,moves,counted_at,asked,rated_at)",
                rounds,
            ),
            ("round_terms (case_id,round,until_at,original_due_at,due_at,moves)", terms),
            ("case_facts (case_id,from_at,to_at,channel,kind,category,speed_class,unit_id)", facts),
            (
                "ratings (case_id,reply_id,result,clarity,speed,attitude,overall,comment,may_call,created_at,created_month,updated_at,changes)",
                ratings,
            ),
        ] {
            db.batch_execute(&format!("INSERT INTO {table} VALUES {}", rows.trim_end_matches(','))).unwrap();
        }
    }
    db.batch_execute("ANALYZE").unwrap();
    if matches!(db, Db::Pg(_)) {
        db.batch_execute("VACUUM ANALYZE").unwrap();
    }
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(i64::try_from(list.len()).unwrap())).unwrap()]
    }
}
