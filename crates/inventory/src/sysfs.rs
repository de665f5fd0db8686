//! What udev and sysfs know of a disk, without asking it anything.

use crate::controllers::RAID_CLASS;
use crate::facts::{Adapter, Claim, DiskFacts, Filesystem, Link, Probe, Removable, VolumeFacts, WriteState};
use crate::marks::MarkError;
use crate::mounts::Mounts;
use crate::place::place;
use model::{ByteLen, DeviceText};
use std::path::Path;

/// What stands for the answers of a disk that has not been asked yet: doubt, and so refusal.
const UNASKED: &str = "not asked yet";

/// Names of block devices that are no drives: they have no hardware under them.
const VIRTUAL: [&str; 6] = ["loop", "ram", "zram", "dm-", "md", "nbd"];

pub(crate) fn is_disk(device: &udev::Device) -> bool {
    let name = device.sysname().to_string_lossy();
    device.devtype().is_some_and(|kind| kind == "disk")
        && !VIRTUAL.iter().any(|prefix| name.starts_with(prefix))
        // eMMC boot and replay-protected areas are parts of a drive that another name stands for.
        && !(name.starts_with("mmcblk") && (name.contains("boot") || name.contains("rpmb")))
}

/// Whether one is a partition of the other.
fn is_part(device: &udev::Device, disk: &udev::Device) -> bool {
    device.devtype().is_some_and(|kind| kind == "partition")
        && device.parent().is_some_and(|parent| parent.syspath() == disk.syspath())
}

pub(crate) fn probe(disk: &udev::Device, devices: &[udev::Device]) -> Probe {
    let mut parts = devices.iter().filter(|device| is_part(device, disk));
    match disk.is_initialized() && parts.all(udev::Device::is_initialized) {
        true => Probe::Finished,
        false => Probe::Unfinished,
    }
}

/// udev keeps this file while it has events to work off.
#[must_use]
pub fn is_udev_busy() -> bool {
    Path::new("/run/udev/queue").exists()
}

pub(crate) fn disk_facts(
    disk: &udev::Device,
    devices: &[udev::Device],
    mounts: &Mounts,
    probe: Probe,
) -> DiskFacts {
    let whole = volume_facts(disk, mounts);
    let partitions: Vec<VolumeFacts> = devices
        .iter()
        .filter(|device| is_part(device, disk))
        .map(|device| volume_facts(device, mounts))
        .collect();
    DiskFacts {
        sequence: attribute(disk, "diskseq"),
        link: link(disk),
        place: place(disk.syspath(), Path::new("/sys/bus/pci/slots")),
        adapter: adapter(disk),
        probe,
        removable: if flag(disk, "removable") { Removable::Yes } else { Removable::No },
        write: if flag(disk, "ro") { WriteState::ReadOnly } else { WriteState::Writable },
        claim: Claim::Failed(UNASKED.into()),
        whole,
        partitions,
    }
}

fn volume_facts(device: &udev::Device, mounts: &Mounts) -> VolumeFacts {
    let node = device.devnode().map(Path::to_path_buf).unwrap_or_default();
    let number = device.devnum().map_or((0, 0), |number| {
        let number = number as nix::libc::dev_t;
        let part = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        (part(nix::sys::stat::major(number)), part(nix::sys::stat::minor(number)))
    });
    let sectors: u64 = attribute(device, "size").as_str().parse().unwrap_or(0);
    VolumeFacts {
        name: device.sysname().to_string_lossy().as_ref().into(),
        number,
        // The kernel counts in 512 bytes here, whatever the drive's block.
        len: ByteLen(sectors.saturating_mul(512)),
        filesystem: Filesystem {
            kind: property(device, "ID_FS_TYPE"),
            label: property(device, "ID_FS_LABEL"),
            uuid: property(device, "ID_FS_UUID"),
        },
        mounted_at: mounts.of(number, &node.to_string_lossy()),
        holders: holders(device.syspath()),
        marks: Err(MarkError::Unreadable(UNASKED.into())),
        node,
    }
}

fn adapter(disk: &udev::Device) -> Adapter {
    let pci = disk.parent_with_subsystem("pci").ok().flatten();
    match pci.is_some_and(|pci| attribute(&pci, "class").as_str().starts_with(RAID_CLASS)) {
        true => Adapter::Raid,
        false => Adapter::Other,
    }
}

fn link(disk: &udev::Device) -> Link {
    let parent = |subsystem: &str| disk.parent_with_subsystem(subsystem).ok().flatten();
    if let Some(usb) = disk.parent_with_subsystem_devtype("usb", "usb_device").ok().flatten() {
        return Link::Usb { serial: attribute(&usb, "serial") };
    }
    if parent("nvme").is_some() || disk.sysname().to_string_lossy().starts_with("nvme") {
        return Link::Nvme { namespace: attribute(disk, "nsid").as_str().parse().unwrap_or(0) };
    }
    if let Some(card) = parent("mmc") {
        return Link::Mmc {
            name: attribute(&card, "name"),
            serial: attribute(&card, "serial"),
            cid: attribute(&card, "cid"),
        };
    }
    if parent("scsi").is_some() {
        return Link::Scsi;
    }
    Link::Other { serial: attribute(disk, "serial") }
}

pub(crate) fn attribute(device: &udev::Device, name: &str) -> DeviceText {
    device.attribute_value(name).map(|value| value.to_string_lossy().trim().into()).unwrap_or_default()
}

fn property(device: &udev::Device, name: &str) -> DeviceText {
    device.property_value(name).map(|value| value.to_string_lossy().as_ref().into()).unwrap_or_default()
}

fn flag(device: &udev::Device, name: &str) -> bool {
    attribute(device, name).as_str() == "1"
}

fn holders(syspath: &Path) -> Vec<DeviceText> {
    let entries = std::fs::read_dir(syspath.join("holders")).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().as_ref().into()).collect()
}
