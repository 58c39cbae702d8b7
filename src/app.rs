//! The application: everything a running program is made of, put together once. Only `main` and `cli` build it.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::acts::{Office, delivered};
use crate::clock::Clock;
use crate::config::Config;
use crate::files::Files;
use crate::keys::Keys;
use crate::letters::Letters;
use crate::post::Post;
use crate::post::face::{AgencyFace, Face};
use crate::post::incoming::imap::{Account, Accounts};
use crate::store::Store;
use crate::store::reference::Reference;

/// A running program's parts. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
    /// Where acts are done.
    pub office: Office,
    /// The blobs.
    pub files: Files,
    /// Letters on their way out.
    pub post: Post,
    /// Where messages are fetched from.
    pub mailboxes: Accounts,
    /// The letters' words.
    pub letters: Arc<Letters>,
    /// The agency as letters show it.
    pub face: AgencyFace,
    /// Whether this is the demonstration, which says so on every page.
    pub demo: bool,
}

impl App {
    /// Puts the program together over a migrated database with an installed agency.
    ///
    /// # Errors
    /// One sentence: which part cannot be had, and why.
    pub fn build(config: Config, clock: Clock) -> Result<Self, String> {
        let store = Store::open(&config.database)?;
        Self::over(store, config, clock)
    }

    /// As [`App::build`], over a store that is open already.
    ///
    /// # Errors
    /// As for [`App::build`].
    pub fn over(store: Store, config: Config, clock: Clock) -> Result<Self, String> {
        let keys = Keys::new(&config.secrets.keys)?;
        let zone = TimeZone::get(&config.agency.time_zone)
            .map_err(|_| format!("agency.time_zone is {:?}: there is no such time zone", config.agency.time_zone))?;
        let letters = Arc::new(Letters::new(Config::folder(&config.letters.folder))?);
        for fault in letters.faults() {
            tracing::warn!(%fault, "an own letter template is not used; the built-in one is");
        }
        let mailboxes = Account::all(&config.mail.incoming.imap)?;
        let files = Files::open(Path::new(&config.attachments.folder))?;
        let office = Office::new(store.clone(), keys.clone(), config.cases.clone(), zone);
        let reference = store.read(|db| office.reference(db)).map_err(|e| format!("the agency cannot be read: {e}"))?;
        let face = face_of(&reference, &config.mail.from_name);
        let post = Post::new(&config, store, keys, Arc::clone(&letters), files.clone(), face.clone())?
            .with_settled(delivered::settled());
        Ok(Self { config: Arc::new(config), clock, office, files, post, mailboxes, letters, face, demo: false })
    }
}

/// The agency's names as letters show them; the first mailbox signs.
fn face_of(reference: &Reference, from_name: &str) -> AgencyFace {
    let mailbox = reference.mailboxes.first();
    let face = |locale: &str| Face {
        agency: reference.agency.name(locale).to_owned(),
        phone: reference.agency.phone.clone(),
        mailbox: mailbox.map_or(from_name, |m| if locale == "en" { &m.name_en } else { &m.name_zh }).to_owned(),
        hotline: reference.agency.hotline.clone(),
    };
    AgencyFace { zh_tw: face("zh-TW"), en: face("en") }
}
