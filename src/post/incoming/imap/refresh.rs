//! The refresh token of a mailbox. Some token servers give a new one with each access token and take the old one no more:
//! the newest is kept sealed in the database, so that restarts and other nodes go on with it. Another configured one, or
//! another server, begins anew.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::fault::Fault;
use crate::acts::Office;
use crate::config::{Oauth2, Secret};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::random_word;
use crate::store::{leases, mailbox_tokens};

/// What the column is sealed for, before the mailbox's name.
const LABEL: &str = "mailbox_tokens.refresh:";

/// Seconds for which one process may ask the token server: it answers sooner, or is given up.
const ASKING: i64 = 90;
/// How often another process looks whether it is its turn, and milliseconds in between: as long as an answer may take.
const LOOKS: i64 = 120;
const BETWEEN: u32 = 250;

/// The refresh token of a mailbox.
pub struct Refresh {
    mailbox: String,
    configured: Secret,
    /// Server and client that it is good for.
    place: String,
    /// Given by the server, but not in the database yet.
    unsaved: Mutex<Option<Secret>>,
}

impl Refresh {
    /// The configured one.
    #[must_use]
    pub fn new(mailbox: &str, config: &Oauth2, configured: Secret) -> Self {
        let place = format!("{}\n{}", config.token_url, config.client_id);
        Self { mailbox: mailbox.to_owned(), configured, place, unsaved: Mutex::default() }
    }

    /// Asks the token server while no other process does: what rotates its tokens may void all of them when an old one is
    /// shown twice.
    ///
    /// # Errors
    /// What `ask` returns; of the database; that another process has been asking for too long.
    pub fn alone<T>(
        &self,
        office: &Office,
        now: Moment,
        ask: impl FnOnce() -> std::result::Result<T, Fault>,
    ) -> std::result::Result<T, Fault> {
        let (name, holder) = (format!("token:{}", self.mailbox), random_word::<10>()?);
        for look in 0..LOOKS {
            if look > 0 {
                thread::sleep(Duration::from_millis(u64::from(BETWEEN)));
            }
            // Who released it may have begun after us.
            let now = Moment(now.0 + look * i64::from(BETWEEN) * 1_000);
            let (lease, holder, until) = (name.clone(), holder.clone(), now.plus_seconds(ASKING));
            let Some(epoch) = office.store.write(move |db| leases::take(db, &lease, &holder, now, until))? else {
                continue;
            };
            let asked = ask();
            // What is not given back runs out.
            if let Err(e) = office.store.write(move |db| leases::release(db, &name, epoch, now, "")) {
                tracing::warn!(mailbox = self.mailbox, error = %e, "the turn at a token server was not given back");
            }
            return asked;
        }
        Err(Fault::Connection("another process has been asking the token server for too long".into()))
    }

    /// The newest.
    ///
    /// # Errors
    /// Of the database: the configured one might be void, and showing it again might cost the newest.
    pub fn newest(&self, office: &Office, now: Moment) -> std::result::Result<Secret, Fault> {
        let unsaved = self.unsaved().clone();
        match unsaved {
            Some(unsaved) => {
                self.given(office, unsaved.clone(), now);
                Ok(unsaved)
            }
            None => Ok(self.kept(office)?.unwrap_or_else(|| self.configured.clone())),
        }
    }

    /// Another than this one, which holds no more: another process was given it meanwhile.
    ///
    /// # Errors
    /// Of the database.
    pub fn other_than(&self, office: &Office, refused: &Secret) -> std::result::Result<Option<Secret>, Fault> {
        // What could not be saved is newer than what is in the database, whatever it was refused for.
        if self.unsaved().is_some() {
            return Ok(None);
        }
        Ok(self.kept(office)?.filter(|kept| kept != refused))
    }

    /// The server gave this one. Without the database it is held until the process ends.
    pub fn given(&self, office: &Office, token: Secret, now: Moment) {
        *self.unsaved() = Some(token.clone());
        match self.keep(office, &token, now) {
            Ok(()) => *self.unsaved() = None,
            Err(e) => tracing::warn!(mailbox = self.mailbox, error = %e, "a new refresh token could not be kept"),
        }
    }

    fn unsaved(&self) -> MutexGuard<'_, Option<Secret>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn digest(&self, office: &Office) -> Result<String> {
        office.keys.index("mailbox_tokens.configured", &format!("{}\n{}", self.place, self.configured.reveal()))
    }

    fn label(&self) -> String {
        format!("{LABEL}{}", self.mailbox)
    }

    fn kept(&self, office: &Office) -> Result<Option<Secret>> {
        let digest = self.digest(office)?;
        let sealed = office.store.read(|db| mailbox_tokens::get(db, &self.mailbox, &digest))?;
        sealed.map(|sealed| office.keys.open(&self.label(), &sealed).map(Secret::new)).transpose()
    }

    fn keep(&self, office: &Office, token: &Secret, now: Moment) -> Result<()> {
        let (mailbox, digest) = (self.mailbox.clone(), self.digest(office)?);
        let sealed = office.keys.seal(&self.label(), token.reveal())?;
        office.store.write(move |db| mailbox_tokens::put(db, &mailbox, &digest, &sealed, now))
    }
}
