//! Messages that somebody dropped into a folder, one a file. Each goes into the ledger and only then to `done/`; a file
//! that cannot be read or moved stays where it is and is tried again: its bytes are in the ledger once, however often.

use std::fs;
use std::path::Path;

use super::limits;
use crate::acts::mail_stored::store;
use crate::app::App;
use crate::domain::time::Moment;
use crate::error::{Error, Result};

/// Where files go once they are in the ledger.
const DONE: &str = "done";
/// Files in one run; the next tick takes the rest.
const BATCH: usize = 200;

/// Takes what was dropped into `mail.incoming.folder`.
///
/// # Errors
/// `Unavailable` when the folder cannot be read, or the ledger takes nothing.
pub fn collect(app: &App, now: Moment) -> Result<usize> {
    let folder = app.config.mail.incoming.folder.as_str();
    if folder.is_empty() {
        return Ok(0);
    }
    let folder = Path::new(folder);
    let fault = |e: std::io::Error| Error::Unavailable(format!("mail.incoming.folder {}: {e}", folder.display()));
    fs::create_dir_all(folder.join(DONE)).map_err(fault)?;
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(fault)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.to_ascii_lowercase().ends_with(".eml") && !name.starts_with('.'))
        .collect();
    names.sort();
    let mut taken = 0;
    for name in names.iter().take(BATCH) {
        let path = folder.join(name);
        match message(&path) {
            Ok(bytes) => {
                store(&app.office, &app.files, now, "folder", name, &bytes)?;
                taken += 1;
                if let Err(e) = fs::rename(&path, folder.join(DONE).join(name)) {
                    tracing::error!(file = name, error = %e, "a dropped message is in the ledger and cannot be moved");
                }
            }
            Err(e) => tracing::error!(file = name, error = %e, "a dropped message cannot be read"),
        }
    }
    Ok(taken)
}

/// The bytes of a regular file.
fn message(path: &Path) -> std::io::Result<Vec<u8>> {
    let about = fs::symlink_metadata(path)?;
    if !about.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    if about.len() > limits::MESSAGE as u64 {
        return Err(std::io::Error::other(format!("it is larger than {} bytes", limits::MESSAGE)));
    }
    fs::read(path)
}
