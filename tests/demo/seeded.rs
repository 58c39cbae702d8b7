//! Seeded cases keep what real ones keep: chains and seals, numbers without gaps, clocks and rounds that agree, and events
//! that say what the acts' own events say.

use std::collections::{BTreeMap, BTreeSet};

use chenqing::acts::Office;
use chenqing::acts::audit::verify;
use chenqing::acts::watch;
use chenqing::app::App;
use chenqing::cli::demo::config;
use chenqing::cli::seed::prepare;
use chenqing::clock::Clock;
use chenqing::domain::case_number::CaseNumber;
use chenqing::domain::time::Moment;
use chenqing::error::Error;
use chenqing::seed::{Plan, fill};

use super::{at, made};
use crate::support::rows::{number, words};
use crate::support::{TestDb, on_both};

const NOW: &str = "2026-11-24T02:30:00Z";
const PLAN: Plan = Plan { cases: 3000, seed: 7, years: 3 };

fn seeded(db: &TestDb) -> (App, u64) {
    let mut config = config(db.folder(), 8080).unwrap();
    config.database = db.config();
    prepare(&config, &Clock::fixed(at(NOW))).unwrap();
    let app = App::build(config, Clock::fixed(at(NOW))).unwrap();
    chenqing::demo::add_accounts(&app.office, at("2020-01-01T00:00:00Z"), "seed-password").unwrap();
    let made = fill(&app.office, at(NOW), PLAN, |_| ()).unwrap();
    (app, made)
}

fn all(office: &Office, query: &str) -> Vec<String> {
    office.store.read(|db| Ok(words(db, query))).unwrap()
}

fn count(office: &Office, query: &str) -> i64 {
    office.store.read(|db| Ok(number(db, query))).unwrap()
}

on_both!(seeded_cases_keep_what_real_ones_keep, |db| {
    let (app, made) = seeded(db);
    let office = &app.office;
    let now: Moment = at(NOW);
    assert!((PLAN.cases - 20..=PLAN.cases).contains(&made), "{made}");
    assert_eq!(count(office, "SELECT count(*) AS n FROM cases"), i64::try_from(made).unwrap());

    let found = verify(office, |_| ()).unwrap();
    assert_eq!((found.faults, found.unsealed, found.cases), (0, 0, made), "{:?}", found.first_faults);

    let mut serials: BTreeMap<u16, BTreeSet<u32>> = BTreeMap::new();
    for text in all(office, "SELECT number AS t FROM cases") {
        let number = CaseNumber::parse(&text).unwrap();
        assert_eq!(number.to_string(), text);
        assert!(serials.entry(number.roc_year).or_default().insert(number.serial), "{text} twice");
    }
    for (year, serials) in serials {
        assert_eq!(usize::try_from(*serials.last().unwrap()).unwrap(), serials.len(), "a gap in {year}");
        let counter = format!("SELECT value AS n FROM counters WHERE name = 'case-{}'", year + 1911);
        assert_eq!(count(office, &counter), i64::try_from(serials.len()).unwrap());
    }

    for (what, query) in [
        (
            "a finished case with a running clock or round",
            "SELECT count(*) AS n FROM cases c JOIN clocks k ON k.case_id = c.id \
            AND k.round = c.round JOIN case_rounds r ON r.case_id = c.id AND r.round = c.round WHERE \
            (c.finished_at IS NULL) <> (k.finished_at IS NULL) OR (c.finished_at IS NULL) <> (r.finished_at IS NULL) \
            OR c.due_at <> k.due_at OR c.due_at <> r.due_at OR c.original_due_at <> r.original_due_at",
        ),
        (
            "an earlier round that is open",
            "SELECT count(*) AS n FROM case_rounds r JOIN cases c ON c.id = r.case_id \
            WHERE r.round < c.round AND r.finished_at IS NULL",
        ),
        (
            "a finished clock that waits",
            "SELECT count(*) AS n FROM clocks WHERE finished_at IS NOT NULL AND next_check_at IS NOT NULL",
        ),
        (
            "facts that do not agree with the case",
            "SELECT count(*) AS n FROM cases c LEFT JOIN case_facts f \
            ON f.case_id = c.id AND f.to_at IS NULL WHERE f.id IS NULL OR coalesce(f.unit_id, 0) <> coalesce(c.unit_id, 0) \
            OR coalesce(f.category, '') <> coalesce(c.category, '') OR f.kind <> c.kind",
        ),
        (
            "facts with a hole",
            "SELECT count(*) AS n FROM case_facts a WHERE a.to_at IS NOT NULL AND NOT EXISTS \
            (SELECT 1 FROM case_facts b WHERE b.case_id = a.case_id AND b.from_at = a.to_at)",
        ),
        (
            "a history that runs backwards",
            "SELECT count(*) AS n FROM events a JOIN events b ON b.case_id = a.case_id \
            AND b.seq = a.seq + 1 WHERE b.at < a.at",
        ),
        (
            "a reply without approval in a replied case",
            "SELECT count(*) AS n FROM cases c LEFT JOIN replies r ON \
            r.case_id = c.id AND r.round = c.round WHERE c.state = 'replied' AND coalesce(r.state, '') <> 'approved'",
        ),
        (
            "a case without its submission",
            "SELECT count(*) AS n FROM cases c LEFT JOIN submissions s ON \
            s.id = c.submission_id WHERE c.channel = 'web' AND coalesce(s.case_id, 0) <> c.id",
        ),
    ] {
        assert_eq!(count(office, query), 0, "{what}");
    }
    let micros = now.0;
    for (table, column) in
        [("events", "at"), ("cases", "received_at"), ("cases", "closed_at"), ("ratings", "created_at"), ("notes", "at")]
    {
        assert_eq!(
            count(office, &format!("SELECT count(*) AS n FROM {table} WHERE {column} > {micros}")),
            0,
            "{table}"
        );
    }
    // Nothing is left for the sweep that it should have said before now.
    assert_eq!(watch::watch(office, now).unwrap(), 0);
    assert!(count(office, "SELECT count(*) AS n FROM clocks WHERE next_check_at IS NOT NULL") > 0);
    for (column, table, least) in
        [("state", "cases", 6), ("close_code", "cases", 9), ("channel", "cases", 8), ("kind", "cases", 4)]
    {
        let found = count(office, &format!("SELECT count(DISTINCT {column}) AS n FROM {table}"));
        assert!(found >= least, "{found} of {table}.{column}");
    }

    // A case that really comes in goes on after the last id and number.
    let last = count(office, "SELECT max(id) AS n FROM cases");
    let id = office.store.write(|db| crate::support::rows::case(db, "下一件")).unwrap();
    assert!(id > last, "{id} after {last}");
    assert_eq!(fill(office, now, PLAN, |_| ()), Err(Error::refused("refused-not-empty")));
});

on_both!(the_same_seed_gives_the_same_cases, |db| {
    let (app, _) = seeded(db);
    let ours = all(&app.office, "SELECT hash AS t FROM events ORDER BY case_id, seq");
    let other = crate::support::sqlite();
    let (app, _) = seeded(&other);
    assert!(ours == all(&app.office, "SELECT hash AS t FROM events ORDER BY case_id, seq"));
});

#[test]
fn seeded_events_say_what_the_acts_events_say() {
    let db = crate::support::sqlite();
    let (app, _) = seeded(&db);
    let shapes = |rows: Vec<String>| -> BTreeMap<String, BTreeSet<String>> {
        let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows {
            let (act, facts) = row.split_once(' ').unwrap();
            let facts: serde_json::Value = serde_json::from_str(facts).unwrap();
            let keys: Vec<&str> = facts.as_object().unwrap().keys().map(String::as_str).collect();
            shapes.entry(act.to_owned()).or_default().insert(keys.join(","));
        }
        shapes
    };
    let query = "SELECT DISTINCT act || ' ' || facts AS t FROM events";
    let real = shapes(made(NOW, 120, 118).words(query));
    let ours = shapes(all(&app.office, query));
    assert!(ours.len() > 15, "{:?}", ours.keys());
    for (act, keys) in ours {
        let known = real.get(&act).unwrap_or_else(|| panic!("no act leaves {act}"));
        assert!(keys.is_subset(known), "{act}: {keys:?}, not {known:?}");
    }
}
