//! The configuration: `config/default.toml` (built in, and the list of every key), then a file, then variables
//! `CHENQING__SECTION__KEY`. Unknown keys stop the start.

use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The defaults with their reasons, as the file in the repository says them.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

macro_rules! section {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$inner])* pub $field: $type),+ }
    };
}

mod figures;
mod mail;
mod mailbox;

pub use figures::Figures;
pub use mail::{AddressMode, Dkim, Incoming, Mail, MailAccept, MailConfirm, MailTransport, Smtp};
pub use mailbox::{ImapMailbox, MailboxAuth, Oauth2, Places, Secret};

section! {
    /// The whole configuration. Meaning, unit and reason of each key stand in `config/default.toml`.
    Config {
        /// `[server]`
        server: Server,
        /// `[public]`
        public: Public,
        /// `[database]`
        database: Database,
        /// `[secrets]`
        secrets: Secrets,
        /// `[agency]`
        agency: Agency,
        /// `[cases]`
        cases: Cases,
        /// `[attachments]`
        attachments: Attachments,
        /// `[mail]`
        mail: Mail,
        /// `[session]`
        session: Session,
        /// `[limits]`
        limits: Limits,
        /// `[jobs]`
        jobs: Jobs,
        /// `[figures]`
        figures: Figures,
        /// `[pages]`
        pages: Override,
        /// `[letters]`
        letters: Override,
        /// `[reports]`
        reports: Reports,
        /// `[log]`
        log: Log,
    }
}
section! {
    /// `[server]`
    Server {
        /// Address and port.
        bind: String,
        /// Threads; 0 = one a core.
        workers: usize,
        /// Believed proxies.
        trusted_proxies: Vec<String>,
    }
}
section! {
    /// `[public]`
    Public {
        /// Address citizens see.
        url: String,
    }
}
section! {
    /// `[database]`
    Database {
        /// `sqlite:PATH` or `postgres://…`.
        url: String,
        /// Connections.
        pool: u32,
        /// Seconds.
        wait_seconds: u64,
    }
}
section! {
    /// `[secrets]`
    Secrets {
        /// `ID:SECRET` each.
        keys: Vec<String>,
    }
}
section! {
    /// `[agency]`
    Agency {
        /// Folder; empty = built-in sample.
        folder: String,
        /// IANA name.
        time_zone: String,
    }
}
section! {
    /// `[cases]`
    Cases {
        /// Days.
        confirm_days: i64,
        /// Hours.
        confirm_reminder_hours: i64,
        /// Times.
        confirm_resends: i64,
        /// Seconds.
        confirm_resend_seconds: i64,
        /// Days.
        unconfirmed_keep_days: i64,
        /// Code of a speed class.
        default_speed_class: String,
        /// Working days.
        ceiling_days: u32,
        /// Working days.
        due_soon_days: u32,
        /// Working days to explain a delay that was asked about.
        explain_days: u32,
        /// Days.
        rating_days: i64,
        /// Years.
        retention_years: i64,
    }
}
section! {
    /// `[attachments]`
    Attachments {
        /// Files a petition.
        max_files: usize,
        /// Bytes a file.
        max_bytes: u64,
        /// Short names of file types.
        types: Vec<String>,
        /// Folder.
        folder: String,
    }
}
section! {
    /// `[session]`
    Session {
        /// Minutes.
        idle_minutes: i64,
        /// Hours.
        hours: i64,
        /// Times.
        lock_after: i64,
        /// Minutes.
        lock_minutes: i64,
    }
}
section! {
    /// `[limits]`
    Limits {
        /// Wrong pairs in 15 minutes.
        lookups: i64,
        /// Submissions an hour.
        submissions: i64,
        /// Downloads of open data from one address in an hour.
        open_data: i64,
    }
}
section! {
    /// `[jobs]`: six-field cron lines in UTC.
    Jobs {
        /// Delivery.
        outbox: String,
        /// Due-soon and overdue notices.
        deadlines: String,
        /// Dates of cases whose clock stands still.
        standing: String,
        /// New measures after a change of the calendar.
        recompute: String,
        /// The mail about a missing calendar.
        calendar_missing: String,
        /// Mailboxes, beside the standing connections.
        fetch: String,
        /// The mail about a mailbox that is not read.
        fetch_overdue: String,
        /// Reminders and expiry of submissions.
        expiry: String,
        /// The morning's digests.
        digest: String,
        /// The week's lists.
        weekly_list: String,
        /// Closing of replied cases.
        closing: String,
        /// Sealing of the history.
        seal: String,
        /// Open cases by a new policy document.
        policies: String,
        /// Year-end figures.
        year_package: String,
        /// Cron line.
        fold_months: String,
        /// Cron line.
        unusual: String,
        /// Saved reports.
        saved_reports: String,
        /// Purges.
        cleaning: String,
        /// Files that nothing refers to.
        files: String,
        /// Incoming mail.
        incoming: String,
        /// The look for mail that waits too long.
        mail_check: String,
        /// `MM-DD`.
        year_package_from: String,
    }
}
section! {
    /// `[pages]` and `[letters]`
    Override {
        /// Folder; empty = none.
        folder: String,
    }
}
section! {
    /// `[reports]`
    Reports {
        /// Folder; empty = where the system keeps its fonts.
        font_folder: String,
    }
}
section! {
    /// `[log]`
    Log {
        /// `text` or `json`.
        format: String,
        /// Filter.
        level: String,
    }
}

/// TOML as the rest of the program reads it; figment's own would be a second library for it.
struct Toml;

impl Format for Toml {
    type Error = toml::de::Error;

    const NAME: &'static str = "TOML";

    fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Self::Error> {
        toml::from_str(text)
    }
}

impl Config {
    /// Reads the defaults, then `file`, then the variables.
    ///
    /// # Errors
    /// One sentence: which key, where it came from, what is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(path) = file {
            if !path.is_file() {
                return Err(format!("the configuration file {} does not exist", path.display()));
            }
            figment = figment.merge(Toml::file_exact(path));
        }
        let config: Self = figment
            .merge(Env::prefixed("CHENQING__").split("__"))
            .extract()
            .map_err(|e| format!("configuration: {e}"))?;
        config.check()?;
        Ok(config)
    }

    /// The defaults alone, for tests and the demonstration to change.
    ///
    /// # Errors
    /// When the built-in file is broken, which a test excludes.
    pub fn defaults() -> Result<Self, String> {
        Figment::from(Toml::string(DEFAULTS)).extract().map_err(|e| e.to_string())
    }

    /// The folder of an override section, `None` when it is empty.
    #[must_use]
    pub fn folder(text: &str) -> Option<&Path> {
        (!text.is_empty()).then(|| Path::new(text))
    }

    fn check(&self) -> Result<(), String> {
        let positive = [
            ("cases.confirm_days", self.cases.confirm_days),
            ("cases.rating_days", self.cases.rating_days),
            ("cases.retention_years", self.cases.retention_years),
            ("cases.confirm_reminder_hours", self.cases.confirm_reminder_hours),
            ("session.idle_minutes", self.session.idle_minutes),
            ("session.hours", self.session.hours),
            ("session.lock_after", self.session.lock_after),
            ("mail.retry_days", self.mail.retry_days),
            ("mail.max_letter_bytes", self.mail.max_letter_bytes),
            ("mail.file_days", self.mail.file_days),
            ("mail.incoming.spam_days", self.mail.incoming.spam_days),
        ];
        if let Some((key, value)) = positive.iter().find(|(_, value)| *value < 1) {
            return Err(format!("configuration: {key} is {value}; it must be 1 or more"));
        }
        Ok(())
    }

    /// What production must have and a demonstration need not: a safe public address and a secret.
    ///
    /// # Errors
    /// One sentence that says what to set.
    pub fn check_for_production(&self) -> Result<(), String> {
        let url = &self.public.url;
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
            .iter()
            .any(|p| url.strip_prefix(p).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
        if !local && !url.starts_with("https://") {
            return Err(format!(
                "public.url is {url:?}: links in letters must begin with https:// (only this machine may use http)"
            ));
        }
        if self.secrets.keys.is_empty() {
            return Err("secrets.keys is empty: set CHENQING__SECRETS__KEYS='[\"1:…\"]' with at least 32 characters, \
                        for example from `openssl rand -base64 32`"
                .into());
        }
        if self.mail.transport == MailTransport::Folder {
            return Err(
                "mail.transport is \"folder\": letters would only be written to disk; set it to \"smtp\"".into()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_whole() {
        let config = Config::defaults().unwrap();
        config.check().unwrap();
        assert!(config.check_for_production().unwrap_err().contains("secrets.keys"));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        std::fs::write(file.path(), "[server]\nbnid = \"x\"\n").unwrap();
        let error = Config::load(Some(file.path())).unwrap_err();
        assert!(error.contains("bnid"), "{error}");
    }

    #[test]
    fn a_public_address_without_tls_is_refused() {
        let mut config = Config::defaults().unwrap();
        config.secrets.keys = vec!["1:0123456789abcdef0123456789abcdef".into()];
        for (url, safe) in [
            ("https://mailbox.example.tw", true),
            ("http://mailbox.example.tw", false),
            ("http://127.0.0.1:8080", true),
            ("http://127.0.0.1.evil.example", false),
        ] {
            config.public.url = url.into();
            assert_eq!(config.check_for_production().is_ok(), safe, "{url}");
        }
    }
}
