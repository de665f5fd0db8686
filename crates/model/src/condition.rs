//! States a drive can be found in that stand in the way of erasing it, or tell of an erase that was begun before.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One state that the drive itself reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// ATA SECURITY is frozen until a power cycle or a sleep (ACS-3 IDENTIFY word 128 bit 3).
    SecurityFrozen,
    /// An ATA password is set (word 128 bit 1).
    PasswordSet,
    /// It is locked by an ATA password: nothing can be read or written (word 128 bit 2).
    Locked,
    /// Too many wrong passwords: it takes no more until a power cycle (word 128 bit 4).
    AttemptsUsedUp,
    /// SANITIZE is frozen until a power cycle or a sleep (ACS-3 SD1).
    SanitizeFrozen,
    /// It is erasing itself: a sanitize that was begun before and goes on by itself.
    Sanitizing,
    /// A sanitize ended in failure; nothing but another one is accepted (ACS-3 SD3, NVMe SSTAT 3, SCSI 03/31/03).
    SanitizeFailed,
    /// A FORMAT UNIT is under way (SCSI 02/04/04).
    Formatting,
    /// A format was interrupted (SCSI 03/31/00): nothing can be read before another one.
    FormatCorrupt,
}

/// The states a drive was found in; none is the ordinary case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conditions(pub BTreeSet<Condition>);

impl Conditions {
    /// Whether the drive is in that state.
    #[must_use]
    pub fn has(&self, condition: Condition) -> bool {
        self.0.contains(&condition)
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a sleep of the PC may help.
    #[must_use]
    pub fn may_thaw(&self) -> bool {
        [Condition::SecurityFrozen, Condition::SanitizeFrozen, Condition::AttemptsUsedUp]
            .into_iter()
            .any(|condition| self.has(condition))
    }

    /// Whether an erase that was begun before is still under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.has(Condition::Sanitizing) || self.has(Condition::Formatting)
    }
}
