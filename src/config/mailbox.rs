//! `[[mail.incoming.imap]]` of the configuration: mailboxes that messages are fetched from.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

section! {
    /// `[[mail.incoming.imap]]`: one mailbox.
    ImapMailbox {
        /// Name in the ledger, in the log and on pages.
        name: String,
        /// URL of the server with the log-in's name.
        url: String,
        /// The password itself.
        #[serde(default)]
        password: Secret,
        /// File whose first line is the password.
        #[serde(default)]
        password_file: String,
        /// Variable of the environment that holds the password.
        #[serde(default)]
        password_variable: String,
        /// Folder that is read.
        #[serde(default = "inbox")]
        folder: String,
        /// `flag`, `move:FOLDER` or `delete`.
        #[serde(default = "flag")]
        processed: String,
        /// Seconds between looks.
        #[serde(default = "poll_seconds")]
        poll_seconds: u64,
        /// Whether the server is asked to tell of new messages.
        #[serde(default = "idle")]
        idle: bool,
        /// Minutes without a success until administrators are told.
        #[serde(default = "overdue_minutes")]
        overdue_minutes: i64,
    }
}

/// A secret that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What it is.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("…")
    }
}

fn inbox() -> String {
    "INBOX".into()
}

fn flag() -> String {
    "flag".into()
}

const fn poll_seconds() -> u64 {
    300
}

const fn idle() -> bool {
    true
}

const fn overdue_minutes() -> i64 {
    60
}
