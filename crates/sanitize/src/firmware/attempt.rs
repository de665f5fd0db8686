//! One command in the evidence: what was sent, and every word of the drive's that came of it.

use super::Begun;
use crate::context::{Context, Tell};
use model::{Attempt, Evidence, FailureReason, RawStatus, StepKind};
use transport::CommandError;

/// Begins an attempt. Statuses are added by the other functions of this module.
pub(super) fn begin(context: &Context<'_>, evidence: &mut Evidence, command: String) {
    let technique = context.armed.erase().technique;
    evidence.attempts.push(Attempt { technique, command, passes: 0, raw_status: Vec::new() });
}

/// Adds what the drive said.
pub(super) fn note(evidence: &mut Evidence, raw: &[RawStatus]) {
    if let Some(attempt) = evidence.attempts.last_mut() {
        attempt.raw_status.extend_from_slice(raw);
    }
}

/// The drive accepted the command.
///
/// # Errors
/// Nobody records it.
pub(super) fn accepted(
    context: &Context<'_>,
    evidence: &mut Evidence,
    raw: &[RawStatus],
) -> Result<(), FailureReason> {
    note(evidence, raw);
    context.step(StepKind::Accepted, raw)
}

/// The drive was seen in the command's end state.
///
/// # Errors
/// Nobody records it.
pub(super) fn ended(
    context: &Context<'_>,
    evidence: &mut Evidence,
    raw: &[RawStatus],
) -> Result<(), FailureReason> {
    note(evidence, raw);
    context.step(StepKind::Ended, raw)
}

/// It failed: the reason, once it is told.
pub(super) fn failed(
    context: &Context<'_>,
    evidence: &mut Evidence,
    reason: FailureReason,
    raw: &[RawStatus],
) -> FailureReason {
    note(evidence, raw);
    let command = evidence.attempts.last().map_or("", |attempt| attempt.command.as_str());
    let detail = format!("{command}: {reason:?}");
    match context.step(StepKind::Failed { detail }, raw) {
        Ok(()) => reason,
        Err(unheard) => unheard,
    }
}

/// What it means for an erase that its command has no answer: it may have begun, and may be running still.
///
/// # Errors
/// It was not sent, or the drive is gone.
pub(super) fn unanswered(error: &CommandError) -> Result<Begun, FailureReason> {
    match error {
        CommandError::TimedOut(_) | CommandError::Host(_) => Ok(Begun::Unanswered),
        CommandError::Gone => Err(FailureReason::Vanished),
        CommandError::NotThisBus | CommandError::DataMismatch => {
            Err(FailureReason::CommandRejected(format!("not sent: {error}")))
        }
    }
}
