//! The file store: attachments as files named by the SHA-256 of their bytes (`ab/cd/abcd…`), so that a file is kept once
//! and a changed one is noticed. A file that [`Files::put`] has named is on the disk: whoever then writes a row that
//! refers to it refers to something. [`types`] tells what a file is.

pub mod types;

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

/// A file that was set aside: under a name of its own, so that of two who set the same one aside neither deletes what the
/// other puts back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The file's name.
    pub name: String,
    word: String,
}

impl Aside {
    fn file_name(&self) -> String {
        format!("{}.{}", self.name, self.word)
    }
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

    /// Takes a file out of its place without deleting it; none when it is gone already. Whoever keeps the same bytes
    /// meanwhile makes the file anew.
    ///
    /// # Errors
    /// `Internal` when it is no name of a file; `Unavailable` when the disk refuses.
    pub fn set_aside(&self, name: &str) -> Result<Option<Aside>> {
        let fault = |e| Error::Unavailable(format!("the file {name} cannot be set aside: {e}"));
        let aside = Aside { name: name.to_owned(), word: random_word::<16>()? };
        fs::create_dir_all(self.leaving()).map_err(fault)?;
        match fs::rename(self.path(name)?, self.leaving().join(aside.file_name())) {
            Ok(()) => Ok(Some(aside)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(fault(e)),
        }
    }

    /// Puts a file that was set aside back into its place.
    ///
    /// # Errors
    /// `Unavailable` when the disk refuses.
    pub fn put_back(&self, aside: &Aside) -> Result<()> {
        let path = self.path(&aside.name)?;
        missing_is_fine(fs::rename(self.leaving().join(aside.file_name()), &path))
            .and_then(|()| sync_folder(path.parent().unwrap_or(&self.folder)))
            .map_err(|e| Error::Unavailable(format!("the file {} cannot be put back: {e}", aside.name)))
    }

    /// Deletes a file that was set aside.
    ///
    /// # Errors
    /// `Unavailable` when the disk refuses.
    pub fn discard(&self, aside: &Aside) -> Result<()> {
        missing_is_fine(fs::remove_file(self.leaving().join(aside.file_name())))
            .map_err(|e| Error::Unavailable(format!("the file {} cannot be deleted: {e}", aside.name)))
    }

    /// The files that were set aside and neither put back nor deleted: a run broke off.
    ///
    /// # Errors
    /// `Unavailable` when the folder cannot be read.
    pub fn left_aside(&self) -> Result<Vec<Aside>> {
        let fault = |e: std::io::Error| Error::Unavailable(format!("the folder of leaving files cannot be read: {e}"));
        fs::create_dir_all(self.leaving()).map_err(fault)?;
        let mut found = Vec::new();
        for entry in fs::read_dir(self.leaving()).map_err(fault)? {
            let file = entry.map_err(fault)?.file_name().to_string_lossy().into_owned();
            if let Some((name, word)) = file.split_once('.').filter(|(name, _)| self.path(name).is_ok()) {
                found.push(Aside { name: name.to_owned(), word: word.to_owned() });
            }
        }
        Ok(found)
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

    fn leaving(&self) -> PathBuf {
        self.folder.join("leaving")
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

/// A file that is not there is where it should be.
fn missing_is_fine(done: std::io::Result<()>) -> std::io::Result<()> {
    match done {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
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
    }

    #[test]
    fn a_file_set_aside_comes_back_or_goes() {
        let (_folder, files) = files();
        let name = files.put(b"one").unwrap();
        let aside = files.set_aside(&name).unwrap().unwrap();
        assert_eq!(files.set_aside(&name), Ok(None));
        assert_eq!((files.get(&name), files.left_aside()), (Err(Error::NotFound), Ok(vec![aside.clone()])));
        files.put_back(&aside).unwrap();
        assert_eq!((files.get(&name), files.left_aside()), (Ok(b"one".to_vec()), Ok(vec![])));
        // Kept anew while it was aside: what is discarded is the old one.
        let aside = files.set_aside(&name).unwrap().unwrap();
        files.put(b"one").unwrap();
        files.discard(&aside).unwrap();
        files.discard(&aside).unwrap();
        assert_eq!((files.get(&name), files.left_aside()), (Ok(b"one".to_vec()), Ok(vec![])));
    }

    #[test]
    fn a_name_is_never_a_path() {
        let (_folder, files) = files();
        let long = "a".repeat(64);
        for name in ["", "../../etc/passwd", "ab/cd", &long[1..], &long.to_uppercase(), &long.replacen("aaa", "../", 1)]
        {
            assert!(matches!(files.get(name), Err(Error::Internal(_))), "{name}");
            assert!(matches!(files.set_aside(name), Err(Error::Internal(_))), "{name}");
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
