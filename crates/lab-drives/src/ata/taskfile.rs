//! What goes to an ATA drive and what comes back: registers and data.

/// STATUS: Device Ready (ACS-3 clause 6.1.6).
const DRDY: u8 = 1 << 6;
/// STATUS: Device Fault.
const DF: u8 = 1 << 5;
/// STATUS: Seek Complete, which everything still sets.
const DSC: u8 = 1 << 4;
/// STATUS: Error.
const ERR: u8 = 1;
/// ERROR: Uncorrectable (ACS-3 clause 6.2).
const UNC: u8 = 1 << 6;
/// ERROR: ID Not Found.
const IDNF: u8 = 1 << 4;
/// ERROR: Abort.
const ABRT: u8 = 1 << 2;
/// DEVICE: the bits that are always ones, and the LBA bit.
const DEVICE: u8 = 0xe0;

/// The registers of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Taskfile {
    pub(crate) command: u8,
    pub(crate) feature: u16,
    pub(crate) count: u16,
    pub(crate) lba: u64,
    pub(crate) device: u8,
}

impl Taskfile {
    /// A command without parameters.
    pub(crate) fn of(command: u8) -> Self {
        Self { command, ..Self::default() }
    }

    /// The address, by the width that the command has.
    pub(crate) fn address(&self) -> u64 {
        if super::opcode::is_extended(self.command) {
            self.lba & 0xffff_ffff_ffff
        } else {
            self.lba & 0x00ff_ffff | u64::from(self.device & 0x0f) << 24
        }
    }

    /// The number of logical sectors, by the width that the command has: 0 stands for the largest number.
    pub(crate) fn sectors(&self) -> u64 {
        if super::opcode::is_extended(self.command) {
            if self.count == 0 { 0x1_0000 } else { u64::from(self.count) }
        } else if self.count & 0xff == 0 {
            0x100
        } else {
            u64::from(self.count & 0xff)
        }
    }
}

/// The registers of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Registers {
    pub(crate) status: u8,
    pub(crate) error: u8,
    pub(crate) count: u16,
    pub(crate) lba: u64,
    pub(crate) device: u8,
}

impl Default for Registers {
    fn default() -> Self {
        Self { status: DRDY | DSC, error: 0, count: 0, lba: 0, device: DEVICE }
    }
}

/// A command carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reply {
    pub(crate) registers: Registers,
    pub(crate) data: Vec<u8>,
}

impl Reply {
    /// With data, and registers that say nothing.
    pub(crate) fn data(data: Vec<u8>) -> Self {
        Self { data, ..Self::default() }
    }

    /// With COUNT and LBA.
    pub(crate) fn registers(count: u16, lba: u64) -> Self {
        Self { registers: Registers { count, lba, ..Registers::default() }, data: Vec::new() }
    }
}

/// Why a command was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Aborted.
    Abort,
    /// SANITIZE DEVICE aborted, with the reason in LBA 7:0 (ACS-3 clause 7.36, error outputs).
    AbortFor(SanitizeReason),
    /// An address beyond the end, or a second permanent SET MAX.
    NotFound,
    /// A sector that cannot be read.
    Unreadable(u64),
    /// A sector that cannot be written.
    Unwritable(u64),
    /// The backing file failed.
    Fault,
}

/// Why a SANITIZE DEVICE command was aborted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum SanitizeReason {
    None = 0,
    LastFailed = 1,
    Unsupported = 2,
    Frozen = 3,
    AntifreezeLocked = 4,
}

impl Refusal {
    /// The registers that say so.
    pub(crate) fn registers(self) -> Registers {
        let failed = |status, error, lba| Registers { status, error, lba, ..Registers::default() };
        match self {
            Self::Abort => failed(DRDY | DSC | ERR, ABRT, 0),
            Self::AbortFor(reason) => failed(DRDY | DSC | ERR, ABRT, u64::from(reason as u8)),
            Self::NotFound => failed(DRDY | DSC | ERR, IDNF, 0),
            Self::Unreadable(lba) => failed(DRDY | DSC | ERR, UNC, lba),
            Self::Unwritable(lba) => failed(DRDY | DF | ERR, ABRT, lba),
            Self::Fault => failed(DRDY | DF | ERR, ABRT, 0),
        }
    }
}

/// What becomes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Over.
    Done(Result<Reply, Refusal>),
    /// BSY until the drive is ready with it.
    Working,
    /// The host will never hear of it.
    Silent,
    /// There is no drive.
    Gone,
    /// The drive is busy with another command.
    Occupied,
}

impl From<crate::medium::MediumError> for Refusal {
    fn from(error: crate::medium::MediumError) -> Self {
        match error {
            crate::medium::MediumError::Range { .. } => Self::NotFound,
            _ => Self::Fault,
        }
    }
}
