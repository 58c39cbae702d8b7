//! Outgoing mail: what the letters of the store become on their way out. [`deliver`] claims what is due, renders and
//! freezes it, sends it over the configured [`Transport`] and records what became of it; no transaction is open while a
//! letter is being sent. The only place that names lettre.
//!
//! A letter is sent at least once, and every time with the same bytes and Message-ID: whoever receives it twice (the
//! process died between sending and recording, or the server's answer was lost) can tell.

mod attempt;
pub mod caught;
pub mod face;
mod folder;
mod frozen;
pub mod incoming;
mod links;
mod mask;
mod message;
mod outgoing;
mod recipient;
mod smtp;
mod smtp_url;
mod transport;
mod trouble;

use std::sync::Arc;

use jiff::tz::TimeZone;
use lettre::Address;
use lettre::message::Mailbox;

pub use links::address as link_address;
pub use outgoing::{Delivered, deliver};
pub use transport::Transport;
pub use trouble::Trouble;

use crate::config::Config;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::files::Files;
use crate::keys::Keys;
use crate::letters::Letters;
use crate::letters::clean;
use crate::store::letters::{LetterRow, Outcome};
use crate::store::{Db, Store};
use face::AgencyFace;

/// Connections to the mail server at most, whatever is configured.
const MOST_CONNECTIONS: usize = 32;

/// What follows from a letter that was sent or has failed for good: called in the transaction that records it, so that
/// neither is ever on the disk without the other.
pub type Settled = Arc<dyn Fn(&mut Db, &LetterRow, &Outcome, Moment) -> Result<()> + Send + Sync>;

/// Everything that delivering needs. Cheap to clone.
#[derive(Clone)]
pub struct Post {
    store: Store,
    keys: Keys,
    letters: Arc<Letters>,
    files: Files,
    transport: Arc<Transport>,
    face: Arc<AgencyFace>,
    from: Mailbox,
    public_url: String,
    zone: TimeZone,
    retry_days: i64,
    connections: usize,
    timeout_seconds: i64,
    settled: Option<Settled>,
}

impl Post {
    /// The post of a configuration.
    ///
    /// # Errors
    /// One sentence that names the key: a sender's address that is none, a mail server's URL that is wrong or unsafe.
    pub fn new(
        config: &Config,
        store: Store,
        keys: Keys,
        letters: Arc<Letters>,
        files: Files,
        face: AgencyFace,
    ) -> std::result::Result<Self, String> {
        let mail = &config.mail;
        let zone = TimeZone::get(&config.agency.time_zone)
            .map_err(|_| format!("agency.time_zone is {:?}: there is no such time zone", config.agency.time_zone))?;
        let url = config.public.url.trim_end_matches('/').to_owned();
        Ok(Self {
            store,
            keys,
            letters,
            files,
            transport: Arc::new(Transport::from_config(mail)?),
            face: Arc::new(face),
            from: sender(&mail.from, &mail.from_name)?,
            public_url: url,
            zone,
            retry_days: mail.retry_days,
            connections: mail.connections.clamp(1, MOST_CONNECTIONS),
            timeout_seconds: i64::try_from(mail.smtp.timeout_seconds.clamp(1, 600)).unwrap_or(600),
            settled: None,
        })
    }

    /// The same post, with what follows from a letter that was sent or has failed for good.
    #[must_use]
    pub fn with_settled(mut self, settled: Settled) -> Self {
        self.settled = Some(settled);
        self
    }

    /// The way letters leave.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}

/// The sender on every letter.
fn sender(address: &str, name: &str) -> std::result::Result<Mailbox, String> {
    let parsed: Address =
        address.parse().map_err(|_| format!("mail.from is {address:?}, which is no e-mail address"))?;
    if !address.is_ascii() {
        return Err(format!("mail.from is {address:?}: write it in ASCII (a domain as xn--…)"));
    }
    let name = clean::line(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), parsed))
}
