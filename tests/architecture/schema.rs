//! The schema: both databases, migrated, have the tables and columns that `src/store/schema.rs` names, the same indexes,
//! and migrations that take back all they made.

use std::collections::{BTreeMap, BTreeSet};

use chenqing::store::Db;
use diesel::connection::SimpleConnection;

use crate::support::rows::words;
use crate::support::{databases, on_both};

/// `table.column` → type, with `?` where it may be NULL.
type Columns = BTreeMap<String, String>;

/// Tables that are not the program's own.
const FOREIGN: &str = "('__diesel_schema_migrations', 'sqlite_sequence')";

on_both!(the_database_is_what_the_program_takes_it_for, |db| {
    let (declared, found) = (declared(), found(&mut db.connection(), db.is_postgres()));
    let missing: Vec<_> = declared.iter().filter(|(name, kind)| found.get(*name) != Some(*kind)).collect();
    let unknown: Vec<_> = found.iter().filter(|(name, kind)| declared.get(*name) != Some(*kind)).collect();
    assert!(declared.len() > 200, "{} columns were read from schema.rs", declared.len());
    assert!(missing.is_empty() && unknown.is_empty(), "schema.rs only: {missing:?}\nthe database only: {unknown:?}");
});

#[test]
fn both_databases_have_the_same_indexes() {
    let sets: Vec<BTreeSet<String>> = databases()
        .iter()
        .map(|db| {
            // Only those with names of their own: what a constraint makes is named by each database as it likes.
            let query = if db.is_postgres() {
                "SELECT i.relname || ' on ' || t.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END \
                 || CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END AS t \
                 FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
                 JOIN pg_namespace s ON s.oid = t.relnamespace \
                 WHERE s.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u'))"
            } else {
                "SELECT m.name || ' on ' || m.tbl_name || CASE WHEN l.\"unique\" THEN ' unique' ELSE '' END \
                 || CASE WHEN l.partial THEN ' partial' ELSE '' END AS t \
                 FROM sqlite_master m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name \
                 WHERE m.type = 'index' AND m.sql IS NOT NULL"
            };
            words(&mut db.connection(), query).into_iter().collect()
        })
        .collect();
    assert!(sets[0].len() > 30);
    if let [sqlite, postgres] = &sets[..] {
        assert_eq!(sqlite.symmetric_difference(postgres).collect::<Vec<_>>(), [""; 0]);
    }
}

on_both!(the_way_down_leaves_nothing_and_the_way_up_can_be_walked_again, |db| {
    let kind = if db.is_postgres() { "postgres" } else { "sqlite" };
    let mut folders: Vec<_> = std::fs::read_dir(format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let mut c = db.connection();
    let run = |c: &mut Db, folder: &std::path::Path, file: &str| {
        c.batch_execute(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
    };
    folders.iter().rev().for_each(|folder| run(&mut c, folder, "down.sql"));
    assert_eq!(found(&mut c, db.is_postgres()), Columns::new());
    folders.iter().for_each(|folder| run(&mut c, folder, "up.sql"));
    assert_eq!(found(&mut c, db.is_postgres()), declared());
});

/// What `src/store/schema.rs` says.
fn declared() -> Columns {
    let text = include_str!("../../src/store/schema.rs");
    let mut columns = Columns::new();
    for table in text.split("table! {").skip(1) {
        let lines = || table.lines().map(|line| line.split("//").next().unwrap().trim());
        let head = lines().find(|line| line.ends_with('{')).unwrap();
        let name = head.split([' ', '(']).next().unwrap();
        for line in lines() {
            let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") else { continue };
            let nullable = kind.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
            let kind = nullable.map_or(kind.to_owned(), |inner| format!("{inner}?"));
            assert_eq!(columns.insert(format!("{name}.{column}"), kind), None, "{name}.{column} twice");
        }
    }
    columns
}

/// What the database's own catalogue says, in the words of `schema.rs`.
fn found(db: &mut Db, postgres: bool) -> Columns {
    let query = if postgres {
        format!(
            "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END AS t \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN {FOREIGN}"
        )
    } else {
        // A key made by SQLite itself must be called INTEGER there, and is 64 bits wide.
        format!(
            "SELECT m.name || '.' || c.name || ' ' || CASE WHEN c.pk = 1 AND c.name = 'id' THEN 'bigint' ELSE lower(c.type) END \
             || CASE c.\"notnull\" WHEN 0 THEN '?' ELSE '' END AS t \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT IN {FOREIGN}"
        )
    };
    let columns = words(db, &query);
    let read = |column: &String| {
        let (name, kind) = column.split_once(' ').unwrap();
        let (kind, null) = kind.strip_suffix('?').map_or((kind, ""), |kind| (kind, "?"));
        let kind = match kind {
            "bigint" => "BigInt",
            "integer" => "Integer",
            "text" => "Text",
            "boolean" => "Bool",
            "blob" | "bytea" => "Binary",
            other => other,
        };
        (name.to_owned(), format!("{kind}{null}"))
    };
    columns.iter().map(read).collect()
}
