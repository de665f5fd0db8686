//! What is said beside a drive on screens, and stands in no record.

use crate::{DeviceText, Technique};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What screens say beside a drive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aside {
    /// Where it is plugged in, where that can be told.
    pub place: Option<Place>,
    /// How many seconds the drive itself says that a technique takes.
    pub times: BTreeMap<Technique, u64>,
}

/// Where a drive is plugged in, as far as the kernel's tree of devices tells. Ports are counted from 1, as most boards do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// That port of a SATA controller.
    Sata(u32),
    /// An NVMe drive in a slot that the firmware gives this name.
    NvmeSlot(DeviceText),
    /// An NVMe drive of which only the PCI address is known.
    NvmeAddress(DeviceText),
    /// That USB port: bus, port, and the hubs' ports between: `1-2`, `3-1.4`.
    Usb(DeviceText),
    /// That bay of a SAS enclosure or backplane.
    SasBay(u32),
    /// That SCSI target: host, channel, target and unit, as the adapter's own tools call it.
    Scsi(DeviceText),
}
