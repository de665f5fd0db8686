//! FAT sticks as they are bought: one partition of type 0Ch, made and read from outside by code of the lab's own.

use crate::LabError;
use fatfs::{Dir, FatType, FileSystem, FormatVolumeOptions, FsOptions, ReadWriteSeek};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where bought sticks have their partition: at 1 MiB.
const PARTITION_START: u64 = 1 << 20;
const SECTOR: u64 = 512;
/// FAT32 with LBA addressing.
const TYPE_FAT32_LBA: u8 = 0x0c;
const PARTITION_ENTRY: usize = 446;

/// The folder of a results stick that holds the logs.
pub const LOG_FOLDER: &str = "MASSHO-LOG";

/// A file on a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Its path from the stick's root, with `/` between the parts.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The FAT filesystem in a stick's backing file.
pub struct Stick {
    path: PathBuf,
    volume: FileSystem<Partition>,
}

impl std::fmt::Debug for Stick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stick").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Stick {
    /// Gives an existing backing file a partition table and an empty FAT filesystem. What the file held elsewhere
    /// stays, as it does on a stick formatted quickly.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn format(path: &Path) -> Result<Self, LabError> {
        let mut file = open(path)?;
        let bytes = file.metadata().map_err(LabError::file("read", path))?.len();
        let partition = (bytes.saturating_sub(PARTITION_START)) / SECTOR;
        let sectors = u32::try_from(partition).map_err(|_| too_large(path))?;
        file.write_all(&partition_table(sectors)).map_err(LabError::file("write", path))?;
        let mut partition =
            Partition { file, start: PARTITION_START, len: u64::from(sectors) * SECTOR, at: 0 };
        let mut options = FormatVolumeOptions::new().volume_label(*b"MASSHO     ").total_sectors(sectors);
        // Bought sticks come with FAT32; below 40 MB it would have too few clusters.
        if bytes >= 40 << 20 {
            options = options.fat_type(FatType::Fat32).bytes_per_cluster(512);
        }
        fatfs::format_volume(&mut partition, options).map_err(LabError::file("format", path))?;
        Self::mount(path, partition)
    }

    /// Opens the filesystem of a stick's backing file.
    ///
    /// # Errors
    /// [`LabError::File`]; [`LabError::NotAStick`] if there is no partition or it holds no FAT.
    pub fn open(path: &Path) -> Result<Self, LabError> {
        let mut file = open(path)?;
        let mut table = [0; 512];
        file.read_exact(&mut table).map_err(LabError::file("read", path))?;
        let (start, len) = partition(&table)
            .ok_or(LabError::NotAStick { path: path.to_owned(), why: "it has no partition table" })?;
        Self::mount(path, Partition { file, start, len, at: 0 })
    }

    fn mount(path: &Path, mut partition: Partition) -> Result<Self, LabError> {
        partition.at = 0;
        let volume = FileSystem::new(partition, FsOptions::new()).map_err(LabError::file("mount", path))?;
        Ok(Self { path: path.to_owned(), volume })
    }

    /// Writes a file, and the folders it lies in.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn put(&self, file: &TextFile) -> Result<(), LabError> {
        let write = || -> io::Result<()> {
            let mut folder = self.volume.root_dir();
            let (folders, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
            for part in folders.split('/').filter(|part| !part.is_empty()) {
                folder = folder.create_dir(part)?;
            }
            let mut target = folder.create_file(name)?;
            target.truncate()?;
            target.write_all(&file.bytes)?;
            target.flush()
        };
        write().map_err(LabError::file("write a file onto", &self.path))
    }

    /// Fills the stick with one file until no more than `leave` bytes are free.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn fill_up(&self, leave: u64) -> Result<(), LabError> {
        let stats = self.volume.stats().map_err(LabError::file("read", &self.path))?;
        let free = u64::from(stats.free_clusters()) * u64::from(stats.cluster_size());
        let length = usize::try_from(free.saturating_sub(leave)).map_err(|_| too_large(&self.path))?;
        self.put(&TextFile { path: "FILLER.BIN".to_owned(), bytes: vec![b'F'; length] })
    }

    /// Every file, with its whole path.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn files(&self) -> Result<Vec<TextFile>, LabError> {
        let mut files = Vec::new();
        collect(&self.volume.root_dir(), "", &mut files).map_err(LabError::file("read", &self.path))?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    /// The logs that the appliance left.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn logs(&self) -> Result<Vec<TextFile>, LabError> {
        let is_log = |file: &TextFile| {
            let path = file.path.to_lowercase();
            path.starts_with(&format!("{}/", LOG_FOLDER.to_lowercase())) && path.ends_with(".jsonl")
        };
        Ok(self.files()?.into_iter().filter(is_log).collect())
    }

    /// Copies one folder of the stick, as it is, to a folder of the host. Returns the files copied.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn copy_out(&self, folder: &str, to: &Path) -> Result<Vec<PathBuf>, LabError> {
        let within = format!("{folder}/");
        let mut copied = Vec::new();
        for file in self.files()?.into_iter().filter(|file| file.path.starts_with(&within)) {
            let target = to.join(&file.path);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(LabError::file("create", parent))?;
            }
            std::fs::write(&target, &file.bytes).map_err(LabError::file("write", &target))?;
            copied.push(target);
        }
        Ok(copied)
    }
}

/// Where the first partition begins and how long it is, in bytes, by the disk's first sector.
pub(crate) fn partition(table: &[u8]) -> Option<(u64, u64)> {
    if table.get(510..512)? != [0x55, 0xaa] {
        return None;
    }
    let field = |at: usize| {
        let bytes = table.get(PARTITION_ENTRY + at..PARTITION_ENTRY + at + 4)?;
        Some(bytes.iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte)))
    };
    Some((field(8)? * SECTOR, field(12)? * SECTOR))
}

/// One file of a FAT filesystem; `None` when it is not there or cannot be read.
pub(crate) fn read_file<T: ReadWriteSeek>(volume: T, path: &str) -> Option<Vec<u8>> {
    let volume = FileSystem::new(volume, FsOptions::new()).ok()?;
    let mut bytes = Vec::new();
    volume.root_dir().open_file(path).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn collect(folder: &Dir<'_, Partition>, prefix: &str, files: &mut Vec<TextFile>) -> io::Result<()> {
    for entry in folder.iter() {
        let entry = entry?;
        let name = entry.file_name();
        if name == "." || name == ".." {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.is_dir() {
            collect(&entry.to_dir(), &format!("{path}/"), files)?;
        } else {
            let mut bytes = Vec::new();
            entry.to_file().read_to_end(&mut bytes)?;
            files.push(TextFile { path, bytes });
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<File, LabError> {
    File::options().read(true).write(true).open(path).map_err(LabError::file("open", path))
}

fn too_large(path: &Path) -> LabError {
    LabError::NotAStick { path: path.to_owned(), why: "it is larger than a FAT partition can be" }
}

/// A master boot record with one partition.
fn partition_table(sectors: u32) -> [u8; 512] {
    let mut table = [0; 512];
    // A disk signature, so that two sticks are two.
    table[440..444].copy_from_slice(&sectors.rotate_left(7).to_le_bytes());
    let entry = &mut table[PARTITION_ENTRY..PARTITION_ENTRY + 16];
    // Cylinder, head and sector beyond what they can say: "see the LBA fields".
    entry[1..4].copy_from_slice(&[0xfe, 0xff, 0xff]);
    entry[4] = TYPE_FAT32_LBA;
    entry[5..8].copy_from_slice(&[0xfe, 0xff, 0xff]);
    entry[8..12].copy_from_slice(&2048u32.to_le_bytes());
    entry[12..16].copy_from_slice(&sectors.to_le_bytes());
    table[510..].copy_from_slice(&[0x55, 0xaa]);
    table
}

/// A part of a file that looks like a file.
struct Partition {
    file: File,
    start: u64,
    len: u64,
    at: u64,
}

impl Partition {
    /// How much of a buffer lies before the end.
    fn room(&self, wanted: usize) -> usize {
        usize::try_from(self.len.saturating_sub(self.at)).unwrap_or(usize::MAX).min(wanted)
    }

    fn seek_file(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.start + self.at)).map(drop)
    }
}

impl Read for Partition {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.room(buffer.len());
        self.seek_file()?;
        let length = self.file.read(&mut buffer[..room])?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Write for Partition {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let room = self.room(buffer.len());
        self.seek_file()?;
        let length = self.file.write(&buffer[..room])?;
        self.at += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Partition {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(bytes: u64) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stick.raw");
        File::create(&path).unwrap().set_len(bytes).unwrap();
        (folder, path)
    }

    fn text(path: &str, bytes: &[u8]) -> TextFile {
        TextFile { path: path.to_owned(), bytes: bytes.to_owned() }
    }

    #[test]
    fn files_come_back_from_a_stick() {
        for size in [16 << 20, 64 << 20] {
            let (_folder, path) = blank(size);
            let files = [text("MASSHO-LOG/a.jsonl", b"{}\n"), text("住民一覧.txt", &[9; 70_000])];
            let stick = Stick::format(&path).unwrap();
            for file in &files {
                stick.put(file).unwrap();
            }
            drop(stick);
            assert_eq!(Stick::open(&path).unwrap().files().unwrap(), files);
        }
    }

    #[test]
    fn a_folder_is_copied_out() {
        let (folder, path) = blank(16 << 20);
        let stick = Stick::format(&path).unwrap();
        stick.put(&text("MASSHO-LOG/a.jsonl", b"1")).unwrap();
        stick.put(&text("MASSHO-LOGS", b"2")).unwrap();
        let copied = stick.copy_out("MASSHO-LOG", folder.path()).unwrap();
        assert_eq!(copied, [folder.path().join("MASSHO-LOG/a.jsonl")]);
        assert_eq!(std::fs::read(&copied[0]).unwrap(), b"1");
    }

    #[test]
    fn a_stick_can_be_filled_up() {
        let (_folder, path) = blank(16 << 20);
        let stick = Stick::format(&path).unwrap();
        stick.fill_up(0).unwrap();
        assert!(stick.put(&text("one-more.txt", &[1; 4096])).is_err());
    }

    #[test]
    fn the_partition_is_of_the_type_of_bought_sticks() {
        let (_folder, path) = blank(64 << 20);
        drop(Stick::format(&path).unwrap());
        let table = std::fs::read(&path).unwrap();
        assert_eq!(table[450], 0x0c);
        assert_eq!(&table[454..458], &[0, 8, 0, 0]);
        assert_eq!(&table[458..462], &[0, 0xf8, 1, 0]);
        assert_eq!(&table[(1 << 20) + 82..(1 << 20) + 87], b"FAT32");
    }

    #[test]
    fn a_file_without_a_partition_table_is_no_stick() {
        let (_folder, path) = blank(16 << 20);
        assert!(matches!(Stick::open(&path), Err(LabError::NotAStick { .. })));
    }
}
