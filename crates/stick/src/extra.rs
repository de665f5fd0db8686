//! Files on a stick that are no logs.

use crate::folder::{check_room, flush_folder};
use crate::medium::read_past_cache;
use crate::{ExtraFile, Operation};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// How many names are tried for one file.
const NAMES: u32 = 99;

/// Why a file was not put.
#[derive(Debug)]
pub(crate) enum PutFailure {
    /// Every name for it is taken.
    NamesTaken,
    /// What was read back is not what was written.
    Differs,
    /// The system failed.
    Io(Operation, io::Error),
}

/// Writes a file that is not there yet, and reads it back. Returns its open folder, and its folder and name. What fails
/// half-way is removed again.
pub(crate) fn put(root: &Path, file: &ExtraFile) -> Result<(File, String), PutFailure> {
    let at = |operation| move |error| PutFailure::Io(operation, error);
    let path = root.join(&file.folder);
    match fs::create_dir(&path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(PutFailure::Io(Operation::OpenFolder, error));
        }
        _ => {}
    }
    let folder = File::open(&path).map_err(at(Operation::OpenFolder))?;
    let (mut open, name) = create(&path, file)?;
    let full = path.join(&name);
    let written = write(&mut open, &full, file).and_then(|()| {
        flush_folder(&folder).map_err(at(Operation::Flush))?;
        check_room(root).map_err(at(Operation::Write))
    });
    match written {
        Ok(()) => Ok((folder, format!("{}/{name}", file.folder))),
        Err(failure) => {
            // On a stick that is gone nothing can be removed either.
            let _ = fs::remove_file(&full);
            Err(failure)
        }
    }
}

fn create(folder: &Path, file: &ExtraFile) -> Result<(File, String), PutFailure> {
    for number in 1..=NAMES {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let name = format!("{}{number}{}", file.stem, file.suffix);
        match OpenOptions::new().write(true).create_new(true).mode(0o644).open(folder.join(&name)) {
            Ok(open) => return Ok((open, name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(PutFailure::Io(Operation::OpenFile, error)),
        }
    }
    Err(PutFailure::NamesTaken)
}

fn write(open: &mut File, full: &Path, file: &ExtraFile) -> Result<(), PutFailure> {
    open.write_all(&file.bytes).map_err(|error| PutFailure::Io(Operation::Write, error))?;
    open.sync_all().map_err(|error| PutFailure::Io(Operation::Flush, error))?;
    let back = read_past_cache(full).map_err(|error| PutFailure::Io(Operation::ReadBack, error))?;
    if back == file.bytes { Ok(()) } else { Err(PutFailure::Differs) }
}

#[cfg(test)]
mod tests {
    use crate::{Backend, ExtraFile, LogFolder, StickErrorKind};
    use record::Twin;
    use std::fs;

    fn file(bytes: &[u8]) -> ExtraFile {
        let (folder, stem, suffix) = ("EXTRA".into(), "one".into(), ".json".into());
        ExtraFile { folder, stem, suffix, bytes: bytes.to_vec() }
    }

    #[test]
    fn a_file_is_put_beside_the_logs_and_never_over_another() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        folder.create(Twin::Log, "a.jsonl").unwrap();
        folder.write(Twin::Log, 0, b"one\n").unwrap();
        assert_eq!(folder.put(&file(b"first")).unwrap(), "EXTRA/one.json");
        assert_eq!(folder.put(&file(b"second")).unwrap(), "EXTRA/one-2.json");
        assert_eq!(fs::read(root.path().join("EXTRA/one.json")).unwrap(), b"first");
        assert_eq!(fs::read(root.path().join("EXTRA/one-2.json")).unwrap(), b"second");
        // The log goes on where it was.
        folder.write(Twin::Log, 4, b"two\n").unwrap();
        assert_eq!(folder.read_back(Twin::Log).unwrap(), b"one\ntwo\n");
        assert_eq!(folder.logs().unwrap().len(), 1);
    }

    #[test]
    fn a_name_that_is_no_folder_is_an_error_and_taken_names_are_not_overwritten() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = LogFolder::open(root.path()).unwrap();
        fs::write(root.path().join("EXTRA"), b"a file").unwrap();
        assert_eq!(folder.put(&file(b"x")).unwrap_err().kind(), StickErrorKind::Io);
        fs::remove_file(root.path().join("EXTRA")).unwrap();
        for _ in 0..super::NAMES {
            folder.put(&file(b"x")).unwrap();
        }
        assert_eq!(folder.put(&file(b"y")).unwrap_err().kind(), StickErrorKind::NamesTaken);
    }
}
