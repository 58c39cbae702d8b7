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
        /// How it is logged in to.
        #[serde(default)]
        auth: MailboxAuth,
        /// Where access tokens come from.
        #[serde(default)]
        oauth2: Option<Oauth2>,
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

/// How a mailbox is logged in to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxAuth {
    /// By a password.
    #[default]
    Password,
    /// By an access token (XOAUTH2).
    Oauth2,
}

/// `[mail.incoming.imap.oauth2]`: the token server of a mailbox.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oauth2 {
    /// Its token endpoint.
    pub token_url: String,
    /// What the program is called there.
    pub client_id: String,
    /// The program's own secret.
    pub client_secret: Secret,
    /// File whose first line is that secret.
    pub client_secret_file: String,
    /// Variable of the environment that holds it.
    pub client_secret_variable: String,
    /// The refresh token; without one the program logs in as itself.
    pub refresh_token: Secret,
    /// File whose first line is the refresh token.
    pub refresh_token_file: String,
    /// Variable of the environment that holds it.
    pub refresh_token_variable: String,
    /// What the token is to open; empty = not said.
    pub scope: String,
}

/// Where a secret may stand: itself, in a file, in a variable.
pub type Places<'a> = [&'a str; 3];

impl ImapMailbox {
    /// Where the password may stand.
    #[must_use]
    pub fn password_places(&self) -> Places<'_> {
        [self.password.reveal(), &self.password_file, &self.password_variable]
    }
}

impl Oauth2 {
    /// Where the program's secret may stand.
    #[must_use]
    pub fn client_secret_places(&self) -> Places<'_> {
        [self.client_secret.reveal(), &self.client_secret_file, &self.client_secret_variable]
    }

    /// Where the refresh token may stand.
    #[must_use]
    pub fn refresh_token_places(&self) -> Places<'_> {
        [self.refresh_token.reveal(), &self.refresh_token_file, &self.refresh_token_variable]
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
