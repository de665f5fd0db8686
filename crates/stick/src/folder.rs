//! The log folder of a mounted stick, or of any folder.

use crate::extra::{self, PutFailure};
use crate::medium::{meaning, read_past_cache};
use crate::mount::Mounted;
use crate::{Backend, ExtraFile, LOG_FOLDER, LOG_SUFFIX, Operation, StickError, StoredLog};
use rustix::fs::{StatVfsMountFlags, fstatvfs, syncfs};
use rustix::io::Errno;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The room that a stick must have for a session to begin, in bytes: several times the largest session seen.
pub const ROOM_NEEDED: u64 = 1 << 20;

/// A stick's log folder.
#[derive(Debug)]
pub struct LogFolder {
    // Fields are dropped in this order: everything that holds the filesystem goes before its mount.
    open: Option<OpenFile>,
    folder: File,
    path: PathBuf,
    device: Option<PathBuf>,
    mounted: Option<Mounted>,
}

#[derive(Debug)]
struct OpenFile {
    file: File,
    path: PathBuf,
}

impl LogFolder {
    /// Opens the log folder under `root`, and makes it where it is missing. For a folder that somebody else has
    /// mounted, or that is no stick at all; a stick's device goes through [`crate::mount`].
    ///
    /// # Errors
    /// [`StickError::ReadOnly`], [`StickError::Full`] under [`ROOM_NEEDED`], or another failure.
    pub fn open(root: &Path) -> Result<Self, StickError> {
        Self::of(root, None, None)
    }

    pub(crate) fn of(
        root: &Path,
        device: Option<PathBuf>,
        mounted: Option<Mounted>,
    ) -> Result<Self, StickError> {
        let failed = |error| meaning(Operation::OpenFolder, error, device.as_deref());
        check_room(root).map_err(failed)?;
        let path = root.join(LOG_FOLDER);
        match DirBuilder::new().mode(0o755).create(&path) {
            Ok(()) => File::open(root).and_then(|root| flush_folder(&root)).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let folder = File::open(&path).map_err(failed)?;
        Ok(Self { open: None, folder, path, device, mounted })
    }

    fn failed(&self, operation: Operation) -> impl FnOnce(io::Error) -> StickError {
        let device = self.device.clone();
        move |error| meaning(operation, error, device.as_deref())
    }

    fn log_names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            // Names that are not UTF-8 are nobody's logs: this program writes ASCII.
            names.extend(name.into_string().ok().filter(|name| is_log(name)));
        }
        names.sort();
        Ok(names)
    }

    fn write_through(&self, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        let open = self.open.as_ref().ok_or(StickError::NoStick)?;
        open.file.write_all_at(bytes, offset).map_err(self.failed(Operation::Write))?;
        self.flush(&open.file).map_err(self.failed(Operation::Flush))
    }

    /// File, folder, filesystem, device: each has kept something back on some kernel.
    fn flush(&self, file: &File) -> io::Result<()> {
        file.sync_all()?;
        flush_folder(&self.folder)?;
        syncfs(&self.folder)?;
        match &self.device {
            Some(device) => File::open(device)?.sync_all(),
            None => Ok(()),
        }
    }
}

fn is_log(name: &str) -> bool {
    // FAT tools may shout.
    name.to_ascii_lowercase().ends_with(LOG_SUFFIX)
}

/// Some room for logs must be left on a stick.
pub(crate) fn check_room(root: &Path) -> io::Result<()> {
    let stat = fstatvfs(File::open(root)?)?;
    if stat.f_flag.contains(StatVfsMountFlags::RDONLY) {
        return Err(Errno::ROFS.into());
    }
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    if free < ROOM_NEEDED { Err(Errno::NOSPC.into()) } else { Ok(()) }
}

pub(crate) fn flush_folder(folder: &File) -> io::Result<()> {
    match folder.sync_all() {
        // Some filesystems have nothing to flush for a folder and say so; syncfs follows.
        Err(error) if Errno::from_io_error(&error) == Some(Errno::INVAL) => Ok(()),
        other => other,
    }
}

impl Backend for LogFolder {
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError> {
        let names = self.log_names().map_err(self.failed(Operation::ReadLogs))?;
        let read = |name: String| fs::read(self.path.join(&name)).map(|bytes| StoredLog { name, bytes });
        names.into_iter().map(read).collect::<io::Result<_>>().map_err(self.failed(Operation::ReadLogs))
    }

    fn reopen(&mut self, name: &str) -> Result<Option<()>, StickError> {
        let path = self.path.join(name);
        match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => {
                self.open = Some(OpenFile { file, path });
                Ok(Some(()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.path.exists() => Ok(None),
            Err(error) => Err(self.failed(Operation::OpenFile)(error)),
        }
    }

    fn create(&mut self, name: &str) -> Result<(), StickError> {
        let path = self.path.join(name);
        match OpenOptions::new().read(true).write(true).create_new(true).mode(0o644).open(&path) {
            Ok(file) => {
                self.open = Some(OpenFile { file, path });
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(StickError::NamesTaken),
            Err(error) => Err(self.failed(Operation::OpenFile)(error)),
        }
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        self.write_through(offset, bytes)
    }

    fn read_back(&mut self) -> Result<Vec<u8>, StickError> {
        let open = self.open.as_ref().ok_or(StickError::NoStick)?;
        read_past_cache(&open.path).map_err(self.failed(Operation::ReadBack))
    }

    fn put(&mut self, file: &ExtraFile) -> Result<String, StickError> {
        let root = self.path.parent().ok_or(StickError::NoStick)?.to_owned();
        let (folder, name) = extra::put(&root, file).map_err(|failure| match failure {
            PutFailure::NamesTaken => StickError::NamesTaken,
            PutFailure::Differs => StickError::ReadBackDiffers,
            PutFailure::Io(operation, error) => self.failed(operation)(error),
        })?;
        // The medium's own memory, too.
        let flushed = syncfs(&folder).map_err(io::Error::from).and_then(|()| match &self.device {
            Some(device) => File::open(device)?.sync_all(),
            None => Ok(()),
        });
        flushed.map_err(self.failed(Operation::Flush))?;
        Ok(name)
    }

    fn release(&mut self) -> Result<(), StickError> {
        self.open = None;
        // The folder's own handle would keep the filesystem busy: one of the root of all takes its place.
        let failed = self.failed(Operation::Unmount);
        self.folder = File::open("/").map_err(failed)?;
        self.mounted.take().map_or(Ok(()), Mounted::unmount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StickErrorKind;

    #[test]
    fn what_is_written_is_read_back() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        folder.create("a.jsonl").unwrap();
        folder.write(0, b"one\n").unwrap();
        folder.write(4, b"two\n").unwrap();
        assert_eq!(folder.read_back().unwrap(), b"one\ntwo\n");
        assert_eq!(fs::read(root.path().join(LOG_FOLDER).join("a.jsonl")).unwrap(), b"one\ntwo\n");
        folder.release().unwrap();
    }

    #[test]
    fn a_file_that_is_there_is_never_made_anew() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        folder.create("a.jsonl").unwrap();
        folder.write(0, b"one\n").unwrap();
        assert_eq!(folder.create("a.jsonl").unwrap_err().kind(), StickErrorKind::NamesTaken);
        assert_eq!(folder.reopen("b.jsonl").unwrap(), None);
        assert_eq!(folder.reopen("a.jsonl").unwrap(), Some(()));
        assert_eq!(folder.read_back().unwrap(), b"one\n");
    }

    #[test]
    fn only_logs_are_listed() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        for name in ["b.jsonl", "A.JSONL", "notes.txt", "jsonl"] {
            fs::write(root.path().join(LOG_FOLDER).join(name), name).unwrap();
        }
        let logs = folder.logs().unwrap();
        assert_eq!(logs.iter().map(|log| log.name.as_str()).collect::<Vec<_>>(), ["A.JSONL", "b.jsonl"]);
        assert_eq!(logs[1].bytes, b"b.jsonl");
    }

    #[test]
    fn a_folder_that_went_away_is_an_error_and_not_an_empty_stick() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        fs::remove_dir(root.path().join(LOG_FOLDER)).unwrap();
        assert!(folder.logs().is_err());
        assert!(folder.reopen("a.jsonl").is_err());
        assert!(folder.create("a.jsonl").is_err());
    }
}
