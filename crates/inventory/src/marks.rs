//! Does a volume carry a massho boot image, or massho logs? Read in user space: nothing is mounted for it.

use exfat::{Entry, Kind, Volume, VolumeError, is_exfat};
use fatfs::{FileSystem, FsOptions};
use model::LOG_FOLDER;
use std::io::{self, Read, Seek, SeekFrom, Write};
use transport::{BlockIo, IoFailure, PageBuffer};

/// The folder of a boot medium's own files, and the file in it that every image has.
pub(crate) const IMAGE_FOLDER: &str = "massho";
pub(crate) const IMAGE_FILE: &str = "image.toml";
/// The volume identifier of the image as an ISO 9660 filesystem.
const IMAGE_VOLUME: &[u8] = b"MASSHO";
/// Volume labels of sticks made by Ventoy, which may hold any number of images as files.
const VENTOY_LABELS: [&str; 2] = ["Ventoy", "VTOYEFI"];

/// What a volume carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Nothing of massho's.
    None,
    /// A boot image.
    BootImage,
    /// Logs.
    Logs {
        /// How many log files there are.
        sessions: u32,
    },
    /// Logs, every one of which the office has signed to have collected: the stick may be erased.
    Collected {
        /// How many log files there are.
        sessions: u32,
    },
}

/// Why it is not known what a volume carries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It says that it is FAT or exFAT, and makes no sense.
    #[error("its FAT filesystem cannot be read")]
    BadFat,
}

/// Reads the marks of one volume, on which udev found this filesystem (`vfat`, `exfat`, or nothing).
///
/// # Errors
/// [`MarkError`]; the caller takes it for a reason not to touch the drive.
pub fn read_marks(volume: &dyn BlockIo, filesystem: &str) -> Result<Marks, MarkError> {
    if is_image_volume(volume)? {
        return Ok(Marks::BootImage);
    }
    let read = match looks_like(volume)? {
        Some(Looks::Fat) => read_fat,
        Some(Looks::ExFat) => read_exfat,
        // A FAT that the kernel would mount and this reader does not know could hold anything.
        None if matches!(filesystem, "vfat" | "exfat") => return Err(MarkError::BadFat),
        None => return Ok(Marks::None),
    };
    // A filesystem from outside must not take this program down with it.
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(volume)));
    read.unwrap_or(Err(MarkError::BadFat))
}

/// ECMA-119 8.4: the primary volume descriptor in sector 16, volume identifier at byte 40.
fn is_image_volume(volume: &dyn BlockIo) -> Result<bool, MarkError> {
    let descriptor = read_page(volume, 16 * 2048)?;
    let Some(descriptor) = descriptor else { return Ok(false) };
    let bytes = descriptor.bytes();
    let is_iso = bytes.get(..6) == Some(b"\x01CD001");
    Ok(is_iso && bytes.get(40..72).is_some_and(|label| label.trim_ascii_end() == IMAGE_VOLUME))
}

/// Which reader a volume is for.
enum Looks {
    Fat,
    ExFat,
}

/// exFAT's name; or the boot sector signature and a FAT's jump and sector size (FAT specification 1.03, section 3.1).
fn looks_like(volume: &dyn BlockIo) -> Result<Option<Looks>, MarkError> {
    let Some(sector) = read_page(volume, 0)? else { return Ok(None) };
    let bytes = sector.bytes();
    if is_exfat(bytes) {
        return Ok(Some(Looks::ExFat));
    }
    let signature = bytes.get(510..512) == Some(&[0x55, 0xAA]);
    let jump = matches!(bytes.first(), Some(0xEB | 0xE9));
    let size = bytes.get(11..13).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes);
    let fats = bytes.get(16).copied().unwrap_or(0);
    let fat = signature && jump && matches!(size, 512 | 1024 | 2048 | 4096) && matches!(fats, 1 | 2);
    Ok(fat.then_some(Looks::Fat))
}

fn read_page(volume: &dyn BlockIo, offset: u64) -> Result<Option<PageBuffer>, MarkError> {
    if offset + PageBuffer::PAGE as u64 > volume.geometry().len.0 {
        return Ok(None);
    }
    let mut page = PageBuffer::new(PageBuffer::PAGE);
    volume.read_at(offset, page.bytes_mut()).map_err(|error| MarkError::Unreadable(error.to_string()))?;
    Ok(Some(page))
}

fn read_fat(volume: &dyn BlockIo) -> Result<Marks, MarkError> {
    let bad = |_: io::Error| MarkError::BadFat;
    let filesystem = FileSystem::new(ReadOnly::of(volume), FsOptions::new()).map_err(bad)?;
    if VENTOY_LABELS.contains(&filesystem.volume_label().as_str()) {
        return Ok(Marks::BootImage);
    }
    let mut marks = Marks::None;
    for entry in filesystem.root_dir().iter() {
        let entry = entry.map_err(bad)?;
        if !entry.is_dir() {
            continue;
        }
        if entry.file_name().eq_ignore_ascii_case(LOG_FOLDER) {
            let mut sessions = 0;
            for file in entry.to_dir().iter() {
                sessions +=
                    u32::from(file.map_err(bad)?.file_name().to_ascii_lowercase().ends_with(".jsonl"));
            }
            return Ok(Marks::Logs { sessions });
        }
        if entry.file_name().eq_ignore_ascii_case(IMAGE_FOLDER) {
            for file in entry.to_dir().iter() {
                if file.map_err(bad)?.file_name().eq_ignore_ascii_case(IMAGE_FILE) {
                    marks = Marks::BootImage;
                }
            }
        }
    }
    Ok(marks)
}

fn read_exfat(volume: &dyn BlockIo) -> Result<Marks, MarkError> {
    let bad = |_: VolumeError| MarkError::BadFat;
    let mut filesystem = Volume::open(ReadOnly::of(volume)).map_err(bad)?;
    let root = filesystem.root().map_err(bad)?;
    let folder = |name: &str| {
        let called = |entry: &&Entry| entry.kind == Kind::Folder && entry.name.eq_ignore_ascii_case(name);
        root.iter().find(called)
    };
    if let Some(logs) = folder(LOG_FOLDER) {
        let files = filesystem.folder(logs).map_err(bad)?;
        let is_log = |file: &&Entry| file.name.to_ascii_lowercase().ends_with(".jsonl");
        let sessions = u32::try_from(files.iter().filter(is_log).count()).unwrap_or(u32::MAX);
        return Ok(Marks::Logs { sessions });
    }
    // The large partition of a stick made by Ventoy is exFAT, and has the images as files in it; its other one is FAT and
    // has the label. An image that was unpacked has its own folder.
    let Some(image) = folder(IMAGE_FOLDER) else { return Ok(Marks::None) };
    let files = filesystem.folder(image).map_err(bad)?;
    let is_there = files.iter().any(|file| file.name.eq_ignore_ascii_case(IMAGE_FILE));
    Ok(if is_there { Marks::BootImage } else { Marks::None })
}

/// How many pages a filesystem may make us read: a cluster chain that runs in a circle must come to an end.
const READ_BUDGET: u32 = 16_384;
/// How many reads of a few bytes: the same for one that runs in a circle within a page.
const CALL_BUDGET: u32 = 4_000_000;

/// A volume as the FAT reader wants it. It cannot write.
pub(crate) struct ReadOnly<'a> {
    volume: &'a dyn BlockIo,
    at: u64,
    pages: u32,
    calls: u32,
    /// The page read last: the reader asks for a few bytes at a time.
    page: PageBuffer,
    /// Its offset.
    held: Option<u64>,
}

impl<'a> ReadOnly<'a> {
    pub(crate) fn of(volume: &'a dyn BlockIo) -> Self {
        let page = PageBuffer::new(PageBuffer::PAGE);
        Self { volume, at: 0, pages: READ_BUDGET, calls: CALL_BUDGET, page, held: None }
    }
}

impl ReadOnly<'_> {
    /// Makes the page at `start` the one that is held, as far as it lies on the volume.
    fn hold(&mut self, start: u64, whole: usize) -> io::Result<()> {
        if self.held == Some(start) {
            return Ok(());
        }
        self.held = None;
        self.pages = self.pages.checked_sub(1).ok_or_else(|| io::Error::other("pages without end"))?;
        let target = self.page.bytes_mut().get_mut(..whole).unwrap_or_default();
        self.volume.read_at(start, target).map_err(|error: IoFailure| io::Error::other(error.to_string()))?;
        self.held = Some(start);
        Ok(())
    }
}

impl Read for ReadOnly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls = self.calls.checked_sub(1).ok_or_else(|| io::Error::other("reads without end"))?;
        let page = PageBuffer::PAGE as u64;
        let start = self.at - self.at % page;
        let len = self.volume.geometry().len.0;
        if self.at >= len {
            return Ok(0);
        }
        let whole = usize::try_from((len - start).min(page)).unwrap_or(0);
        self.hold(start, whole)?;
        let skip = usize::try_from(self.at - start).unwrap_or(0);
        let available = self.page.bytes().get(skip..whole).unwrap_or_default();
        let count = available.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(available) {
            *to = *from;
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Write for ReadOnly<'_> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for ReadOnly<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.volume.geometry().len.0.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
#[path = "../../exfat/tests/common/mod.rs"]
mod exfat_volume;

#[cfg(test)]
mod tests {
    use super::exfat_volume::with_files;
    use super::*;
    use fatfs::{FormatVolumeOptions, format_volume};
    use model::{BlockSize, ByteLen};
    use proptest::prelude::*;
    use transport::Geometry;

    struct Memory(Vec<u8>);

    impl BlockIo for Memory {
        fn geometry(&self) -> Geometry {
            Geometry { len: ByteLen(self.0.len() as u64), block: BlockSize::B512 }
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
            let from = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(self.0.get(from..from + buffer.len()).ok_or(IoFailure::Gone)?);
            Ok(())
        }
        fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
            panic!("reading marks must not write")
        }
        fn flush(&self) -> Result<(), IoFailure> {
            Ok(())
        }
    }

    fn fat(label: [u8; 11], folders: &[&str], files: &[&str]) -> Vec<u8> {
        let mut image = io::Cursor::new(vec![0; 4 << 20]);
        format_volume(&mut image, FormatVolumeOptions::new().volume_label(label)).unwrap();
        {
            let filesystem = FileSystem::new(&mut image, FsOptions::new()).unwrap();
            for folder in folders {
                filesystem.root_dir().create_dir(folder).unwrap();
            }
            for file in files {
                filesystem.root_dir().create_file(file).unwrap();
            }
        }
        image.into_inner()
    }

    const PLAIN: [u8; 11] = *b"NO NAME    ";

    #[test]
    fn log_folder_is_found_in_any_case_and_a_file_of_that_name_is_not_one() {
        assert_eq!(
            read_marks(&Memory(fat(PLAIN, &["docs", "MASSHO-LOG"], &["MASSHO-LOG/a.jsonl"])), ""),
            Ok(Marks::Logs { sessions: 1 })
        );
        assert_eq!(
            read_marks(&Memory(fat(PLAIN, &["massho-log"], &[])), ""),
            Ok(Marks::Logs { sessions: 0 })
        );
        assert_eq!(read_marks(&Memory(fat(PLAIN, &[], &["MASSHO-LOG"])), ""), Ok(Marks::None));
        assert_eq!(read_marks(&Memory(fat(PLAIN, &["docs"], &[])), ""), Ok(Marks::None));
    }

    #[test]
    fn logs_and_boot_images_are_found_on_exfat_and_a_broken_one_is_a_doubt() {
        let file = |name: &str| (name.to_owned(), b"{}".to_vec());
        let logs = with_files(&[("massho-log", vec![file("a.jsonl"), file("b.JSONL"), file("c.txt")])]);
        assert_eq!(read_marks(&Memory(logs.clone()), "exfat"), Ok(Marks::Logs { sessions: 2 }));
        // Whatever udev says of it.
        assert_eq!(read_marks(&Memory(logs.clone()), ""), Ok(Marks::Logs { sessions: 2 }));
        let other = with_files(&[("docs", vec![file("a.jsonl")])]);
        assert_eq!(read_marks(&Memory(other), "exfat"), Ok(Marks::None));
        let image = with_files(&[("massho", vec![file("image.toml")])]);
        assert_eq!(read_marks(&Memory(image), "exfat"), Ok(Marks::BootImage));
        let mut broken = logs.clone();
        broken[108] = 0;
        assert_eq!(read_marks(&Memory(broken), "exfat"), Err(MarkError::BadFat));
        let mut nameless = logs;
        nameless[3] = 0;
        assert_eq!(read_marks(&Memory(nameless), "exfat"), Err(MarkError::BadFat));
    }

    #[test]
    fn boot_images_are_found_as_iso_as_files_and_under_ventoy() {
        assert_eq!(
            read_marks(&Memory(fat(PLAIN, &["massho"], &["massho/image.toml"])), ""),
            Ok(Marks::BootImage)
        );
        assert_eq!(read_marks(&Memory(fat(PLAIN, &["massho"], &["massho/other"])), ""), Ok(Marks::None));
        assert_eq!(read_marks(&Memory(fat(*b"VTOYEFI    ", &[], &[])), ""), Ok(Marks::BootImage));
        let mut iso = vec![0; 1 << 20];
        iso[32768..32774].copy_from_slice(b"\x01CD001");
        iso[32808..32840].copy_from_slice(b"MASSHO                          ");
        assert_eq!(read_marks(&Memory(iso.clone()), ""), Ok(Marks::BootImage));
        iso[32808] = b'X';
        assert_eq!(read_marks(&Memory(iso), ""), Ok(Marks::None));
    }

    #[test]
    fn an_empty_or_tiny_volume_carries_nothing() {
        assert_eq!(read_marks(&Memory(vec![0; 1 << 20]), ""), Ok(Marks::None));
        assert_eq!(read_marks(&Memory(vec![0; 512]), ""), Ok(Marks::None));
    }

    #[test]
    fn a_broken_fat_is_a_doubt_not_a_no() {
        let mut image = fat(PLAIN, &["MASSHO-LOG"], &[]);
        image[13] = 0;
        assert_eq!(read_marks(&Memory(image), ""), Err(MarkError::BadFat));
    }

    #[test]
    fn a_fat_that_this_reader_does_not_know_is_a_doubt() {
        let mut image = fat(PLAIN, &["MASSHO-LOG"], &[]);
        image[0] = 0;
        assert_eq!(read_marks(&Memory(image), "vfat"), Err(MarkError::BadFat));
    }

    #[test]
    fn a_stick_with_hundreds_of_logs_can_be_read() {
        let names: Vec<String> =
            (0..300).map(|n| format!("MASSHO-LOG/20261123-{n:06}-0123abcd.jsonl")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let stick = Memory(fat(PLAIN, &["MASSHO-LOG"], &names));
        assert_eq!(read_marks(&stick, "vfat"), Ok(Marks::Logs { sessions: 300 }));
    }

    #[test]
    fn an_unreadable_volume_is_a_doubt() {
        struct Dead;
        impl BlockIo for Dead {
            fn geometry(&self) -> Geometry {
                Geometry { len: ByteLen(1 << 30), block: BlockSize::B512 }
            }
            fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), IoFailure> {
                Err(IoFailure::Medium("EIO".into()))
            }
            fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
                Err(IoFailure::Gone)
            }
            fn flush(&self) -> Result<(), IoFailure> {
                Ok(())
            }
        }
        assert!(matches!(read_marks(&Dead, ""), Err(MarkError::Unreadable(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_hostile_fat_never_panics_or_hangs(at in prop::collection::vec((0usize..4096, any::<u8>()), 1..24)) {
            let mut image = fat(PLAIN, &["a", "MASSHO-LOG"], &[]);
            for (offset, byte) in at {
                image[offset] = byte;
            }
            let _ = read_marks(&Memory(image), "vfat");
        }
    }
}
