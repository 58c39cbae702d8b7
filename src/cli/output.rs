//! Files that a command writes: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write, stdout};
use std::path::Path;

/// Writes a file; `-` is standard output, where a reader that has seen enough is no error. What stood there before stands
/// there still when it cannot be written, as on a full disk.
///
/// # Errors
/// Of the file system.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path == Path::new("-") {
        let mut out = stdout().lock();
        return match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        };
    }
    // The file itself, where a name only leads to it.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&path).ok();
    if before.as_ref().is_some_and(|file| !file.is_file()) {
        // A pipe or a device is written to as it is; a folder refuses.
        return fs::write(&path, bytes);
    }
    let beside = path.with_file_name(beside());
    let written = whole(&beside, bytes).and_then(|()| {
        if let Some(before) = before {
            fs::set_permissions(&beside, before.permissions())?;
        }
        fs::rename(&beside, &path)
    });
    if written.is_err() {
        // What was begun is of no use.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// What is written first: a name of this process alone, as short as any.
fn beside() -> String {
    format!(".chenqing-{}.part", std::process::id())
}

fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("report.json"), folder.path().join("link"));
        put(&file, b"first").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        put(&link, b"second").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"second");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        // A file that cannot be made beside it stands for a full disk.
        fs::create_dir(folder.path().join(beside())).unwrap();
        assert!(put(&file, b"third").is_err());
        assert_eq!(fs::read(&file).unwrap(), b"second");
        assert!(put(folder.path(), b"new").is_err() && put(&folder.path().join("no/file"), b"new").is_err());
        assert!(put(Path::new("/dev/full"), b"new").is_err());
        put(Path::new("/dev/null"), b"new").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
