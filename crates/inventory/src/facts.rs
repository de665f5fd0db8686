//! What is known of a disk before anything is decided: plain data, as read from udev, sysfs and the medium.

use crate::marks::{MarkError, Marks};
use model::{ByteLen, DeviceText, Place};
use std::path::PathBuf;

/// How the kernel reaches the disk: from its parents in sysfs, not from its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// An NVMe namespace, with its identifier from sysfs.
    Nvme {
        /// NSID.
        namespace: u32,
    },
    /// Behind USB, with the serial number of the USB device descriptor.
    Usb {
        /// iSerialNumber; empty if none.
        serial: DeviceText,
    },
    /// The SCSI layer: ATA, SAS, SCSI.
    Scsi,
    /// eMMC or SD, which the kernel has already identified: product name, serial, and the CID register.
    Mmc {
        /// `name`
        name: DeviceText,
        /// `serial`
        serial: DeviceText,
        /// `cid`
        cid: DeviceText,
    },
    /// Anything else (virtio …), with the serial number from sysfs.
    Other {
        /// `serial`; empty if none.
        serial: DeviceText,
    },
}

/// Whether udev has finished with a disk and all its partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Yes.
    Finished,
    /// It gave up: reading a sick drive can take longer than it waits.
    Unfinished,
}

/// The adapter that a disk sits behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// PCI class RAID: what looks like a disk may be a volume of several.
    Raid,
    /// Any other.
    Other,
}

/// A filesystem that udev saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filesystem {
    /// ID_FS_TYPE: `vfat`, `exfat`, `iso9660` …; empty if none.
    pub kind: DeviceText,
    /// ID_FS_LABEL.
    pub label: DeviceText,
    /// ID_FS_UUID.
    pub uuid: DeviceText,
}

/// A whole disk or one of its partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeFacts {
    /// The device node.
    pub node: PathBuf,
    /// Its kernel name.
    pub name: DeviceText,
    /// Major and minor number.
    pub number: (u32, u32),
    /// Size.
    pub len: ByteLen,
    /// What is on it.
    pub filesystem: Filesystem,
    /// Where it is mounted.
    pub mounted_at: Vec<DeviceText>,
    /// Devices built on it (device-mapper, RAID).
    pub holders: Vec<DeviceText>,
    /// Whether it carries a massho image or massho logs, or why that could not be read.
    pub marks: Result<Marks, MarkError>,
}

/// A whole disk with its partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFacts {
    /// The whole disk.
    pub whole: VolumeFacts,
    /// Its partitions.
    pub partitions: Vec<VolumeFacts>,
    /// `diskseq`: a number that the kernel gives to no other disk until it is restarted, unlike a name.
    pub sequence: DeviceText,
    /// How it is reached.
    pub link: Link,
    /// Where it is plugged in, where that can be told.
    pub place: Option<Place>,
    /// What kind of adapter it sits behind.
    pub adapter: Adapter,
    /// Whether udev has finished with it.
    pub probe: Probe,
    /// The kernel's `removable` attribute.
    pub removable: Removable,
    /// The kernel's `ro` attribute.
    pub write: WriteState,
    /// Whether the kernel gave an exclusive claim when asked.
    pub claim: Claim,
}

/// The kernel's `removable` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removable {
    /// 1
    Yes,
    /// 0
    No,
}

/// The kernel's `ro` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteState {
    /// 0
    Writable,
    /// 1
    ReadOnly,
}

/// What the kernel answered to a request for exclusive access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Given.
    Given,
    /// Refused: somebody has it.
    Refused,
    /// The node could not be opened at all.
    Failed(DeviceText),
}

impl DiskFacts {
    /// The disk and its partitions.
    pub fn volumes(&self) -> impl Iterator<Item = &VolumeFacts> {
        std::iter::once(&self.whole).chain(&self.partitions)
    }
}
