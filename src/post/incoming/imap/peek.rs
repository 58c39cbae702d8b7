//! A look at what comes into mailboxes that takes nothing and marks nothing: for `chenqing check`, which waits for letters
//! that it sent itself.

use futures_util::TryStreamExt;
use tokio::runtime::Runtime;

use super::connect::{self, ANSWER, Open};
use super::fault::{Fault, within};
use super::folder::encoded;
use super::settings::Account;
use crate::app::App;
use crate::post::incoming::{Read, read};

/// Mailboxes that are looked at.
pub struct Peek {
    runtime: Runtime,
    open: Vec<Watched>,
}

struct Watched {
    account: Account,
    session: Open,
    /// The first UID of what has not been looked at.
    next: u32,
}

impl Peek {
    /// Opens what can be opened of the mailboxes; only what comes from now on is looked at.
    ///
    /// # Errors
    /// One sentence when the runtime does not start.
    pub fn begin(app: &App) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| format!("the runtime cannot start: {e}"))?;
        // One that cannot be opened has a line of its own that says why.
        let open = app.mailboxes.iter().filter_map(|account| runtime.block_on(watched(app, account)).ok()).collect();
        Ok(Self { runtime, open })
    }

    /// The heads of messages that have come since the last look, with the mailbox's name.
    pub fn look(&mut self) -> Vec<(String, Read)> {
        let mut heads = Vec::new();
        for watched in &mut self.open {
            if let Ok(new) = self.runtime.block_on(look(watched)) {
                heads.extend(new.into_iter().map(|head| (watched.account.name.clone(), head)));
            }
        }
        heads
    }

    /// Says good-bye.
    pub fn end(self) {
        for watched in self.open {
            self.runtime.block_on(connect::close(watched.session));
        }
    }
}

async fn watched(app: &App, account: &Account) -> Result<Watched, Fault> {
    let (mut session, _) = connect::open(app, account).await?;
    let folder = within(ANSWER, session.examine(encoded(&account.folder))).await?;
    let next = match folder.uid_next {
        Some(next) => next,
        None => within(ANSWER, session.uid_search("ALL")).await?.into_iter().max().unwrap_or(0).saturating_add(1),
    };
    Ok(Watched { account: account.clone(), session, next })
}

async fn look(watched: &mut Watched) -> Result<Vec<Read>, Fault> {
    // Selecting it anew is what every server tells new messages at.
    within(ANSWER, watched.session.examine(encoded(&watched.account.folder))).await?;
    let (range, mut heads, mut reached) = (format!("{}:*", watched.next), Vec::new(), watched.next);
    let asked = async {
        let mut answers = watched.session.uid_fetch(range, "(UID BODY.PEEK[HEADER])").await?;
        while let Some(answer) = answers.try_next().await? {
            // `n:*` names the last message even when its number is smaller.
            if let (Some(uid), Some(head)) = (answer.uid.filter(|uid| *uid >= watched.next), answer.header()) {
                heads.push(read(head));
                reached = reached.max(uid.saturating_add(1));
            }
        }
        Ok::<(), async_imap::error::Error>(())
    };
    within(ANSWER, asked).await?;
    watched.next = reached;
    Ok(heads)
}
