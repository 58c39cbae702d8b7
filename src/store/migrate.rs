//! Migrations of both databases, built into the program.

use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel::{Connection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Db, open, sqlite_path};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Brings the database to this program's schema; makes a SQLite file that does not exist. Returns the names of what was
/// applied.
///
/// # Errors
/// One sentence: which database, which migration.
pub fn migrate(url: &str) -> Result<Vec<String>, String> {
    if let Some(folder) = sqlite_path(url).and_then(|path| std::path::Path::new(path).parent()) {
        std::fs::create_dir_all(folder).map_err(|e| format!("the folder {} cannot be made: {e}", folder.display()))?;
    }
    let mut db = open(url, true)?;
    let applied = match &mut db {
        Db::Pg(c) => {
            // Two nodes starting together must not both migrate.
            c.transaction(|c| {
                RunQueryDsl::execute(diesel::sql_query("SELECT pg_advisory_xact_lock(7203911500)"), c)
                    .map_err(|e| Failed(e.to_string()))?;
                <diesel::PgConnection as MigrationHarness<Pg>>::run_pending_migrations(c, POSTGRES)
                    .map(|names| names.iter().map(ToString::to_string).collect())
                    .map_err(|e| Failed(e.to_string()))
            })
        }
        Db::Sqlite(c) => migrate_sqlite(c),
    };
    applied.map_err(|e| format!("the database could not be migrated: {}", e.0))
}

/// SQLite changes a table by making it anew, which its guard of references would take for the loss of every row: it is off
/// meanwhile (it cannot be switched within a transaction), and the references are checked whole afterwards.
fn migrate_sqlite(c: &mut diesel::SqliteConnection) -> Result<Vec<String>, Failed> {
    let told = |e: &dyn std::fmt::Display| Failed(e.to_string());
    c.batch_execute("PRAGMA foreign_keys = OFF").map_err(|e| told(&e))?;
    let applied: Vec<String> =
        <diesel::SqliteConnection as MigrationHarness<Sqlite>>::run_pending_migrations(c, SQLITE)
            .map(|names| names.iter().map(ToString::to_string).collect())
            .map_err(|e| told(&e))?;
    let broken = RunQueryDsl::execute(
        diesel::sql_query("CREATE TEMP TABLE broken_references AS SELECT * FROM pragma_foreign_key_check"),
        c,
    )
    .and_then(|_| {
        diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT count(*) FROM broken_references").get_result::<i64>(c)
    })
    .map_err(|e| told(&e))?;
    c.batch_execute("DROP TABLE broken_references; PRAGMA foreign_keys = ON").map_err(|e| told(&e))?;
    if broken > 0 {
        return Err(Failed(format!("{broken} reference(s) between tables are broken; restore the backup")));
    }
    Ok(applied)
}

/// How many migrations the database still lacks.
///
/// # Errors
/// One sentence when it cannot be reached.
pub fn pending(url: &str) -> Result<usize, String> {
    let mut db = open(url, false)?;
    let pending = match &mut db {
        Db::Pg(c) => <diesel::PgConnection as MigrationHarness<Pg>>::pending_migrations(c, POSTGRES).map(|p| p.len()),
        Db::Sqlite(c) => {
            // Looking for pending migrations makes the table of applied ones when it is missing.
            c.batch_execute("PRAGMA query_only = OFF").map_err(|e| e.to_string())?;
            <diesel::SqliteConnection as MigrationHarness<Sqlite>>::pending_migrations(c, SQLITE).map(|p| p.len())
        }
    };
    pending.map_err(|e| format!("the database's schema cannot be read: {e}"))
}

struct Failed(String);

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self(error.to_string())
    }
}
