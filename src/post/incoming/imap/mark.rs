//! What becomes of a message on the server once it is in the ledger. Done twice it does no harm.

use async_imap::types::{Flag, Mailbox};

use super::connect::{ANSWER, Abilities, Open};
use super::fault::{Fault, within};
use super::folder::encoded;
use super::settings::Processed;

/// The keyword of messages that are in the ledger.
const KEYWORD: &str = "$Chenqing";

/// How messages are marked in a folder.
#[derive(Clone, Debug)]
pub struct Marking {
    processed: Processed,
    able: Abilities,
    keyword: bool,
}

impl Marking {
    /// The marking of a folder, by what its server can do.
    #[must_use]
    pub fn new(processed: &Processed, able: Abilities, folder: &Mailbox) -> Self {
        let keyword = folder.permanent_flags.iter().any(|flag| match flag {
            Flag::MayCreate => true,
            Flag::Custom(name) => name.eq_ignore_ascii_case(KEYWORD),
            _ => false,
        });
        Self { processed: processed.clone(), able, keyword }
    }

    /// Marks a message.
    ///
    /// # Errors
    /// `Refused` when the server does not do it, which is no trouble of the next message; anything else is one of the
    /// connection.
    pub async fn mark(&self, session: &mut Open, uid: u32) -> Result<(), Fault> {
        match &self.processed {
            Processed::Flag if self.keyword => flag(session, uid, &format!("\\Seen {KEYWORD}")).await,
            Processed::Flag => flag(session, uid, "\\Seen").await,
            Processed::Delete => self.remove(session, uid).await,
            Processed::Move(to) => {
                let (uid_set, to) = (uid.to_string(), encoded(to));
                if self.able.moves {
                    return within(ANSWER, session.uid_mv(uid_set, to)).await;
                }
                within(ANSWER, session.uid_copy(uid_set, to)).await?;
                self.remove(session, uid).await
            }
        }
    }

    /// Without UIDPLUS a message stays flagged as deleted: to remove it would remove what others have flagged too.
    async fn remove(&self, session: &mut Open, uid: u32) -> Result<(), Fault> {
        flag(session, uid, "\\Deleted").await?;
        if self.able.uidplus {
            within(ANSWER, session.run_command_and_check_ok(format!("UID EXPUNGE {uid}"))).await?;
        }
        Ok(())
    }
}

async fn flag(session: &mut Open, uid: u32, flags: &str) -> Result<(), Fault> {
    within(ANSWER, session.run_command_and_check_ok(format!("UID STORE {uid} +FLAGS.SILENT ({flags})"))).await
}
