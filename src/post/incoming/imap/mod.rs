//! Mailboxes that messages are fetched from by IMAP (RFC 3501). One fetcher a mailbox over all nodes, by lease; each message
//! is in the ledger before anything on the server changes, so that a crash at any point loses none: what was not marked is
//! fetched once more, and its bytes are known then.
//!
//! 1. [`settings`]: the configuration, read strictly at the start.
//! 2. [`connect`]: a connection, encrypted and logged in ([`login`]), by a password or by a [`token`], which is asked for
//!    by the newest [`refresh`] token.
//! 3. [`pass`]: one look at the folder: what is new is fetched, stored, marked.
//! 4. [`watch`]: a standing connection that waits for news; [`keep`]: it is made again whenever it ends.
//! 5. [`once`] for the job, [`check`] and [`Peek`] for `chenqing check`.

mod check;
mod connect;
mod fault;
mod folder;
mod keep;
mod lease;
mod login;
mod mark;
mod once;
mod pass;
mod peek;
mod refresh;
mod settings;
mod token;
mod watch;

pub use check::check;
pub use keep::keep;
pub use once::once;
pub use peek::Peek;
pub use settings::{Account, Accounts, Processed};
