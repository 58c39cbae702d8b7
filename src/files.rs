//! The file store: attachments as files named by the SHA-256 of their bytes (`ab/cd/abcd…`), so that a file is kept once
//! and a changed one is noticed. A file that [`Files::put`] has named is on the disk: whoever then writes a row that
//! refers to it refers to something.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::{random_word, sha256};

/// A folder of files. Cheap to clone; its calls block.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// Opens the folder and makes it when it is not there.
    ///
    /// # Errors
    /// One sentence: which folder, and why it cannot be used.
    pub fn open(folder: &Path) -> std::result::Result<Self, String> {
        let fault = |e| format!("the folder for files {} cannot be used: {e}", folder.display());
        let files = Self { folder: folder.to_owned() };
        fs::create_dir_all(files.arriving()).map_err(fault)?;
        sync_folder(folder).map_err(fault)?;
        Ok(files)
    }

    /// Keeps bytes; their name. Returns when they are on the disk.
    ///
    /// # Errors
    /// `Unavailable` when the disk does not take them.
    pub fn put(&self, bytes: &[u8]) -> Result<String> {
        let name = sha256(bytes);
        let path = self.path(&name)?;
        let fault = |e: std::io::Error| Error::Unavailable(format!("the file {name} cannot be kept: {e}"));
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(fault)?;
        if !path.is_file() {
            let arriving = self.arriving().join(random_word::<16>()?);
            let kept = write_new(&arriving, bytes).and_then(|()| fs::rename(&arriving, &path));
            if let Err(e) = kept {
                let _ = fs::remove_file(&arriving);
                return Err(fault(e));
            }
        }
        // Also for a file that was there: whoever renamed it may not have come to this yet. The folders above may be new.
        for folder in parent.ancestors().take(3) {
            sync_folder(folder).map_err(fault)?;
        }
        Ok(name)
    }

    /// Reads a file back.
    ///
    /// # Errors
    /// `NotFound`; `Internal` when it is no name of a file or the bytes are no longer those that were kept;
    /// `Unavailable` when the disk cannot be read.
    pub fn get(&self, name: &str) -> Result<Vec<u8>> {
        let bytes = fs::read(self.path(name)?).map_err(|e| match e.kind() {
            ErrorKind::NotFound => Error::NotFound,
            _ => Error::Unavailable(format!("the file {name} cannot be read: {e}")),
        })?;
        if sha256(&bytes) == name { Ok(bytes) } else { Err(Error::internal(format!("the file {name} was changed"))) }
    }

    /// Deletes a file that nothing refers to any more; one that is gone already is no fault.
    ///
    /// # Errors
    /// `Internal` when it is no name of a file; `Unavailable` when the disk refuses.
    pub fn remove(&self, name: &str) -> Result<()> {
        match fs::remove_file(self.path(name)?) {
            Err(e) if e.kind() != ErrorKind::NotFound => {
                Err(Error::Unavailable(format!("the file {name} cannot be deleted: {e}")))
            }
            _ => Ok(()),
        }
    }

    /// Deletes what interrupted calls of [`Files::put`] left behind: arriving files last written before that moment,
    /// which the caller takes long enough ago that none is still being written. How many there were.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be read.
    pub fn sweep(&self, before: Moment) -> Result<usize> {
        let fault = |e: std::io::Error| Error::Unavailable(format!("the folder of arriving files cannot be read: {e}"));
        let mut swept = 0;
        for entry in fs::read_dir(self.arriving()).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let written = entry.metadata().and_then(|about| about.modified()).ok();
            let old = written.and_then(|at| jiff::Timestamp::try_from(at).ok()).map(Moment::from_jiff);
            if old.is_some_and(|at| at < before) && fs::remove_file(entry.path()).is_ok() {
                swept += 1;
            }
        }
        Ok(swept)
    }

    fn arriving(&self) -> PathBuf {
        self.folder.join("arriving")
    }

    /// Where a name's file stands. Only a name that [`sha256`] can give is one: no path gets in.
    fn path(&self, name: &str) -> Result<PathBuf> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if name.len() != 64 || !name.bytes().all(hex) {
            return Err(Error::internal("this is no name of a kept file"));
        }
        Ok(self.folder.join(&name[..2]).join(&name[2..4]).join(name))
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        (folder, files)
    }

    #[test]
    fn bytes_come_back_under_their_digest() {
        let (folder, files) = files();
        let name = files.put("附件".as_bytes()).unwrap();
        assert_eq!(name, sha256("附件".as_bytes()));
        assert_eq!(files.put("附件".as_bytes()).unwrap(), name);
        assert_eq!(files.get(&name).unwrap(), "附件".as_bytes());
        assert!(folder.path().join(&name[..2]).join(&name[2..4]).join(&name).is_file());
        assert_eq!(fs::read_dir(folder.path().join("arriving")).unwrap().count(), 0);
        files.remove(&name).unwrap();
        files.remove(&name).unwrap();
        assert_eq!(files.get(&name), Err(Error::NotFound));
    }

    #[test]
    fn a_name_is_never_a_path() {
        let (_folder, files) = files();
        let long = "a".repeat(64);
        for name in ["", "../../etc/passwd", "ab/cd", &long[1..], &long.to_uppercase(), &long.replacen("aaa", "../", 1)]
        {
            assert!(matches!(files.get(name), Err(Error::Internal(_))), "{name}");
            assert!(matches!(files.remove(name), Err(Error::Internal(_))), "{name}");
        }
        assert_eq!(files.get(&long), Err(Error::NotFound));
    }

    #[test]
    fn a_changed_file_is_noticed() {
        let (folder, files) = files();
        let name = files.put(b"one").unwrap();
        fs::write(folder.path().join(&name[..2]).join(&name[2..4]).join(&name), b"two").unwrap();
        assert!(matches!(files.get(&name), Err(Error::Internal(_))));
    }

    #[test]
    fn a_disk_that_does_not_take_it_is_told_and_leaves_nothing() {
        let (folder, files) = files();
        let name = sha256(b"one");
        fs::create_dir_all(folder.path().join(&name[..2])).unwrap();
        fs::write(folder.path().join(&name[..2]).join(&name[2..4]), b"in the way").unwrap();
        assert!(matches!(files.put(b"one"), Err(Error::Unavailable(_))));
        assert_eq!(fs::read_dir(folder.path().join("arriving")).unwrap().count(), 0);
    }

    #[test]
    fn what_was_interrupted_is_swept() {
        let (folder, files) = files();
        fs::write(folder.path().join("arriving/half"), b"ha").unwrap();
        assert_eq!(files.sweep(Moment(0)).unwrap(), 0);
        assert_eq!(files.sweep(Moment(i64::MAX)).unwrap(), 1);
    }
}
