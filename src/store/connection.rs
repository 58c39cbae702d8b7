//! Connections: one enum over both databases, opened by our own reading of the URL, and a pool of them.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use super::remote;
use crate::error::Error;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
#[allow(missing_docs, reason = "the derive adds items of its own")]
pub enum Db {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs the same body on the connection of either kind, for what the common face of both lacks: ON CONFLICT, batch
/// inserts, UNION.
#[macro_export]
macro_rules! on {
    ($db:expr, $c:ident => $body:expr) => {
        match $db {
            $crate::store::Db::Pg($c) => $body,
            $crate::store::Db::Sqlite($c) => $body,
        }
    };
}

/// A pool of connections.
pub type Pool = r2d2::Pool<Manager>;

/// Whether the URL names SQLite.
#[must_use]
pub fn is_sqlite(url: &str) -> bool {
    sqlite_path(url).is_some()
}

/// The file of a SQLite URL.
#[must_use]
pub fn sqlite_path(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)).filter(|path| !path.is_empty())
}

/// Opens connections for the pool.
#[derive(Clone, Debug)]
pub struct Manager {
    url: String,
}

/// A connection of the pool.
pub struct Pooled {
    /// The connection.
    pub db: Db,
    /// Whoever used it found nobody at the other end: the pool is to throw it away.
    pub dead: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = OpenError;

    fn connect(&self) -> Result<Pooled, OpenError> {
        Ok(Pooled { db: open(&self.url, false).map_err(OpenError)?, dead: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), OpenError> {
        answers(&mut pooled.db)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        // A panic inside a transaction leaves it open: such a connection is thrown away.
        pooled.dead || std::thread::panicking() || is_broken(&mut pooled.db)
    }
}

/// A connection whose server has just answered. The pool itself asks nobody: a write learns by its BEGIN whether the server
/// is there, and a question more would be one of eight round trips of an act.
///
/// # Errors
/// `Unavailable` when none is to be had in time, or whoever takes connections answers on none of them (a connection pooler
/// whose server is away).
pub fn answering(pool: &Pool) -> Result<r2d2::PooledConnection<Manager>, Error> {
    let mut silent = OpenError(String::new());
    // All that were in the pool may be dead; what is opened in their place is new.
    for _ in 0..=pool.max_size() {
        let mut pooled = any(pool)?;
        match answers(&mut pooled.db) {
            Ok(()) => return Ok(pooled),
            Err(e) => silent = e,
        }
        pooled.dead = true;
    }
    Err(no_connection(&silent))
}

/// A connection, whether its server is there or not.
///
/// # Errors
/// `Unavailable` when none is to be had in time.
pub fn any(pool: &Pool) -> Result<r2d2::PooledConnection<Manager>, Error> {
    pool.get().map_err(|e| no_connection(&e))
}

/// Whether the server at the other end is there; a file is.
fn answers(db: &mut Db) -> Result<(), OpenError> {
    match db {
        Db::Pg(c) => c.batch_execute("SELECT 1").map_err(|e| OpenError(e.to_string())),
        Db::Sqlite(_) => Ok(()),
    }
}

fn no_connection(e: &dyn std::fmt::Display) -> Error {
    Error::Unavailable(format!("no database connection: {e}"))
}

/// Why a connection could not be opened.
#[derive(Debug)]
pub struct OpenError(String);

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenError {}

/// A pool for the URL; the first connection is opened at once, so that a wrong URL is told at the start.
///
/// # Errors
/// One sentence: what cannot be reached, and why.
pub fn pool(url: &str, size: u32, wait: Duration) -> Result<Pool, String> {
    drop(open(url, false)?);
    r2d2::Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(1))
        .connection_timeout(wait)
        .test_on_check_out(false)
        .error_handler(Box::new(LogErrors))
        .build(Manager { url: url.to_owned() })
        .map_err(|e| format!("the database pool cannot be opened: {e}"))
}

#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<OpenError> for LogErrors {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(error = %error, "database connection failed");
    }
}

/// Opens one connection; `writer` opens SQLite for writing, otherwise it can only be read.
///
/// # Errors
/// One sentence that names the database without its password.
pub fn open(url: &str, writer: bool) -> Result<Db, String> {
    if let Some(path) = sqlite_path(url) {
        // SQLite would take these for a database in memory, or for a URI with options of its own.
        if path == ":memory:" || path.starts_with("file:") {
            return Err(format!("database.url must name a file after sqlite:, not {path:?}"));
        }
        return open_sqlite(path, writer).map(Db::Sqlite);
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        remote::allowed(url, remote::HAS_TLS)?;
        return PgConnection::establish(url)
            .map(Db::Pg)
            .map_err(|e| format!("the database {} cannot be reached: {e}", without_password(url)));
    }
    Err(format!("database.url must begin with sqlite: or postgres://, not {:?}", without_password(url)))
}

fn open_sqlite(path: &str, writer: bool) -> Result<SqliteConnection, String> {
    let fault = |e: &dyn std::fmt::Display| format!("the database file {path} cannot be opened: {e}");
    if !writer && !std::path::Path::new(path).is_file() {
        return Err(format!("the database file {path} does not exist; `chenqing migrate` makes it"));
    }
    let mut c = SqliteConnection::establish(path).map_err(|e| fault(&e))?;
    c.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;")
        .map_err(|e| fault(&e))?;
    let role = if writer {
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;"
    } else {
        "PRAGMA query_only = ON;"
    };
    c.batch_execute(role).map_err(|e| fault(&e))?;
    Ok(c)
}

fn is_broken(db: &mut Db) -> bool {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    match db {
        Db::Pg(c) => <AnsiTransactionManager as TransactionManager<PgConnection>>::is_broken_transaction_manager(c),
        Db::Sqlite(c) => {
            <AnsiTransactionManager as TransactionManager<SqliteConnection>>::is_broken_transaction_manager(c)
        }
    }
}

/// The URL as it may stand in a message or log: without user, password and options.
#[must_use]
pub fn without_password(url: &str) -> String {
    let scheme = url.find("://").map_or("", |end| &url[..end + 3]);
    match url.rfind('@') {
        Some(at) => format!("{scheme}…{}", url[at..].split('?').next().unwrap_or_default()),
        None if url.contains("password") => format!("{scheme}…"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_strictly_and_told_without_passwords() {
        assert_eq!(sqlite_path("sqlite:data/x.db"), Some("data/x.db"));
        assert_eq!(sqlite_path("sqlite:///var/x.db"), Some("/var/x.db"));
        assert_eq!(sqlite_path("sqlite:"), None);
        let wrong =
            ["mysql://x", "data/x.db", "", "posgres://me:secret@host/db", "host=x password=secret", "me:secret@host"];
        for url in wrong {
            let error = open(url, true).err().unwrap();
            assert!(error.contains("must begin with"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        for url in ["sqlite::memory:", "sqlite:file:x.db?mode=ro"] {
            assert!(open(url, true).err().unwrap().contains("must name a file"), "{url}");
        }
        for url in ["postgres://me:se?cret@127.0.0.1:1/x", "postgres://127.0.0.1:1/x?user=me&password=secret"] {
            let error = open(url, true).err().unwrap();
            assert!(error.contains("cannot be reached") && !error.contains("cret"), "{error}");
        }
    }
}
