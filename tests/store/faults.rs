//! Faults of the disk under SQLite. Real ones: a file that may not grow, a page limit, a file turned read-only. A write
//! that met one is answered Unavailable and has left nothing; the next good moment serves again.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chenqing::error::{Error, Result};
use chenqing::store::{Db, Store, texts};
use diesel::connection::SimpleConnection;

use crate::support::rows::{number, words};
use crate::support::{TestDb, sqlite};

/// Set in the process whose files may not grow.
const LIMITED: &str = "CHENQING_TEST_LIMITED";

fn write(store: &Store, text: &'static str) -> Result<i64> {
    store.write(move |db| texts::insert(db, text))
}

fn on_writer(store: &Store, pragma: String) {
    store.write(move |db| Ok(db.batch_execute(&pragma)?)).unwrap();
}

fn nothing_but(db: &TestDb, rows: &[&str]) {
    let mut eye: Db = db.connection();
    assert_eq!(words(&mut eye, "SELECT body AS t FROM texts ORDER BY id"), rows);
    assert_eq!(words(&mut eye, "SELECT integrity_check AS t FROM pragma_integrity_check"), ["ok"]);
}

#[test]
fn a_commit_that_the_disk_does_not_take_is_no_success() {
    // A limit on the size of files is set for a process, so this test runs itself in another. The signal that comes
    // with the limit is ignored there, and the write fails as it does on a full disk: in COMMIT.
    let name = concat!(module_path!(), "::a_commit_that_the_disk_does_not_take_is_no_success");
    if std::env::var_os(LIMITED).is_none() {
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", name.split_once("::").unwrap().1])
            .env(LIMITED, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let db = sqlite();
    let store = db.store();
    write(&store, "before").unwrap();

    limit_files("0:");
    let ran = Arc::new(AtomicBool::new(false));
    let act_ran = Arc::clone(&ran);
    let answer = store.write(move |db| {
        let id = texts::insert(db, "during")?;
        act_ran.store(true, Ordering::SeqCst);
        Ok(id)
    });
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert!(ran.load(Ordering::SeqCst), "the act itself went well: it was the commit that failed");
    assert!(matches!(write(&store, "again"), Err(Error::Unavailable(_))));
    assert_eq!(store.read(|db| Ok(words(db, "SELECT body AS t FROM texts"))), Ok(vec!["before".to_owned()]));

    limit_files("unlimited:");
    write(&store, "after").unwrap();
    nothing_but(&db, &["before", "after"]);
}

/// Limits the files of this process, softly: it may be lifted again.
fn limit_files(limit: &str) {
    let fsize = format!("--fsize={limit}");
    let done = Command::new("prlimit").args(["--pid", &std::process::id().to_string(), &fsize]).status().unwrap();
    assert!(done.success());
}

#[test]
fn a_full_database_is_no_success_and_serves_again_when_there_is_room() {
    let db = sqlite();
    let store = db.store();
    write(&store, "before").unwrap();
    let pages = store.read(|db| Ok(number(db, "SELECT page_count AS n FROM pragma_page_count"))).unwrap();
    on_writer(&store, format!("PRAGMA max_page_count = {pages}"));
    // Within one act, a row that fits comes before the one that does not.
    let answer = store.write(|db| texts::insert(db, "small").and(texts::insert(db, &"大".repeat(100_000))));
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    // The writer has a new connection, to which the limit does not apply.
    write(&store, "after").unwrap();
    nothing_but(&db, &["before", "after"]);
}

#[test]
fn a_database_that_has_become_read_only_is_no_success() {
    let db = sqlite();
    let store = db.store();
    on_writer(&store, "PRAGMA query_only = ON".into());
    assert!(matches!(write(&store, "during"), Err(Error::Unavailable(_))));
    write(&store, "after").unwrap();
    nothing_but(&db, &["after"]);
}

#[test]
fn a_database_that_somebody_else_writes_is_waited_for() {
    let db = sqlite();
    let store = db.store();
    let mut other = db.connection();
    other.batch_execute("BEGIN IMMEDIATE; INSERT INTO texts (body) VALUES ('theirs')").unwrap();
    let ours = std::thread::spawn(move || write(&store, "ours"));
    other.batch_execute("COMMIT").unwrap();
    ours.join().unwrap().unwrap();
    nothing_but(&db, &["theirs", "ours"]);
}

#[test]
fn the_writer_waits_for_the_disk_and_readers_cannot_write() {
    let db = sqlite();
    let store = db.store();
    let durable = "SELECT synchronous AS n FROM pragma_synchronous";
    assert_eq!(store.write(move |db| Ok(number(db, durable))), Ok(2), "FULL");
    let checked = "SELECT foreign_keys AS n FROM pragma_foreign_keys";
    assert_eq!(store.write(move |db| Ok(number(db, checked))), Ok(1));
    assert_eq!(words(&mut db.connection(), "SELECT journal_mode AS t FROM pragma_journal_mode"), ["wal"]);
    assert!(store.read(|db| texts::insert(db, "x")).is_err());
    nothing_but(&db, &[]);
}
