//! How a rig behaves. The default is a good drive.

use std::time::Duration;

/// By which maximum address a drive tells whether there is an HPA, when its overlay is to be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MaxAddress {
    OfNow,
    ForGood,
}

/// What an erase leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// What the command says: zeros, the pattern, or noise after a crypto erase.
    WhatItShould,
    Everything,
    HalfOfIt,
    OneBlock,
    /// The first block, in which a canary always stands.
    FirstBlock,
    /// Everything but what was written since: the canaries are gone, the data are not.
    AllButWhatWasWritten,
    Zeros,
    Noise,
    ReadErrors,
    /// Noise, and one block that cannot be read until it is written.
    OneReadError,
    /// Read errors, and blocks that take no writes either.
    Death,
}

/// What becomes of the command that starts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Accept,
    Reject,
    /// The drive works, and nobody hears that it accepted.
    LoseAnswer,
    /// Nothing happens, and nothing is answered.
    FallSilent,
}

/// What becomes of a question how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Tell,
    Fail,
    Zeros,
    /// ATA: only the lower halves of the registers; elsewhere as `Fail`.
    HalfLost,
    /// The drive's state is told as it was before the command.
    Stale,
    /// SCSI: REQUEST SENSE tells of nothing; TEST UNIT READY tells the truth.
    SenseIdle,
    /// SCSI: an idle drive says that it saves power, and knows no DESC = 1.
    FixedLowPower,
}

/// How progress goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advance {
    Steady,
    /// At 655 until so long has passed; then it goes on.
    StuckFor(Duration),
    ToAndFro,
}

/// How the drive behaves.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) leaves: Leaves,
    pub(crate) start: Start,
    pub(crate) status: Status,
    pub(crate) advance: Advance,
    pub(crate) takes: Duration,
    pub(crate) read_takes: Duration,
    pub(crate) ends_in_failure: bool,
    pub(crate) gone_at: Option<Duration>,
    pub(crate) frozen: bool,
    /// A password of somebody else's.
    pub(crate) foreign_password: bool,
    pub(crate) attempts_used_up: bool,
    /// A drive that does not clear the password after its erase.
    pub(crate) keeps_password: bool,
    /// A drive whose word 128 does not come through.
    pub(crate) hides_security: bool,
    /// A drive that takes no password.
    pub(crate) refuses_password: bool,
    /// A drive that refuses to take the password away.
    pub(crate) refuses_disable: bool,
    pub(crate) found: Found,
    /// NVMe: a sanitize of the same kind completed before.
    pub(crate) sanitized_before: bool,
    /// NVMe: the drive tells that nothing was written since.
    pub(crate) tells_global_erased: bool,
    pub(crate) namespaces: Vec<u32>,
    pub(crate) fna: u8,
    pub(crate) sanicap: u32,
    pub(crate) write_required: bool,
    /// What is hidden behind an HPA, in bytes.
    pub(crate) hpa: u64,
    /// What is hidden by DCO beyond that.
    pub(crate) dco: u64,
    /// Words 89 and 90.
    pub(crate) erase_time: u16,
    /// The bytes of IDENTIFY DEVICE that arrive.
    pub(crate) identify_transfers: usize,
    /// SCSI: byte 12 of READ CAPACITY (16).
    pub(crate) protection: u8,
    pub(crate) permanent_spent: bool,
    pub(crate) overlay_goes_by: MaxAddress,
    pub(crate) kernel_sees_lift: bool,
}

/// The state in which the drive was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Idle,
    /// It has so long to go.
    AtWork(Duration),
    Failed,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            leaves: Leaves::WhatItShould,
            start: Start::Accept,
            status: Status::Tell,
            advance: Advance::Steady,
            takes: Duration::from_secs(600),
            read_takes: Duration::ZERO,
            ends_in_failure: false,
            gone_at: None,
            frozen: false,
            foreign_password: false,
            attempts_used_up: false,
            keeps_password: false,
            hides_security: false,
            refuses_password: false,
            refuses_disable: false,
            found: Found::Idle,
            sanitized_before: false,
            tells_global_erased: true,
            namespaces: vec![1],
            fna: 0b100,
            sanicap: 0b111 | 0b01 << 30,
            write_required: false,
            hpa: 0,
            dco: 0,
            erase_time: 10,
            identify_transfers: 512,
            protection: 0,
            permanent_spent: false,
            overlay_goes_by: MaxAddress::OfNow,
            kernel_sees_lift: true,
        }
    }
}
