//! ATA SECURITY ERASE UNIT (ACS-3 4.18, 7.39).
//!
//! It needs a password to be set first, and whoever interrupts it leaves a drive that is locked by that password. So
//! the password is in the intent before it is set; and whatever becomes of the erase, the password is taken away again
//! or the result says that it could not be.

use super::ata::{AskError, identify, raw};
use super::{Command, Found, attempt};
use crate::content::Expect;
use crate::context::{Context, Tell, Wanted};
use crate::event::Phase;
use crate::password::{self, Standing};
use model::{Evidence, FailureReason, StepKind, Technique};
use protocol::ata::security::{
    EraseMode, Identifier, Level, Password, WithPassword, erase_prepare, erase_unit, set_user_password,
};
use protocol::ata::{EraseTime, Reply, SecurityState, Verdict};
use std::time::Duration;
use transport::{CommandError, Data};

/// For the commands that take no time.
const SHORT_TIMEOUT: Duration = Duration::from_secs(60);

/// Beyond three times the drive's own estimate.
const SLACK: Duration = Duration::from_secs(3600);

/// Where the drive gives no estimate, or only a lower bound: the largest disks take a day.
const UNKNOWN_TIME: Duration = Duration::from_secs(48 * 3600);

/// No drive is waited for longer; words 89 and 90 can say 45 days.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

const PASSWORD: Password = Password::MASSHO;

/// Normal or enhanced.
pub(super) struct SecurityErase {
    mode: EraseMode,
    time: EraseTime,
}

impl SecurityErase {
    pub(super) fn new(technique: Technique) -> Self {
        let mode = match technique {
            Technique::AtaSecurityEraseEnhanced => EraseMode::Enhanced,
            _ => EraseMode::Normal,
        };
        Self { mode, time: EraseTime::NotReported }
    }

    fn check(&self, security: SecurityState) -> Result<(), FailureReason> {
        let enhanced = self.mode == EraseMode::Enhanced;
        let why = match () {
            () if !security.is_supported() => "the drive has no SECURITY feature set",
            () if enhanced && !security.has_enhanced_erase() => "the drive has no enhanced erase",
            () if security.is_frozen() => "SECURITY is frozen",
            () if security.is_locked() => "the drive is locked by a password",
            () if security.is_enabled() => "a password of somebody else's is set",
            () if security.is_count_expired() => "too many wrong passwords were tried",
            () => return Ok(()),
        };
        Err(FailureReason::CommandRejected(format!("not sent: {why}")))
    }

    fn estimate(&self) -> Option<Duration> {
        match self.time {
            EraseTime::NotReported => None,
            EraseTime::Minutes(minutes) | EraseTime::MoreThan(minutes) => {
                Some(Duration::from_secs(60 * u64::from(minutes)))
            }
        }
    }

    fn timeout(&self) -> Duration {
        let time = self.estimate().map_or(UNKNOWN_TIME, |time| time * 3 + SLACK);
        match self.time {
            // A lower bound says nothing of how long it takes.
            EraseTime::MoreThan(_) => time.max(UNKNOWN_TIME),
            EraseTime::Minutes(_) | EraseTime::NotReported => time,
        }
        .min(LONGEST)
    }
}

impl Command for SecurityErase {
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason> {
        let identify = identify(context.device())?;
        if identify.serial != context.armed.identity().serial {
            return Err(FailureReason::IdentityChanged);
        }
        self.check(identify.security)?;
        self.time = match self.mode {
            EraseMode::Normal => identify.normal_erase,
            EraseMode::Enhanced => identify.enhanced_erase,
        };
        Ok(Found::Ready)
    }

    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason> {
        let set = set_user_password(&PASSWORD, Level::High);
        let erase = erase_unit(self.mode, Identifier::User, &PASSWORD);
        let command = format!("{}; then {}", set.describe(), erase.describe());
        context.permit(Wanted { password: Some(PASSWORD.to_string()), ..Wanted::command(command) })?;
        attempt::begin(context, evidence, erase.describe());
        let set = set_password(context, evidence, &set);
        let refused = matches!(set, Err(FailureReason::CommandRejected(_)));
        let ended = match set.and_then(|()| self.erase(context, evidence, &erase)) {
            Ok(()) => see_it_open(context, evidence),
            // There never was a password that could be taken away.
            Err(reason) if refused && password::standing(context.device()) == Ok(Standing::Open) => {
                Err(reason)
            }
            Err(FailureReason::Vanished) => Err(FailureReason::Vanished),
            Err(reason) => Err(leave_unlocked(context, evidence, reason)),
        };
        ended.map_err(|reason| attempt::failed(context, evidence, reason, &[]))?;
        Ok(match self.mode {
            EraseMode::Normal => Expect::Erased,
            EraseMode::Enhanced => Expect::Pattern,
        })
    }
}

fn set_password(
    context: &Context<'_>,
    evidence: &mut Evidence,
    set: &WithPassword,
) -> Result<(), FailureReason> {
    let answer = context.device().ata(&set.command, Data::Out(&set.block), SHORT_TIMEOUT);
    completed(evidence, "SECURITY SET PASSWORD", answer)?;
    context.step(StepKind::PasswordSet, &[])
}

impl SecurityErase {
    /// PREPARE, and at once ERASE UNIT, which answers when everything is over.
    fn erase(
        &self,
        context: &Context<'_>,
        evidence: &mut Evidence,
        erase: &WithPassword,
    ) -> Result<(), FailureReason> {
        let device = context.device();
        context.silent(Phase::Formatting, self.estimate());
        let prepared = device.ata(&erase_prepare(), Data::None, SHORT_TIMEOUT);
        completed(evidence, "SECURITY ERASE PREPARE", prepared)?;
        let erased = device.ata(&erase.command, Data::Out(&erase.block), self.timeout());
        completed(evidence, "SECURITY ERASE UNIT", erased)?;
        context.step(StepKind::Accepted, &[])
    }
}

/// Takes only the drive's own "completed without an error".
fn completed(
    evidence: &mut Evidence,
    name: &str,
    answer: Result<Reply, CommandError>,
) -> Result<(), FailureReason> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(CommandError::Gone) => return Err(FailureReason::Vanished),
        Err(error) => return Err(FailureReason::Indeterminate(format!("{name}: {error}"))),
    };
    attempt::note(evidence, &[raw(&reply)]);
    let text = format!("{name}: {}", reply.describe());
    match reply.verdict {
        Verdict::Completed => Ok(()),
        Verdict::Aborted | Verdict::NotPassed => Err(FailureReason::CommandRejected(text)),
        Verdict::Unknown => Err(FailureReason::Indeterminate(text)),
    }
}

/// After success the drive has cleared the password itself (ACS-3 7.39.3): only a drive that is neither locked nor
/// enabled has ended its erase.
fn see_it_open(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    match password::standing(context.device()) {
        Ok(Standing::Open) => {
            context.step(StepKind::PasswordCleared, &[])?;
            attempt::ended(context, evidence, &[])
        }
        Ok(standing) => {
            let text = format!("the drive said that it had erased itself, and {standing}");
            Err(leave_unlocked(context, evidence, FailureReason::Indeterminate(text)))
        }
        Err(AskError::Gone) => Err(FailureReason::Vanished),
        Err(error @ AskError::NoAnswer(_)) => {
            Err(FailureReason::LeftLocked(format!("whether the password is gone is not known: {error}")))
        }
    }
}

/// Takes our password away after an erase that did not succeed. Returns why it did not, unless it is worse: that the
/// drive is locked now.
fn leave_unlocked(context: &Context<'_>, evidence: &mut Evidence, reason: FailureReason) -> FailureReason {
    let mut replies = Vec::new();
    let cleared = password::clear(context.device(), &PASSWORD, &mut replies);
    attempt::note(evidence, &replies);
    match cleared {
        Ok(()) => match context.step(StepKind::PasswordCleared, &replies) {
            Ok(()) => reason,
            Err(unheard) => unheard,
        },
        Err(password::UnlockError::Gone) => FailureReason::Vanished,
        Err(error) => FailureReason::LeftLocked(format!("{error}; before that: {reason:?}")),
    }
}
