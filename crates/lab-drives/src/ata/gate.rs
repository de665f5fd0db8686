//! Which commands a drive takes in which state, before anything else is looked at.

use super::definition::{Generation, Supported};
#[allow(clippy::wildcard_imports, reason = "the command codes are this module's vocabulary")]
use super::opcode::*;
use super::state::KeptSanitize;
use super::taskfile::{Refusal, SanitizeReason, Taskfile};
use super::{AtaDrive, sanitize};

impl AtaDrive {
    /// Whether the drive knows the command and may carry it out now.
    pub(super) fn admit(&self, command: &Taskfile) -> Result<(), Refusal> {
        if !self.knows(command.command) {
            return Err(Refusal::Abort);
        }
        if self.kept.sanitize != KeptSanitize::Idle && !allowed_during_sanitize(command) {
            return Err(Refusal::Abort);
        }
        if self.live.locked && aborted_while_locked(command) {
            return Err(Refusal::AbortFor(SanitizeReason::None));
        }
        Ok(())
    }

    fn knows(&self, command: u8) -> bool {
        let definition = &self.definition;
        let old = definition.generation == Generation::Old;
        match command {
            SANITIZE_DEVICE => !definition.sanitize.operations.is_empty(),
            SECURITY_SET_PASSWORD..=SECURITY_DISABLE_PASSWORD => definition.security.supported.is_yes(),
            READ_NATIVE_MAX | SET_MAX => self.has_hpa(),
            READ_NATIVE_MAX_EXT | SET_MAX_EXT => self.has_hpa() && !old,
            ACCESSIBLE_MAX => self.has_amax(),
            DEVICE_CONFIGURATION => definition.hidden.dco == Supported::Yes,
            DATA_SET_MANAGEMENT => self.has_trim(),
            _ if is_extended(command) => !old,
            _ => true,
        }
    }
}

/// Commands that a locked drive aborts (ACS-3 clause 4.18.6, table of security command actions).
fn aborted_while_locked(command: &Taskfile) -> bool {
    match command.command {
        SANITIZE_DEVICE => {
            !matches!(command.feature, sanitize::STATUS | sanitize::FREEZE_LOCK | sanitize::ANTIFREEZE_LOCK)
        }
        ACCESSIBLE_MAX => command.feature != 0,
        READ_SECTORS
        | READ_SECTORS_EXT
        | READ_DMA
        | READ_DMA_EXT
        | READ_MULTIPLE
        | READ_MULTIPLE_EXT
        | READ_VERIFY
        | READ_VERIFY_EXT
        | WRITE_SECTORS
        | WRITE_SECTORS_EXT
        | WRITE_DMA
        | WRITE_DMA_EXT
        | WRITE_DMA_FUA_EXT
        | WRITE_MULTIPLE
        | WRITE_MULTIPLE_EXT
        | DATA_SET_MANAGEMENT
        | FLUSH_CACHE
        | FLUSH_CACHE_EXT
        | DEVICE_CONFIGURATION
        | SET_MAX
        | SET_MAX_EXT
        | SECURITY_SET_PASSWORD
        | SECURITY_FREEZE_LOCK
        | SECURITY_DISABLE_PASSWORD => true,
        _ => false,
    }
}

/// Commands that a drive carries out while it sanitizes and after that failed (ACS-3 clause 4.17.5).
fn allowed_during_sanitize(command: &Taskfile) -> bool {
    matches!(
        command.command,
        SANITIZE_DEVICE
            | IDENTIFY_DEVICE
            | CHECK_POWER_MODE
            | IDLE_IMMEDIATE
            | READ_LOG_EXT
            | READ_LOG_DMA_EXT
            | SET_FEATURES
            | SMART
    )
}
