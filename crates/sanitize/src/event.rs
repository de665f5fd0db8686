//! What a job tells.

use model::{ByteLen, DriveNo, DriveResult, RawStatus, StepKind, Technique};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An event of one drive's job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriveEvent {
    /// The drive.
    pub drive: DriveNo,
    /// What happened.
    pub event: JobEvent,
}

/// What happened in a job. Every event but [`JobEvent::Progress`] is delivered, in order.
// The large one comes once per job.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobEvent {
    /// The job's thread runs; nothing has been written yet.
    Started(Technique),
    /// Something that belongs in the record.
    Step {
        /// What was seen.
        what: StepKind,
        /// Status words that came with it, unchanged.
        raw: Vec<RawStatus>,
    },
    /// How far it is: four a second and one at the end of each phase, dropped where the channel is full.
    Progress(Progress),
    /// The one last event.
    Finished(DriveResult),
}

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// Canaries are being planted.
    Planting,
    /// The drive is erasing itself.
    Formatting,
    /// An overwrite pass.
    Pass {
        /// Which, from 1.
        number: u8,
        /// Of how many.
        of: u8,
    },
    /// The medium is being read back.
    Verifying,
}

/// Where the numbers of a [`Progress`] come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProgressSource {
    /// Bytes that the drive took or gave, counted. Only the time left is an estimate.
    Counted,
    /// The drive's own number, out of 65,536, scaled to the medium.
    Drive,
    /// The drive tells nothing while it works: there is no number to show, and the time left is what it, or this
    /// program, estimated beforehand.
    Silent,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// Bytes done in this phase.
    pub done: ByteLen,
    /// Bytes of this phase.
    pub of: ByteLen,
    /// Bytes per second over the last seconds; 0 while not known.
    pub rate: u64,
    /// An estimate of the time that the rest of the whole job takes; `None` while not known.
    pub remaining: Option<Duration>,
    /// Where `done` comes from.
    pub source: ProgressSource,
}
