//! The collector of files: deletes those that nothing refers to and no lease protects, and the halves of interrupted
//! arrivals. A file is first set aside, then its row is deleted in one transaction if it is still free, and only then the
//! file itself; whoever leased it in between gets it back. So nothing that is wanted is ever deleted, and a run that broke
//! off is finished by the next.

use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::files::{Aside, Files};
use crate::store::Store;
use crate::store::attachments::{forget, orphans};

/// Files in one run; the next tick takes the rest.
const BATCH: i64 = 1000;

/// What a run deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Files that nothing referred to.
    pub files: usize,
    /// Halves of interrupted arrivals, a day old.
    pub halves: usize,
}

/// Collects what nothing refers to.
///
/// # Errors
/// Of the database; `Unavailable` when the disk refuses.
pub fn collect(store: &Store, files: &Files, now: Moment) -> Result<Collected> {
    let mut collected = Collected { files: 0, halves: files.sweep(now.plus_seconds(-DAY))? };
    for aside in files.left_aside()? {
        collected.files += usize::from(settle(store, files, &aside, now)?);
    }
    for name in store.read(|db| orphans(db, now, BATCH))? {
        match files.set_aside(&name)? {
            Some(aside) => collected.files += usize::from(settle(store, files, &aside, now)?),
            // The file is gone; its row goes too.
            None => {
                is_free(store, &name, now)?;
            }
        }
    }
    Ok(collected)
}

/// Deletes a file that was set aside if it is still free, and puts it back if not; whether it is gone.
fn settle(store: &Store, files: &Files, aside: &Aside, now: Moment) -> Result<bool> {
    let free = is_free(store, &aside.name, now)?;
    if free {
        files.discard(aside)?
    } else {
        files.put_back(aside)?
    }
    Ok(free)
}

/// Forgets a file's row if nothing wants it; whether it is forgotten.
fn is_free(store: &Store, name: &str, now: Moment) -> Result<bool> {
    let name = name.to_owned();
    match store.write(move |db| forget(db, &name, now)) {
        // Attached at this very moment.
        Err(Error::Conflict) => Ok(false),
        other => other,
    }
}
