//! Questions to an ATA drive.

use crate::watch::{Sight, Sighting};
use model::{FailureReason, RawStatus};
use protocol::ata::sanitize::{AbortReason, Answer, SanitizeStatus, status};
use protocol::ata::{IDENTIFY_LEN, Identify, Reply, identify_device};
use std::time::Duration;
use transport::{CommandError, Commands, Data};

/// Long enough for any drive that is alive, also for one that has to spin up first.
pub(crate) const QUESTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AskError {
    #[error("the drive is not there any more")]
    Gone,
    #[error("{0}")]
    NoAnswer(String),
}

impl From<AskError> for FailureReason {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Gone => Self::Vanished,
            AskError::NoAnswer(text) => Self::Io(text),
        }
    }
}

impl From<CommandError> for AskError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Gone => Self::Gone,
            other => Self::NoAnswer(other.to_string()),
        }
    }
}

/// The registers or the sense data, for the record.
pub(crate) fn raw(reply: &Reply) -> RawStatus {
    RawStatus { name: "ata".to_owned(), value: reply.describe() }
}

/// IDENTIFY DEVICE.
pub(crate) fn identify(device: &(impl Commands + ?Sized)) -> Result<Identify, AskError> {
    let mut block = vec![0; IDENTIFY_LEN];
    let reply = device.ata(&identify_device(), Data::In(&mut block), QUESTION_TIMEOUT)?;
    if !reply.is_completed() {
        return Err(AskError::NoAnswer(format!("IDENTIFY DEVICE: {}", reply.describe())));
    }
    // What did not arrive reads as zeros: as a drive without a password.
    if reply.transferred != IDENTIFY_LEN {
        let text = format!("IDENTIFY DEVICE: {} of {IDENTIFY_LEN} bytes", reply.transferred);
        return Err(AskError::NoAnswer(text));
    }
    Identify::parse(&block).map_err(|error| AskError::NoAnswer(error.to_string()))
}

/// One look at the drive's SANITIZE state.
///
/// "Completed without error" means no more than that nothing failed: an idle drive on which no sanitize ever ran says
/// so too. The caller knows whether one was begun.
pub(crate) fn sanitize_sighting(device: &(impl Commands + ?Sized)) -> Sighting {
    match device.ata(&status(), Data::None, QUESTION_TIMEOUT) {
        Err(CommandError::Gone) => Sighting::silent(Sight::Gone),
        Err(error) => Sighting::silent(Sight::Unclear(error.to_string())),
        Ok(reply) => Sighting { sight: sight(&reply), raw: vec![raw(&reply)] },
    }
}

/// What an answer to SANITIZE STATUS EXT says.
pub(super) fn sight(reply: &Reply) -> Sight {
    match Answer::of(reply) {
        Answer::State(SanitizeStatus { flags, progress }) if flags.in_progress() => {
            Sight::Running(Some(progress))
        }
        Answer::State(state) if state.flags.completed_without_error() => Sight::Ended,
        Answer::State(_) => Sight::Failed(format!("SANITIZE: {}", reply.describe())),
        Answer::Aborted(Some(AbortReason::LastOperationFailed)) => {
            Sight::Failed(format!("SANITIZE failed: {}", reply.describe()))
        }
        Answer::Unreadable => Sight::Unclear("the SANITIZE state did not come through".to_owned()),
        Answer::Aborted(_) | Answer::NotPassed | Answer::Unknown => {
            Sight::Unclear(format!("SANITIZE STATUS EXT: {}", reply.describe()))
        }
    }
}
