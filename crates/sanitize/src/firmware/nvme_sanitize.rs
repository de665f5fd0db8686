//! NVMe Sanitize (NVMe Base 2.0 5.24, 8.21), watched by the Sanitize Status log.

use super::nvme::{check_controller, not_sent, raw, rejected, sanitize_log};
use super::{AskError, Command, Found, attempt, fresh_byte};
use crate::content::Expect;
use crate::context::{Context, Wanted};
use crate::patience::assumed;
use crate::watch::{AtWork, Begun, Ending, Sight, Sighting, Watch};
use model::{ByteLen, Evidence, FailureReason, Technique};
use protocol::ata::sanitize::{Inversion, Passes};
use protocol::nvme::sanitize::{Action, Deallocation, exit_failure_mode, start};
use protocol::nvme::{AdminCommand, Controller, NoDeallocateMedia, SanitizeLog, SanitizeState, StatusClass};
use std::time::Duration;
use transport::{CommandError, Data};

/// Sanitize answers when it has begun.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// Block erase, crypto erase or overwrite of the whole controller.
pub(super) struct NvmeSanitize {
    action: Action,
    deallocation: Deallocation,
    byte: u8,
}

impl NvmeSanitize {
    pub(super) fn new(technique: Technique) -> Result<Self, FailureReason> {
        let byte = fresh_byte()?;
        let action = match technique {
            Technique::NvmeSanitizeBlockErase => Action::BlockErase,
            Technique::NvmeSanitizeCryptoErase => Action::CryptoErase,
            _ => {
                let pattern = u32::from_ne_bytes([byte; 4]);
                Action::Overwrite { passes: Passes::ONE, pattern, inversion: Inversion::Keep }
            }
        };
        Ok(Self { action, deallocation: Deallocation::Deallocate, byte })
    }

    fn check_support(&self, controller: &Controller) -> Result<(), FailureReason> {
        let supported = match self.action {
            Action::BlockErase => controller.sanitizes_by_block_erase(),
            Action::CryptoErase => controller.sanitizes_by_crypto_erase(),
            Action::Overwrite { .. } => controller.sanitizes_by_overwrite(),
        };
        if supported { Ok(()) } else { Err(not_sent("the controller does not have it")) }
    }

    /// After an overwrite the pattern can be read back where the blocks are not deallocated, and the controller writes
    /// nothing more (NODMMAS). After the others deallocated blocks read as a constant, and others as anything.
    fn choose_deallocation(&mut self, controller: &Controller) {
        let overwrite = matches!(self.action, Action::Overwrite { .. });
        let keeps = controller.no_deallocate_media() == NoDeallocateMedia::NotModified
            && !controller.inhibits_no_deallocate();
        self.deallocation = if overwrite && keeps { Deallocation::Keep } else { Deallocation::Deallocate };
    }

    fn estimate(&self, context: &Context<'_>, log: &SanitizeLog) -> Duration {
        let (told, len) = match self.action {
            Action::BlockErase => (log.block_erase_time(), ByteLen(0)),
            Action::CryptoErase => (log.crypto_erase_time(), ByteLen(0)),
            Action::Overwrite { .. } => (log.overwrite_time(), context.device().geometry().len),
        };
        told.unwrap_or_else(|| assumed(len))
    }

    fn expect(&self, last: SanitizeState) -> Expect {
        let kept = self.deallocation == Deallocation::Keep && last == SanitizeState::Completed;
        match self.action {
            Action::BlockErase => Expect::Erased,
            Action::CryptoErase => Expect::Noise,
            Action::Overwrite { .. } if kept => Expect::Byte(self.byte),
            Action::Overwrite { .. } => Expect::ByteOrErased(self.byte),
        }
    }
}

impl Command for NvmeSanitize {
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason> {
        let controller = check_controller(context.device(), context.armed)?;
        if context.armed.namespaces().len() > 1 {
            return Err(not_sent("a sanitize reaches every namespace of the controller"));
        }
        self.check_support(&controller)?;
        self.choose_deallocation(&controller);
        let log = match sanitize_log(context.device()) {
            Ok((log, _)) => log,
            Err(AskError::Gone) => return Err(FailureReason::Vanished),
            // What cannot be seen to end is not begun.
            Err(AskError::NoAnswer(why)) => return Err(not_sent(&why)),
        };
        match log.state() {
            SanitizeState::InProgress => Err(not_sent("a sanitize is under way already")),
            SanitizeState::Failed => Ok(Found::Broken),
            _ => Ok(Found::Ready),
        }
    }

    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason> {
        let command = start(self.action, self.deallocation);
        context.permit(Wanted::command(command.describe()))?;
        let (before, _) = sanitize_log(context.device())?;
        attempt::begin(context, evidence, command.describe());
        let begun = send(context, evidence, &command)?;
        let mut last = SanitizeState::Never;
        let (clock, len) = (context.clock, context.device().geometry().len);
        let watch = Watch { clock, tell: context, len, estimate: self.estimate(context, &before) };
        let Ending { raw, ended } =
            watch.to_end(begun, |at_work| look(context, &command, &before, at_work, &mut last));
        if let Err(reason) = ended {
            if matches!(reason, FailureReason::DriveFailed(_)) {
                leave_failure_mode(context, evidence);
            }
            return Err(attempt::failed(context, evidence, reason, &raw));
        }
        attempt::ended(context, evidence, &raw)?;
        Ok(self.expect(last))
    }
}

fn send(
    context: &Context<'_>,
    evidence: &mut Evidence,
    command: &AdminCommand,
) -> Result<Begun, FailureReason> {
    match context.device().nvme_admin(command, Data::None, START_TIMEOUT) {
        Ok(completion) if completion.status.class() == StatusClass::Success => {
            attempt::accepted(context, evidence, &[raw(completion.status)])?;
            Ok(Begun::Accepted)
        }
        Ok(completion) => {
            let reason = rejected(command, completion.status);
            Err(attempt::failed(context, evidence, reason, &[raw(completion.status)]))
        }
        Err(error) => {
            attempt::unanswered(&error).map_err(|reason| attempt::failed(context, evidence, reason, &[]))
        }
    }
}

/// One look at the log.
fn look(
    context: &Context<'_>,
    command: &AdminCommand,
    before: &SanitizeLog,
    at_work: AtWork,
    last: &mut SanitizeState,
) -> Sighting {
    match sanitize_log(context.device()) {
        Err(AskError::Gone) => Sighting::silent(Sight::Gone),
        Err(AskError::NoAnswer(why)) => Sighting::silent(Sight::Unclear(why)),
        Ok((log, raw)) => {
            *last = log.state();
            Sighting { sight: sight(&log, command, before, at_work), raw: vec![raw] }
        }
    }
}

/// What the log says of *our* sanitize. Its SCDW10 must be ours; and a "completed" that had stood there with the same
/// SCDW10 before counts only if the drive was seen at work, or if the log says that nothing has been written since,
/// which it could not say before: the canaries had been.
fn sight(log: &SanitizeLog, command: &AdminCommand, before: &SanitizeLog, at_work: AtWork) -> Sight {
    let [ours, ..] = command.cdw;
    let unclear = |why: &str| Sight::Unclear(format!("{why} (SSTAT {:04X}h)", log.raw_status));
    match log.state() {
        _ if log.is_blank() => unclear("the sanitize log is empty"),
        _ if log.cdw10 != ours => unclear("the sanitize log tells of another sanitize"),
        SanitizeState::InProgress => Sight::Running(Some(log.progress)),
        SanitizeState::Failed => Sight::Failed(format!("SSTAT {:04X}h", log.raw_status)),
        SanitizeState::Completed | SanitizeState::CompletedDeallocated => {
            if at_work == AtWork::Seen || is_news(log, before) {
                Sight::Ended
            } else {
                unclear("the sanitize log still tells of an earlier sanitize")
            }
        }
        SanitizeState::Never | SanitizeState::Reserved(_) => unclear("the sanitize log tells of no sanitize"),
    }
}

fn is_news(log: &SanitizeLog, before: &SanitizeLog) -> bool {
    let was_done = matches!(before.state(), SanitizeState::Completed | SanitizeState::CompletedDeallocated);
    !was_done || before.cdw10 != log.cdw10 || (log.global_data_erased() && !before.global_data_erased())
}

/// Lets the drive be read and be asked again. Nothing is erased by that, and nothing hangs on whether it works.
fn leave_failure_mode(context: &Context<'_>, evidence: &mut Evidence) {
    let answer: Result<_, CommandError> =
        context.device().nvme_admin(&exit_failure_mode(), Data::None, START_TIMEOUT);
    if let Ok(completion) = answer {
        attempt::note(evidence, &[raw(completion.status)]);
    }
}
