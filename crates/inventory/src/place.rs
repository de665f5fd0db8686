//! Where a drive is plugged in, from its path in sysfs: people find a slot by a port's number, and by no kernel name.

use model::Place;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The place of the disk with this path below `/sys/devices`; `slots` is where PCI slots have their names
/// (`/sys/bus/pci/slots`).
pub(crate) fn place(syspath: &Path, slots: &Path) -> Option<Place> {
    let parts: Vec<&str> = syspath.iter().filter_map(OsStr::to_str).collect();
    // The deepest counts: behind a hub, or behind a bridge.
    let last = |is: fn(&str) -> bool| parts.iter().rposition(|part| is(part));
    if let Some(at) = last(is_usb_port) {
        return Some(Place::Usb((*parts.get(at)?).into()));
    }
    if parts.iter().any(|part| part.starts_with("nvme")) {
        let address = parts.get(last(is_pci_address)?)?;
        return Some(match slot(slots, address) {
            Some(name) => Place::NvmeSlot(name.as_str().into()),
            None => Place::NvmeAddress((*address).into()),
        });
    }
    if let Some(at) = last(|part| number(part, "ata").is_some()) {
        // Several disks at one port (parallel ATA, a port multiplier): its number says little of which one it is.
        let target = last(is_scsi_target).and_then(|at| parts.get(at))?;
        if !target.ends_with(":0:0:0") {
            return None;
        }
        let controller: PathBuf = syspath.iter().take(at).collect();
        return ata_port(&controller, number(parts.get(at)?, "ata")?).map(Place::Sata);
    }
    let bay = last(|part| part.starts_with("end_device-")).and_then(|at| {
        let end: PathBuf = syspath.iter().take(at + 1).collect();
        let file = end.join("sas_device").join(parts.get(at)?).join("bay_identifier");
        fs::read_to_string(file).ok()?.trim().parse().ok()
    });
    if let Some(bay) = bay {
        return Some(Place::SasBay(bay));
    }
    last(is_scsi_target).and_then(|at| parts.get(at)).map(|target| Place::Scsi((*target).into()))
}

/// `1-2`, `3-1.4`: bus, then a port for every hub on the way. An interface, `1-2:1.0`, is none.
fn is_usb_port(part: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    part.split_once('-').is_some_and(|(bus, ports)| is_number(bus) && ports.split('.').all(is_number))
}

/// `0000:3d:00.0`
fn is_pci_address(part: &str) -> bool {
    let fields: Vec<&str> = part.split([':', '.']).collect();
    let lengths: Vec<usize> = fields.iter().map(|field| field.len()).collect();
    // VMD counts domains from 10000h on.
    matches!(lengths.as_slice(), [4 | 5, 2, 2, 1])
        && fields.iter().all(|field| field.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `2:0:1:0`: host, channel, target, unit.
fn is_scsi_target(part: &str) -> bool {
    let mut fields = part.split(':');
    fields.clone().count() == 4
        && fields.all(|field| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The number in `ata3`.
fn number(part: &str, prefix: &str) -> Option<u32> {
    part.strip_prefix(prefix)?.parse().ok()
}

/// The kernel numbers the ports of all controllers in one row; people count those of each controller, from 1.
fn ata_port(controller: &Path, port: u32) -> Option<u32> {
    let entries = fs::read_dir(controller).ok()?.flatten();
    let ports = entries.filter_map(|entry| number(entry.file_name().to_str()?, "ata"));
    let before = ports.filter(|other| *other < port).count();
    u32::try_from(before + 1).ok()
}

/// The name of the slot that a PCI device sits in: each slot has a file with the address of what is in it, without the
/// function.
fn slot(slots: &Path, address: &str) -> Option<String> {
    let device = address.rsplit_once('.')?.0;
    let holds =
        |slot: &Path| fs::read_to_string(slot.join("address")).is_ok_and(|address| address.trim() == device);
    let found = fs::read_dir(slots).ok()?.flatten().find(|entry| holds(&entry.path()))?;
    found.file_name().into_string().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree with these folders and files below `devices`, and slots beside it.
    fn tree(folders: &[&str], files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        folders.iter().for_each(|folder| fs::create_dir_all(root.path().join(folder)).unwrap());
        for (file, text) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn find(root: &tempfile::TempDir, disk: &str) -> Option<Place> {
        place(&root.path().join("devices").join(disk), &root.path().join("slots"))
    }

    #[test]
    fn a_sata_port_is_counted_from_one_on_its_own_controller() {
        let controller = "devices/pci0000:00/0000:00:17.0";
        let ports = ["ata7", "ata8", "ata10", "atapi"].map(|port| format!("{controller}/{port}"));
        let root = tree(&ports.each_ref().map(String::as_str), &[]);
        let disk =
            |port: u32| format!("pci0000:00/0000:00:17.0/ata{port}/host6/target6:0:0/6:0:0:0/block/sdb");
        assert_eq!(find(&root, &disk(7)), Some(Place::Sata(1)));
        assert_eq!(find(&root, &disk(8)), Some(Place::Sata(2)));
        assert_eq!(find(&root, &disk(10)), Some(Place::Sata(3)));
    }

    #[test]
    fn two_disks_at_one_ata_port_have_no_place() {
        let root = tree(&["devices/pci0000:00/0000:00:1f.1/ata1"], &[]);
        let disk = |target: &str| format!("pci0000:00/0000:00:1f.1/ata1/host0/target/{target}/block/sda");
        assert_eq!(find(&root, &disk("0:0:0:0")), Some(Place::Sata(1)));
        assert_eq!(find(&root, &disk("0:0:1:0")), None);
        assert_eq!(find(&root, &disk("0:1:0:0")), None);
    }

    #[test]
    fn an_nvme_drive_is_found_by_its_slot_or_by_the_last_pci_address_before_it() {
        let root = tree(&[], &[("slots/4-1/address", "0000:3d:00\n"), ("slots/5/address", "0000:04:00\n")]);
        let disk = "pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/nvme0n1";
        assert_eq!(find(&root, disk), Some(Place::NvmeSlot("4-1".into())));
        let disk = "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme1/nvme1n1";
        assert_eq!(find(&root, disk), Some(Place::NvmeAddress("10000:e1:00.0".into())));
        assert_eq!(find(&root, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1"), None);
    }

    #[test]
    fn a_usb_drive_is_found_by_its_port_also_behind_a_hub() {
        let root = tree(&[], &[]);
        let disk = "pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdc";
        assert_eq!(find(&root, disk), Some(Place::Usb("1-2".into())));
        let disk = "pci0000:00/0000:00:14.0/usb3/3-1/3-1.4/3-1.4:1.0/host7/target7:0:0/7:0:0:0/block/sdd";
        assert_eq!(find(&root, disk), Some(Place::Usb("3-1.4".into())));
    }

    #[test]
    fn a_sas_drive_is_found_by_its_bay_where_there_is_one_else_by_its_target() {
        let end = "pci0000:00/0000:03:00.0/host0/port-0:0/end_device-0:0";
        let disk = format!("{end}/target0:0:5/0:0:5:0/block/sde");
        let bay = format!("devices/{end}/sas_device/end_device-0:0/bay_identifier");
        assert_eq!(find(&tree(&[], &[(&bay, "3\n")]), &disk), Some(Place::SasBay(3)));
        for text in ["", "-1\n"] {
            assert_eq!(find(&tree(&[], &[(&bay, text)]), &disk), Some(Place::Scsi("0:0:5:0".into())));
        }
    }

    #[test]
    fn of_anything_else_nothing_is_said() {
        let root = tree(&[], &[]);
        assert_eq!(find(&root, "pci0000:00/0000:00:05.0/virtio2/block/vda"), None);
        assert_eq!(find(&root, "platform/mmc0/mmc0:0001/block/mmcblk0"), None);
    }
}
