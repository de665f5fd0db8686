//! SANITIZE DEVICE feature set (ACS-3 clauses 4.17 and 7.36): states SD0 to SD4.

use super::AtaDrive;
use super::definition::{IdleStatus, Operation, Supported};
use super::state::KeptSanitize;
use super::taskfile::{Outcome, Refusal, Reply, SanitizeReason, Taskfile};
use crate::Fault;
use crate::medium::{Erase, Extent, Technique};
use crate::work::Work;

/// FEATURE: SANITIZE STATUS EXT.
pub(super) const STATUS: u16 = 0x0000;
/// FEATURE: CRYPTO SCRAMBLE EXT.
const CRYPTO_SCRAMBLE: u16 = 0x0011;
/// FEATURE: BLOCK ERASE EXT.
const BLOCK_ERASE: u16 = 0x0012;
/// FEATURE: OVERWRITE EXT.
const OVERWRITE: u16 = 0x0014;
/// FEATURE: SANITIZE FREEZE LOCK EXT.
pub(super) const FREEZE_LOCK: u16 = 0x0020;
/// FEATURE: SANITIZE ANTIFREEZE LOCK EXT.
pub(super) const ANTIFREEZE_LOCK: u16 = 0x0040;

/// LBA of CRYPTO SCRAMBLE EXT: "Cryp".
const CRYPTO_SIGNATURE: u64 = 0x4372_7970;
/// LBA of BLOCK ERASE EXT: "BkEr".
const BLOCK_SIGNATURE: u64 = 0x426b_4572;
/// LBA 47:32 of OVERWRITE EXT: "OW".
const OVERWRITE_SIGNATURE: u64 = 0x4f57;
/// LBA of SANITIZE FREEZE LOCK EXT: "FrLk".
const FREEZE_SIGNATURE: u64 = 0x4672_4c6b;
/// LBA of SANITIZE ANTIFREEZE LOCK EXT: "Anti".
const ANTIFREEZE_SIGNATURE: u64 = 0x416e_7469;

/// COUNT of SANITIZE STATUS EXT: CLEAR SANITIZE OPERATION FAILED.
const CLEAR_FAILED: u16 = 1;
/// COUNT of an operation: FAILURE MODE.
const FAILURE_MODE: u16 = 1 << 4;
/// COUNT of OVERWRITE EXT: OVERWRITE PASS COUNT, of which 0 means 16.
const PASS_COUNT: u16 = 0x0f;
/// COUNT of OVERWRITE EXT: DEFINITIVE ENDING PATTERN.
const DEFINITIVE_ENDING: u16 = 1 << 6;
/// COUNT of OVERWRITE EXT: INVERT PATTERN BETWEEN OVERWRITE PASSES.
const INVERT: u16 = 1 << 7;

/// COUNT returned: SANITIZE OPERATION COMPLETED WITHOUT ERROR.
const COMPLETED: u16 = 1 << 15;
/// COUNT returned: SANITIZE OPERATION IN PROGRESS.
const IN_PROGRESS: u16 = 1 << 14;
/// COUNT returned: DEVICE IS IN THE SANITIZE FROZEN STATE.
const FROZEN: u16 = 1 << 13;
/// COUNT returned: SANITIZE ANTIFREEZE.
const ANTIFROZEN: u16 = 1 << 12;

/// LBA 15:0 where nothing is in progress.
const NO_PROGRESS: u64 = 0xffff;

impl AtaDrive {
    pub(super) fn sanitize_device(&mut self, command: &Taskfile) -> Outcome {
        let operation = match command.feature {
            STATUS => return Outcome::Done(self.sanitize_status(command)),
            FREEZE_LOCK => return Outcome::Done(self.sanitize_freeze(command)),
            ANTIFREEZE_LOCK => return Outcome::Done(self.sanitize_antifreeze(command)),
            CRYPTO_SCRAMBLE => Operation::CryptoScramble,
            BLOCK_ERASE => Operation::BlockErase,
            OVERWRITE => Operation::Overwrite,
            _ => return refuse(SanitizeReason::Unsupported),
        };
        match self.sanitize_begin(operation, command) {
            Ok(_) if self.faults.has(&Fault::TimesOut) || self.faults.has(&Fault::FallsSilent) => {
                Outcome::Silent
            }
            result => Outcome::Done(result),
        }
    }

    fn sanitize_status(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        if self.faults.has(&Fault::StatusFails) {
            return Err(Refusal::Abort);
        }
        if self.faults.has(&Fault::StatusZeros) {
            return Ok(Reply::registers(0, 0));
        }
        if let KeptSanitize::Failed { may_exit_failure } = self.kept.sanitize {
            let clear = command.count & CLEAR_FAILED != 0 && may_exit_failure.is_yes();
            if !clear {
                return Err(Refusal::AbortFor(SanitizeReason::LastFailed));
            }
            self.kept.sanitize = KeptSanitize::Idle;
            self.live.last_sanitize = IdleStatus::Nothing;
            self.keep()?;
        }
        Ok(self.sanitize_registers())
    }

    /// What a status command returns that is not an error.
    fn sanitize_registers(&self) -> Reply {
        let lock =
            u16::from(self.live.sanitize_frozen) * FROZEN + u16::from(self.live.antifreeze) * ANTIFROZEN;
        match &self.kept.sanitize {
            KeptSanitize::Running { work, .. } => {
                Reply::registers(lock | IN_PROGRESS, u64::from(work.stated(&self.faults)))
            }
            KeptSanitize::Failed { .. } => Reply::registers(lock, NO_PROGRESS),
            KeptSanitize::Idle if self.live.last_sanitize == IdleStatus::Completed => {
                Reply::registers(lock | COMPLETED, NO_PROGRESS)
            }
            KeptSanitize::Idle => Reply::registers(lock, NO_PROGRESS),
        }
    }

    fn sanitize_freeze(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        self.not_sanitizing()?;
        if command.lba != FREEZE_SIGNATURE {
            return Err(Refusal::AbortFor(SanitizeReason::Unsupported));
        }
        if self.live.antifreeze {
            return Err(Refusal::AbortFor(SanitizeReason::AntifreezeLocked));
        }
        self.live.sanitize_frozen = true;
        Ok(self.sanitize_registers())
    }

    fn sanitize_antifreeze(&mut self, command: &Taskfile) -> Result<Reply, Refusal> {
        self.not_sanitizing()?;
        if command.lba != ANTIFREEZE_SIGNATURE || !self.definition.sanitize.antifreeze.is_yes() {
            return Err(Refusal::AbortFor(SanitizeReason::Unsupported));
        }
        if self.live.sanitize_frozen {
            return Err(Refusal::AbortFor(SanitizeReason::Frozen));
        }
        self.live.antifreeze = true;
        Ok(self.sanitize_registers())
    }

    /// In SD2 only the status is given; in SD3 operations may be tried again.
    fn not_sanitizing(&self) -> Result<(), Refusal> {
        match self.kept.sanitize {
            KeptSanitize::Running { .. } => Err(Refusal::AbortFor(SanitizeReason::None)),
            KeptSanitize::Failed { .. } => Err(Refusal::AbortFor(SanitizeReason::LastFailed)),
            KeptSanitize::Idle => Ok(()),
        }
    }

    fn sanitize_begin(&mut self, operation: Operation, command: &Taskfile) -> Result<Reply, Refusal> {
        let refuse = |reason| Err(Refusal::AbortFor(reason));
        if matches!(self.kept.sanitize, KeptSanitize::Running { .. }) || self.erases_refused() {
            return refuse(SanitizeReason::None);
        }
        if self.live.sanitize_frozen {
            return refuse(SanitizeReason::Frozen);
        }
        if !self.definition.sanitize.operations.contains(&operation) || !has_signature(operation, command) {
            return refuse(SanitizeReason::Unsupported);
        }
        let technique = match operation {
            Operation::BlockErase => Technique::BlockErase,
            Operation::CryptoScramble => self.change_key(),
            Operation::Overwrite => Technique::Overwrite { passes: passes(command) },
        };
        let (takes, erase) = (self.time_of(&technique), Erase::whole(technique, Extent::Everything));
        if !self.faults.has(&Fault::FallsSilent) {
            let failure_mode = command.count & FAILURE_MODE != 0;
            let may_exit_failure = if failure_mode { Supported::Yes } else { Supported::No };
            let work = Work::begin(erase, takes, self.clock.now(), &self.faults);
            self.kept.sanitize = KeptSanitize::Running { work, may_exit_failure };
            self.keep()?;
        }
        Ok(self.sanitize_registers())
    }

    /// Carries a sanitize on, and ends it in SD4 or SD3.
    pub(super) fn catch_up_sanitize(&mut self) {
        let KeptSanitize::Running { work, may_exit_failure } = &mut self.kept.sanitize else { return };
        let (before, may_exit_failure) = (work.reached(), *may_exit_failure);
        let advanced = work.advance(&mut self.medium, self.clock.now());
        let failed = advanced.is_err() || self.faults.has(&Fault::EraseFails);
        let reached = advanced.unwrap_or(before);
        if self.faults.disappears_at().is_some_and(|share| reached >= share) {
            self.live.gone = true;
        } else if work.is_over(&self.faults) && failed {
            self.kept.sanitize = KeptSanitize::Failed { may_exit_failure };
        } else if work.is_over(&self.faults) {
            self.kept.sanitize = KeptSanitize::Idle;
            self.live.last_sanitize = IdleStatus::Completed;
        } else if reached == before {
            return;
        }
        // A state that cannot be kept is kept at the next command: there is no host to tell.
        let _: Result<Reply, Refusal> = self.keep();
    }

    /// The progress of a sanitize under way, of 65536.
    pub(super) fn sanitize_progress(&self) -> Option<u16> {
        match &self.kept.sanitize {
            KeptSanitize::Running { work, .. } => Some(work.stated(&self.faults)),
            KeptSanitize::Idle | KeptSanitize::Failed { .. } => None,
        }
    }

    /// Whether the last sanitize failed and nobody has cleared that (SD3).
    pub(super) fn sanitize_failed(&self) -> bool {
        matches!(self.kept.sanitize, KeptSanitize::Failed { .. })
    }

    /// Bits 15:10 of IDENTIFY word 59 (ACS-3 clause 7.12.7.24).
    pub(super) fn sanitize_abilities(&self) -> u16 {
        let sanitize = &self.definition.sanitize;
        if sanitize.operations.is_empty() {
            return 0;
        }
        let bit = |operation| match operation {
            Operation::CryptoScramble => 1 << 13,
            Operation::Overwrite => 1 << 14,
            Operation::BlockErase => 1 << 15,
        };
        let antifreeze = u16::from(sanitize.antifreeze.is_yes()) << 10;
        sanitize.operations.iter().fold(1 << 12 | antifreeze, |word, operation| word | bit(*operation))
    }
}

fn refuse(reason: SanitizeReason) -> Outcome {
    Outcome::Done(Err(Refusal::AbortFor(reason)))
}

fn has_signature(operation: Operation, command: &Taskfile) -> bool {
    match operation {
        Operation::CryptoScramble => command.lba == CRYPTO_SIGNATURE,
        Operation::BlockErase => command.lba == BLOCK_SIGNATURE,
        Operation::Overwrite => command.lba >> 32 == OVERWRITE_SIGNATURE,
    }
}

/// What each pass of OVERWRITE EXT writes. With a definitive ending the last pass is the pattern itself; without, the
/// first one is.
fn passes(command: &Taskfile) -> Vec<[u8; 4]> {
    let count = match command.count & PASS_COUNT {
        0 => 16,
        count => count,
    };
    let pattern = crate::bytes::low32(command.lba);
    let inverted = |pass: u16| {
        let from = if command.count & DEFINITIVE_ENDING == 0 { pass } else { count - 1 - pass };
        command.count & INVERT != 0 && from % 2 == 1
    };
    (0..count).map(|pass| if inverted(pass) { !pattern } else { pattern }).map(u32::to_le_bytes).collect()
}
