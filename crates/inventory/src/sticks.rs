//! Volumes that could serve as results sticks.

use crate::facts::{Filesystem, VolumeFacts, WriteState};
use crate::marks::{MarkError, Marks};
use crate::scan::Found;
use model::{ByteLen, DeviceText, DriveNo, Identity};
use std::path::PathBuf;

/// A volume that could serve as results stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StickFacts {
    /// The drive it is on.
    pub no: DriveNo,
    /// Who that drive is.
    pub identity: Identity,
    /// The kernel's number of the disk: another one once it was pulled and put back.
    pub sequence: DeviceText,
    /// The node to mount.
    pub node: PathBuf,
    /// Size of the volume.
    pub len: ByteLen,
    /// The filesystem.
    pub filesystem: Filesystem,
    /// Whether it can be written.
    pub write: WriteState,
    /// Whether it already holds logs.
    pub marks: Result<Marks, MarkError>,
}

/// Its FAT and exFAT volumes, or the whole of it.
pub(crate) fn stick_volumes(found: &Found) -> Vec<StickFacts> {
    let stick = |volume: &VolumeFacts| StickFacts {
        no: found.drive.no,
        identity: found.drive.identity.clone(),
        sequence: found.facts.sequence.clone(),
        node: volume.node.clone(),
        len: volume.len,
        filesystem: volume.filesystem.clone(),
        write: found.facts.write,
        marks: volume.marks.clone(),
    };
    if let Some(image) = found.facts.volumes().find(|volume| volume.marks == Ok(Marks::BootImage)) {
        return vec![stick(image)];
    }
    let is_fat = |volume: &&VolumeFacts| matches!(volume.filesystem.kind.as_str(), "vfat" | "exfat");
    // Some programs write a partition table into the boot sector of a FAT that fills the stick: it is one volume.
    if is_fat(&&found.facts.whole) {
        return vec![stick(&found.facts.whole)];
    }
    let fat: Vec<StickFacts> = found.facts.partitions.iter().filter(is_fat).map(stick).collect();
    match (fat.is_empty(), found.facts.partitions.first()) {
        (false, _) => fat,
        (true, Some(partition)) => vec![stick(partition)],
        (true, None) => vec![stick(&found.facts.whole)],
    }
}
