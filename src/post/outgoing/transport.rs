//! The two ways letters leave: a mail server, or a folder. Chosen by `mail.transport`.

use std::path::{Path, PathBuf};

use lettre::Address;

use super::folder;
use super::smtp::{Session, Smtp};
use crate::config::{Mail, MailTransport};
use crate::domain::time::Moment;
use crate::post::trouble::Failure;

/// How letters leave.
#[derive(Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into a folder, as files.
    Folder(PathBuf),
}

impl Transport {
    /// The way `[mail]` says.
    ///
    /// # Errors
    /// One sentence: what is wrong with the mail server's URL or with the folder.
    pub fn from_config(mail: &Mail) -> Result<Self, String> {
        match mail.transport {
            MailTransport::Smtp => Smtp::new(&mail.smtp.url, mail.smtp.timeout_seconds).map(Box::new).map(Self::Smtp),
            MailTransport::Folder if mail.folder.is_empty() => {
                Err("mail.folder is empty: name the folder letters go to".into())
            }
            MailTransport::Folder => Ok(Self::Folder(PathBuf::from(&mail.folder))),
        }
    }

    /// Tries it without sending anything: logs in to the mail server, or makes the folder. What was found, in a line.
    ///
    /// # Errors
    /// One sentence: what does not work.
    pub fn check(&self) -> Result<String, String> {
        match self {
            Self::Smtp(smtp) => smtp.check(),
            Self::Folder(path) => std::fs::create_dir_all(path)
                .map(|()| format!("letters are written to {}, not sent", path.display()))
                .map_err(|e| format!("the folder for letters {} cannot be made: {e}", path.display())),
        }
    }

    /// The folder letters are caught in, where there is one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(path) => Some(path),
            Self::Smtp(_) => None,
        }
    }

    /// Hands one letter over.
    pub(super) fn send(
        &self,
        session: &mut Session,
        letter: i64,
        envelope: (&Address, &Address),
        message: &[u8],
        now: Moment,
    ) -> Result<(), Failure> {
        match self {
            Self::Smtp(smtp) => session.send(smtp, envelope.0, envelope.1, message),
            Self::Folder(path) => folder::write(path, letter, now, message),
        }
    }
}
