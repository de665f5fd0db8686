//! Finding the logs that a path leads to: one file, a folder, or a stick's image or device.

use crate::image;
use crate::twins::{FoundFile, is_of_a_log, join};
use record::{COPY_FOLDER, LOG_FOLDER, LOG_SUFFIX, OFFICE_FOLDER, POLICY_FILE, Twins};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// A rule table that is longer is none, in bytes.
pub(crate) const LONGEST_TABLE: u64 = 1 << 20;

/// A log as it was found.
#[derive(Debug)]
pub struct FoundLog {
    /// Its file's name.
    pub name: String,
    /// Its bytes, or why they cannot be read.
    pub bytes: io::Result<Vec<u8>>,
    /// What is to be said of the two files that it was found in.
    pub twins: Twins,
}

/// What a path led to.
#[derive(Debug)]
pub enum Source {
    /// One log by itself.
    One(FoundLog),
    /// A stick.
    Stick(FoundStick),
}

/// What was found on a stick.
#[derive(Debug, Default)]
pub struct FoundStick {
    /// All its logs: none may be missing.
    pub logs: Vec<FoundLog>,
    /// The rule tables that an office put there; more than one only where an image has several filesystems. One that
    /// cannot be read is not here.
    pub tables: Vec<Vec<u8>>,
}

/// Why a path leads to no logs.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing of that name.
    #[error("there is nothing there")]
    NotThere,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// It is a disk or an image without a FAT or exFAT filesystem.
    #[error("there is neither a FAT nor an exFAT filesystem")]
    NoFat,
    /// There are no logs.
    #[error("there are no logs")]
    NoLogs,
}

/// Finds the logs.
///
/// # Errors
/// Any [`SourceError`]. A single log that cannot be read is no error here: its [`FoundLog`] says so.
pub fn find(path: &Path) -> Result<Source, SourceError> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SourceError::NotThere,
        _ => SourceError::Unreadable(error),
    })?;
    let stick = if about.is_dir() {
        folder(path)?
    } else if about.file_type().is_block_device() || is_image(path) {
        image::stick(File::open(path).map_err(SourceError::Unreadable)?)?
    } else {
        let FoundFile { name, bytes } = read(path);
        return Ok(Source::One(FoundLog { name, bytes, twins: Twins::Agree }));
    };
    if stick.logs.is_empty() { Err(SourceError::NoLogs) } else { Ok(Source::Stick(stick)) }
}

fn read(path: &Path) -> FoundFile {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    FoundFile { name, bytes: fs::read(path) }
}

/// The log folder in this folder, or this folder itself; with the folder of copies in it.
fn folder(path: &Path) -> Result<FoundStick, SourceError> {
    let inner = path.join(LOG_FOLDER);
    let folder = if inner.is_dir() { inner } else { path.to_owned() };
    let mut found = files(&folder)?;
    let copies = folder.join(COPY_FOLDER);
    if copies.is_dir() {
        found.extend(files(&copies)?);
    }
    let table = path.join(OFFICE_FOLDER).join(POLICY_FILE);
    let small = fs::metadata(&table).is_ok_and(|about| about.len() <= LONGEST_TABLE);
    let tables = fs::read(&table).ok().filter(|_| small).into_iter().collect();
    Ok(FoundStick { logs: join(found), tables })
}

fn files(folder: &Path) -> Result<Vec<FoundFile>, SourceError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(SourceError::Unreadable)? {
        let path = entry.map_err(SourceError::Unreadable)?.path();
        if path.file_name().is_some_and(|name| is_of_a_log(&name.to_string_lossy())) {
            found.push(read(&path));
        }
    }
    Ok(found)
}

/// A file that is not called like a log and begins with a boot sector is a disk's image.
fn is_image(path: &Path) -> bool {
    let called_log = path.to_string_lossy().to_ascii_lowercase().ends_with(LOG_SUFFIX);
    let mut sector = [0; 512];
    let boots = File::open(path).and_then(|mut file| file.read_exact(&mut sector)).is_ok();
    !called_log && boots && sector[510..] == [0x55, 0xaa]
}
