//! Mailboxes as they are configured (`[[mail.incoming.imap]]`), read strictly at the start: each wrong or unsafe value
//! refuses it. Without encryption a password goes to this machine only.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use super::token::Tokens;
use crate::config::{ImapMailbox, MailboxAuth, Places, Secret};
use crate::post::outgoing::{Tls, decode, host_and_port};

/// Seconds between looks, at least and at most: a server may end a connection that says nothing for 30 minutes (RFC 2177).
const POLL_SECONDS: std::ops::RangeInclusive<u64> = 5..=1500;
/// Looks that may fail before a mailbox is overdue.
const LOOKS: u64 = 2;

/// The mailboxes of the configuration. Cheap to clone.
pub type Accounts = Arc<Vec<Account>>;

/// A mailbox that messages are fetched from.
#[derive(Clone)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Who logs in.
    pub user: String,
    /// With what.
    pub login: Login,
    /// The folder that is read.
    pub folder: String,
    /// What becomes of a message that is in the ledger.
    pub processed: Processed,
    /// Seconds between looks.
    pub poll_seconds: u64,
    /// Whether the server is asked to tell of new messages.
    pub idle: bool,
}

/// What a mailbox is logged in to with.
#[derive(Clone, Debug)]
pub enum Login {
    /// A password.
    Password(Secret),
    /// Access tokens; one at a time is in use, wherever the account is copied to.
    Oauth2(Arc<Tokens>),
}

/// What becomes of a message on the server once it is in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Processed {
    /// It is marked as seen and as ours.
    Flag,
    /// It goes to another folder.
    Move(String),
    /// It is deleted.
    Delete,
}

impl Account {
    /// The mailboxes of a configuration, with their passwords.
    ///
    /// # Errors
    /// One sentence that names mailbox and key, without any password.
    pub fn all(mailboxes: &[ImapMailbox]) -> Result<Accounts, String> {
        let mut names = BTreeSet::new();
        let mut accounts = Vec::new();
        for mailbox in mailboxes {
            if !names.insert(mailbox.name.as_str()) {
                return Err(format!("mail.incoming.imap: the name {:?} stands twice", mailbox.name));
            }
            accounts.push(Self::of(mailbox).map_err(|e| format!("mail.incoming.imap {:?}: {e}", mailbox.name))?);
        }
        Ok(Arc::new(accounts))
    }

    fn of(mailbox: &ImapMailbox) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if mailbox.name.is_empty() || mailbox.name.len() > 40 || !mailbox.name.chars().all(fits) {
            return Err("name must be 1 to 40 letters, digits, dots, hyphens or underscores".into());
        }
        if !POLL_SECONDS.contains(&mailbox.poll_seconds) {
            return Err(format!("poll_seconds must be {} to {}", POLL_SECONDS.start(), POLL_SECONDS.end()));
        }
        if u64::try_from(mailbox.overdue_minutes).unwrap_or(0) * 60 < LOOKS * mailbox.poll_seconds {
            return Err("overdue_minutes must be at least twice poll_seconds".into());
        }
        for folder in [mailbox.folder.as_str(), mailbox.processed.as_str()] {
            if folder.trim().is_empty() || folder.contains(char::is_control) {
                return Err("folder and processed must be one line and not empty".into());
            }
        }
        let processed = match mailbox.processed.as_str() {
            "flag" => Processed::Flag,
            "delete" => Processed::Delete,
            other => match other.strip_prefix("move:") {
                Some(to) if !to.is_empty() && to != mailbox.folder => Processed::Move(to.to_owned()),
                Some(_) => return Err("processed moves to the folder that is read, or to none".into()),
                None => return Err("processed must be flag, move:FOLDER or delete".into()),
            },
        };
        let (host, port, tls, user) = server(&mailbox.url)?;
        Ok(Self {
            name: mailbox.name.clone(),
            host,
            port,
            tls,
            user,
            login: login(mailbox)?,
            folder: mailbox.folder.clone(),
            processed,
            poll_seconds: mailbox.poll_seconds,
            idle: mailbox.idle,
        })
    }

    /// The source of its messages, as the ledger calls it.
    #[must_use]
    pub fn source(&self) -> String {
        format!("imap:{}", self.name)
    }

    /// Server, log-in and folder: UIDs mean something only there.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({}, {}:{}, {:?})", self.name, self.host, self.port, self.tls)
    }
}

/// Server, port, encryption and log-in's name of a URL.
fn server(url: &str) -> Result<(String, u16, Tls, String), String> {
    let (scheme, rest) = url.split_once("://").ok_or("url must begin with imap:// or imaps://")?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let tls = match (scheme, query) {
        ("imaps", "") => Tls::Wrapped,
        ("imap", "") => Tls::Never,
        ("imap", "tls=required") => Tls::Required,
        ("imap" | "imaps", _) => return Err("url may end in ?tls=required (imap:// only)".into()),
        _ => return Err("url must begin with imap:// or imaps://".into()),
    };
    let (user, server) = rest.rsplit_once('@').ok_or("url names nobody who logs in: imaps://USER@HOST")?;
    if user.contains(':') {
        return Err("url holds a password: give it by password, password_file or password_variable".into());
    }
    let user = decode(user)
        .filter(|user| !user.is_empty() && !user.contains(char::is_control))
        .ok_or("url has a name that is empty or not percent-encoded rightly")?;
    let (host, port) = host_and_port(server.trim_end_matches('/')).ok_or("url names no server and port")?;
    if tls == Tls::Never && !is_this_machine(&host) {
        return Err(format!(
            "url would send the password to {host} unencrypted: use imaps://, or add ?tls=required \
             (plain imap:// is for this machine only)"
        ));
    }
    Ok((host, port.unwrap_or(if tls == Tls::Wrapped { 993 } else { 143 }), tls, user))
}

pub(super) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn login(mailbox: &ImapMailbox) -> Result<Login, String> {
    let password = secret("password", mailbox.password_places())?;
    match (mailbox.auth, &mailbox.oauth2, password) {
        (MailboxAuth::Password, None, Some(password)) => Ok(Login::Password(password)),
        (MailboxAuth::Password, None, None) => {
            Err("exactly one of password, password_file and password_variable must be given".into())
        }
        (MailboxAuth::Password, Some(_), _) => Err("oauth2 is of use only with auth = \"oauth2\"".into()),
        (MailboxAuth::Oauth2, Some(config), None) => {
            Tokens::new(&mailbox.name, config).map(Arc::new).map(Login::Oauth2)
        }
        (MailboxAuth::Oauth2, None, _) => Err("auth = \"oauth2\" needs oauth2 with its token_url".into()),
        (MailboxAuth::Oauth2, _, Some(_)) => Err("auth = \"oauth2\" takes no password".into()),
    }
}

/// A secret from the one place where it stands; `None` where it stands in none.
pub(super) fn secret(key: &str, places: Places<'_>) -> Result<Option<Secret>, String> {
    let secret = match places {
        ["", "", ""] => return Ok(None),
        [secret, "", ""] => secret.to_owned(),
        ["", file, ""] => {
            let text =
                std::fs::read_to_string(file).map_err(|e| format!("{key}_file {file} cannot be read: {}", e.kind()))?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        ["", "", name] => std::env::var(name).map_err(|_| format!("{key}_variable: the variable {name} is not set"))?,
        _ => return Err(format!("exactly one of {key}, {key}_file and {key}_variable must be given")),
    };
    if secret.is_empty() || secret.contains(['\r', '\n', '\0']) {
        return Err(format!("the {key} is empty or more than one line"));
    }
    Ok(Some(Secret::new(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Oauth2;

    fn mailbox(url: &str) -> ImapMailbox {
        ImapMailbox {
            name: "head".into(),
            url: url.into(),
            password: Secret::new("hidden"),
            password_file: String::new(),
            password_variable: String::new(),
            auth: MailboxAuth::Password,
            oauth2: None,
            folder: "INBOX".into(),
            processed: "flag".into(),
            poll_seconds: 300,
            idle: true,
            overdue_minutes: 60,
        }
    }

    #[test]
    fn good_urls() {
        for (url, host, port, tls, user) in [
            ("imaps://me%40example.org@mail.example.org", "mail.example.org", 993, Tls::Wrapped, "me@example.org"),
            ("imaps://me@mail.example.org:9993/", "mail.example.org", 9993, Tls::Wrapped, "me"),
            ("imap://me@mail.example.org?tls=required", "mail.example.org", 143, Tls::Required, "me"),
            ("imap://me@[::1]:1143", "::1", 1143, Tls::Never, "me"),
        ] {
            let account = Account::of(&mailbox(url)).unwrap();
            assert_eq!(
                (account.host.as_str(), account.port, account.tls, account.user.as_str()),
                (host, port, tls, user)
            );
            assert!(!format!("{account:?}").contains("hidden"));
        }
    }

    #[test]
    fn wrong_and_unsafe_values_are_one_sentence_without_the_password() {
        let url = "imaps://me@mail.example.org";
        let with = |change: fn(&mut ImapMailbox)| {
            let mut mailbox = mailbox(url);
            change(&mut mailbox);
            mailbox
        };
        for (wrong, says) in [
            (mailbox("mail.example.org"), "must begin with"),
            (mailbox("pop3://me@mail.example.org"), "must begin with"),
            (mailbox("imap://me@mail.example.org"), "unencrypted"),
            (mailbox("imap://me@127.0.0.1.evil.example"), "unencrypted"),
            (mailbox("imap://me@mail.example.org?tls=opportunistic"), "tls=required"),
            (mailbox("imaps://mail.example.org"), "nobody who logs in"),
            (mailbox("imaps://me:hidden@mail.example.org"), "holds a password"),
            (with(|m| m.name = "a b".into()), "name must be"),
            (with(|m| m.poll_seconds = 4), "poll_seconds"),
            (with(|m| m.poll_seconds = 1740), "poll_seconds"),
            (with(|m| m.overdue_minutes = 5), "overdue_minutes"),
            (with(|m| m.processed = "keep".into()), "flag, move:FOLDER or delete"),
            (with(|m| m.processed = "move:INBOX".into()), "the folder that is read"),
            (with(|m| m.folder = "a\r\nb".into()), "one line"),
            (with(|m| m.password = Secret::default()), "exactly one of"),
            (with(|m| m.password_file = "/etc/hostname".into()), "exactly one of"),
            (with(|m| m.oauth2 = Some(Oauth2::default())), "only with auth"),
            (with(|m| m.auth = MailboxAuth::Oauth2), "needs oauth2"),
            (with(|m| (m.auth, m.oauth2) = (MailboxAuth::Oauth2, Some(Oauth2::default()))), "takes no password"),
        ] {
            let error = Account::all(&[wrong]).unwrap_err();
            assert!(error.contains(says) && error.starts_with("mail.incoming.imap "), "{error}");
            assert!(!error.contains("hidden") && !error.contains('\n'), "{error}");
        }
        let twice = Account::all(&[mailbox(url), mailbox(url)]).unwrap_err();
        assert!(twice.contains("stands twice"), "{twice}");
    }
}
