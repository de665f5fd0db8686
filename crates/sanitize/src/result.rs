//! From what happened to what the record says.

use crate::arm::{ArmedDrive, Purpose};
use model::{DriveResult, Evidence, FailureReason, Method, Outcome};

/// The method that is asked of an armed drive: for 引渡前の消去 the drive is to be destroyed all the same.
fn asked(armed: &ArmedDrive) -> Method {
    match armed.purpose() {
        Purpose::Erase | Purpose::Exception => armed.erase().method,
        Purpose::Handover => Method::Destruct,
    }
}

/// The result of a job whose every proof is there.
pub(crate) fn success(armed: &ArmedDrive, evidence: Evidence) -> DriveResult {
    let outcome = match armed.purpose() {
        Purpose::Erase => Outcome::Done,
        Purpose::Exception => Outcome::AwaitingApproval,
        Purpose::Handover => Outcome::AwaitingDestruction,
    };
    let achieved = Some(armed.erase().method);
    DriveResult { outcome, asked: Some(asked(armed)), achieved, failure: None, not_covered: None, evidence }
}

/// The result of a job that ended without proof: nothing is achieved, whatever was done.
pub(crate) fn failure(armed: &ArmedDrive, reason: FailureReason, evidence: Evidence) -> DriveResult {
    without_proof(Some(asked(armed)), reason, evidence)
}

/// The same, where the armed drive is not at hand any more.
pub(crate) fn without_proof(asked: Option<Method>, reason: FailureReason, evidence: Evidence) -> DriveResult {
    let outcome = outcome(&reason, &evidence);
    DriveResult { outcome, asked, achieved: None, failure: Some(reason), not_covered: None, evidence }
}

/// 未完了 where something was done and not proven, 失敗 where it went wrong as a whole.
fn outcome(reason: &FailureReason, evidence: &Evidence) -> Outcome {
    let untouched = evidence.attempts.is_empty() && evidence.canaries.is_none();
    match reason {
        FailureReason::IntentNotSaved | FailureReason::Stopped if untouched => Outcome::Failed,
        FailureReason::IntentNotSaved
        | FailureReason::Stopped
        | FailureReason::Indeterminate(_)
        | FailureReason::BlocksNotErased
        | FailureReason::Stalled(_)
        | FailureReason::AreaHidden(_)
        | FailureReason::OtherNamespace
        | FailureReason::ReadBackDiffers
        | FailureReason::AwaitingWitness => Outcome::Incomplete,
        FailureReason::Vanished
        | FailureReason::IdentityChanged
        | FailureReason::NotExclusive(_)
        | FailureReason::CommandRejected(_)
        | FailureReason::MediumUnchanged
        | FailureReason::DriveFailed(_)
        | FailureReason::LeftLocked(_)
        | FailureReason::Io(_)
        | FailureReason::Internal(_) => Outcome::Failed,
    }
}
