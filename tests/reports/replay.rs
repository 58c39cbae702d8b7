//! A year replayed under other rules: the same figures under the same rules, a naive count under others, and nothing touched.

use std::collections::BTreeMap;
use std::io::Write as _;

use chenqing::app::App;
use chenqing::cli::demo::config;
use chenqing::cli::seed::prepare;
use chenqing::cli::simulate::{SimulateArgs, simulate, text};
use chenqing::clock::Clock;
use chenqing::domain::deadline::due;
use chenqing::domain::limit::Limit;
use chenqing::domain::time::Moment;
use chenqing::reports::compared::Replay;
use chenqing::seed::{Plan, fill};
use clap::Parser;

use super::at;
use crate::support::rows::{execute, number, words};
use crate::support::{TestDb, on_both};

const WEEK: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
pub const NOW: &str = "2026-11-24T02:30:00Z";
const SAMPLE: &str = include_str!("../../config/agency/policies.toml");

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: SimulateArgs,
}

pub fn seeded(db: &TestDb) -> App {
    let mut config = config(db.folder(), 8080).unwrap();
    config.database = db.config();
    prepare(&config, &Clock::fixed(at(NOW))).unwrap();
    let app = App::build(config, Clock::fixed(at(NOW))).unwrap();
    chenqing::demo::add_accounts(&app.office, at("2020-01-01T00:00:00Z"), "seed-password").unwrap();
    fill(&app.office, at(NOW), Plan { cases: 1500, seed: 7, years: 3 }, |_| ()).unwrap();
    app
}

/// A file with these words in it.
fn file(db: &TestDb, name: &str, text: &str) -> String {
    let path = db.folder().join(name);
    std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    path.display().to_string()
}

fn run(app: &App, words: &[&str]) -> Result<Replay, String> {
    let typed = Typed::try_parse_from([&["simulate"], words].concat()).map_err(|e| e.to_string())?;
    simulate(app, &typed.args, at(NOW))
}

/// Every table with its rows as text: what is written anywhere shows.
fn digest(app: &App, db: &TestDb) -> BTreeMap<String, String> {
    let list = if db.is_postgres() {
        "SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    };
    let store = &app.office.store;
    let tables = store.read(|db| Ok(words(db, list))).unwrap();
    let of = |table: &String| {
        let query = if db.is_postgres() {
            format!("SELECT coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') AS t FROM {table} x")
        } else {
            let columns = format!(
                "SELECT group_concat('quote(\"' || name || '\")', '||') AS t FROM pragma_table_info('{table}')"
            );
            let columns = store.read(|db| Ok(words(db, &columns))).unwrap().remove(0);
            format!(
                "SELECT coalesce(group_concat(r, '|'), '') AS t FROM (SELECT {columns} AS r FROM {table} ORDER BY r)"
            )
        };
        store.read(|db| Ok(words(db, &query))).unwrap().remove(0)
    };
    tables.iter().map(|table| (table.clone(), of(table))).collect()
}

on_both!(a_year_is_replayed_and_nothing_is_touched, |db| {
    let app = seeded(db);
    let before = digest(&app, db);
    assert!(before.len() > 30 && before["case_rounds"].len() > 30);
    let same = run(&app, &["--policy", &file(db, "same.toml", SAMPLE), "--year", "2025"]).unwrap();
    let all = same.total.compared;
    let rounds = "SELECT count(*) AS n FROM case_rounds WHERE opened_month BETWEEN 202501 AND 202512";
    let rounds = app.office.store.read(|db| Ok(number(db, rounds))).unwrap();
    assert!(rounds > 300 && all.closed + all.open == rounds as u64);
    assert_eq!((all.becomes_late, all.becomes_on_time, all.moved), (0, 0, 0), "the same rules, the same days");
    assert_eq!((all.on_time_now, all.overdue_now), (all.on_time_then, all.overdue_then));
    assert!(all.on_time_now < all.closed && all.on_time_extended_now > all.on_time_now);

    // Two days for everything, against a count of the rows one by one.
    let two = SAMPLE.replacen("ceiling = ", "reply = \"2 working days\"\nceiling = ", 1);
    let replay = run(&app, &["--policy", &file(db, "two.toml", &two), "--year", "2025"]).unwrap();
    let lived = app.office.store.read(|db| {
        Ok(words(
            db,
            "SELECT opened_at || ' ' || coalesce(finished_at, 0) || ' ' || original_due_at AS t FROM case_rounds \
                      WHERE opened_month BETWEEN 202501 AND 202512",
        ))
    });
    let calendar = app.office.store.read(|db| Ok(app.office.reference(db)?.calendar.clone())).unwrap();
    let (mut on_time, mut late) = (0, 0);
    for line in lived.unwrap() {
        let moments: Vec<i64> = line.split(' ').map(|n| n.parse().unwrap()).collect();
        let then = due(Moment(moments[0]), Limit::WorkingDays(2), &calendar, &[]).unwrap().due.0;
        if moments[1] > 0 {
            on_time += u64::from(moments[1] <= then);
            late += u64::from(moments[1] <= moments[2] && moments[1] > then);
        }
    }
    let all = replay.total.compared;
    assert_eq!((all.on_time_then, all.becomes_late), (on_time, late));
    assert!(late > 50 && all.on_time_then < all.on_time_now);
    for lines in [&replay.speed_class, &replay.category, &replay.unit, &replay.channel] {
        assert_eq!(lines.iter().map(|line| line.compared.closed).sum::<u64>(), all.closed);
        assert_eq!(lines.iter().map(|line| line.compared.becomes_late).sum::<u64>(), all.becomes_late);
        assert!(lines.len() > 1);
    }
    let told = text(&replay, "two.toml");
    assert!(
        told.contains("2025 under two.toml") && told.contains("By speed class") && told.contains("Most urgent"),
        "{told}"
    );
    assert_eq!(digest(&app, db), before);
});

on_both!(another_calendar_and_pauses_that_would_not_stop_are_heeded, |db| {
    let app = seeded(db);
    // A year of the same weekdays without one holiday: nothing gets later, much gets earlier.
    let plain: String = (1..=365)
        .map(|day| jiff::civil::date(2025, 1, 1).checked_add(jiff::Span::new().days(day - 1)).unwrap())
        .map(|day| {
            let off = day.weekday().to_monday_zero_offset() > 4;
            format!(
                "{},{},{},\r\n",
                day.strftime("%Y%m%d"),
                WEEK[day.weekday().to_monday_zero_offset() as usize],
                if off { 2 } else { 0 }
            )
        })
        .collect();
    let calendar = file(db, "2025.csv", &format!("西元日期,星期,是否放假,備註\r\n{plain}"));
    let replay = run(&app, &["--calendar", &calendar, "--year", "2025"]).unwrap();
    let all = replay.total.compared;
    assert!(all.moved > 0 && all.becomes_on_time == 0 && all.becomes_late > 0, "{all:?}");

    // A round that waited for an expert, which the sample's policy does not let stop the clock, but another would.
    let one = "SELECT r.case_id AS n FROM case_rounds r WHERE r.opened_month = 202503 AND r.round = 1 \
               AND r.finished_at > r.original_due_at ORDER BY r.case_id LIMIT 1";
    let id = app.office.store.read(|db| Ok(number(db, one))).unwrap();
    let office = app.office.clone();
    let pause = format!(
        "INSERT INTO pauses (case_id, round, reason, note, from_at, to_at, stops) SELECT case_id, 1, 'expert', '', \
         opened_at, opened_at + 8640000000000, FALSE FROM case_rounds WHERE case_id = {id} AND round = 1"
    );
    office
        .store
        .write(move |db| {
            execute(db, &pause);
            Ok(())
        })
        .unwrap();
    let stops = SAMPLE.replacen("stops = false", "stops = true", 1);
    let replay = run(&app, &["--policy", &file(db, "stops.toml", &stops), "--year", "2025"]).unwrap();
    assert_eq!((replay.total.compared.moved, replay.total.compared.becomes_on_time), (1, 1));
});

on_both!(what_cannot_be_replayed_is_one_sentence, |db| {
    let app = seeded(db);
    let bad = file(db, "bad.toml", &SAMPLE.replacen("tell_moved", "tel_moved", 1));
    let loose = file(db, "loose.toml", &SAMPLE.replacen("\"30 working days\"", "\"31 days\"", 1));
    for (words, part) in [
        (vec!["--year", "2025"], "--policy"),
        (vec!["--policy", "/nowhere.toml", "--year", "2025"], "/nowhere.toml"),
        (vec!["--policy", &bad, "--year", "2025"], "bad.toml: line 18"),
        (vec!["--policy", &loose, "--year", "2025"], "ceiling of 30 days"),
        (vec!["--calendar", "/nowhere.csv", "--year", "2025"], "/nowhere.csv"),
    ] {
        let error = run(&app, &words).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let none = run(&app, &["--policy", &file(db, "same.toml", SAMPLE), "--year", "1999"]).unwrap();
    assert_eq!((none.total.compared.closed, none.total.rate_now), (0, None));
});
