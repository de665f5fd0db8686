//! What can be seen while a drive is being erased.

use serde::{Deserialize, Serialize};

/// What was seen while a drive was being erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code", deny_unknown_fields)]
pub enum StepKind {
    /// Canaries were written and read back.
    CanariesPlanted {
        /// How many.
        count: u32,
    },
    /// Hidden areas were opened to the host; the status words say from what to what.
    AreasLifted,
    /// The ATA password of the intent was set for the erase.
    PasswordSet,
    /// The drive was seen to have no password any more.
    PasswordCleared,
    /// The drive was found erasing itself and is followed to its end.
    Following,
    /// The drive accepted the command, or the first write of an overwrite went through.
    Accepted,
    /// One pass of an overwrite reached the end of the drive and was flushed.
    PassDone {
        /// Which, from 1.
        pass: u8,
    },
    /// The drive was seen in the command's end state.
    Ended,
    /// The canaries were looked for.
    CanariesChecked {
        /// How many were still there.
        surviving: u32,
    },
    /// Reading back began.
    ReadBackBegun,
    /// Reading back ended.
    ReadBackEnded,
    /// No progress for longer than the drive's own estimate allows.
    Stalled,
    /// Progress again after a stall.
    Recovered,
    /// The operator asked to stop.
    StopAsked,
    /// Something failed.
    Failed {
        /// The system's or the drive's words.
        detail: String,
    },
}
