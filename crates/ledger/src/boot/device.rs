//! Which device may be made a boot stick: what is plugged in, whole, in nobody's use, and holds no record.

use super::problem::BootProblem;
use crate::image;
use crate::partitions::stretches;
use crate::source::SourceError;
use crate::window::Window;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What sysfs says of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Device {
    /// The node.
    pub(super) node: PathBuf,
    /// The kernel's name of it.
    pub(super) name: String,
    /// Maker and model.
    pub(super) model: String,
    /// Bytes.
    pub(super) len: u64,
}

/// Where the kernel tells of block devices.
pub(super) const SYSFS: &str = "/sys/class/block";

impl Device {
    /// Looks at a device: a whole one that can be pulled and written.
    pub(super) fn look(sysfs: &Path, path: &Path) -> Result<Self, BootProblem> {
        let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
        let node = fs::canonicalize(path).map_err(unreadable)?;
        if !fs::metadata(&node).map_err(unreadable)?.file_type().is_block_device() {
            return Err(BootProblem::NoDevice(path.to_owned()));
        }
        let name = node.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::described(sysfs, &node, &name)
    }

    fn described(sysfs: &Path, node: &Path, name: &str) -> Result<Self, BootProblem> {
        let folder = sysfs.join(name);
        let attribute = |name: &str| fs::read_to_string(folder.join(name)).map(|text| text.trim().to_owned());
        if folder.join("partition").exists() {
            return Err(BootProblem::Partition(node.to_owned()));
        }
        // Doubt is refusal: a device of which this cannot be read is none that can be pulled.
        if attribute("removable").ok().as_deref() != Some("1") {
            return Err(BootProblem::NotRemovable(node.to_owned()));
        }
        if attribute("ro").ok().as_deref() != Some("0") {
            return Err(BootProblem::ReadOnly(node.to_owned()));
        }
        let sectors: u64 = attribute("size").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        let model = [attribute("device/vendor"), attribute("device/model")]
            .into_iter()
            .filter_map(Result::ok)
            .collect::<Vec<_>>()
            .join(" ");
        Ok(Self { node: node.to_owned(), name: name.to_owned(), model, len: sectors.saturating_mul(512) })
    }
}

/// Opens a device for this program alone: the kernel refuses while it, or a partition of it, is mounted or held.
pub(super) fn open_alone(path: &Path) -> Result<File, BootProblem> {
    let exclusively = i32::try_from(rustix::fs::OFlags::EXCL.bits()).unwrap_or(0);
    let opened = File::options().read(true).write(true).custom_flags(exclusively).open(path);
    opened.map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy => BootProblem::InUse(path.to_owned()),
        _ => BootProblem::Unwritable(path.to_owned(), error),
    })
}

/// How every log begins, and how much of a disk is searched for it beside its filesystems, in bytes: the first files of a
/// stick lie near its beginning.
const LOG_BEGINS: &[u8] = b"\"format\":\"massho-log/";
const SEARCHED: u64 = 64 << 20;
const CHUNK: usize = 1 << 20;

/// Whether the disk holds records of massho's. Doubt is refusal: where a filesystem that could hold them cannot be read,
/// nobody knows.
pub(super) fn check_no_records(disk: &File, path: &Path) -> Result<(), BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
    check_filesystems(disk, path)?;
    if has_log_bytes(disk).map_err(unreadable)? {
        return Err(BootProblem::HoldsRecords(path.to_owned(), 1));
    }
    match image::stick(disk.try_clone().map_err(unreadable)?) {
        Ok(found) if found.logs.is_empty() => Ok(()),
        Ok(found) => Err(BootProblem::HoldsRecords(path.to_owned(), found.logs.len())),
        Err(SourceError::Unreadable(error)) => Err(unreadable(error)),
        Err(_) => Ok(()),
    }
}

/// Whether every filesystem that says that it is FAT or exFAT can be read.
fn check_filesystems(disk: &File, path: &Path) -> Result<(), BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
    let mut look = disk.try_clone().map_err(unreadable)?;
    for stretch in stretches(&mut look).map_err(unreadable)? {
        let window = || disk.try_clone().map(|disk| Window::read_only(disk, stretch)).map_err(unreadable);
        let mut sectors = vec![0; 13 * 512];
        let read = window()?.read_exact(&mut sectors);
        if read.is_err() || !claims(&sectors) {
            continue;
        }
        let opens = exfat::Volume::open(window()?).is_ok()
            || fatfs::FileSystem::new(window()?, fatfs::FsOptions::new()).is_ok();
        if !opens {
            return Err(BootProblem::Unchecked(path.to_owned()));
        }
    }
    Ok(())
}

/// Whether a volume's first sectors are those of a FAT (FAT specification 1.03, section 3.1) or of exFAT, whose backup boot
/// sector is the thirteenth (exFAT specification, 3.1 and 2).
fn claims(sectors: &[u8]) -> bool {
    let exfat = |sector: usize| sectors.get(sector * 512 + 3..sector * 512 + 11) == Some(b"EXFAT   ");
    let signature = sectors.get(510..512) == Some(&[0x55, 0xAA]);
    let jump = matches!(sectors.first(), Some(0xEB | 0xE9));
    let fats = matches!(sectors.get(16), Some(1 | 2));
    // FAT12 and FAT16 have their name at 54, FAT32 at 82.
    let named = [54, 82].into_iter().any(|at| sectors.get(at..at + 3) == Some(b"FAT"));
    exfat(0) || exfat(12) || (signature && (named || jump && fats))
}

/// Whether a log's first bytes lie near the disk's beginning, whatever filesystem was there.
fn has_log_bytes(disk: &File) -> io::Result<bool> {
    let mut disk = disk;
    disk.seek(SeekFrom::Start(0))?;
    let mut reader = disk.take(SEARCHED);
    let mut bytes = Vec::new();
    loop {
        // What may be the beginning of the words is kept for the next chunk.
        let keep = bytes.len().saturating_sub(LOG_BEGINS.len());
        bytes.drain(..keep);
        if (&mut reader).take(CHUNK as u64).read_to_end(&mut bytes)? == 0 {
            return Ok(false);
        }
        if bytes.windows(LOG_BEGINS.len()).any(|window| window == LOG_BEGINS) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(attributes: &[(&str, &str)]) -> Result<Device, BootProblem> {
        let sysfs = tempfile::tempdir().unwrap();
        let folder = sysfs.path().join("sdx");
        fs::create_dir_all(folder.join("device")).unwrap();
        for (name, value) in attributes {
            fs::write(folder.join(name), format!("{value}\n")).unwrap();
        }
        Device::described(sysfs.path(), Path::new("/dev/sdx"), "sdx")
    }

    const STICK: [(&str, &str); 5] = [
        ("removable", "1"),
        ("ro", "0"),
        ("size", "7823360"),
        ("device/vendor", "SanDisk "),
        ("device/model", "Cruzer"),
    ];

    fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
        STICK.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect()
    }

    #[test]
    fn a_whole_stick_that_can_be_pulled_is_described() {
        let device = described(&STICK).unwrap();
        assert_eq!((device.model.as_str(), device.len), ("SanDisk Cruzer", 7_823_360 * 512));
    }

    #[test]
    fn a_disk_of_the_pc_a_partition_and_a_protected_stick_are_refused() {
        assert!(matches!(described(&with("removable", "0")), Err(BootProblem::NotRemovable(_))));
        assert!(
            matches!(described(&STICK[1..]), Err(BootProblem::NotRemovable(_))),
            "nothing is known of it"
        );
        assert!(matches!(described(&with("partition", "1")), Err(BootProblem::Partition(_))));
        assert!(matches!(described(&with("ro", "1")), Err(BootProblem::ReadOnly(_))));
    }

    fn checked(bytes: &[u8]) -> Result<(), BootProblem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        fs::write(&path, bytes).unwrap();
        check_no_records(&File::open(&path).unwrap(), &path)
    }

    #[test]
    fn a_stick_whose_filesystem_cannot_be_read_may_hold_records() {
        let mut fat = io::Cursor::new(vec![0; 4 << 20]);
        fatfs::format_volume(&mut fat, fatfs::FormatVolumeOptions::new()).unwrap();
        let fat = fat.into_inner();
        assert!(checked(&fat).is_ok());
        assert!(checked(&vec![0; 4 << 20]).is_ok(), "an empty stick");
        let mut torn = fat.clone();
        torn[13] = 0;
        assert!(matches!(checked(&torn), Err(BootProblem::Unchecked(_))));
        let mut log = vec![0; 4 << 20];
        let at = (2 << 20) - 3;
        log[at..at + LOG_BEGINS.len()].copy_from_slice(LOG_BEGINS);
        assert!(
            matches!(checked(&log), Err(BootProblem::HoldsRecords(..))),
            "its filesystem is gone, its log is not"
        );
        let mut exfat = vec![0; 4 << 20];
        exfat[12 * 512 + 3..12 * 512 + 11].copy_from_slice(b"EXFAT   ");
        assert!(matches!(checked(&exfat), Err(BootProblem::Unchecked(_))), "only the backup is left");
    }

    #[test]
    fn a_file_is_no_device() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image");
        fs::write(&path, b"").unwrap();
        assert!(matches!(Device::look(Path::new(SYSFS), &path), Err(BootProblem::NoDevice(_))));
        assert!(matches!(
            Device::look(Path::new(SYSFS), &folder.path().join("none")),
            Err(BootProblem::Unreadable(..))
        ));
    }
}
