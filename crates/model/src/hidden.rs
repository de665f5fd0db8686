//! Space that a drive keeps from the host: HPA, DCO, AMAX.

use crate::ByteLen;
use serde::{Deserialize, Serialize};

/// What is known of one kind of hidden area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub enum HiddenArea {
    /// The drive was not asked, does not have the feature's commands, or did not answer: unknown, not none.
    #[default]
    NotReported,
    /// The drive says that there is none.
    None,
    /// The medium is larger than the host can address.
    Present {
        /// The capacity without it.
        native: ByteLen,
    },
}

/// Every kind of area that a host cannot address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HiddenAreas {
    /// Host Protected Area (ATA8-ACS READ NATIVE MAX ADDRESS).
    pub hpa: HiddenArea,
    /// Device Configuration Overlay (ATA8-ACS DEVICE CONFIGURATION IDENTIFY).
    pub dco: HiddenArea,
    /// Accessible Max Address (ACS-3 7.1 ACCESSIBLE MAX ADDRESS CONFIGURATION).
    pub amax: HiddenArea,
}

impl HiddenAreas {
    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the host is known not to reach everything.
    #[must_use]
    pub fn any_present(&self) -> bool {
        [self.hpa, self.dco, self.amax].iter().any(|area| matches!(area, HiddenArea::Present { .. }))
    }
}

/// The hidden areas of a drive before and after it was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HiddenChange {
    /// As found.
    pub before: HiddenAreas,
    /// As left.
    pub after: HiddenAreas,
}

/// What is done, before erasing, about space that a drive keeps from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lift {
    /// There is none to open, as far as is known.
    #[default]
    Nothing,
    /// The maximum address is set to the native one: HPA or AMAX (ACS-3 SET MAX, ACCESSIBLE MAX ADDRESS CONFIGURATION).
    MaxAddress,
    /// The same, after DEVICE CONFIGURATION RESTORE, which resets other features too and is done only when asked.
    MaxAddressAndDco,
}

impl Lift {
    /// Whether nothing is done.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }

    /// The code in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::MaxAddress => "max-address",
            Self::MaxAddressAndDco => "max-address-and-dco",
        }
    }
}
