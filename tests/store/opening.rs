//! Opening a database: by its URL, strictly, with one sentence when it cannot be.

use chenqing::config::Database;
use chenqing::error::Error;
use chenqing::store::{Store, migrate, pending, texts};

use crate::support::{on_both, postgres};

fn refusal(url: &str) -> String {
    Store::open(&Database { url: url.into(), pool: 2, wait_seconds: 1 }).err().unwrap()
}

#[test]
fn a_wrong_url_is_told_in_one_sentence_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("sqlite:{}/none.db", folder.path().display());
    let a_folder = format!("sqlite:{}", folder.path().display());
    let table = [
        ("", "must begin with sqlite: or postgres://"),
        ("sqlite:", "must begin with sqlite: or postgres://"),
        ("chenqing.db", "must begin with sqlite: or postgres://"),
        ("mysql://me:secret@127.0.0.1/x", "must begin with sqlite: or postgres://"),
        ("Postgres://me:secret@127.0.0.1/x", "must begin with sqlite: or postgres://"),
        ("host=127.0.0.1 password=secret", "must begin with sqlite: or postgres://"),
        ("sqlite::memory:", "must name a file"),
        ("sqlite:file:x?mode=memory", "must name a file"),
        (&nowhere, "does not exist; `chenqing migrate` makes it"),
        (&a_folder, "does not exist"),
        ("postgres://me:secret@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://127.0.0.1:1/x?user=me&password=secret", "cannot be reached"),
    ];
    for (url, sentence) in table {
        let told = refusal(url);
        assert!(told.contains(sentence), "{url}: {told}");
        assert!(!told.contains("secret"), "{url}: {told}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and no file was made");
    assert!(!std::path::Path::new("chenqing.db").exists());
}

#[test]
fn migrating_makes_a_database_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/new/chenqing.db", folder.path().display());
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    assert_eq!(migrate(&url).unwrap().len(), folders, "built with every migration: else touch src/store/migrate.rs");
    assert_eq!(migrate(&url), Ok(vec![]));
    assert_eq!(pending(&url), Ok(0));
}

#[test]
fn two_nodes_that_migrate_at_once_do_it_once() {
    let Some(db) = postgres() else { return };
    // An empty schema of its own inside the database, so that there is something to do.
    diesel::RunQueryDsl::execute(diesel::sql_query("CREATE SCHEMA empty"), &mut db.connection()).unwrap();
    let url = format!("{}?options=-csearch_path%3Dempty", db.url);
    let done = super::together(4, move |_| migrate(&url).unwrap().len());
    assert_eq!(done.iter().filter(|n| **n > 0).count(), 1, "{done:?}");
}

on_both!(a_fresh_database_is_whole, |db| {
    assert_eq!(pending(&db.url), Ok(0));
    assert!(matches!(db.store().read(|db| texts::get(db, 1)), Err(Error::NotFound)));
});
