//! The recognisable pattern that drives are filled with, and the search for what is left of it.

use crate::LabError;
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

/// Bytes per sector of the pattern.
pub const SECTOR: usize = 512;
/// A sector holds its tag this many bytes apart, so that every part of it can be recognised.
const TAG: usize = 64;
/// Sectors written or read at a time.
const BATCH: usize = 2048;

/// The pattern of one drive in one run: every sector says which run, which drive and which sector it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    marker: String,
    drive: String,
}

impl Pattern {
    /// The pattern of a drive. `run` is told apart from every other run's; both are cut to 16 characters.
    #[must_use]
    pub fn new(run: &str, drive: &str) -> Self {
        let cut = |text: &str| text.chars().filter(char::is_ascii_graphic).take(16).collect::<String>();
        Self { marker: format!("MASSHO-LAB/{}/", cut(run)), drive: cut(drive) }
    }

    /// The bytes that occur in every sector, and whose absence from a drive says that the pattern is gone.
    #[must_use]
    pub fn marker(&self) -> &[u8] {
        self.marker.as_bytes()
    }

    /// One sector.
    #[must_use]
    pub fn sector(&self, number: u64) -> [u8; SECTOR] {
        let tag = format!("{}{}/{number:012x}", self.marker, self.drive);
        let mut sector = [b'.'; SECTOR];
        for piece in sector.chunks_mut(TAG) {
            for (byte, from) in piece.iter_mut().zip(tag.bytes()) {
                *byte = from;
            }
        }
        sector
    }

    /// Writes a file of that many sectors.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn fill(&self, path: &Path, sectors: u64) -> Result<(), LabError> {
        let file = File::create(path).map_err(LabError::file("create", path))?;
        let mut writer = BufWriter::with_capacity(BATCH * SECTOR, file);
        for number in 0..sectors {
            writer.write_all(&self.sector(number)).map_err(LabError::file("write", path))?;
        }
        writer.flush().map_err(LabError::file("write", path))
    }

    /// Looks through a whole file for what is left of the pattern.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn scan(&self, path: &Path) -> Result<Scan, LabError> {
        let mut file = File::open(path).map_err(LabError::file("open", path))?;
        let finder = Finder::new(self.marker());
        let mut scan = Scan::default();
        let mut buffer = vec![0; BATCH * SECTOR];
        loop {
            let length = read_full(&mut file, &mut buffer).map_err(LabError::file("read", path))?;
            if length == 0 {
                return Ok(scan);
            }
            for sector in buffer[..length].chunks(SECTOR) {
                scan.add(self, &finder, sector);
            }
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// What a drive's backing file holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// All sectors.
    pub sectors: u64,
    /// Sectors in which the pattern's marker occurs anywhere.
    pub carrying: u64,
    /// The first of them.
    pub first_carrying: Option<u64>,
    /// Sectors that are exactly as the pattern made them, in their places.
    pub intact: u64,
    /// Sectors of nothing but zeros.
    pub zero: u64,
}

impl Scan {
    fn add(&mut self, pattern: &Pattern, finder: &Finder<'_>, sector: &[u8]) {
        let number = self.sectors;
        self.sectors += 1;
        if finder.find(sector).is_some() {
            self.carrying += 1;
            self.first_carrying.get_or_insert(number);
            self.intact += u64::from(sector == pattern.sector(number));
        } else {
            self.zero += u64::from(sector.iter().all(|byte| *byte == 0));
        }
    }

    /// Whether nothing of the pattern is left.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.sectors > 0 && self.carrying == 0
    }

    /// Whether nothing but the pattern is there.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.sectors > 0 && self.intact == self.sectors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, SeekFrom};

    fn filled(sectors: u64) -> (tempfile::TempDir, std::path::PathBuf, Pattern) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk.raw");
        let pattern = Pattern::new("run-1", "hdd");
        pattern.fill(&path, sectors).unwrap();
        (folder, path, pattern)
    }

    fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
        let mut file = File::options().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(bytes).unwrap();
    }

    #[test]
    fn a_sector_says_what_it_is() {
        let sector = Pattern::new("run-1", "hdd").sector(0xabc);
        assert_eq!(&sector[..40], b"MASSHO-LAB/run-1/hdd/000000000abc.......");
        assert_eq!(sector[..64], sector[448..]);
    }

    #[test]
    fn a_filled_file_is_untouched() {
        let (_folder, path, pattern) = filled(5000);
        let scan = pattern.scan(&path).unwrap();
        assert_eq!(
            scan,
            Scan { sectors: 5000, carrying: 5000, first_carrying: Some(0), intact: 5000, zero: 0 }
        );
        assert!(scan.is_untouched() && !scan.is_gone());
    }

    #[test]
    fn one_surviving_sector_is_found() {
        let (_folder, path, pattern) = filled(5000);
        overwrite(&path, 0, &vec![0; 4321 * SECTOR]);
        overwrite(&path, 4322 * 512, &vec![7; (5000 - 4322) * SECTOR]);
        let scan = pattern.scan(&path).unwrap();
        assert_eq!(
            scan,
            Scan { sectors: 5000, carrying: 1, first_carrying: Some(4321), intact: 1, zero: 4321 }
        );
        assert!(!scan.is_gone());
    }

    #[test]
    fn part_of_a_surviving_sector_is_found() {
        let (_folder, path, pattern) = filled(3);
        overwrite(&path, 0, &[0; 2 * SECTOR + 448]);
        let scan = pattern.scan(&path).unwrap();
        assert_eq!((scan.carrying, scan.intact), (1, 0));
    }

    #[test]
    fn one_changed_byte_is_not_untouched() {
        let (_folder, path, pattern) = filled(3);
        overwrite(&path, 1535, b"x");
        assert!(!pattern.scan(&path).unwrap().is_untouched());
    }

    #[test]
    fn another_runs_pattern_is_not_this_ones() {
        let (_folder, path, _) = filled(3);
        assert!(Pattern::new("run-2", "hdd").scan(&path).unwrap().is_gone());
    }

    #[test]
    fn an_empty_file_is_neither_gone_nor_untouched() {
        let (_folder, path, pattern) = filled(0);
        let scan = pattern.scan(&path).unwrap();
        assert!(!scan.is_gone() && !scan.is_untouched());
    }
}
