//! What a drive can do wrong.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One misbehaviour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub enum Fault {
    /// Frozen whenever power comes on with the PC's firmware; only [`crate::Power::Sleep`] thaws it.
    Frozen,
    /// Frozen, and a sleep does not help either (laptops that keep their drives powered).
    FrozenForGood,
    /// ATA: SANITIZE DEVICE is frozen whenever power comes on with the PC's firmware.
    SanitizeFrozen,
    /// Erase commands report success and erase nothing.
    ErasesNothing,
    /// Erase commands report success and erase only the first half of the medium.
    ErasesHalf,
    /// Erase commands report success, every read says erased, and the medium still holds all.
    UnmapsOnly,
    /// Progress stays at this number (of 65536) for ever.
    StuckProgress {
        /// The number.
        at: u16,
    },
    /// Progress goes back now and then.
    ProgressGoesBack,
    /// ATA: commands with CK_COND come back without registers (SAT), as behind some adapters.
    NoRegisters,
    /// Sense data in fixed format (70h), whatever was asked.
    FixedSense,
    /// The successful end of a sanitize is forgotten at the next power cycle.
    SuccessForgotten,
    /// Erase commands end with ABORT / ILLEGAL REQUEST / Invalid Opcode.
    CommandAborted,
    /// Erase commands are refused until the PC has slept once (NVMe status 4286h or Invalid Opcode, a Block SID).
    RejectedUntilSleep {
        /// NVMe status field without phase tag (SCT and SC, More and Do Not Retry bits as sent); ignored elsewhere.
        status: u16,
    },
    /// Erase commands are carried out but never answered.
    TimesOut,
    /// Erase commands are neither carried out nor answered.
    FallsSilent,
    /// The erase ends in the standard's failed state.
    EraseFails,
    /// The drive is gone after this share (in per cent) of the erase.
    DisappearsAt {
        /// Per cent of the erase's time.
        percent: u8,
    },
    /// Reads and writes take so long.
    Slow {
        /// Bytes per second.
        bytes_per_second: u64,
    },
    /// These logical blocks cannot be read.
    Unreadable {
        /// First block.
        from: u64,
        /// How many.
        count: u64,
    },
    /// These logical blocks cannot be written.
    Unwritable {
        /// First block.
        from: u64,
        /// How many.
        count: u64,
    },
    /// After an erase, blocks cannot be read until they were written (SCSI WABEREQ and WACEREQ, ATA and NVMe alike).
    ReadsFailUntilWritten,
    /// After a crypto erase reads give noise instead of a constant.
    NoiseAfterCryptoErase,
    /// The drive states this capacity in logical blocks instead of its own.
    WrongCapacity {
        /// Blocks.
        blocks: u64,
    },
    /// The serial number is blank.
    SerialMissing,
    /// The serial number is not ASCII: escape sequences and bidirectional marks among it.
    SerialHostile,
    /// The status query of a sanitize (STATUS EXT, REQUEST SENSE, log 81h) fails.
    StatusFails,
    /// The status query answers with zeros.
    StatusZeros,
}

/// The faults that are switched on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Faults(BTreeSet<Fault>);

impl Faults {
    /// Switches one on.
    pub fn set(&mut self, fault: Fault) {
        self.0.insert(fault);
    }

    /// Switches one off.
    pub fn clear(&mut self, fault: &Fault) {
        self.0.remove(fault);
    }

    /// Whether one is on.
    #[must_use]
    pub fn has(&self, fault: &Fault) -> bool {
        self.0.contains(fault)
    }

    /// All that are on.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Self {
        Self(faults.into_iter().collect())
    }
}
