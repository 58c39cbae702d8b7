//! An installation for the tests of outgoing mail: a database, a clock that stands still, letters
//! that are owed, and the two places they may go to.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use chenqing::clock::Clock;
use chenqing::config::{Config, MailTransport};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::letter::Letter;
use chenqing::domain::party::Party;
use chenqing::domain::time::Moment;
use chenqing::files::Files;
use chenqing::keys::Keys;
use chenqing::letters::Letters;
use chenqing::post::face::{AgencyFace, Face};
use chenqing::post::{Delivered, Post, deliver};
use chenqing::store::letters::{self, LetterRow, NewLetter, Recipient};
use chenqing::store::{Store, parties};
use jiff::civil::date;

use super::server::{Arrived, Server};
use crate::support::{TestDb, databases};

/// The sender of every letter.
pub const FROM: &str = "mailbox@agency.example.tw";
/// When these tests begin.
pub const START: Moment = Moment(1_789_695_000_000_000);
const KEY: &str = "1:0123456789abcdef0123456789abcdef";

/// An installation.
pub struct World {
    pub folder: tempfile::TempDir,
    pub config: Config,
    pub store: Store,
    pub keys: Keys,
    pub files: Files,
    pub clock: Clock,
    database: TestDb,
}

/// One installation on each database there is.
pub fn worlds() -> Vec<World> {
    databases().into_iter().map(World::on).collect()
}

/// Every database with every place letters may go to.
pub fn worlds_and_places() -> Vec<(World, Place)> {
    let mut all = Vec::new();
    for world in worlds() {
        let place = Place::Folder(world.folder.path().join("caught"));
        all.push((world, place));
    }
    all.extend(worlds().into_iter().map(|world| (world, Place::Smtp(Server::up()))));
    all
}

impl World {
    fn on(database: TestDb) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults().unwrap();
        config.database = database.config();
        config.public.url = "https://mailbox.example.tw".into();
        config.mail.from = FROM.into();
        config.mail.from_name = "署長信箱".into();
        config.mail.smtp.timeout_seconds = 5;
        config.mail.folder = folder.path().join("caught").display().to_string();
        Self {
            store: database.store(),
            keys: Keys::new(&[KEY]).unwrap(),
            files: Files::open(&folder.path().join("files")).unwrap(),
            clock: Clock::fixed(START),
            folder,
            config,
            database,
        }
    }

    /// Another process or node over the same database.
    pub fn node(&self) -> Store {
        self.database.store()
    }

    pub fn post(&self, place: &Place) -> Post {
        post(&place.config(&self.config), self.store.clone(), self.files.clone())
    }

    pub fn deliver(&self, place: &Place) -> Delivered {
        deliver(&self.post(place), &self.clock).unwrap()
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    pub fn party(&self, email: &str, name: &str) -> i64 {
        let party = Party { name: name.into(), email: email.into(), ..Party::default() };
        let (keys, now) = (self.keys.clone(), self.now());
        self.store.write(move |db| parties::insert(db, &parties::seal(&keys, &party)?, now)).unwrap()
    }

    /// A notice to a petitioner of this address.
    pub fn owe(&self, email: &str) -> i64 {
        let party = self.party(email, "王小明");
        self.owe_to(Recipient::Party(party), notice("夜間噪音"), "zh-TW")
    }

    pub fn owe_to(&self, to: Recipient, letter: Letter, locale: &'static str) -> i64 {
        self.owe_with(to, letter, locale, |_| {})
    }

    pub fn owe_with(
        &self,
        to: Recipient,
        letter: Letter,
        locale: &'static str,
        change: impl Fn(&mut NewLetter<'_>) + Send + 'static,
    ) -> i64 {
        let (keys, now) = (self.keys.clone(), self.now());
        let write = move |db: &mut chenqing::store::Db| {
            let mut new = NewLetter {
                letter: &letter,
                to,
                locale,
                case_id: None,
                submission_id: None,
                reply_id: None,
                link: None,
                query_code: None,
                by_post: false,
            };
            change(&mut new);
            letters::insert(db, &keys, &new, now)
        };
        self.store.write(write).unwrap()
    }

    pub fn row(&self, id: i64) -> LetterRow {
        self.store.read(|db| letters::get(db, id)).unwrap()
    }

    pub fn count(&self, state: LetterState) -> usize {
        self.store.read(|db| letters::in_state(db, state, None, 1000)).unwrap().len()
    }
}

/// Post over a store, as a process of its own would build it.
pub fn post(config: &Config, store: Store, files: Files) -> Post {
    static LETTERS: LazyLock<Arc<Letters>> = LazyLock::new(|| Arc::new(Letters::new(None).unwrap()));
    let zh_tw = Face {
        agency: "海洋委員會海巡署".into(),
        phone: "02-0000-1234".into(),
        mailbox: "署長信箱".into(),
        hotline: "118".into(),
    };
    let en = Face { agency: "Coast Guard".into(), mailbox: "Director's Mailbox".into(), ..zh_tw.clone() };
    let keys = Keys::new(&[KEY]).unwrap();
    Post::new(config, store, keys, Arc::clone(&LETTERS), files, AgencyFace { zh_tw, en }).unwrap()
}

/// A letter that needs nothing but its data.
pub fn notice(subject: &str) -> Letter {
    Letter::Assigned {
        number: "1150000012-3".into(),
        subject: subject.into(),
        unit: "第三岸巡隊".into(),
        unit_phone: String::new(),
        due_on: date(2026, 9, 30),
    }
}

/// Where letters go.
pub enum Place {
    Smtp(Server),
    Folder(PathBuf),
}

impl Place {
    pub fn config(&self, config: &Config) -> Config {
        let mut config = config.clone();
        match self {
            Self::Smtp(server) => {
                config.mail.transport = MailTransport::Smtp;
                config.mail.smtp.url = server.url();
            }
            Self::Folder(path) => {
                config.mail.transport = MailTransport::Folder;
                config.mail.folder = path.display().to_string();
            }
        }
        config
    }

    /// The server is gone, or a file lies where the folder should be.
    pub fn go_down(&mut self) {
        match self {
            Self::Smtp(server) => server.stop(),
            Self::Folder(path) => {
                let _ = std::fs::remove_dir_all(&*path);
                std::fs::write(path, "in the way").unwrap();
            }
        }
    }

    pub fn come_up(&mut self) {
        match self {
            Self::Smtp(server) => server.start(&[]),
            Self::Folder(path) => std::fs::remove_file(path).unwrap(),
        }
    }

    /// What arrived, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        match self {
            Self::Smtp(server) => server.arrived(),
            Self::Folder(path) => caught(path),
        }
    }
}

fn caught(folder: &Path) -> Vec<Arrived> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &PathBuf| {
        assert_eq!(file.extension().unwrap(), "eml", "nothing half written stays");
        let bytes = std::fs::read(file).unwrap();
        Arrived { to: header(&bytes, "To").unwrap(), bytes }
    };
    files.iter().map(read).collect()
}

/// The head of a letter, unfolded: name and value of each line, in order.
pub fn headers(letter: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(letter).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    let split = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    head.split("\r\n").map(split).collect()
}

pub fn header(letter: &[u8], name: &str) -> Option<String> {
    headers(letter).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
