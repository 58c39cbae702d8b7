//! Nothing of a person leaves: every column of the database that can hold words is filled with words of its own, and none of
//! them stands in any byte of the open data.

use std::collections::BTreeSet;

use chenqing::app::App;
use chenqing::reports::year_end;

use super::at;
use super::open_data::{unpacked, written};
use super::replay::{NOW, seeded};
use crate::support::rows::{execute, number, words};
use crate::support::{TestDb, on_both};

/// What every planted word begins with.
const PLANTED: &str = "PLANTED";

/// Columns that are left as they are: codes without which nothing could be counted, what the program reads as settings, and
/// the agency's own names of its units, categories and classes, which are published. Any other column with words, also one
/// that a later version adds, is planted.
const CODES: &str = "
    installation.key installation.value units.code units.path units.name_zh units.name_en units.region
    categories.code categories.name_zh categories.name_en categories.parent
    speed_classes.code speed_classes.name_zh speed_classes.name_en speed_classes.time_limit
    staff.roles submissions.state submissions.channel submissions.locale submissions.kind submissions.category
    submissions.reply_by submission_counts.state
    cases.state cases.channel cases.kind cases.category cases.speed_class cases.locale cases.reply_by cases.close_code
    case_rounds.close_code case_facts.channel case_facts.kind case_facts.category case_facts.speed_class
    clocks.purpose clocks.region clocks.time_limit pauses.reason notices.kind replies.state replies.way reply_records.how
    review_tasks.state blobs.sha256 attachments.sha256 work.kind letters.kind letters.state letters.locale leases.name
    counters.name policies.source policies.rules calendar_moves.state extension_requests.rank extension_requests.state
    consultations.state supplements.state warnings.kind gathered.kind messages.state messages.decision messages.reasons
    receipts.source message_counts.state excursions.measure excursions.side month_folds.figures measures.state
    measures.category measure_steps.state year_packages.figures year_packages.sha256";

/// Columns that must have been planted in rows: who petitioners and staff are, and what they wrote.
const PERSONAL: [&str; 10] = [
    "parties.name_sealed",
    "parties.email_sealed",
    "parties.name_index",
    "cases.subject",
    "cases.place",
    "cases.number",
    "texts.body",
    "staff.name",
    "staff.email",
    "ratings.comment",
];

/// Every column that can hold words, as `table.column`, with whether it holds bytes.
fn columns(app: &App, db: &TestDb) -> Vec<(String, bool)> {
    let query = if db.is_postgres() {
        "SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type AS t FROM information_schema.columns c \
         JOIN information_schema.tables k ON k.table_schema = c.table_schema AND k.table_name = c.table_name \
         WHERE c.table_schema = 'public' AND k.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'bytea') ORDER BY 1"
    } else {
        "SELECT m.name || '.' || p.name || ' ' || lower(p.type) AS t FROM sqlite_master m, pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND p.type IN ('TEXT', 'BLOB') AND m.name NOT LIKE 'sqlite_%' \
         AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY 1"
    };
    let found = app.office.store.read(|db| Ok(words(db, query))).unwrap();
    let one = |line: String| {
        let (column, kind) = line.split_once(' ').unwrap();
        (column.to_owned(), kind != "text")
    };
    found.into_iter().map(one).filter(|(column, _)| !column.starts_with("__diesel")).collect()
}

/// Fills the columns; how many rows each was filled in.
fn plant(app: &App, db: &TestDb) -> BTreeSet<String> {
    let codes: BTreeSet<&str> = CODES.split_whitespace().collect();
    let columns = columns(app, db);
    let known: BTreeSet<&str> = columns.iter().map(|(column, _)| column.as_str()).collect();
    let gone: Vec<&&str> = codes.iter().filter(|column| !known.contains(**column)).collect();
    assert!(gone.is_empty(), "there is no column {gone:?}");
    let row = if db.is_postgres() { "ctid::text" } else { "rowid" };
    let mut filled = BTreeSet::new();
    for (column, bytes) in columns.iter().filter(|(column, _)| !codes.contains(column.as_str())) {
        let (table, name) = column.split_once('.').unwrap();
        let word = format!("'{PLANTED}-{column}-' || {row}");
        let word = match (bytes, db.is_postgres()) {
            (false, _) => word,
            (true, true) => format!("convert_to({word}, 'UTF8')"),
            (true, false) => format!("CAST({word} AS BLOB)"),
        };
        let statement = format!("UPDATE {table} SET {name} = {word}");
        let rows = format!("SELECT count(*) AS n FROM {table}");
        let rows = app
            .office
            .store
            .write(move |db| {
                execute(db, &statement);
                Ok(number(db, &rows))
            })
            .unwrap();
        if rows > 0 {
            filled.insert(column.clone());
        }
    }
    filled
}

/// The first place in the open data of a year that a planted word stands in.
fn found(app: &App, year: &str) -> Option<String> {
    let archive = written(app, year, "zip").unwrap();
    let mut files: Vec<(String, Vec<u8>)> = unpacked(archive.clone()).into_iter().collect();
    files.push(("the archive".into(), archive));
    files.push(("JSON".into(), written(app, year, "json").unwrap()));
    files.into_iter().find_map(|(name, bytes)| {
        let at = bytes.windows(PLANTED.len()).position(|window| window == PLANTED.as_bytes())?;
        let end = bytes.len().min(at + 60);
        Some(format!("{name}: {}", String::from_utf8_lossy(&bytes[at..end])))
    })
}

on_both!(no_word_of_a_person_leaves, |db| {
    let app = seeded(db);
    let filled = plant(&app, db);
    for column in PERSONAL {
        assert!(filled.contains(column), "{column} was not filled");
    }
    assert_eq!(found(&app, "2025"), None, "not locked");
    year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
    assert_eq!(found(&app, "2025"), None, "locked");
    // Whatever is published is looked at: a word in the agency's own names is found.
    app.office
        .store
        .write(|db| {
            execute(db, "UPDATE categories SET name_en = 'PLANTED'");
            Ok(())
        })
        .unwrap();
    assert!(found(&app, "2024").is_some());
});
