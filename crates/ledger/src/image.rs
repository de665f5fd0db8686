//! Reading the logs off a stick's image or device, without mounting it and without writing a byte.

use crate::partitions::{Stretch, stretches};
use crate::source::{FoundLog, SourceError};
use fatfs::{FileSystem, FsOptions};
use record::{LOG_FOLDER, LOG_SUFFIX};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// More files than a stick's log folder ever has: a folder that goes in circles ends here.
const MOST_FILES: usize = 100_000;
/// A log that is longer is none.
const LONGEST_LOG: u64 = 256 << 20;

/// All logs on all FAT filesystems of a disk.
///
/// # Errors
/// [`SourceError::NoFat`] when there is none, [`SourceError::Unreadable`] when the disk cannot be read.
pub(crate) fn logs(mut disk: File) -> Result<Vec<FoundLog>, SourceError> {
    let mut found = Vec::new();
    let mut filesystems = 0;
    for stretch in stretches(&mut disk).map_err(SourceError::Unreadable)? {
        let window = Window { disk: disk.try_clone().map_err(SourceError::Unreadable)?, stretch, at: 0 };
        // What is no FAT filesystem is passed over: most stretches are not.
        let Ok(filesystem) = FileSystem::new(window, FsOptions::new()) else { continue };
        filesystems += 1;
        found.extend(of_filesystem(&filesystem).map_err(SourceError::Unreadable)?);
    }
    if filesystems == 0 { Err(SourceError::NoFat) } else { Ok(found) }
}

fn of_filesystem(filesystem: &FileSystem<Window>) -> io::Result<Vec<FoundLog>> {
    let folder = match filesystem.root_dir().open_dir(LOG_FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in folder.iter().take(MOST_FILES) {
        let entry = entry?;
        let name = entry.file_name();
        if entry.is_file() && name.to_ascii_lowercase().ends_with(LOG_SUFFIX) {
            let mut bytes = Vec::new();
            let read = entry.to_file().take(LONGEST_LOG).read_to_end(&mut bytes);
            found.push(FoundLog { name, bytes: read.map(|_| bytes) });
        }
    }
    Ok(found)
}

/// A stretch of a disk that cannot be written.
struct Window {
    disk: File,
    stretch: Stretch,
    at: u64,
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.stretch.len.saturating_sub(self.at);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.disk.seek(SeekFrom::Start(self.stretch.begin + self.at))?;
        let read = self.disk.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Write for Window {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.stretch.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
