//! NVMe Format NVM with SES = 1, User Data Erase (NVMe Base 2.0 5.14), and the proof that it did.

use crate::canary::Flock;
use crate::event::{Phase, Progress, ProgressSource};
use crate::job::Context;
use crate::nvme_namespace::{check_controller, read_namespace, rejected};
use crate::readback;
use crate::selftest::self_test;
use crate::stream::PassKey;
use model::StepKind;
use model::{Attempt, ByteLen, Canaries, Evidence, FailureReason, RawStatus};
use protocol::nvme::{AdminCommand, FormatNvm, Namespace, SecureEraseSetting, StatusClass};
use std::time::Duration;
use transport::CommandError;

/// How long a Format may take before its outcome counts as unknown. Most take seconds; NVMe names no limit.
const FORMAT_TIMEOUT: Duration = Duration::from_secs(8 * 3600);

/// Formats and reads back. `evidence` is filled in as it goes, so that a failure keeps what was reached.
///
/// # Errors
/// Why it is not proven.
pub(crate) fn run(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    self_test(context.generator).map_err(|error| FailureReason::Internal(error.to_string()))?;
    let (device, identity) = (context.armed.device(), context.armed.identity());
    check_controller(device, identity)?;
    let before = read_namespace(device, identity)?;
    let command = FormatNvm::keeping(SecureEraseSetting::UserData, identity.namespace, &before)
        .map_err(|error| FailureReason::Internal(error.to_string()))?
        .command();

    let flock = plant(context, evidence)?;
    format(context, evidence, &command)?;
    check_shape(context, &before)?;
    context.step(StepKind::Ended, &[])?;
    look(context, evidence, &flock)?;
    readback::run(context, evidence)
}

/// Plants the canaries and sees them on the medium.
fn plant(context: &Context<'_>, evidence: &mut Evidence) -> Result<Flock, FailureReason> {
    let internal = |error: crate::stream::StreamError| FailureReason::Internal(error.to_string());
    let device = context.armed.device();
    let seed = PassKey::fresh().map_err(internal)?;
    let mut flock = Flock::choose(context.generator, device.geometry(), seed).map_err(internal)?;
    context.progress(silent(context, Phase::Planting));
    flock.remember(device)?;
    let count = flock.count();
    context.permit(format!("write {count} canary pages"), None, Some(flock.seed_hex()))?;
    // From here on the drive is touched, whatever comes of it.
    evidence.canaries = Some(Canaries { planted: 0, surviving: 0, unreadable: 0 });
    flock.plant(device)?;
    context.flush()?;
    flock.are_there(device)?;
    evidence.canaries = Some(Canaries { planted: count, surviving: 0, unreadable: 0 });
    context.step(StepKind::CanariesPlanted { count }, &[])?;
    Ok(flock)
}

fn format(
    context: &Context<'_>,
    evidence: &mut Evidence,
    command: &AdminCommand,
) -> Result<(), FailureReason> {
    context.permit(command.describe(), None, None)?;
    context.progress(silent(context, Phase::Formatting));
    let answer = context.armed.device().nvme_admin(command, &mut [], FORMAT_TIMEOUT);
    let raw_status = match &answer {
        Ok(completion) => {
            vec![RawStatus { name: "nvme-status".to_owned(), value: completion.status.to_string() }]
        }
        Err(_) => Vec::new(),
    };
    let technique = context.armed.erase().technique;
    let attempt =
        Attempt { technique, command: command.describe(), passes: 0, raw_status: raw_status.clone() };
    evidence.attempts.push(attempt);
    let refused = match answer {
        Ok(completion) if completion.status.class() == StatusClass::Success => {
            return context.step(StepKind::Accepted, &raw_status);
        }
        Ok(completion) => rejected(command, completion.status),
        Err(CommandError::Gone) => FailureReason::Vanished,
        Err(CommandError::NotThisBus) => FailureReason::CommandRejected(CommandError::NotThisBus.to_string()),
        // It may have begun, and may be running still.
        Err(error @ (CommandError::TimedOut(_) | CommandError::Host(_))) => {
            FailureReason::Indeterminate(error.to_string())
        }
    };
    context.step(StepKind::Failed { detail: format!("{}: {refused:?}", command.describe()) }, &raw_status)?;
    Err(refused)
}

/// The namespace must have come out as it went in.
fn check_shape(context: &Context<'_>, before: &Namespace) -> Result<(), FailureReason> {
    let changed =
        || FailureReason::Indeterminate("the namespace has another shape after the Format".to_owned());
    let after = match read_namespace(context.armed.device(), context.armed.identity()) {
        Err(FailureReason::IdentityChanged) => return Err(changed()),
        other => other?,
    };
    let shape = |namespace: &Namespace| {
        (namespace.format_index(), namespace.protection_type(), namespace.metadata_in_extended_lba())
    };
    if shape(&after) == shape(before) { Ok(()) } else { Err(changed()) }
}

/// Looks for the canaries and for what the medium held before.
fn look(context: &Context<'_>, evidence: &mut Evidence, flock: &Flock) -> Result<(), FailureReason> {
    let found = flock.look(context.armed.device())?;
    let (planted, surviving, unreadable) = (flock.count(), found.surviving, found.unreadable);
    evidence.canaries = Some(Canaries { planted, surviving, unreadable });
    context.step(StepKind::CanariesChecked { surviving }, &[])?;
    if surviving == 0 && found.unchanged == 0 { Ok(()) } else { Err(FailureReason::MediumUnchanged) }
}

/// A phase in which there is nothing to count.
fn silent(context: &Context<'_>, phase: Phase) -> Progress {
    let of = context.armed.device().geometry().len;
    Progress { phase, done: ByteLen(0), of, rate: 0, remaining: None, source: ProgressSource::Silent }
}
