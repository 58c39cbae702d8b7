//! An incoming message is stored raw before anything reads it: its bytes as a file, its line in the ledger, and how it
//! came in. What becomes of it is decided afterwards.

use crate::acts::Office;
use crate::domain::time::{HOUR, Moment};
use crate::error::Result;
use crate::files::Files;
use crate::keys::sha256;
use crate::store::attachments::{StoredFile, lease};
use crate::store::messages;

/// Hours the bytes are kept while their line in the ledger is being written.
const LEASE_HOURS: i64 = 12;
/// What raw messages are.
const MEDIA: &str = "message/rfc822";

/// A message in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its row.
    pub message_id: i64,
    /// These bytes were not there before.
    pub new: bool,
}

/// Stores a message that came in by `source` (`pipe`, `folder`, `imap:NAME`), where it is called `reference` (a file's
/// name, UIDVALIDITY/UID). When this returns, message and receipt are on the disk, and the source may forget it. The same
/// bytes are one message, however often and by however many ways they come; other bytes are another, whatever their
/// Message-ID.
///
/// # Errors
/// `Unavailable` when disk or database do not take it: the source keeps it and tries again.
pub fn store(
    office: &Office,
    files: &Files,
    now: Moment,
    source: &str,
    reference: &str,
    bytes: &[u8],
) -> Result<Stored> {
    let file = StoredFile {
        sha256: sha256(bytes),
        name: String::new(),
        media_type: MEDIA.to_owned(),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
    };
    let leased = file.clone();
    office.store.write(move |db| lease(db, &leased, now, now.plus_seconds(LEASE_HOURS * HOUR)))?;
    files.put(bytes)?;
    let (source, reference) = (source.to_owned(), reference.to_owned());
    office.store.write(move |db| {
        let (message_id, new) = messages::insert(db, &file.sha256, file.size, now)?;
        messages::receive(db, message_id, &file.sha256, &source, &reference, now)?;
        Ok(Stored { message_id, new })
    })
}
