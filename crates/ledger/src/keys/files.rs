//! Writing small files so that a power cut leaves the old one or the new one.

use super::problem::KeyProblem;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Whoever may read the folder.
    All,
    /// Its owner.
    Owner,
}

/// Reads a file that is no longer than that.
pub(super) fn read(path: &Path, most: usize) -> Result<Vec<u8>, KeyProblem> {
    let read = || {
        let bytes = fs::read(path)?;
        if bytes.len() > most { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(bytes) }
    };
    read().map_err(|error| KeyProblem::Unreadable(path.to_owned(), error))
}

/// Writes a file in the place of one that may be there.
pub(super) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), KeyProblem> {
    let written = || {
        let beside = path.with_extension("new");
        // One that a power cut left is nobody's.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fill(&beside, bytes, readers)?;
        fs::rename(&beside, path)?;
        flush_folder(path)
    };
    written().map_err(|error| KeyProblem::Unwritable(path.to_owned(), error))
}

/// Writes a file that must not be there.
pub(super) fn create(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), KeyProblem> {
    match fill(path, bytes, readers).and_then(|()| flush_folder(path)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(KeyProblem::AlreadyThere(path.to_owned()))
        }
        Err(error) => Err(KeyProblem::Unwritable(path.to_owned(), error)),
    }
}

fn fill(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mode = match readers {
        Readers::All => 0o644,
        Readers::Owner => 0o600,
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn flush_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder)?.sync_all() {
        // Some filesystems have nothing to flush for a folder, and say so.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}
