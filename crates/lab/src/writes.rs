//! Every write that a drive was given, in their order: the form that Linux's dm-log-writes defines and QEMU's
//! `blklogwrites` keeps.
//!
//! The first sector says how many entries there are and how large a sector is. Each entry is one sector of header, and the
//! bytes written after it, filled up to whole sectors.

use crate::LabError;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// The first eight bytes, as a little-endian number.
const MAGIC: u64 = 0x006a_7366_7773_6872;
const VERSION: u64 = 1;
/// The flag of an entry that is a flush. Others say of a write that it passes the drive's memory, of blocks that they are
/// given up, of a place that somebody marked it: a USB stick under Linux has none of them.
const FLUSH: u64 = 1;

/// One thing that happened to a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// These bytes were written at this place; the drive may keep them in its memory.
    Write {
        /// In bytes from the beginning.
        place: u64,
        /// What was written.
        bytes: Vec<u8>,
    },
    /// The drive emptied its memory.
    Flush,
}

/// A recording that grows while the PC runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording(PathBuf);

impl Recording {
    /// The one that is kept in this file.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the file, empty, so that QEMU can write to it.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub(crate) fn begin(&self) -> Result<(), LabError> {
        // A hole, as large as a recording may become.
        const ROOM: u64 = 4 << 30;
        let file = File::create(&self.0).map_err(LabError::file("create", &self.0))?;
        file.set_len(ROOM).map_err(LabError::file("create", &self.0))
    }

    /// How many events there are so far.
    ///
    /// # Errors
    /// [`LabError::File`]; [`LabError::NotARecording`].
    pub fn len(&self) -> Result<usize, LabError> {
        let file = File::open(&self.0).map_err(LabError::file("open", &self.0))?;
        let head = self.head(&file)?;
        usize::try_from(head.entries).map_err(|_| self.wrong("it says that it has too many entries"))
    }

    /// Whether nothing was written yet.
    ///
    /// # Errors
    /// As [`Recording::len`].
    pub fn is_empty(&self) -> Result<bool, LabError> {
        self.len().map(|len| len == 0)
    }

    /// Everything so far.
    ///
    /// # Errors
    /// As [`Recording::len`].
    pub fn events(&self) -> Result<Vec<Event>, LabError> {
        let file = File::open(&self.0).map_err(LabError::file("open", &self.0))?;
        let head = self.head(&file)?;
        let mut at = head.sector;
        let mut events = Vec::new();
        for _ in 0..head.entries {
            let header: [u8; 32] = self.read(&file, at)?;
            at += head.sector;
            let len = number(&header, 8).saturating_mul(head.sector);
            match number(&header, 16) {
                FLUSH if len == 0 => events.push(Event::Flush),
                0 => {
                    let mut bytes =
                        vec![0; usize::try_from(len).map_err(|_| self.wrong("a write is too long"))?];
                    file.read_exact_at(&mut bytes, at).map_err(LabError::file("read", &self.0))?;
                    at += len;
                    let place = number(&header, 0).saturating_mul(head.sector);
                    events.push(Event::Write { place, bytes });
                }
                _ => return Err(self.wrong("it has entries other than plain writes and flushes")),
            }
        }
        Ok(events)
    }

    fn head(&self, file: &File) -> Result<Head, LabError> {
        let head: [u8; 28] = self.read(file, 0)?;
        if (number(&head, 0), number(&head, 8)) != (MAGIC, VERSION) {
            return Err(self.wrong("it does not begin as one"));
        }
        let sector = number(&[&head[24..28], &[0; 4]].concat(), 0);
        if sector != 512 && sector != 4096 {
            return Err(self.wrong("its sectors have no size"));
        }
        Ok(Head { entries: number(&head, 16), sector })
    }

    fn read<const N: usize>(&self, file: &File, at: u64) -> Result<[u8; N], LabError> {
        let mut bytes = [0; N];
        file.read_exact_at(&mut bytes, at).map_err(LabError::file("read", &self.0))?;
        Ok(bytes)
    }

    fn wrong(&self, why: &'static str) -> LabError {
        LabError::NotARecording { path: self.0.clone(), why }
    }
}

struct Head {
    entries: u64,
    sector: u64,
}

/// Eight bytes, little-endian.
fn number(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A recording of sectors of 512 bytes: its head, then each entry's place, sectors, flags and bytes.
    fn recording(entries: u8, parts: &[(u8, u8, u8, &[u8])]) -> (tempfile::TempDir, Recording) {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(b"rhswfsj\0");
        (bytes[8], bytes[16], bytes[25]) = (1, entries, 2);
        for (place, sectors, flags, data) in parts {
            let mut header = vec![0; 512];
            (header[0], header[8], header[16]) = (*place, *sectors, *flags);
            bytes.extend(header);
            bytes.extend(*data);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("writes");
        std::fs::write(&path, bytes).unwrap();
        (folder, Recording::at(path))
    }

    #[test]
    fn writes_and_flushes_come_in_their_order() {
        let (_folder, recording) =
            recording(3, &[(7, 1, 0, &[1; 512]), (0, 0, 1, &[]), (2, 2, 0, &[2; 1024])]);
        let write = |place, bytes: &[u8]| Event::Write { place, bytes: bytes.to_vec() };
        let expected = [write(7 * 512, &[1; 512]), Event::Flush, write(1024, &[2; 1024])];
        assert_eq!(recording.events().unwrap(), expected);
        assert_eq!(recording.len().unwrap(), 3);
    }

    #[test]
    fn what_is_not_counted_yet_is_not_read() {
        let (_folder, recording) = recording(1, &[(7, 1, 0, &[1; 512]), (9, 1, 0, &[1; 512])]);
        assert_eq!(recording.events().unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_recording_or_holds_something_else_is_refused() {
        let (_folder, other) = recording(1, &[(7, 1, 4, &[])]);
        assert!(matches!(other.events(), Err(LabError::NotARecording { .. })));
        let (_folder, cut) = recording(2, &[(7, 1, 0, &[1; 512])]);
        assert!(matches!(cut.events(), Err(LabError::File { .. })));
        let (_folder, forged) = recording(0, &[]);
        std::fs::write(forged.path(), [0; 512]).unwrap();
        assert!(matches!(forged.events(), Err(LabError::NotARecording { .. })));
    }
}
