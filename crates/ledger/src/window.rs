//! A stretch of a disk, as a filesystem's reader wants it.

use crate::partitions::Stretch;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// What may be done with a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Write,
}

/// A stretch of a disk.
#[derive(Debug)]
pub(crate) struct Window {
    disk: File,
    stretch: Stretch,
    at: u64,
    used: Use,
    /// How much more may be read, in bytes.
    budget: u64,
}

impl Window {
    /// One that cannot be written, whatever the file can.
    pub(crate) fn read_only(disk: File, stretch: Stretch) -> Self {
        Self { disk, stretch, at: 0, used: Use::Read, budget: u64::MAX }
    }

    /// One that is written, and nothing around it.
    pub(crate) fn writable(disk: File, stretch: Stretch) -> Self {
        Self { disk, stretch, at: 0, used: Use::Write, budget: u64::MAX }
    }

    /// The same, of which no more than so many bytes are read: chains that run in a circle come to an end.
    pub(crate) fn at_most(self, budget: u64) -> Self {
        Self { budget, ..self }
    }

    /// How much of `wanted` bytes lies within.
    fn within(&self, wanted: usize) -> usize {
        let left = self.stretch.len.saturating_sub(self.at);
        usize::try_from(left).unwrap_or(usize::MAX).min(wanted)
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.within(buffer.len());
        self.disk.seek(SeekFrom::Start(self.stretch.begin + self.at))?;
        let read = self.disk.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        let left = self.budget.checked_sub(read as u64);
        self.budget = left.ok_or_else(|| io::Error::other("reads without end"))?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Write for Window {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.used == Use::Read {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let wanted = self.within(bytes.len());
        self.disk.seek(SeekFrom::Start(self.stretch.begin + self.at))?;
        let written = self.disk.write(bytes.get(..wanted).unwrap_or_default())?;
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.flush()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_stretch_is_read_or_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::write(&path, b"0123456789").unwrap();
        let open = || File::options().read(true).write(true).open(&path).unwrap();
        let stretch = Stretch { begin: 2, len: 4 };
        let mut read = Window::read_only(open(), stretch);
        let mut text = String::new();
        read.read_to_string(&mut text).unwrap();
        assert_eq!(text, "2345");
        assert_eq!(read.seek(SeekFrom::Start(0)).unwrap(), 0);
        assert!(read.write(b"x").is_err());
        let mut write = Window::writable(open(), stretch);
        assert_eq!(write.seek(SeekFrom::End(-2)).unwrap(), 2);
        assert!(write.write_all(b"xyz").is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"0123xy6789");
    }
}
