//! The SANITIZE feature set (ACS-3 4.17, 7.36): SANITIZE DEVICE, B4h.

use super::command::{Command, Protocol, Width};
use super::registers::Registers;
use super::reply::{Reply, Verdict};
use crate::flags::flags;

const SANITIZE_DEVICE: u8 = 0xB4;

/// FEATURE of SANITIZE STATUS EXT (7.36.6).
const STATUS: u16 = 0x0000;
/// FEATURE of CRYPTO SCRAMBLE EXT (7.36.2).
const CRYPTO_SCRAMBLE: u16 = 0x0011;
/// FEATURE of BLOCK ERASE EXT (7.36.3).
const BLOCK_ERASE: u16 = 0x0012;
/// FEATURE of OVERWRITE EXT (7.36.4).
const OVERWRITE: u16 = 0x0014;
/// FEATURE of SANITIZE FREEZE LOCK EXT (7.36.5).
const FREEZE_LOCK: u16 = 0x0020;
/// FEATURE of SANITIZE ANTIFREEZE LOCK EXT (ACS-3 7.36.7).
const ANTIFREEZE_LOCK: u16 = 0x0040;

/// LBA 31:0 of CRYPTO SCRAMBLE EXT: "Cryp".
const SIGNATURE_CRYPTO: u64 = 0x4372_7970;
/// LBA 31:0 of BLOCK ERASE EXT: "BkEr".
const SIGNATURE_BLOCK: u64 = 0x426B_4572;
/// LBA 47:32 of OVERWRITE EXT: "OW".
const SIGNATURE_OVERWRITE: u64 = 0x4F57 << 32;
/// LBA 31:0 of SANITIZE FREEZE LOCK EXT: "FrLk".
const SIGNATURE_FREEZE: u64 = 0x4672_4C6B;
/// LBA 31:0 of SANITIZE ANTIFREEZE LOCK EXT: "Anti".
const SIGNATURE_ANTIFREEZE: u64 = 0x416E_7469;

/// COUNT bit 0 of SANITIZE STATUS EXT: CLEAR SANITIZE OPERATION FAILED.
const CLEAR_FAILURE: u16 = 1 << 0;
/// COUNT bit 4: FAILURE MODE: a failed operation may be left by a status with clear failure.
const FAILURE_MODE: u16 = 1 << 4;
/// COUNT bit 6 of OVERWRITE EXT: DEFINITIVE ENDING PATTERN.
const DEFINITIVE_PATTERN: u16 = 1 << 6;
/// COUNT bit 7 of OVERWRITE EXT: INVERT PATTERN BETWEEN OVERWRITE PASSES.
const INVERT_PATTERN: u16 = 1 << 7;

/// A number of overwrite passes: 1 to 16. ATA and NVMe write 16 as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passes(u8);

/// A number of passes that no drive can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} passes cannot be asked for: 1 to 16")]
pub struct PassesError(pub u8);

impl Passes {
    /// One pass.
    pub const ONE: Self = Self(1);

    /// Takes a number.
    ///
    /// # Errors
    /// [`PassesError`] for 0, which drives take for 16, and for more than 16.
    pub fn new(passes: u8) -> Result<Self, PassesError> {
        if (1..=16).contains(&passes) { Ok(Self(passes)) } else { Err(PassesError(passes)) }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }

    /// The field of four bits, in which 0 is 16.
    pub(crate) fn field(self) -> u8 {
        self.0 & 0xF
    }
}

/// Whether each pass writes the pattern inverted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inversion {
    /// The pattern in every pass.
    Keep,
    /// Inverted between passes.
    Invert,
}

/// What SANITIZE DEVICE does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// CRYPTO SCRAMBLE EXT: the keys of the data are changed.
    CryptoScramble,
    /// BLOCK ERASE EXT: the erase of flash blocks.
    BlockErase,
    /// OVERWRITE EXT.
    Overwrite {
        /// How often.
        passes: Passes,
        /// With what.
        pattern: u32,
        /// Inverted between passes or not.
        inversion: Inversion,
    },
}

/// SANITIZE DEVICE with an action. FAILURE MODE is set: without it a drive whose sanitize failed could never be used,
/// read or sent another one again (ACS-3 4.17.7).
#[must_use]
pub fn start(action: Action) -> Command {
    match action {
        Action::CryptoScramble => command(CRYPTO_SCRAMBLE, FAILURE_MODE, SIGNATURE_CRYPTO),
        Action::BlockErase => command(BLOCK_ERASE, FAILURE_MODE, SIGNATURE_BLOCK),
        Action::Overwrite { passes, pattern, inversion } => {
            let invert = match inversion {
                Inversion::Keep => 0,
                Inversion::Invert => INVERT_PATTERN,
            };
            let count = u16::from(passes.field()) | FAILURE_MODE | DEFINITIVE_PATTERN | invert;
            command(OVERWRITE, count, SIGNATURE_OVERWRITE | u64::from(pattern))
        }
    }
}

/// SANITIZE STATUS EXT.
#[must_use]
pub fn status() -> Command {
    command(STATUS, 0, 0)
}

/// SANITIZE STATUS EXT with CLEAR SANITIZE OPERATION FAILED: the drive goes back to being idle, not erased.
#[must_use]
pub fn status_clearing_failure() -> Command {
    command(STATUS, CLEAR_FAILURE, 0)
}

/// SANITIZE FREEZE LOCK EXT.
#[must_use]
pub fn freeze_lock() -> Command {
    command(FREEZE_LOCK, 0, SIGNATURE_FREEZE)
}

/// SANITIZE ANTIFREEZE LOCK EXT.
#[must_use]
pub fn antifreeze_lock() -> Command {
    command(ANTIFREEZE_LOCK, 0, SIGNATURE_ANTIFREEZE)
}

fn command(feature: u16, count: u16, lba: u64) -> Command {
    let command = Command::new(SANITIZE_DEVICE, Width::Bits48, Protocol::NonData);
    Command { feature, count, lba, ..command }
}

flags! {
    /// COUNT of an answer to SANITIZE DEVICE (ACS-3 7.36.1, table 95).
    Flags: u16 {
        /// Bit 15: the last operation ended without an error. An idle drive that never ran one says so too.
        completed_without_error = 15;
        /// Bit 14: an operation is in progress.
        in_progress = 14;
        /// Bit 13: frozen until the next power-on.
        frozen = 13;
        /// Bit 12: SANITIZE ANTIFREEZE LOCK EXT was accepted.
        antifreeze = 12;
    }
}

/// The SANITIZE state of a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SanitizeStatus {
    /// COUNT: its bits, and the raw word.
    pub flags: Flags,
    /// LBA 15:0: how far it is, in 65,536ths; FFFFh while nothing is in progress.
    pub progress: u16,
}

impl SanitizeStatus {
    /// Out of the registers of a SANITIZE DEVICE command that completed; `None` unless all of them came: the state is
    /// in the upper half of COUNT, which fixed-format sense data do not have.
    #[must_use]
    pub fn of(registers: &Registers) -> Option<Self> {
        match registers {
            Registers::Full(registers) => {
                let [low, high, ..] = registers.lba.to_le_bytes();
                Some(Self { flags: Flags(registers.count), progress: u16::from_le_bytes([low, high]) })
            }
            Registers::Short(_) | Registers::Missing => None,
        }
    }
}

/// Why a drive aborted SANITIZE DEVICE: LBA 7:0 (ACS-3 table 96).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbortReason {
    /// 0: not reported.
    NotReported,
    /// 1: the last operation failed, and has to be cleared or repeated.
    LastOperationFailed,
    /// 2: the command is not supported, or a field is wrong.
    Unsupported,
    /// 3: frozen.
    Frozen,
    /// 4: antifreeze is set, so it cannot be frozen.
    Antifreeze,
    /// Any other value.
    Reserved(u8),
}

impl AbortReason {
    fn of(code: u8) -> Self {
        match code {
            0 => Self::NotReported,
            1 => Self::LastOperationFailed,
            2 => Self::Unsupported,
            3 => Self::Frozen,
            4 => Self::Antifreeze,
            other => Self::Reserved(other),
        }
    }
}

/// What the answer to a SANITIZE DEVICE command says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The drive took it, and its state is this.
    State(SanitizeStatus),
    /// The drive took it, and its state did not come through: ask again, or give up.
    Unreadable,
    /// The drive aborted it; `None` if the reason did not come through.
    Aborted(Option<AbortReason>),
    /// The drive never saw it.
    NotPassed,
    /// Whether the drive took it is not known.
    Unknown,
}

impl Answer {
    /// Reads the answer.
    #[must_use]
    pub fn of(reply: &Reply) -> Self {
        match reply.verdict {
            Verdict::Completed => SanitizeStatus::of(&reply.registers).map_or(Self::Unreadable, Self::State),
            Verdict::Aborted => Self::Aborted(reply.registers.lba_low().map(AbortReason::of)),
            Verdict::NotPassed => Self::NotPassed,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
#[path = "sanitize_tests.rs"]
mod tests;
