//! What tests share: a fresh database of either kind, rows to begin with, the running program and people before it.

pub mod databases;
pub mod dovecot;
pub mod people;
pub mod ports;
pub mod postfix;
pub mod program;
pub mod rows;

use std::time::{Duration, Instant};

pub use databases::{TestDb, databases, postgres, sqlite};

/// Waits until something is so.
pub fn until(what: &str, seconds: u64, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(seconds), "after {seconds} s it is still not so that {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// One test a database, named `NAME::sqlite` and `NAME::postgres`, so that a failure says which of the two. The body
/// sees a [`TestDb`] of its own; with `async` it runs on an actix system.
///
/// ```ignore
/// on_both!(a_row_is_there, |db| {
///     let store = db.store();
/// });
/// ```
macro_rules! on_both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a short body may need nothing of its file")]
            use super::*;
            fn body($db: &$crate::support::TestDb) $body
            #[test]
            fn sqlite() {
                body(&$crate::support::sqlite());
            }
            #[test]
            fn postgres() {
                $crate::support::postgres().iter().for_each(body);
            }
        }
    };
    ($name:ident, async |$db:ident| $body:block) => {
        on_both!($name, |db| {
            async fn story($db: &$crate::support::TestDb) $body
            actix_web::rt::System::new().block_on(story(db))
        });
    };
}
pub(crate) use on_both;
