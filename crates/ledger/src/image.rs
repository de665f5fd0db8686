//! Reading the logs off a stick's image or device, without mounting it and without writing a byte.

use crate::partitions::stretches;
use crate::source::{FoundStick, LONGEST_TABLE, SourceError};
use crate::twins::{FoundFile, is_of_a_log, join};
use crate::window::Window;
use exfat::{Entry, Kind, Volume};
use fatfs::{Dir, FileSystem, FsOptions};
use record::{COPY_FOLDER, LOG_FOLDER, OFFICE_FOLDER, POLICY_FILE};
use std::fs::File;
use std::io::{self, Read};

/// More files than a stick's log folder ever has: a folder that goes in circles ends here.
const MOST_FILES: usize = 100_000;
/// A log that is longer is none.
const LONGEST_LOG: u64 = 256 << 20;

/// All logs on all FAT and exFAT filesystems of a disk, and the rule tables that an office put there.
///
/// # Errors
/// [`SourceError::NoFat`] when there is none, [`SourceError::Unreadable`] when the disk cannot be read.
pub(crate) fn stick(mut disk: File) -> Result<FoundStick, SourceError> {
    let mut found = FoundStick::default();
    let mut filesystems = 0;
    for stretch in stretches(&mut disk).map_err(SourceError::Unreadable)? {
        let window = || Ok(Window::read_only(disk.try_clone()?, stretch));
        // What is neither is passed over: most stretches are not.
        let stick = if let Ok(volume) = Volume::open(window().map_err(SourceError::Unreadable)?) {
            of_exfat(volume)
        } else if let Ok(filesystem) =
            FileSystem::new(window().map_err(SourceError::Unreadable)?, FsOptions::new())
        {
            of_fat(&filesystem)
        } else {
            continue;
        };
        filesystems += 1;
        let stick = stick.map_err(SourceError::Unreadable)?;
        found.logs.extend(stick.logs);
        found.tables.extend(stick.tables);
    }
    if filesystems == 0 { Err(SourceError::NoFat) } else { Ok(found) }
}

fn of_exfat(mut volume: Volume<Window>) -> io::Result<FoundStick> {
    let root = volume.root().map_err(io::Error::other)?;
    let Some(folder) = named(root.clone(), LOG_FOLDER) else { return Ok(FoundStick::default()) };
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
    let office = named(root, OFFICE_FOLDER).and_then(|office| volume.folder(&office).ok());
    let table =
        office.unwrap_or_default().into_iter().find(|file| is_table(&file.name, file.kind == Kind::File));
    let tables = table.and_then(|table| volume.file(&table, LONGEST_TABLE).ok()).into_iter().collect();
    Ok(FoundStick { logs: join(found), tables })
}

fn is_table(name: &str, is_file: bool) -> bool {
    is_file && name.eq_ignore_ascii_case(POLICY_FILE)
}

fn named(entries: Vec<Entry>, name: &str) -> Option<Entry> {
    let called = |entry: &Entry| entry.kind == Kind::Folder && entry.name.eq_ignore_ascii_case(name);
    entries.into_iter().find(called)
}

fn of_fat(filesystem: &FileSystem<Window>) -> io::Result<FoundStick> {
    let root = filesystem.root_dir();
    let Some(folder) = inner(&root, LOG_FOLDER)? else { return Ok(FoundStick::default()) };
    let mut found = files(&folder)?;
    // A folder of copies that cannot be read is no reason not to read the logs.
    if let Ok(Some(copies)) = inner(&folder, COPY_FOLDER) {
        found.extend(files(&copies).unwrap_or_default());
    }
    let office = inner(&root, OFFICE_FOLDER).ok().flatten();
    Ok(FoundStick { logs: join(found), tables: office.as_ref().and_then(table).into_iter().collect() })
}

fn table(office: &Dir<'_, Window>) -> Option<Vec<u8>> {
    let mut entries = office.iter().take(MOST_FILES).filter_map(Result::ok);
    let file = entries.find(|file| is_table(&file.file_name(), file.is_file()))?;
    let mut bytes = Vec::new();
    file.to_file().take(LONGEST_TABLE).read_to_end(&mut bytes).ok()?;
    Some(bytes)
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
