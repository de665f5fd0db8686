//! Which device may be made a boot stick: what is plugged in, whole, in nobody's use, and holds no record.

use super::problem::BootProblem;
use crate::image;
use crate::source::SourceError;
use std::fs::{self, File};
use std::io;
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

/// Whether the disk holds records of massho's.
pub(super) fn check_no_records(disk: &File, path: &Path) -> Result<(), BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(path.to_owned(), error);
    match image::stick(disk.try_clone().map_err(unreadable)?) {
        Ok(found) if found.logs.is_empty() => Ok(()),
        Ok(found) => Err(BootProblem::HoldsRecords(path.to_owned(), found.logs.len())),
        Err(SourceError::Unreadable(error)) => Err(unreadable(error)),
        Err(_) => Ok(()),
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
