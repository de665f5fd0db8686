//! What a SAS drive remembers without power, in `FILE.scsi` next to its backing file.

use super::mode::Settings;
use crate::work::Work;
use serde::{Deserialize, Serialize};

/// What the drive is doing to its medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub(super) enum Activity {
    /// FORMAT UNIT.
    Format,
    /// SANITIZE, with its service action and its AUSE bit.
    Sanitize { action: u8, unrestricted_exit: bool },
}

/// The state of the medium as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub(super) enum Phase {
    /// Reads and writes are taken.
    Ready,
    /// An erase is under way.
    Working { activity: Activity, work: Work },
    /// A sanitize failed.
    SanitizeFailed { unrestricted_exit: bool },
    /// A format failed or was broken off.
    FormatCorrupt,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// Blocks that a host reaches: MODE SELECT can make them fewer.
    pub(super) visible: u64,
    /// The block size that the next FORMAT UNIT is to make.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) selected_size: Option<u32>,
    /// Whether erased blocks cannot be read until they are written.
    pub(super) fails_until_written: bool,
    pub(super) settings: Settings,
    pub(super) phase: Phase,
}
