//! Mail. What both directions share stands here: the [`Post`] with everything that sending needs, the agency's face,
//! signed addresses, troubles and how they are masked. [`outgoing`] sends letters, [`incoming`] reads messages. The only place that names lettre.

pub mod address;
pub mod face;
pub mod incoming;
mod mask;
pub mod outgoing;
mod trouble;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::tz::TimeZone;
use lettre::Address;
use lettre::message::Mailbox;

pub use outgoing::{Delivered, MARK, Transport, caught, deliver, link_address};
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
use address::Addresses;
use face::AgencyFace;
use outgoing::{Pace, Signer};

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
    addresses: Arc<Addresses>,
    signer: Option<Arc<Signer>>,
    pace: Arc<Pace>,
    public_url: String,
    zone: TimeZone,
    retry_days: i64,
    connections: usize,
    timeout_seconds: i64,
    max_letter_bytes: i64,
    file_days: i64,
    settled: Option<Settled>,
    ending: Arc<AtomicBool>,
}

impl Post {
    /// The post of a configuration.
    ///
    /// # Errors
    /// One sentence that names the key: a sender's address that is none, a mail server's URL that is wrong or unsafe, a
    /// signing key that cannot be used.
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
        let from = sender(&mail.from, &mail.from_name)?;
        Ok(Self {
            store,
            keys,
            letters,
            files,
            transport: Arc::new(Transport::from_config(mail)?),
            face: Arc::new(face),
            addresses: Arc::new(Addresses::new(mail, &from.email)?),
            signer: Signer::from_config(&mail.dkim, from.email.domain())?.map(Arc::new),
            pace: Arc::new(Pace::new(mail.per_minute)),
            from,
            public_url: url,
            zone,
            retry_days: mail.retry_days,
            connections: mail.connections.clamp(1, MOST_CONNECTIONS),
            timeout_seconds: i64::try_from(mail.smtp.timeout_seconds.clamp(1, 600)).unwrap_or(600),
            max_letter_bytes: mail.max_letter_bytes,
            file_days: mail.file_days,
            settled: None,
            ending: Arc::default(),
        })
    }

    /// The same post, with what follows from a letter that was sent or has failed for good.
    #[must_use]
    pub fn with_settled(mut self, settled: Settled) -> Self {
        self.settled = Some(settled);
        self
    }

    /// From now on no further letters are claimed: the process ends.
    pub fn wind_up(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// The way letters leave.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The addresses that answers and returned letters go to.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What signs letters, where something does.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        self.signer.as_deref()
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
