//! What people do to a medium without the program: 破壊, 消磁, or keeping it for destruction.

use crate::{Medium, Method};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number by which a session calls something done by hand: 1, 2, 3 … in the order in which it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ByHandNo(pub u16);

impl fmt::Display for ByHandNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a person did to a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// 破壊
    Destroyed,
    /// 消磁
    Degaussed,
    /// Kept in the building, to be destroyed there.
    SetAside,
}

impl Handling {
    /// Every one, the most thorough first.
    pub const ALL: [Self; 3] = [Self::Destroyed, Self::Degaussed, Self::SetAside];

    /// The method that it reaches, by a person's word; `None` where it counts for nothing. 破壊 counts for every medium;
    /// a degausser reaches magnetic disks only (図表42: 消磁 stands in the list of HDDs alone).
    #[must_use]
    pub fn reach(self, kind: MediumKind) -> Option<Method> {
        match (self, kind) {
            (Self::Destroyed, _) => Some(Method::Destruct),
            (Self::Degaussed, MediumKind::Hdd) => Some(Method::Purge),
            (Self::Degaussed, _) | (Self::SetAside, _) => None,
        }
    }
}

/// The kind of a medium that a person has in hand, as they declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediumKind {
    /// Rotating disk.
    Hdd,
    /// SSD, of any shape.
    Ssd,
    /// USBメモリ
    UsbStick,
    /// 光学媒体
    Optical,
    /// Anything else: a tape, a floppy disk, a card.
    Other,
}

impl MediumKind {
    /// Every one, in the order of 図表42's columns.
    pub const ALL: [Self; 5] = [Self::Hdd, Self::Ssd, Self::UsbStick, Self::Optical, Self::Other];
}

impl From<Medium> for MediumKind {
    fn from(medium: Medium) -> Self {
        match medium {
            Medium::Hdd => Self::Hdd,
            Medium::Ssd => Self::Ssd,
            Medium::UsbStick => Self::UsbStick,
            Medium::Optical => Self::Optical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degausser_reaches_disks_only_and_destruction_everything() {
        for kind in MediumKind::ALL {
            assert_eq!(Handling::Destroyed.reach(kind), Some(Method::Destruct), "{kind:?}");
            assert_eq!(Handling::SetAside.reach(kind), None, "{kind:?}");
            let degaussed = (kind == MediumKind::Hdd).then_some(Method::Purge);
            assert_eq!(Handling::Degaussed.reach(kind), degaussed, "{kind:?}");
        }
    }
}
