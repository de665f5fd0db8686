//! Whether a drive may be offered for erasure at all. Doubt is refusal, with the reason.

use crate::DeviceText;
use serde::{Deserialize, Serialize};

/// The inventory's verdict on one drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reasons")]
pub enum Eligibility {
    /// May be offered.
    Eligible,
    /// Never offered, for every one of these reasons (at least one).
    Ineligible(Vec<Ineligible>),
}

impl Eligibility {
    /// Whether the drive may be offered.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        matches!(self, Self::Eligible)
    }
}

/// Why a drive is never offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum Ineligible {
    /// It carries a massho boot image: this boot's stick, or any other.
    BootStick,
    /// It is the results stick of this session.
    ResultsStick,
    /// It carries massho logs, of whatever day.
    HoldsLogs,
    /// Mounted; the detail names the mount point.
    Mounted(DeviceText),
    /// Another device (RAID, LVM, LUKS …) is built on it; the detail names it.
    HeldBy(DeviceText),
    /// The kernel could not give exclusive access, though no user was found.
    InUse,
    /// Write-protected.
    ReadOnly,
    /// No medium inserted, or a capacity of zero.
    NoMedium,
    /// Locked by an ATA password that is not known here; nothing can be read or written.
    Locked,
    /// It is erasing itself, begun before this session; it is followed to its end.
    ErasingItself,
    /// An optical drive: its media are destroyed, not erased.
    Optical,
    /// The drive did not say who it is; the detail is the failure.
    Unidentified(DeviceText),
    /// Two drives say that they are the same one.
    SameIdentity,
    /// It could not be checked whether it carries logs or an image; the detail is the failure.
    Unchecked(DeviceText),
}
