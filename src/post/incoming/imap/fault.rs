//! What goes wrong with a mailbox, in one masked line: servers repeat names and addresses, and what the library says of an
//! answer it cannot read may be a message.

use std::fmt;
use std::time::Duration;

use async_imap::error::Error as ImapError;

use crate::error::Error;
use crate::post::mask::mask;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server cannot be reached, or the connection ended.
    Connection(String),
    /// It does not answer in time.
    Silent,
    /// The log-in was refused: trying again soon cannot help.
    Login(String),
    /// There is no access token to log in with: the token server refuses one.
    Token(String),
    /// It refuses one because the refresh token holds no more (`invalid_grant`).
    Grant(String),
    /// It refuses a command.
    Refused(String),
    /// It answers what no IMAP server should.
    Unreadable,
    /// The ledger does not take messages now.
    Ledger(String),
}

impl Fault {
    /// Whether trying again soon cannot help.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Token(_) | Self::Grant(_))
    }

    /// The same refusal, of the log-in.
    #[must_use]
    pub fn at_login(self) -> Self {
        match self {
            Self::Refused(said) => Self::Login(said),
            other => other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(why) => write!(f, "no connection: {why}"),
            Self::Silent => f.write_str("the server does not answer in time"),
            Self::Login(said) => write!(f, "the log-in is refused: {said}"),
            Self::Token(said) | Self::Grant(said) => write!(f, "no access token: the token server {said}"),
            Self::Refused(said) => write!(f, "the server refuses: {said}"),
            Self::Unreadable => f.write_str("the server's answer cannot be read"),
            Self::Ledger(why) => write!(f, "the ledger takes no message now: {why}"),
        }
    }
}

impl From<ImapError> for Fault {
    fn from(error: ImapError) -> Self {
        match error {
            ImapError::No(said) | ImapError::Bad(said) => Self::Refused(mask(&words(&said), "")),
            ImapError::ConnectionLost => Self::Connection("the server ended it".into()),
            ImapError::Io(error) => error.into(),
            _ => Self::Unreadable,
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            // The library's own: its text holds what it could not read.
            std::io::ErrorKind::Other => Self::Unreadable,
            std::io::ErrorKind::UnexpectedEof => Self::Connection("the server ended it".into()),
            _ => Self::Connection(mask(&error.to_string(), "")),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Ledger(error.to_string())
    }
}

/// What the server said, out of the library's rendering of it: `code: None, info: Some("…")` and the like.
fn words(said: &str) -> String {
    let info =
        said.rsplit_once("Some(\"").map_or(said, |(_, rest)| rest.rsplit_once("\")").map_or(rest, |(info, _)| info));
    info.replace("\\\"", "\"")
}

/// Waits for an answer, but not for ever.
///
/// # Errors
/// `Silent` when the time is over, and what the answer says.
pub async fn within<T, E: Into<Fault>>(wait: Duration, answer: impl Future<Output = Result<T, E>>) -> Result<T, Fault> {
    tokio::time::timeout(wait, answer).await.map_err(|_| Fault::Silent)?.map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_the_server_s_words_without_addresses() {
        let error =
            ImapError::No("code: None, info: Some(\"[AUTHENTICATIONFAILED] no such user lin@example.org\")".into());
        assert_eq!(Fault::from(error), Fault::Refused("[AUTHENTICATIONFAILED] no such user …@…".into()));
        let error =
            ImapError::No("outcome: Outcome { code: None, information: Some(\"no \\\"such\\\" folder.\") }".into());
        assert_eq!(Fault::from(error), Fault::Refused("no \"such\" folder.".into()));
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        let error = std::io::Error::other("Error during parsing of \"* 1 FETCH Dear Sir\"");
        assert_eq!(Fault::from(error).to_string(), "the server's answer cannot be read");
    }
}
