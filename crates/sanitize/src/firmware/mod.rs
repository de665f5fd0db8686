//! What a drive does to itself, and the proof that it did.
//!
//! Whatever the command, the way is the same: ask whether it may be sent; bring back a drive whose last erase failed;
//! open hidden areas; remember what places hold and plant canaries; send the command once its intent is durable; watch
//! until the drive is seen in that command's end state; look for canaries and for the old data; read back. Success is
//! only the whole of it.

mod ata;
mod ata_sanitize;
mod attempt;
mod nvme;
mod nvme_format;
mod nvme_sanitize;
mod scsi;
mod scsi_erase;
mod security;

pub(crate) use ata::{AskError, identify, raw as ata_raw, sanitize_sighting};
pub(crate) use nvme::{check_namespaces, sanitize_log};
pub(crate) use scsi::sighting as scsi_sighting;

use crate::alive;
use crate::canary::{self, Flock};
use crate::content::Expect;
use crate::context::{Context, Tell, Wanted};
use crate::event::Phase;
use crate::memory::{Limit, Memory};
use crate::place::Place;
use crate::sampling::Sampling;
use crate::selftest::self_test;
use crate::stream::PassKey;
use crate::watch::Begun;
use crate::{lift, readback, sampled};
use model::{Canaries, Evidence, FailureReason, StepKind, Technique, VerificationKind};

/// How a drive was found that is about to erase itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It takes reads, writes and the command.
    Ready,
    /// An erase before failed or was interrupted: it takes the command, and neither reads nor writes.
    Broken,
}

/// One command by which a drive erases itself.
trait Command {
    /// Asks whether the command may be sent, changing nothing.
    ///
    /// # Errors
    /// It may not.
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason>;

    /// Sends it once its intent is durable, and watches the drive to the end. Returns what the medium must read as.
    ///
    /// # Errors
    /// The drive was not seen in the command's end state.
    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason>;
}

fn command_for(technique: Technique) -> Result<Box<dyn Command>, FailureReason> {
    use Technique as T;
    Ok(match technique {
        T::AtaSecurityEraseNormal | T::AtaSecurityEraseEnhanced => {
            Box::new(security::SecurityErase::new(technique))
        }
        T::AtaSanitizeBlockErase | T::AtaSanitizeCryptoScramble | T::AtaSanitizeOverwrite => {
            Box::new(ata_sanitize::AtaSanitize::new(technique)?)
        }
        T::ScsiSanitizeOverwrite
        | T::ScsiSanitizeBlockErase
        | T::ScsiSanitizeCryptoErase
        | T::ScsiFormatUnit => Box::new(scsi_erase::ScsiErase::new(technique)?),
        T::NvmeSanitizeBlockErase | T::NvmeSanitizeCryptoErase | T::NvmeSanitizeOverwrite => {
            Box::new(nvme_sanitize::NvmeSanitize::new(technique)?)
        }
        T::NvmeFormatUserData | T::NvmeFormatCrypto => Box::new(nvme_format::NvmeFormat::new(technique)),
        T::RandomOverwrite | T::Degauss => {
            return Err(FailureReason::Internal(format!("{technique} is no command of a drive's")));
        }
    })
}

/// Erases and reads back. `evidence` is filled in as it goes, so that a failure keeps what was reached.
///
/// # Errors
/// Why it is not proven.
pub(crate) fn run(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    self_test(context.generator).map_err(internal)?;
    let mut command = command_for(context.armed.erase().technique)?;
    if command.examine(context)? == Found::Broken {
        // Nothing can be planted on it. Once for the drive to be usable again, and once more to be proven.
        command.carry_out(context, evidence)?;
        refresh(context)?;
    }
    lift::run(context, evidence)?;
    let before = Before::take(context, evidence)?;
    let expect = command.carry_out(context, evidence)?;
    let unreadable = before.look(context, evidence)?;
    let lost = !unreadable.is_empty() && !expect.allows_unreadable();
    match read_back(context, evidence, &before.sampling, expect, &unreadable) {
        // Also where so much is unreadable that the read-back was given up.
        Ok(()) | Err(FailureReason::Io(_)) if lost => Err(FailureReason::BlocksNotErased),
        // Only now: what is written to see the medium alive would else be read back as what the erase left.
        Ok(()) => alive::prove(context, &unreadable),
        failed => failed,
    }
}

fn read_back(
    context: &Context<'_>,
    evidence: &mut Evidence,
    sampling: &Sampling,
    expect: Expect,
    unreadable: &[Place],
) -> Result<(), FailureReason> {
    if !unreadable.is_empty() && expect == Expect::ErasedOrUnreadable {
        return Err(alive::unproven(context, unreadable));
    }
    match context.armed.erase().verification {
        VerificationKind::Sampled => sampled::run(context, evidence, sampling, expect),
        _ => readback::run(context, evidence, expect),
    }
}

/// What a medium was like before it was erased.
struct Before {
    sampling: Sampling,
    memory: Memory,
    flock: Flock,
}

impl Before {
    /// Remembers places, plants canaries and sees them on the medium.
    fn take(context: &Context<'_>, evidence: &mut Evidence) -> Result<Self, FailureReason> {
        let device = context.device();
        let key = || PassKey::fresh().map_err(internal);
        let sampling = Sampling::choose(device.geometry(), key()?).map_err(internal)?;
        let flock = Flock::choose(context.generator, device.geometry(), key()?).map_err(internal)?;
        context.silent(Phase::Planting, None);
        let memory =
            Memory::of(device, sampling.marks(), flock.places(), &Limit::new(context.clock, context.stop))?;
        let (count, canary_seed) = (flock.count(), Some(flock.seed_hex()));
        let command = format!("write {count} canary pages");
        context.permit(Wanted { canary_seed, ..Wanted::command(command) })?;
        // From here on the drive is touched, whatever comes of it.
        evidence.canaries = Some(Canaries { planted: 0, surviving: 0, unreadable: 0 });
        flock.plant(device)?;
        context.flush()?;
        flock.are_there(device)?;
        evidence.canaries = Some(Canaries { planted: count, surviving: 0, unreadable: 0 });
        context.step(StepKind::CanariesPlanted { count }, &[])?;
        Ok(Self { sampling, memory, flock })
    }

    /// Looks for the canaries and for what the medium held; returns the canary places that cannot be read.
    fn look(&self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Vec<Place>, FailureReason> {
        let canary::Found { surviving, unreadable } = self.flock.look(context.device())?;
        let lost = u32::try_from(unreadable.len()).unwrap_or(u32::MAX);
        evidence.canaries = Some(Canaries { planted: self.flock.count(), surviving, unreadable: lost });
        context.step(StepKind::CanariesChecked { surviving }, &[])?;
        let limit = Limit::new(context.clock, context.stop);
        if surviving > 0 || self.memory.unchanged(context.device(), &limit)? > 0 {
            return Err(FailureReason::MediumUnchanged);
        }
        Ok(unreadable)
    }
}

/// Has the system look at the drive's capacity again, which must be what it was.
fn refresh(context: &Context<'_>) -> Result<(), FailureReason> {
    let before = context.device().geometry();
    let after = context.device().refresh_geometry().map_err(|failure| match failure {
        transport::IoFailure::Gone => FailureReason::Vanished,
        other => FailureReason::Io(other.to_string()),
    })?;
    if after == before {
        return Ok(());
    }
    let text =
        format!("the drive has another shape after the erase: {} instead of {}", after.len, before.len);
    Err(FailureReason::Indeterminate(text))
}

/// A byte to overwrite with: random, so that reading it back tells this overwrite from any other and from a drive that
/// answers with zeros or ones out of habit.
fn fresh_byte() -> Result<u8, FailureReason> {
    let mut byte = [0];
    getrandom::fill(&mut byte).map_err(internal)?;
    // Neither 00h nor FFh.
    Ok(1 + byte.iter().fold(0, |_, byte| byte % 254))
}

/// A fault of this program or this PC, not of the drive.
fn internal(error: impl std::fmt::Display) -> FailureReason {
    FailureReason::Internal(error.to_string())
}
