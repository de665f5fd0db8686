//! What a drive remembers, and for how long.

use super::Status;
use super::namespace::Shape;
use super::sanitize::Sanitize;
use serde::{Deserialize, Serialize};

/// What outlives a power cycle, besides the media.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) sanitize: Sanitize,
    pub(super) counters: Counters,
    pub(super) namespaces: Vec<Shape>,
}

/// Numbers of the SMART log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Counters {
    pub(super) reads: u64,
    pub(super) writes: u64,
    pub(super) bytes_read: u64,
    pub(super) bytes_written: u64,
    pub(super) power_cycles: u64,
    pub(super) unsafe_shutdowns: u64,
    pub(super) errors: u64,
}

/// An entry of the error log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ErrorEntry {
    pub(super) count: u64,
    pub(super) status: Status,
    pub(super) lba: u64,
    pub(super) nsid: u32,
}

/// Whether the drive can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It can.
    There,
    /// It vanished from the bus; the power alone brings it back.
    Gone,
    /// It has no power: time does not pass for it.
    Off,
}

/// How the drive got its power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Woke {
    /// With the PC's firmware starting, which may block erase commands.
    FromOff,
    /// The PC slept.
    FromSleep,
}
