//! Fresh, migrated databases: a SQLite file in a folder of its own, and a PostgreSQL database on the server that
//! `CHENQING_TEST_POSTGRES_URL` names (`tests/run` starts one). Each is a copy of a template that was migrated once.

use std::io::Write;
use std::sync::{LazyLock, Once};

use chenqing::config::Database;
use chenqing::keys::{random_word, sha256};
use chenqing::store::{Db, Store, is_sqlite, migrate, sqlite_path};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

/// A database that is gone when the test ends.
pub struct TestDb {
    /// As it would stand in the configuration.
    pub url: String,
    /// Its name on the server, where it has one.
    on_server: Option<String>,
    /// Where its file is.
    folder: tempfile::TempDir,
}

impl TestDb {
    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.on_server.is_some()
    }

    /// A folder that lives as long as the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The configuration that names it.
    pub fn config(&self) -> Database {
        Database { url: self.url.clone(), pool: 8, wait_seconds: 30 }
    }

    /// Opens it as the program does.
    pub fn store(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }

    /// Opens it as somebody else would, past the store.
    pub fn connection(&self) -> Db {
        if is_sqlite(&self.url) {
            let mut c = SqliteConnection::establish(sqlite_path(&self.url).unwrap()).unwrap();
            c.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
            Db::Sqlite(c)
        } else {
            Db::Pg(PgConnection::establish(&self.url).unwrap())
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.on_server, server()) {
            // A test that failed has said so already; a database left behind is no second failure.
            let _ = admin(&server).batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// A fresh database of each kind that is to be had.
pub fn databases() -> Vec<TestDb> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

/// A fresh SQLite file.
pub fn sqlite() -> TestDb {
    static TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("template.db");
        migrate(&format!("sqlite:{}", file.display())).unwrap();
        std::fs::read(file).unwrap()
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chenqing.db");
    std::fs::write(&file, &*TEMPLATE).unwrap();
    TestDb { url: format!("sqlite:{}", file.display()), on_server: None, folder }
}

/// A fresh PostgreSQL database; `None`, and a line that says so, where no server is named. In CI there must be one.
pub fn postgres() -> Option<TestDb> {
    static TOLD: Once = Once::new();
    static TEMPLATE: LazyLock<String> = LazyLock::new(template);
    let Some(server) = server() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CHENQING_TEST_POSTGRES_URL is not set");
        // Past the capture of test output, which would hide it.
        TOLD.call_once(|| {
            let _ = writeln!(std::io::stderr(), "PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set");
        });
        return None;
    };
    let name = format!("test_{}", random_word::<10>().unwrap());
    admin(&server).batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {}", *TEMPLATE)).unwrap();
    Some(TestDb { url: with_name(&server, &name), on_server: Some(name), folder: tempfile::tempdir().unwrap() })
}

/// The migrated database that others are copied from, named after its migrations: made by whichever process is first.
fn template() -> String {
    let server = server().unwrap();
    let name = format!("chenqing_template_{}", &sha256(migrations().as_bytes())[..16]);
    let mut admin = admin(&server);
    diesel::sql_query("SELECT pg_advisory_lock(7203911501)").execute(&mut admin).unwrap();
    if count(&mut admin, "SELECT count(*) AS n FROM pg_database WHERE datname = $1", &name) == 0 {
        let making = format!("{name}_making");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {making}")).unwrap();
        migrate(&with_name(&server, &making)).unwrap();
        admin.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")).unwrap();
    }
    name
}

fn migrations() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let mut folders: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().map(|folder| std::fs::read_to_string(folder.join("up.sql")).unwrap()).collect()
}

fn server() -> Option<String> {
    std::env::var("CHENQING_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

fn admin(server: &str) -> PgConnection {
    PgConnection::establish(server).unwrap()
}

/// The URL of another database on the same server.
fn with_name(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    if options.is_empty() { format!("{address}/{name}") } else { format!("{address}/{name}?{options}") }
}

fn count(c: &mut PgConnection, query: &str, name: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    diesel::sql_query(query).bind::<Text, _>(name).get_result::<Count>(c).unwrap().n
}
