//! The open data of a locked year are released: from then on everybody may fetch these very files.

use crate::acts::Office;
use crate::domain::open_data::RELEASERS;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::open_data::{self, NewRelease};
use crate::store::{reference, year_packages};

/// The files of a year, made of its locked figures.
#[derive(Clone, Debug)]
pub struct Files {
    /// The year.
    pub year: i16,
    /// The SHA-256 of the figures they were made of.
    pub figures_sha256: String,
    /// The archive.
    pub archive: Vec<u8>,
    /// The same as JSON.
    pub json: Vec<u8>,
}

/// Releases the open data of a year. Released once more while the same files stand, nothing changes.
///
/// # Errors
/// `Refused` for those who release none, for a year that is not locked, and for figures that are not as they were locked;
/// `Conflict` when other files of the year stand.
pub fn release_open_data(office: &Office, now: Moment, staff: &Staff, files: Files) -> Result<()> {
    if !staff.is_any(RELEASERS) {
        return Err(Error::refused("refused-open-data"));
    }
    let new = NewRelease {
        year: i32::from(files.year),
        figures_sha256: files.figures_sha256,
        archive_sha256: sha256(&files.archive),
        archive: files.archive,
        json_sha256: sha256(&files.json),
        json: files.json,
    };
    let staff_id = staff.id;
    office.store.write(move |db| {
        let Some(package) = year_packages::get(db, files.year)? else {
            return Err(Error::refused("refused-open-data-not-locked"));
        };
        if sha256(package.figures.as_bytes()) != new.figures_sha256
            || package.sha256.is_some_and(|kept| kept != new.figures_sha256)
        {
            return Err(Error::refused("refused-open-data-damaged"));
        }
        if !open_data::insert(db, &new, staff_id, now)? {
            let stands = open_data::of_year(db, new.year)?.into_iter().find(|release| release.withdrawn_at.is_none());
            let same = stands.is_some_and(|r| {
                (r.archive_sha256, r.json_sha256) == (new.archive_sha256.clone(), new.json_sha256.clone())
            });
            return if same { Ok(()) } else { Err(Error::Conflict) };
        }
        // The pages of citizens link to the open data from now on.
        reference::touch(db)
    })
}
