//! What the sweep and the lists of control read, among twenty thousand running clocks that are long overdue and as many old
//! rows beside them: the rows they show, by the index made for it, and none of the others. SQLite tells its plan of every
//! statement that was sent; PostgreSQL counts what was really read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::queue::{Queue, Reach};
use chenqing::domain::staff::Role;
use chenqing::domain::time::{DAY, Moment};
use chenqing::error::{Error, Result};
use chenqing::store::control::{self, Slice};
use chenqing::store::lists::Key;
use chenqing::store::{
    Db, calendar_moves, cases, clocks, extensions, lists, pauses, policy_cases, reviews, running, warnings,
};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl};

use crate::support::rows::NOW;
use crate::support::{TestDb, on_both};

/// Running clocks, all but a hundred of them overdue for a year with nothing more to be said.
const MANY: i64 = 20_000;
/// Rows that a list shows, at most.
const PAGE: i64 = 51;

/// Rows that PostgreSQL's planner may look at.
const PLANNER: i64 = 50;
/// Behind the name of a table that was read without an index.
const WHOLE: &str = ", whole";

/// A look at the database, the index it is to use, and how many rows of its table that index may give.
type Look = (&'static str, fn(&mut Db) -> Result<usize>, &'static str, i64);

const LOOKS: &[Look] = &[
    ("the sweep", |db| count(clocks::to_check(db, NOW, 500)), "clocks_check", 100),
    ("overdue, first page", |db| count(control::page(db, &agency(), None, PAGE)), "clocks_due_of_purpose", 7 * PAGE),
    (
        "overdue, a page in the middle",
        |db| count(control::page(db, &agency(), middle(), PAGE)),
        "clocks_due_of_purpose",
        7 * PAGE,
    ),
    ("overdue in two units", |db| count(control::page(db, &units(), None, PAGE)), "clocks_due_at_unit", 21 * PAGE),
    ("overdue, counted", |db| control::count(db, &agency()), "clocks_due_of_purpose", 1_001),
    ("due soon", |db| count(control::page(db, &soon(), None, PAGE)), "clocks_due_of_purpose", 7 * PAGE),
    ("moves that wait", |db| count(calendar_moves::waiting(db, 0, PAGE)), "calendar_moves_waiting", 3),
    ("reviews", |db| count(reviews::open_tasks(db, PAGE)), "review_tasks_open", 3),
    ("whose rating link has run out", |db| count(cases::to_close(db, NOW, PAGE)), "cases_rating", 3),
    ("what a unit is asked for", |db| count(lists::page(db, &asked(), None, PAGE)), "consultations_open", 3),
    (
        "requests for more time",
        |db| count(extensions::waiting(db, RANKS, &Reach::Agency, 0, None, PAGE)),
        "extension_requests_open",
        3,
    ),
    ("whom a digest is for", |db| count(warnings::readers(db)), "warnings_untold", 3),
    ("what a digest says", |db| count(warnings::waiting(db, 3, NOW)), "warnings_untold", 3),
    ("cases that wait", |db| count(pauses::stopped(db, 0, 500)), "pauses_running", 3),
    ("what a new calendar measures next", |db| count(running::older(db, 2, (0, 0), 200)), "clocks_running", 200),
    ("what a closure may move", |db| count(running::due_after(db, NOW, (NOW, 0), 500)), "clocks_due", 100),
    (
        "whom a new policy touches",
        |db| count(policy_cases::running(db, Some(1), (Moment(0), NOW), true, 0, 200)),
        "clocks_policy",
        200,
    ),
];

const RANKS: &[Role] = &[Role::Supervisor, Role::ControlOfficer, Role::Manager];

on_both!(the_sweep_and_the_lists_read_what_they_show_and_nothing_else, |db| {
    let mut connection = db.connection();
    fill(&mut connection, db);
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            log.lock().unwrap().push(query.to_string());
        }
    });
    let mut faults: Vec<String> = Vec::new();
    for (what, look, index, most) in LOOKS {
        asked.lock().unwrap().clear();
        let (found, read) = connection
            .transaction::<_, Error, _>(|c| {
                let before = read_so_far(c, db);
                let found = look(c)?;
                Ok((found, since(&before, &read_so_far(c, db))))
            })
            .unwrap();
        let mut fault = |why: String| faults.push(format!("{what}: {why}"));
        if found == 0 {
            fault("nothing found".into());
        }
        if db.is_postgres() {
            let (table, by_index) = (index_table(index), read.get(*index).copied().unwrap_or(0));
            let other = read.iter().filter(|(name, _)| name.starts_with(table) && *name != index);
            let other: i64 = other.map(|(_, rows)| rows).sum();
            // The planner itself looks up a few ends of indexes to estimate with.
            let few = by_index >= 1 && by_index <= most + PLANNER && other <= PLANNER;
            if !few || read.keys().any(|name| name.ends_with(WHOLE)) {
                fault(format!("not by {index} alone: {read:?}"));
            }
        } else {
            let sent = asked.lock().unwrap().clone();
            let plans: Vec<String> =
                sent.iter().filter(|sql| sql.starts_with("SELECT")).map(|sql| plan(&mut connection, sql)).collect();
            if !plans.iter().any(|plan| plan.contains(&format!("INDEX {index}"))) {
                fault(format!("not by {index}: {plans:#?}"));
            }
            // The few cases that a unit is asked about are sorted; everything else comes in the order of its index.
            let may_sort = *index == "consultations_open";
            let whole = |line: &str| line.starts_with("SCAN") && !line.contains("INDEX");
            for plan in &plans {
                if (plan.contains("TEMP B-TREE") && !may_sort) || plan.lines().any(whole) {
                    fault(format!("sorts, or reads a table from end to end: {plan}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});

fn count<T>(found: Result<Vec<T>>) -> Result<usize> {
    found.map(|rows| rows.len())
}

fn agency() -> Slice {
    let purposes = ClockPurpose::ALL.to_vec();
    Slice { reach: Reach::Agency, registry: true, purposes, after: None, until: NOW, viewer: Some(1) }
}

fn units() -> Slice {
    Slice { reach: Reach::Units(vec![3, 4]), ..agency() }
}

fn soon() -> Slice {
    Slice { after: Some(NOW), until: NOW.plus_seconds(3 * DAY), ..agency() }
}

fn asked() -> lists::Slice {
    let reach = Reach::Units(vec![3, 4]);
    lists::Slice { queue: Queue::CoHandling, reach, viewer: 1, now: NOW, soon: NOW, filter: lists::Filter::default() }
}

fn middle() -> Option<Key> {
    Some(Key { at: NOW.plus_seconds(-200 * DAY), id: MANY / 2 })
}

fn index_table(index: &str) -> &str {
    ["calendar_moves", "extension_requests", "review_tasks", "consultations", "warnings", "pauses", "clocks", "cases"]
        .into_iter()
        .find(|table| index.starts_with(table))
        .unwrap()
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// SQLite's plan of a statement, a step a line. What was bound stands behind it as a comment.
fn plan(db: &mut Db, statement: &str) -> String {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(db).unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("\n")
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// What this transaction of PostgreSQL has read so far: rows by each index, and of each table from end to end.
fn read_so_far(c: &mut Db, db: &TestDb) -> BTreeMap<String, i64> {
    if !db.is_postgres() {
        return BTreeMap::new();
    }
    let query = format!(
        "SELECT CASE relkind WHEN 'i' THEN relname ELSE relname || '{WHOLE}' END::text AS name,
            pg_stat_get_xact_tuples_returned(oid) AS rows
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('i', 'r')"
    );
    let rows: Vec<Rows> = diesel::sql_query(query).load(c).unwrap();
    rows.into_iter().map(|row| (row.name, row.rows)).collect()
}

fn since(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let grown = after.iter().map(|(name, rows)| (name.clone(), rows - before.get(name).copied().unwrap_or(0)));
    grown.filter(|(_, rows)| *rows > 0).collect()
}

/// The rows, without those that they refer to: only what the looks read.
fn fill(c: &mut Db, db: &TestDb) {
    let numbers = if db.is_postgres() {
        format!("generate_series(1, {MANY}) AS s(n)")
    } else {
        format!(
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY}) SELECT n FROM s) AS s"
        )
    };
    let (now, day) = (NOW.0, DAY * 1_000_000);
    let (old, tomorrow) = (now - 400 * day, now + day);
    let step = MANY / 100;
    // Of every two hundred one is due tomorrow and to be looked at today; the others were due in the year before.
    let due =
        format!("CASE WHEN n % {step} = 0 THEN {tomorrow} ELSE {old} + CAST(n AS BIGINT) * {} END", 300 * day / MANY);
    if db.is_postgres() {
        c.batch_execute("SET session_replication_role = replica").unwrap();
    } else {
        c.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    }
    c.batch_execute(&format!(
        "INSERT INTO cases (id, number, version, state, channel, kind, category, speed_class, confidential, unit_id, party_id,
             subject, text_id, place, locale, reply_by, round, received_at, received_month, original_due_at, due_at, extended)
         SELECT n, 'c' || n, 1, 'assigned', 'web', 'suggestion', 'other', 'normal', FALSE, 1 + n % 40, 1, 'subject', 1, '',
             'zh-TW', 'email', 1, {old}, 202508, {due}, {due}, FALSE FROM {numbers};
         INSERT INTO clocks (case_id, round, purpose, region, policy_id, start_at, time_limit, original_due_at, due_at,
             calendar_version, next_check_at, holder_unit_id)
         SELECT n, 1, 'reply', '', 1, {old}, '6 working days', {due}, {due}, 1,
             CASE WHEN n % {step} = 0 THEN {now} END, 1 + n % 40 FROM {numbers};
         INSERT INTO clocks (case_id, round, purpose, region, policy_id, start_at, time_limit, original_due_at, due_at,
             calendar_version, finished_at, holder_unit_id)
         SELECT n, 1, 'registration', '', 1, {old}, '1 working day', {due}, {due}, 1, {old}, 1 + n % 40 FROM {numbers};
         INSERT INTO calendar_moves (case_id, clock_id, calendar_version, old_original_due_at, old_due_at,
             new_original_due_at, new_due_at, state, at, told)
         SELECT n, n, 1, 1, 1, 2, 2, CASE WHEN n > {MANY} - 3 THEN 'waiting' ELSE 'done' END, 1, FALSE FROM {numbers};
         INSERT INTO extension_requests (case_id, clock_id, until_day, rank, reason, asked_by, asked_at, state, decision_reason)
         SELECT n, n, 20260930, 'supervisor', 'reason', 1, 1, CASE WHEN n > {MANY} - 3 THEN 'open' ELSE 'granted' END, ''
             FROM {numbers};
         INSERT INTO warnings (staff_id, case_id, clock_id, kind, due_at, at, told_at)
         SELECT n % 100 + 1, n, n, 'on the last day', 1, 1, CASE WHEN n <= {MANY} - 3 THEN 1 END FROM {numbers};
         UPDATE warnings SET staff_id = 3 WHERE told_at IS NULL;
         INSERT INTO pauses (case_id, round, reason, note, from_at, to_at, stops)
         SELECT n, 1, 'other', '', 1, CASE WHEN n <= {MANY} - 3 THEN 2 END, TRUE FROM {numbers};
         INSERT INTO review_tasks (case_id, reply_id, rating_id, state, opened_at, reason)
         SELECT n, n, n, CASE WHEN n > {MANY} - 3 THEN 'open' ELSE 'kept_closed' END, n, '' FROM {numbers};
         INSERT INTO consultations (case_id, round, unit_id, clock_id, question_id, asked_by, asked_at, state)
         SELECT n, 1, 3, n, 1, 1, 1, CASE WHEN n > {MANY} - 3 THEN 'open' ELSE 'answered' END FROM {numbers};
         INSERT INTO cases (id, number, version, state, channel, kind, category, speed_class, confidential, unit_id, party_id,
             subject, text_id, place, locale, reply_by, round, received_at, received_month, extended, finished_at, rating_until)
         SELECT {MANY} + n, 'd' || n, 1, 'replied', 'web', 'suggestion', 'other', 'normal', FALSE, 1, 1, 'subject', 1, '',
             'zh-TW', 'email', 1, {old}, 202508, FALSE, {old},
             CASE WHEN n > {MANY} - 3 THEN {old} ELSE {tomorrow} END FROM {numbers};
         ANALYZE"
    ))
    .unwrap();
}
