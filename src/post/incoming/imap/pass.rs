//! One look at a folder. What lies above the cursor is fetched one by one, stored in the ledger, and only then marked. The
//! cursor (`fetch_states`) moves over messages that are done; a message that the server does not hand over or mark now
//! holds it back but not the messages behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::TryStreamExt;

use super::connect::{ANSWER, Abilities, Open};
use super::fault::{Fault, within};
use super::folder::encoded;
use super::mark::Marking;
use super::settings::Account;
use crate::acts::mail_stored;
use crate::app::App;
use crate::error::{Error, Result as Done};
use crate::store::fetch_states::{self, Progress};

/// Bytes of a message at most; as in `limits`, beyond which none is read.
const MOST_BYTES: u32 = 64 << 20;
/// Until a message of any size has come.
const BODY: Duration = Duration::from_secs(600);
/// Messages between two notes of how far the folder has been read.
const CHUNK: usize = 50;

/// A selected folder and what of it is done.
pub struct Pass<'a> {
    app: &'a App,
    account: &'a Account,
    marking: Marking,
    uid_validity: u32,
    cursor: u32,
    /// Above the cursor, done.
    done: BTreeSet<u32>,
    /// Above the cursor, in the ledger but not marked yet.
    stored: BTreeSet<u32>,
    /// Listed at the last look, yet without a size: gone by now, or withheld.
    absent: BTreeSet<u32>,
    progress: Progress,
}

/// What a look came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Messages that are now in the ledger.
    pub fetched: usize,
    /// What held a message back.
    pub trouble: Option<Fault>,
}

impl<'a> Pass<'a> {
    /// Selects the folder. When its UIDs have been given anew since (UIDVALIDITY, RFC 3501, 2.3.1.1), it is read from its
    /// beginning: what the ledger has already, it knows by its bytes.
    ///
    /// # Errors
    /// What went wrong: no such folder, say.
    pub async fn begin(app: &'a App, account: &'a Account, session: &mut Open, able: Abilities) -> Result<Self, Fault> {
        let folder = within(ANSWER, session.select(encoded(&account.folder))).await?;
        let uid_validity =
            folder.uid_validity.ok_or_else(|| Fault::Refused("the folder has no lasting UIDs".into()))?;
        let (name, place, now) = (account.name.clone(), account.place(), app.clock.now());
        let state =
            blocking(app, move |app| app.office.store.write(move |db| fetch_states::at(db, &name, &place, now)))
                .await?;
        let same = state.uid_validity == i64::from(uid_validity);
        if !same && state.uid_validity != 0 {
            tracing::warn!(mailbox = account.name, "UIDVALIDITY has changed: the folder is read from its beginning");
        }
        Ok(Self {
            app,
            account,
            marking: Marking::new(&account.processed, able, &folder),
            uid_validity,
            cursor: if same { u32::try_from(state.last_uid).unwrap_or(0) } else { 0 },
            done: BTreeSet::new(),
            stored: BTreeSet::new(),
            absent: BTreeSet::new(),
            progress: Progress::default(),
        })
    }

    /// Looks: fetches, stores and marks what is new. Ends early, between two messages, when `ending` says so.
    ///
    /// # Errors
    /// What ends the connection, or that the ledger takes nothing. What was stored stays stored.
    pub async fn look(&mut self, session: &mut Open, ending: impl Fn() -> bool) -> Result<Looked, Fault> {
        let range = format!("UID {}:*", self.cursor.saturating_add(1));
        let found = within(ANSWER, session.uid_search(range)).await?;
        // `n:*` names the last message even when its number is smaller.
        let listed: BTreeSet<u32> = found.into_iter().filter(|uid| *uid > self.cursor).collect();
        self.absent.retain(|uid| listed.contains(uid));
        let new: Vec<u32> = listed.difference(&self.done).copied().collect();
        let mut looked = Looked::default();
        for chunk in new.chunks(CHUNK) {
            let worked = self.chunk(session, chunk, &mut looked, &ending).await;
            self.note(&listed).await?;
            worked?;
            if ending() {
                return Ok(looked);
            }
        }
        let (name, now) = (self.account.name.clone(), self.app.clock.now());
        match &looked.trouble {
            None => {
                blocking(self.app, move |app| app.office.store.write(move |db| fetch_states::succeeded(db, &name, now)))
                    .await?
            }
            Some(fault) => {
                let (place, error) = (self.account.place(), fault.to_string());
                let note = move |app: &App| {
                    app.office.store.write(move |db| fetch_states::failed(db, &name, &place, now, &error))
                };
                blocking(self.app, note).await?;
            }
        }
        Ok(looked)
    }

    async fn chunk(
        &mut self,
        session: &mut Open,
        chunk: &[u32],
        looked: &mut Looked,
        ending: &impl Fn() -> bool,
    ) -> Result<(), Fault> {
        let sizes = sizes(session, chunk).await?;
        for uid in chunk {
            if ending() {
                return Ok(());
            }
            let Some(size) = sizes.get(uid) else {
                // Once it may have been deleted by somebody; whoever lists it again should also give it.
                if !self.absent.insert(*uid) {
                    looked.trouble = Some(Fault::Refused(format!("the message {uid} is not handed over")));
                }
                continue;
            };
            self.absent.remove(uid);
            match self.message(session, *uid, *size).await {
                Ok(fetched) => looked.fetched += usize::from(fetched),
                Err(fault @ Fault::Refused(_)) => {
                    tracing::warn!(mailbox = self.account.name, uid, %fault, "a message is held back");
                    looked.trouble = Some(fault);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// One message; whether it is in the ledger now and was not before this look.
    async fn message(&mut self, session: &mut Open, uid: u32, size: u32) -> Result<bool, Fault> {
        let mut fetched = false;
        if !self.stored.contains(&uid) {
            let Some(bytes) = (if size > MOST_BYTES { None } else { body(session, uid).await? }) else {
                tracing::error!(mailbox = self.account.name, uid, size, "a message is too large and is left");
                self.progress.too_large += 1;
                self.done.insert(uid);
                return Ok(false);
            };
            self.store(uid, bytes).await?;
            self.stored.insert(uid);
            self.progress.fetched += 1;
            fetched = true;
        }
        self.marking.mark(session, uid).await?;
        self.stored.remove(&uid);
        self.done.insert(uid);
        Ok(fetched)
    }

    async fn store(&self, uid: u32, bytes: Vec<u8>) -> Result<(), Fault> {
        let (source, reference) = (self.account.source(), format!("{}/{uid}", self.uid_validity));
        let now = self.app.clock.now();
        let store = move |app: &App| mail_stored::store(&app.office, &app.files, now, &source, &reference, &bytes);
        let stored = blocking(self.app, store).await?;
        tracing::debug!(mailbox = self.account.name, uid, id = stored.message_id, new = stored.new, "fetched");
        Ok(())
    }

    /// Moves the cursor to just below the first message that is not done, and notes it.
    async fn note(&mut self, listed: &BTreeSet<u32>) -> Result<(), Fault> {
        let open = listed.difference(&self.done).next();
        let reached = open.map_or(listed.last().copied(), |uid| uid.checked_sub(1)).unwrap_or(0);
        self.cursor = self.cursor.max(reached);
        self.done = self.done.split_off(&self.cursor.saturating_add(1));
        let (name, validity, cursor) =
            (self.account.name.clone(), i64::from(self.uid_validity), i64::from(self.cursor));
        let progress = std::mem::take(&mut self.progress);
        let note = move |app: &App| {
            app.office.store.write(move |db| fetch_states::advance(db, &name, validity, cursor, progress))
        };
        Ok(blocking(self.app, note).await?)
    }
}

/// The sizes of messages, as the server counts them; one that is gone has none.
async fn sizes(session: &mut Open, uids: &[u32]) -> Result<BTreeMap<u32, u32>, Fault> {
    let set = uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut sizes = BTreeMap::new();
    let asked = async {
        let mut answers = session.uid_fetch(set, "(UID RFC822.SIZE)").await?;
        while let Some(answer) = answers.try_next().await? {
            if let (Some(uid), Some(size)) = (answer.uid, answer.size) {
                sizes.insert(uid, size);
            }
        }
        Ok::<(), async_imap::error::Error>(())
    };
    within(ANSWER, asked).await?;
    Ok(sizes)
}

/// The bytes of a message, without marking it as seen; `None` when there are more than the server said.
async fn body(session: &mut Open, uid: u32) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = None;
    let asked = async {
        let mut answers = session.uid_fetch(uid.to_string(), "(UID BODY.PEEK[])").await?;
        while let Some(answer) = answers.try_next().await? {
            if answer.uid == Some(uid)
                && let Some(body) = answer.body()
            {
                bytes = Some(body.to_vec());
            }
        }
        Ok::<(), async_imap::error::Error>(())
    };
    within(BODY, asked).await?;
    let bytes = bytes.ok_or_else(|| Fault::Refused(format!("the message {uid} is not handed over")))?;
    Ok((u32::try_from(bytes.len()).unwrap_or(u32::MAX) <= MOST_BYTES).then_some(bytes))
}

/// Work of database and disk, on a thread that may wait.
pub async fn blocking<T: Send + 'static>(app: &App, work: impl FnOnce(&App) -> Done<T> + Send + 'static) -> Done<T> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || work(&app)).await.map_err(|_| Error::internal("fetching panicked"))?
}
