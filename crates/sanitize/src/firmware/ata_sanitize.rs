//! ATA SANITIZE DEVICE (ACS-3 7.36).

use super::ata::{QUESTION_TIMEOUT, identify, raw, sanitize_sighting, sight};
use super::{Command, Found, attempt, fresh_byte};
use crate::content::Expect;
use crate::context::Context;
use crate::patience::assumed;
use crate::watch::{Begun, Ending, Sight, Watch};
use model::{ByteLen, Evidence, FailureReason, Technique};
use protocol::ata::sanitize::{Action, Answer, Inversion, Passes, start, status, status_clearing_failure};
use protocol::ata::{EraseTime, Identify, Reply};
use std::time::Duration;
use transport::Data;

/// Block erase, crypto scramble or overwrite.
pub(super) struct AtaSanitize {
    action: Action,
    expect: Expect,
    estimate: Duration,
}

impl AtaSanitize {
    pub(super) fn new(technique: Technique) -> Result<Self, FailureReason> {
        let (action, expect) = match technique {
            Technique::AtaSanitizeBlockErase => (Action::BlockErase, Expect::Erased),
            Technique::AtaSanitizeCryptoScramble => (Action::CryptoScramble, Expect::Noise),
            _ => {
                let byte = fresh_byte()?;
                let pattern = u32::from_ne_bytes([byte; 4]);
                let (passes, inversion) = (Passes::ONE, Inversion::Keep);
                (Action::Overwrite { passes, pattern, inversion }, Expect::Byte(byte))
            }
        };
        Ok(Self { action, expect, estimate: Duration::ZERO })
    }

    fn check_support(&self, identify: &Identify) -> Result<(), FailureReason> {
        let supported = match self.action {
            Action::CryptoScramble => identify.supports_crypto_scramble(),
            Action::BlockErase => identify.supports_block_erase(),
            Action::Overwrite { .. } => identify.supports_sanitize_overwrite(),
        };
        // A locked drive aborts SANITIZE (ACS-3 table 13).
        match (supported, identify.security.is_locked()) {
            (false, _) => Err(not_sent("the drive does not have it")),
            (_, true) => Err(not_sent("the drive is locked by a password")),
            (true, false) => Ok(()),
        }
    }

    fn watch(&self, context: &Context<'_>, begun: Begun) -> Ending {
        let (clock, len) = (context.clock, context.device().geometry().len);
        let watch = Watch { clock, tell: context, len, estimate: self.estimate };
        watch.to_end(begun, |_| sanitize_sighting(context.device()))
    }
}

fn not_sent(why: &str) -> FailureReason {
    FailureReason::CommandRejected(format!("not sent: {why}"))
}

/// How long a whole medium takes to write, by what the drive says of its SECURITY ERASE UNIT.
fn overwrite_estimate(identify: &Identify, len: ByteLen) -> Duration {
    match identify.normal_erase {
        EraseTime::Minutes(minutes) | EraseTime::MoreThan(minutes) => {
            Duration::from_secs(60 * u64::from(minutes))
        }
        EraseTime::NotReported => assumed(len),
    }
}

impl Command for AtaSanitize {
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason> {
        let device = context.device();
        let identify = identify(device)?;
        if identify.serial != context.armed.identity().serial {
            return Err(FailureReason::IdentityChanged);
        }
        self.check_support(&identify)?;
        self.estimate = match self.action {
            Action::Overwrite { .. } => overwrite_estimate(&identify, device.geometry().len),
            Action::BlockErase | Action::CryptoScramble => assumed(ByteLen(0)),
        };
        let reply = device.ata(&status(), Data::None, QUESTION_TIMEOUT).map_err(super::AskError::from)?;
        if matches!(Answer::of(&reply), Answer::State(state) if state.flags.frozen()) {
            return Err(not_sent("SANITIZE is frozen"));
        }
        match sight(&reply) {
            Sight::Ended => Ok(Found::Ready),
            Sight::Failed(_) if is_readable(context)? => Ok(Found::Ready),
            Sight::Failed(_) => Ok(Found::Broken),
            Sight::Running(_) => Err(not_sent("a sanitize is under way already")),
            Sight::Gone => Err(FailureReason::Vanished),
            // What cannot be seen to end is not begun.
            Sight::Unclear(why) => Err(not_sent(&format!("the SANITIZE state cannot be read ({why})"))),
        }
    }

    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason> {
        let command = start(self.action);
        context.permit(crate::context::Wanted::command(command.describe()))?;
        attempt::begin(context, evidence, command.describe());
        let begun = match context.device().ata(&command, Data::None, QUESTION_TIMEOUT) {
            Ok(reply) => self.begun(context, evidence, &reply)?,
            Err(error) => attempt::unanswered(&error)
                .map_err(|reason| attempt::failed(context, evidence, reason, &[]))?,
        };
        let Ending { raw, ended } = self.watch(context, begun);
        if let Err(reason) = ended {
            if matches!(reason, FailureReason::DriveFailed(_)) {
                leave_failure_mode(context, evidence);
            }
            return Err(attempt::failed(context, evidence, reason, &raw));
        }
        attempt::ended(context, evidence, &raw)?;
        Ok(self.expect)
    }
}

impl AtaSanitize {
    fn begun(
        &self,
        context: &Context<'_>,
        evidence: &mut Evidence,
        reply: &Reply,
    ) -> Result<Begun, FailureReason> {
        let raw = [raw(reply)];
        match Answer::of(reply) {
            // A drive completes this command without an error only when it has begun (ACS-3 4.17.8, SD0 to SD2). Its
            // "completed without error" may stand there from before, so the canaries decide what it did.
            Answer::State(_) | Answer::Unreadable => {
                attempt::accepted(context, evidence, &raw)?;
                Ok(Begun::Accepted)
            }
            Answer::Unknown => {
                attempt::note(evidence, &raw);
                Ok(Begun::Unanswered)
            }
            Answer::Aborted(why) => {
                let text = format!("{}: {}, {why:?}", start(self.action).describe(), reply.describe());
                Err(attempt::failed(context, evidence, FailureReason::CommandRejected(text), &raw))
            }
            Answer::NotPassed => {
                let text = format!("the adapter does not pass SANITIZE DEVICE: {}", reply.describe());
                Err(attempt::failed(context, evidence, FailureReason::CommandRejected(text), &raw))
            }
        }
    }
}

/// A drive says of itself that its last sanitize failed, and takes reads all the same: some say so when none ever ran.
fn is_readable(context: &Context<'_>) -> Result<bool, FailureReason> {
    let geometry = context.device().geometry();
    let mut buffer = crate::place::page_buffer(geometry.block.bytes() as usize);
    match crate::place::page(geometry, 0) {
        Some(place) => Ok(crate::place::read(context.device(), place, &mut buffer)?.is_some()),
        None => Ok(false),
    }
}

/// Lets the drive be read and be asked again (ACS-3 4.17.8, SD3 to SD0). Nothing is erased by that, and nothing hangs
/// on whether it works.
fn leave_failure_mode(context: &Context<'_>, evidence: &mut Evidence) {
    if let Ok(reply) = context.device().ata(&status_clearing_failure(), Data::None, QUESTION_TIMEOUT) {
        attempt::note(evidence, &[raw(&reply)]);
    }
}
