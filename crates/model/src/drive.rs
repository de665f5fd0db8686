//! What a drive is: identity, medium, and what it can do.

use crate::{BlockSize, ByteLen, Conditions, DeviceText, Eligibility, HiddenAreas, Ineligible, Technique};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// The number by which a session calls a drive: 1, 2, 3 … in the order in which they were first seen.
///
/// Never reused within a session, and never a `/dev` name: those move when drives come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DriveNo(pub u16);

impl fmt::Display for DriveNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How the drive speaks to the PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bus {
    /// ATA, parallel or serial, also behind a SAS adapter.
    Ata,
    /// NVM Express.
    Nvme,
    /// SCSI or SAS with a SCSI drive behind it.
    Scsi,
    /// Anything behind a USB bridge, and USB sticks.
    Usb,
    /// eMMC and SD.
    Mmc,
    /// Something else; no firmware command will be tried.
    Other,
}

/// The kind of medium, as 図表42 divides them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// Rotating disk.
    Hdd,
    /// Flash: SSD of any bus, eMMC, hybrid disks, and whatever is unknown.
    Ssd,
    /// USBメモリ: removable flash behind USB.
    UsbStick,
    /// 光学媒体.
    Optical,
}

/// How the medium was determined; the record keeps it, because a wrong medium picks a wrong method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediumSource {
    /// The drive reported its nominal rotation rate in rpm (ACS-3 IDENTIFY word 217, SBC-4 VPD B1h).
    RotationRate(u16),
    /// The drive reported that it does not rotate (the same fields, value 0001h).
    NonRotating,
    /// NVMe drives are flash.
    Nvme,
    /// A removable USB disk is taken for a USB stick.
    UsbRemovable,
    /// Peripheral device type 05h (SPC-4).
    OpticalType,
    /// Nothing was reported: taken for flash, the stricter side.
    AssumedFlash,
    /// A person looked and said so.
    Person,
}

/// Who a drive is, as the drive itself says: read by IDENTIFY DEVICE, NVMe Identify or INQUIRY.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// How it is attached.
    pub bus: Bus,
    /// The maker, where the drive names one apart from the model.
    pub maker: DeviceText,
    /// The model.
    pub model: DeviceText,
    /// The serial number: the heart of every record.
    pub serial: DeviceText,
    /// Firmware revision.
    pub firmware: DeviceText,
    /// World Wide Name, EUI-64 or NGUID in lower-case hexadecimal; empty when not reported.
    pub wwn: DeviceText,
    /// NVMe namespace identifier; 0 for every other bus.
    pub namespace: u32,
    /// Capacity that the host can address.
    pub capacity: ByteLen,
    /// Logical block size.
    pub block: BlockSize,
}

impl Identity {
    /// SHA-256 over every field, in hexadecimal: equal only for the same drive in the same shape.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let block = self.block.bytes().to_string();
        let (namespace, capacity) = (self.namespace.to_string(), self.capacity.0.to_string());
        let bus = format!("{:?}", self.bus);
        let fields = [&bus, self.maker.as_str(), self.model.as_str(), self.serial.as_str()];
        let more = [self.firmware.as_str(), self.wwn.as_str(), &namespace, &capacity, &block];
        for field in fields.into_iter().chain(more) {
            // The length goes first, so that no two lists of fields give the same bytes.
            hash.update((field.len() as u64).to_le_bytes());
            hash.update(field.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

/// Whether a drive can carry out one technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// The drive reports it and nothing stands in the way.
    Supported,
    /// The drive does not report it.
    Unsupported,
    /// SECURITY or SANITIZE is frozen until a power cycle or suspend.
    Frozen,
    /// Locked by an ATA password.
    Locked,
    /// The NVMe controller has other namespaces, which a format would miss, or hit unconfirmed.
    OtherNamespaces,
    /// The drive has it for each of its NVMe namespaces by itself. The medium is erased only if every one of them is:
    /// each is listed as a drive of its own, with the same serial number.
    EachNamespace {
        /// How many namespaces are allocated.
        count: u16,
    },
    /// A firmware erase is not attempted over a USB bridge.
    BehindUsb,
    /// The drive or the bridge did not answer the question.
    Unknown,
}

/// What the drive can do. A technique that is not listed is [`Support::Unsupported`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(pub BTreeMap<Technique, Support>);

impl Capabilities {
    /// What is known about one technique.
    #[must_use]
    pub fn support(&self, technique: Technique) -> Support {
        self.0.get(&technique).copied().unwrap_or(Support::Unsupported)
    }
}

/// One drive of this PC as the inventory lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drive {
    /// Its number in this session.
    pub no: DriveNo,
    /// Who it says it is.
    pub identity: Identity,
    /// The kind of medium.
    pub medium: Medium,
    /// How the medium was determined.
    pub medium_source: MediumSource,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Whether it may be offered at all.
    pub eligibility: Eligibility,
    /// The states it was found in.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// The space that it keeps from the host.
    #[serde(default, skip_serializing_if = "HiddenAreas::is_default")]
    pub hidden: HiddenAreas,
    /// Where it sits, for people: `sda`, `nvme0n1`. For display only, never used to address a drive.
    pub position: DeviceText,
}

impl Drive {
    /// Whether it is the PC's own, as far as its connection tells: what hangs on USB is not.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.medium != Medium::UsbStick && self.identity.bus != Bus::Usb
    }

    /// Whether it may hold data that concerns this PC: not a session's own sticks, nor empty or optical drives. A mark
    /// of massho's on the PC's own disk makes that disk no stick.
    #[must_use]
    pub fn keeps_data(&self) -> bool {
        let pluggable = matches!(self.identity.bus, Bus::Usb | Bus::Mmc);
        match &self.eligibility {
            Eligibility::Eligible => true,
            Eligibility::Ineligible(reasons) => !reasons.iter().any(|reason| match reason {
                Ineligible::ResultsStick | Ineligible::NoMedium | Ineligible::Optical => true,
                Ineligible::BootStick | Ineligible::HoldsLogs => pluggable,
                _ => false,
            }),
        }
    }

    /// A drive of this PC that holds data and cannot be handled here: dead, locked, in use, or not to be told from
    /// another. It must not be handed out; it is destroyed in the building.
    #[must_use]
    pub fn must_be_destroyed(&self) -> bool {
        !self.eligibility.is_eligible() && self.is_internal() && self.keeps_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            bus: Bus::Ata,
            maker: "".into(),
            model: "WDC WD5000BPKX".into(),
            serial: "WX11".into(),
            firmware: "01.01A01".into(),
            wwn: "".into(),
            namespace: 0,
            capacity: ByteLen(500_107_862_016),
            block: BlockSize::B512,
        }
    }

    #[test]
    fn fingerprint_changes_with_every_field() {
        let base = identity();
        let variants = [
            Identity { bus: Bus::Usb, ..identity() },
            Identity { maker: "W".into(), ..identity() },
            Identity { model: "WDC WD5000BPK".into(), serial: "XWX11".into(), ..identity() },
            Identity { serial: "WX12".into(), ..identity() },
            Identity { firmware: "02".into(), ..identity() },
            Identity { wwn: "5000".into(), ..identity() },
            Identity { namespace: 1, ..identity() },
            Identity { capacity: ByteLen(1), ..identity() },
            Identity { block: BlockSize::new(4096).unwrap(), ..identity() },
        ];
        for variant in variants {
            assert_ne!(variant.fingerprint(), base.fingerprint(), "{variant:?}");
        }
        assert_eq!(base.fingerprint(), identity().fingerprint());
    }

    #[test]
    fn a_technique_that_is_not_listed_is_unsupported() {
        assert_eq!(Capabilities::default().support(Technique::ScsiFormatUnit), Support::Unsupported);
    }
}
