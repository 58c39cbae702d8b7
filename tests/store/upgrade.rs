//! A database that has been worked in, brought up to this program's schema: every row is still there and reads as before.

use std::path::PathBuf;

use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::Moment;
use chenqing::store::{Db, cases, clocks, migrate, pending, replies};
use diesel::connection::SimpleConnection;

use crate::support::on_both;
use crate::support::rows::{execute, number, numbers, words};

/// The schema of the first release, with everything a case of it can have.
const FIRST: usize = 2;
const ROWS: &str = "
INSERT INTO units (id, code, path, name_zh, name_en, phone, sort, active) VALUES (1, 'hq', '/1/', '示例署', 'Sample', '', 1, TRUE);
INSERT INTO staff (id, username, name, unit_id, roles, email, phone, password_hash, must_change_password, failed_logins, active, created_at)
    VALUES (1, 'old', '王範例', 1, 'handler', '', '', '', FALSE, 0, TRUE, 1);
INSERT INTO parties (id, created_at) VALUES (1, 1);
INSERT INTO texts (id, body) VALUES (1, '路燈'), (2, '已修復');
INSERT INTO cases (id, number, version, state, channel, kind, speed_class, confidential, unit_id, handler_id, party_id, subject, text_id, place,
        locale, reply_by, round, received_at, received_month, original_due_at, due_at, extended)
    VALUES (1, '1150000001-X', 7, 'in_progress', 'web', 'suggestion', 'normal', FALSE, 1, 1, 1, '舊案', 1, '', 'zh-TW', 'email', 1,
        1000, 202609, 5000, 9000, TRUE);
INSERT INTO case_rounds (id, case_id, round, opened_at, opened_month, original_due_at, due_at) VALUES (1, 1, 1, 1000, 202609, 5000, 9000);
INSERT INTO clocks (id, case_id, round, purpose, start_at, time_limit, original_due_at, due_at, calendar_version, next_check_at)
    VALUES (1, 1, 1, 'reply', 1000, '6 working days', 5000, 9000, 1, 4000);
INSERT INTO extensions (id, clock_id, old_due_at, new_due_at, reason, staff_id, at) VALUES (1, 1, 5000, 9000, '會勘', 1, 2000);
INSERT INTO notices (clock_id, kind, due_at, at) VALUES (1, 'due_soon', 5000, 3000);
INSERT INTO replies (id, case_id, round, version, state, text_id, legal_basis, author_id, created_at, updated_at, return_reason, nonce)
    VALUES (1, 1, 1, 1, 'draft', 2, '', 1, 2500, 2500, '', 'n');
INSERT INTO blobs (sha256, size, created_at, leased_until) VALUES ('ab', 3, 1, 1);
INSERT INTO attachments (id, sha256, name, media_type, size, case_id, created_at) VALUES (1, 'ab', '圖.png', 'image/png', 3, 1, 1);
INSERT INTO letters (id, kind, case_id, party_id, locale, data, state, attempts, message_id, created_at)
    VALUES (1, 'receipt', 1, 1, 'zh-TW', '{}', 'sent', 1, '<a@example.org>', 1000);
";

on_both!(what_an_older_release_wrote_is_still_there, |db| {
    let kind = if db.is_postgres() { "postgres" } else { "sqlite" };
    let mut c = db.connection();
    for folder in folders(kind).iter().rev() {
        run(&mut c, folder, "down.sql");
    }
    execute(&mut c, &format!("DELETE FROM __diesel_schema_migrations WHERE version > '{FIRST:04}'"));
    for folder in folders(kind).iter().take(FIRST) {
        run(&mut c, folder, "up.sql");
    }
    c.batch_execute(ROWS).unwrap();
    if db.is_postgres() {
        c.batch_execute("SELECT setval(pg_get_serial_sequence('clocks', 'id'), 1)").unwrap();
    }
    let tables = tables(&mut c, db.is_postgres());
    let before = counts(&mut c, &tables);
    drop(c);

    let applied = migrate(&db.url).unwrap();
    assert_eq!(applied.len(), folders(kind).len() - FIRST);
    assert_eq!(pending(&db.url), Ok(0));
    let mut c = db.connection();
    assert_eq!(counts(&mut c, &tables), before, "no row is lost");

    let store = db.store();
    let clock = store.read(|db| clocks::reply_clock(db, 1, 1)).unwrap();
    assert_eq!((clock.purpose, clock.time_limit.as_str()), (ClockPurpose::Reply, "6 working days"));
    assert_eq!(
        (clock.original_due_at, clock.due_at, clock.next_check_at),
        (Moment(5000), Moment(9000), Some(Moment(4000)))
    );
    assert_eq!(
        (clock.region.as_str(), clock.policy_id, clock.holder_unit_id),
        ("", None, Some(1)),
        "on the lead unit's desk"
    );
    let extension = store.read(|db| clocks::extensions(db, 1)).unwrap().remove(0);
    assert_eq!((extension.working_days, extension.new_due_at), (0, Moment(9000)), "it was to a given day");
    let case = store.read(|db| cases::get(db, 1)).unwrap();
    assert_eq!((case.version, case.due_at, case.number()), (7, Some(Moment(9000)), "1150000001-X"));
    assert!(store.read(|db| replies::of_round(db, 1, 1)).unwrap().unwrap().way.is_none());

    // New rows get ids of their own.
    execute(
        &mut c,
        "INSERT INTO clocks (case_id, round, purpose, region, start_at, time_limit, original_due_at, due_at, calendar_version) \
        SELECT case_id, round, 'ceiling', region, start_at, time_limit, original_due_at, due_at, calendar_version FROM clocks WHERE id = 1",
    );
    assert_eq!(numbers(&mut c, "SELECT id AS n FROM clocks ORDER BY id"), [1, 2]);
});

fn folders(kind: &str) -> Vec<PathBuf> {
    let path = format!("{}/migrations/{kind}", env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn run(c: &mut Db, folder: &std::path::Path, file: &str) {
    c.batch_execute(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
}

fn tables(c: &mut Db, postgres: bool) -> Vec<String> {
    let query = if postgres {
        "SELECT table_name::text AS t FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    } else {
        "SELECT name AS t FROM sqlite_master WHERE type = 'table' ORDER BY 1"
    };
    let own = |name: &String| !name.starts_with("__diesel") && !name.starts_with("sqlite_");
    words(c, query).into_iter().filter(own).collect()
}

fn counts(c: &mut Db, tables: &[String]) -> Vec<(String, i64)> {
    let count = |name: &String| (name.clone(), number(c, &format!("SELECT count(*) AS n FROM {name}")));
    tables.iter().map(count).collect()
}
