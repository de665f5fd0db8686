//! The log folder of a mounted stick, or of any folder.

use crate::cache::Medium;
use crate::extra::{self, PutFailure};
use crate::medium::{meaning, read_past_cache};
use crate::mount::Mounted;
use crate::{Backend, ExtraFile, LOG_FOLDER, LOG_SUFFIX, Operation, StickError, StoredLog};
use record::{COPY_FOLDER, Twin, copy_name, log_name, settle};
use rustix::fs::{FallocateFlags, StatVfsMountFlags, fallocate, fstatvfs, syncfs};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The room that a stick must have for a session to begin, in bytes: twice what is set apart for each of a log's two
/// files.
pub const ROOM_NEEDED: u64 = 4 * SET_APART;

/// The room that is set apart for a file before it is first written, in bytes: more than the largest session seen. The tables of
/// the filesystem then stay as they are while the file grows into it. The file's length is that of what was written, so
/// nothing follows the log in it.
const SET_APART: u64 = 512 << 10;

/// A stick's log folder.
#[derive(Debug)]
pub struct LogFolder {
    // Fields are dropped in this order: everything that holds the filesystem goes before its mount.
    places: BTreeMap<Twin, Place>,
    root: PathBuf,
    medium: Option<Medium>,
    mounted: Option<Mounted>,
}

/// Where one of a log's two files lies.
#[derive(Debug)]
struct Place {
    open: Option<OpenFile>,
    folder: File,
    path: PathBuf,
}

#[derive(Debug)]
struct OpenFile {
    file: File,
    path: PathBuf,
    room: Room,
}

/// Whether room is set apart for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    NotYet,
    /// As far as the filesystem can.
    SetApart,
}

impl OpenFile {
    fn of(file: File, path: PathBuf) -> Self {
        Self { file, path, room: Room::NotYet }
    }

    /// Sets room apart before the first write.
    fn set_room_apart(&mut self) -> io::Result<()> {
        if self.room == Room::SetApart {
            return Ok(());
        }
        // A stick that was pulled still has the room that was set apart then. Linux's FAT does not know of it any more, and
        // takes it for an error of the filesystem when the file grows: it is given back first.
        self.file.set_len(self.file.metadata()?.len())?;
        // A filesystem that cannot, or has not that much, says so when it is written.
        if let Err(error) = fallocate(&self.file, FallocateFlags::KEEP_SIZE, 0, SET_APART) {
            tracing::info!(%error, "no room is set apart");
        }
        self.room = Room::SetApart;
        Ok(())
    }
}

impl Place {
    /// Opens a folder, and makes it where it is missing.
    fn of(path: PathBuf) -> io::Result<Self> {
        match DirBuilder::new().mode(0o755).create(&path) {
            Ok(()) => path.parent().map_or(Ok(()), |parent| flush_folder(&File::open(parent)?))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        Ok(Self { open: None, folder: File::open(&path)?, path })
    }
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
        medium: Option<Medium>,
        mounted: Option<Mounted>,
    ) -> Result<Self, StickError> {
        let device = medium.as_ref().map(|medium| medium.path().to_owned());
        let failed = |error| meaning(Operation::OpenFolder, error, device.as_deref());
        check_room(root).map_err(failed)?;
        let logs = root.join(LOG_FOLDER);
        let copies = logs.join(COPY_FOLDER);
        let log = Place::of(logs).map_err(failed)?;
        let copy = Place::of(copies).map_err(failed)?;
        let places = [(Twin::Log, log), (Twin::Copy, copy)].into();
        Ok(Self { places, root: root.to_owned(), medium, mounted })
    }

    fn failed(&self, operation: Operation) -> impl FnOnce(io::Error) -> StickError + use<> {
        let device = self.medium.as_ref().map(|medium| medium.path().to_owned());
        move |error| meaning(operation, error, device.as_deref())
    }

    fn place(&mut self, twin: Twin) -> Result<&mut Place, StickError> {
        self.places.get_mut(&twin).ok_or(StickError::NoStick)
    }

    /// Where a log's file lies, or its copy's.
    fn path(&self, twin: Twin, log: &str) -> Result<PathBuf, StickError> {
        let place = self.places.get(&twin).ok_or(StickError::NoStick)?;
        let name = match twin {
            Twin::Log => Some(log.to_owned()),
            Twin::Copy => copy_name(log),
        };
        Ok(place.path.join(name.ok_or(StickError::NamesTaken)?))
    }

    /// The names of all logs of which a file is there.
    fn log_names(&self) -> io::Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for (twin, place) in &self.places {
            for entry in fs::read_dir(&place.path)? {
                // Names that are not UTF-8 are nobody's logs: this program writes ASCII.
                let Ok(name) = entry?.file_name().into_string() else { continue };
                match twin {
                    Twin::Log => names.extend(is_log(&name).then_some(name)),
                    Twin::Copy => names.extend(log_name(&name)),
                }
            }
        }
        Ok(names)
    }

    /// A log by the one of its files that counts. One that cannot be read does not matter while the other one can.
    fn read(&self, name: String) -> Result<StoredLog, StickError> {
        let read = |twin| match fs::read(self.path(twin, &name)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(Operation::ReadLogs)(error)),
        };
        let (log, copy) = match (read(Twin::Log), read(Twin::Copy)) {
            (Err(error), Err(_) | Ok(None)) | (Ok(None), Err(error)) => return Err(error),
            (log, copy) => (log.unwrap_or_default(), copy.unwrap_or_default()),
        };
        let counts = settle(log.as_deref(), copy.as_deref()).counts;
        let bytes = match counts {
            Twin::Log => log,
            Twin::Copy => copy,
        };
        Ok(StoredLog { name, bytes: bytes.unwrap_or_default() })
    }

    /// File, folder, filesystem, device, the device's own memory: each has kept something back somewhere.
    fn flush(&self, place: &Place, file: &File) -> io::Result<()> {
        file.sync_all()?;
        flush_folder(&place.folder)?;
        syncfs(&place.folder)?;
        self.medium.as_ref().map_or(Ok(()), Medium::flush)
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
        names.into_iter().map(|name| self.read(name)).collect()
    }

    fn reopen(&mut self, twin: Twin, log: &str) -> Result<Option<()>, StickError> {
        let path = self.path(twin, log)?;
        let place = self.place(twin)?;
        match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => {
                place.open = Some(OpenFile::of(file, path));
                Ok(Some(()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && place.path.exists() => Ok(None),
            Err(error) => Err(self.failed(Operation::OpenFile)(error)),
        }
    }

    fn create(&mut self, twin: Twin, log: &str) -> Result<(), StickError> {
        let path = self.path(twin, log)?;
        match OpenOptions::new().read(true).write(true).create_new(true).mode(0o644).open(&path) {
            Ok(file) => {
                self.place(twin)?.open = Some(OpenFile::of(file, path));
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(StickError::NamesTaken),
            Err(error) => Err(self.failed(Operation::OpenFile)(error)),
        }
    }

    fn write(&mut self, twin: Twin, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        let failed = self.failed(Operation::Write);
        self.place(twin)?.open.as_mut().ok_or(StickError::NoStick)?.set_room_apart().map_err(failed)?;
        let place = self.places.get(&twin).ok_or(StickError::NoStick)?;
        let open = place.open.as_ref().ok_or(StickError::NoStick)?;
        open.file.write_all_at(bytes, offset).map_err(self.failed(Operation::Write))?;
        self.flush(place, &open.file).map_err(self.failed(Operation::Flush))
    }

    fn read_back(&mut self, twin: Twin) -> Result<Vec<u8>, StickError> {
        let open = self.place(twin)?.open.as_ref().ok_or(StickError::NoStick)?;
        read_past_cache(&open.path).map_err(self.failed(Operation::ReadBack))
    }

    fn put(&mut self, file: &ExtraFile) -> Result<String, StickError> {
        let (folder, name) = extra::put(&self.root, file).map_err(|failure| match failure {
            PutFailure::NamesTaken => StickError::NamesTaken,
            PutFailure::Differs => StickError::ReadBackDiffers,
            PutFailure::Io(operation, error) => self.failed(operation)(error),
        })?;
        // The medium's own memory, too.
        let flushed = syncfs(&folder)
            .map_err(io::Error::from)
            .and_then(|()| self.medium.as_ref().map_or(Ok(()), Medium::flush));
        flushed.map_err(self.failed(Operation::Flush))?;
        Ok(name)
    }

    fn release(&mut self) -> Result<(), StickError> {
        // The folders' own handles would keep the filesystem busy.
        self.places.clear();
        self.mounted.take().map_or(Ok(()), Mounted::unmount)?;
        // What unmounting wrote.
        self.medium.take().map_or(Ok(()), |medium| medium.flush()).map_err(self.failed(Operation::Unmount))
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
        for twin in Twin::BOTH {
            folder.create(twin, "a.jsonl").unwrap();
            folder.write(twin, 0, b"one\n").unwrap();
            folder.write(twin, 4, b"two\n").unwrap();
            assert_eq!(folder.read_back(twin).unwrap(), b"one\ntwo\n");
        }
        for file in ["a.jsonl", "COPY/a.copy"] {
            assert_eq!(fs::read(root.path().join(LOG_FOLDER).join(file)).unwrap(), b"one\ntwo\n");
        }
        folder.release().unwrap();
    }

    #[test]
    fn a_file_that_is_there_is_never_made_anew() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        folder.create(Twin::Log, "a.jsonl").unwrap();
        folder.write(Twin::Log, 0, b"one\n").unwrap();
        assert_eq!(folder.create(Twin::Log, "a.jsonl").unwrap_err().kind(), StickErrorKind::NamesTaken);
        assert_eq!(folder.reopen(Twin::Log, "b.jsonl").unwrap(), None);
        assert_eq!(folder.reopen(Twin::Log, "a.jsonl").unwrap(), Some(()));
        assert_eq!(folder.read_back(Twin::Log).unwrap(), b"one\n");
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
        fs::remove_dir_all(root.path().join(LOG_FOLDER)).unwrap();
        assert!(folder.logs().is_err());
        assert!(folder.reopen(Twin::Log, "a.jsonl").is_err());
        assert!(folder.create(Twin::Log, "a.jsonl").is_err());
    }

    #[test]
    fn a_log_is_read_from_whichever_of_its_files_counts() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        let logs = root.path().join(LOG_FOLDER);
        let put = |file: &str, bytes: &[u8]| fs::write(logs.join(file), bytes).unwrap();
        put("a.jsonl", b"");
        put("COPY/b.copy", b"b");
        put("c.jsonl", b"c");
        // One that cannot be read.
        fs::create_dir(logs.join("COPY/c.copy")).unwrap();
        fs::create_dir(logs.join("d.jsonl")).unwrap();
        put("COPY/d.copy", b"d");
        put("COPY/notes.txt", b"");
        let read: Vec<_> = folder.logs().unwrap().into_iter().map(|log| (log.name, log.bytes)).collect();
        let log = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        assert_eq!(
            read,
            [log("a.jsonl", b""), log("b.jsonl", b"b"), log("c.jsonl", b"c"), log("d.jsonl", b"d")]
        );
        fs::remove_file(logs.join("COPY/d.copy")).unwrap();
        assert_eq!(folder.logs().unwrap_err().kind(), StickErrorKind::Io);
    }
}
