//! Has the kernel look at a drive's capacity again.

use nix::sys::stat::{major, minor};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Looks again at the block device of this number.
///
/// # Errors
/// What the system said.
pub(crate) fn rescan(number: u64) -> io::Result<()> {
    let block = format!("/sys/dev/block/{}:{}", major(number), minor(number));
    let device = fs::canonicalize(Path::new(&block).join("device"))?;
    steps(&device).into_iter().try_for_each(|(file, text)| write_if_there(&file, text))
}

/// The files to write, in their order.
fn steps(device: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut steps = Vec::new();
    // libata answers READ CAPACITY from what it remembers: only a scan of the port makes it ask IDENTIFY again.
    if let Some(host) = ata_host(device) {
        steps.push((host.join("scan"), "- - -"));
    }
    steps.push((device.join("rescan"), "1"));
    steps.push((device.join("rescan_controller"), "1"));
    steps
}

/// `…/ataN/hostN/targetN:…/N:…` is behind libata: the folder of its host's attributes.
fn ata_host(device: &Path) -> Option<PathBuf> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let is_numbered = |text: &str, prefix: &str| {
        text.strip_prefix(prefix)
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let host = device.ancestors().find(|path| name(path).is_some_and(|name| is_numbered(&name, "host")))?;
    let port = name(host.parent()?)?;
    is_numbered(&port, "ata").then(|| host.join("scsi_host").join(name(host).unwrap_or_default()))
}

fn write_if_there(file: &Path, text: &str) -> io::Result<()> {
    // Without O_CREAT: where a file is missing, sysfs answers that with EACCES.
    let opened = OpenOptions::new().write(true).open(file);
    match opened.and_then(|mut file| file.write_all(text.as_bytes())) {
        // Each kind of device has one of these files, or none.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drive_behind_libata_has_its_port_scanned_before_it_is_rescanned() {
        let device = Path::new("/sys/devices/pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0");
        let files: Vec<String> =
            steps(device).iter().map(|(file, text)| format!("{} {text}", file.display())).collect();
        assert_eq!(files[0], "/sys/devices/pci0000:00/0000:00:1f.2/ata3/host2/scsi_host/host2/scan - - -");
        assert!(files[1].ends_with("2:0:0:0/rescan 1") && files.len() == 3);
    }

    #[test]
    fn no_other_bus_is_scanned_as_a_whole() {
        for device in [
            "/sys/devices/pci0000:00/0000:00:05.0/virtio2/host4/target4:0:0/4:0:0:0",
            "/sys/devices/pci0000:00/0000:00:04.0/nvme/nvme0",
        ] {
            assert_eq!(ata_host(Path::new(device)), None, "{device}");
        }
    }

    #[test]
    fn a_file_that_this_kind_of_device_lacks_is_passed_over_and_a_failure_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_if_there(&folder.path().join("nothing").join("rescan"), "1").is_ok());
        assert!(write_if_there(folder.path(), "1").is_err());
        let file = folder.path().join("rescan");
        fs::write(&file, "").unwrap();
        write_if_there(&file, "1").unwrap();
        assert_eq!(fs::read_to_string(file).unwrap(), "1");
    }

    #[test]
    fn a_missing_attribute_of_sysfs_is_passed_over_too() {
        let missing = Path::new("/sys/kernel/no_such_attribute");
        assert!(Path::new("/sys/kernel").is_dir() && !missing.exists());
        assert!(write_if_there(missing, "1").is_ok());
    }
}
