//! Sticks that may hold the results, and the one that does.

use crate::{PastSession, Remembered, Voucher};
use lists::{AssetList, Names};
use model::{ByteLen, DeviceText};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number by which a session calls a stick: never reused, so that a choice never means another stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StickNo(pub u16);

/// A USB stick that may become the results stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickCandidate {
    /// Its number.
    pub no: StickNo,
    /// The model.
    pub model: DeviceText,
    /// The serial number; empty when not reported.
    pub serial: DeviceText,
    /// Its size.
    pub capacity: ByteLen,
    /// Free space in its filesystem, where that could be read.
    pub free: Option<ByteLen>,
    /// The filesystem's label; may be empty.
    pub label: String,
    /// Whether it can be used.
    pub state: StickState,
}

/// Whether a stick can be used for the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StickState {
    /// It can.
    Usable,
    /// It can, and holds logs of earlier sessions already.
    HasLogs {
        /// How many.
        sessions: u32,
    },
    /// It is write-protected.
    ReadOnly,
    /// Too little space is left.
    Full,
    /// It holds no FAT filesystem; the text names what it holds (`exfat`, `ntfs`), or is empty.
    NotFat(String),
    /// It is the stick from which this PC was booted.
    BootStick,
    /// It could not be read; the text is the failure.
    Unreadable(String),
}

impl StickState {
    /// Whether it can be chosen.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        matches!(self, Self::Usable | Self::HasLogs { .. })
    }
}

/// A results stick that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickInfo {
    /// The stick.
    pub no: StickNo,
    /// The filesystem's label; may be empty.
    pub label: String,
    /// The number of sessions it already holds.
    pub sessions_so_far: u32,
    /// The fingerprint of the key, for people.
    pub fingerprint: String,
    /// Free space.
    pub free: ByteLen,
    /// Who vouches for it.
    pub voucher: Voucher,
    /// What it holds of earlier sessions, the newest first.
    pub past: Vec<PastSession>,
    /// What the session before on it declared.
    pub remembered: Option<Remembered>,
    /// The names to choose from, where the office put them there.
    pub lists: Option<Names>,
    /// The office's asset list, where the office put it there and it can be read. Shared, because it may be large.
    #[serde(skip)]
    pub assets: Option<Arc<AssetList>>,
}

/// Why the results stick cannot be used, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StickProblem {
    /// It is not there any more.
    Removed,
    /// No space is left.
    Full,
    /// It is write-protected.
    ReadOnly,
    /// It holds no FAT filesystem that can be used.
    NotFat,
    /// What was read back is not what was written.
    ReadBackDiffers,
    /// Another stick is in its place.
    AnotherStick,
    /// It has not answered for long; what it was asked is still under way.
    NoAnswer,
    /// Reading or writing failed; the text is the system's error.
    Io(String),
    /// The log is on the stick byte for byte, but contradicts itself: a fault of the program, which the text names.
    /// No other stick would mend it.
    NotVerified(String),
}
