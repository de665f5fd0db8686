//! Reading the logs off a stick's image or device, without mounting it and without writing a byte.

use crate::partitions::stretches;
use crate::source::{FoundLog, SourceError};
use crate::twins::{FoundFile, is_of_a_log, join};
use crate::window::Window;
use exfat::{Entry, Kind, Volume};
use fatfs::{Dir, FileSystem, FsOptions};
use record::{COPY_FOLDER, LOG_FOLDER};
use std::fs::File;
use std::io::{self, Read};

/// More files than a stick's log folder ever has: a folder that goes in circles ends here.
const MOST_FILES: usize = 100_000;
/// A log that is longer is none.
const LONGEST_LOG: u64 = 256 << 20;

/// All logs on all FAT and exFAT filesystems of a disk.
///
/// # Errors
/// [`SourceError::NoFat`] when there is none, [`SourceError::Unreadable`] when the disk cannot be read.
pub(crate) fn logs(mut disk: File) -> Result<Vec<FoundLog>, SourceError> {
    let mut found = Vec::new();
    let mut filesystems = 0;
    for stretch in stretches(&mut disk).map_err(SourceError::Unreadable)? {
        let window = || Ok(Window::read_only(disk.try_clone()?, stretch));
        // What is neither is passed over: most stretches are not.
        let logs = if let Ok(volume) = Volume::open(window().map_err(SourceError::Unreadable)?) {
            of_exfat(volume)
        } else if let Ok(filesystem) =
            FileSystem::new(window().map_err(SourceError::Unreadable)?, FsOptions::new())
        {
            of_fat(&filesystem)
        } else {
            continue;
        };
        filesystems += 1;
        found.extend(logs.map_err(SourceError::Unreadable)?);
    }
    if filesystems == 0 { Err(SourceError::NoFat) } else { Ok(found) }
}

fn of_exfat(mut volume: Volume<Window>) -> io::Result<Vec<FoundLog>> {
    let Some(folder) = named(volume.root().map_err(io::Error::other)?, LOG_FOLDER) else {
        return Ok(Vec::new());
    };
    let entries = volume.folder(&folder).map_err(io::Error::other)?;
    let copies = named(entries.clone(), COPY_FOLDER).map(|copies| volume.folder(&copies));
    let mut found = Vec::new();
    // A folder of copies that cannot be read is no reason not to read the logs.
    for file in entries.into_iter().chain(copies.and_then(Result::ok).unwrap_or_default()) {
        if file.kind == Kind::File && is_of_a_log(&file.name) {
            let bytes = volume.file(&file, LONGEST_LOG).map_err(io::Error::other);
            found.push(FoundFile { name: file.name, bytes });
        }
    }
    Ok(join(found))
}

fn named(entries: Vec<Entry>, name: &str) -> Option<Entry> {
    let called = |entry: &Entry| entry.kind == Kind::Folder && entry.name.eq_ignore_ascii_case(name);
    entries.into_iter().find(called)
}

fn of_fat(filesystem: &FileSystem<Window>) -> io::Result<Vec<FoundLog>> {
    let Some(folder) = inner(&filesystem.root_dir(), LOG_FOLDER)? else { return Ok(Vec::new()) };
    let mut found = files(&folder)?;
    // A folder of copies that cannot be read is no reason not to read the logs.
    if let Ok(Some(copies)) = inner(&folder, COPY_FOLDER) {
        found.extend(files(&copies).unwrap_or_default());
    }
    Ok(join(found))
}

fn inner<'a>(folder: &Dir<'a, Window>, name: &str) -> io::Result<Option<Dir<'a, Window>>> {
    match folder.open_dir(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

fn files(folder: &Dir<'_, Window>) -> io::Result<Vec<FoundFile>> {
    let mut found = Vec::new();
    for entry in folder.iter().take(MOST_FILES) {
        let entry = entry?;
        let name = entry.file_name();
        if entry.is_file() && is_of_a_log(&name) {
            let mut bytes = Vec::new();
            let read = entry.to_file().take(LONGEST_LOG).read_to_end(&mut bytes);
            found.push(FoundFile { name, bytes: read.map(|_| bytes) });
        }
    }
    Ok(found)
}
