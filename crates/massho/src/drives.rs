//! The last look at a drive before it is erased.

use crate::session::not_started;
use inventory::{Found, identify};
use model::{DriveResult, FailureReason, Method};
use policy::{Action, Confirmation, DrivePlan, SessionPlan};
use sanitize::ArmedDrive;
use transport::{Access, Node, OpenError};

/// Opens one drive of a confirmed plan exclusively, asks it through that same open device who it is, and arms it.
///
/// `found` is the drive as the inventory saw it just now. The error is the drive's result: nothing was written to it.
pub(crate) fn arm(
    plan: &SessionPlan,
    confirmation: &Confirmation,
    line: &DrivePlan,
    found: Option<&Found>,
) -> Result<ArmedDrive, Box<DriveResult>> {
    let asked = asked(&line.action);
    let fail = |reason| Box::new(not_started(reason, asked));
    let found = found.ok_or_else(|| fail(FailureReason::Vanished))?;
    if !found.drive.eligibility.is_eligible() {
        let reason = format!("no longer eligible: {:?}", found.drive.eligibility);
        return Err(fail(FailureReason::NotExclusive(reason)));
    }
    let node = Node::open(&found.facts.whole.node, Access::Erase).map_err(|error| {
        fail(match error {
            OpenError::Gone => FailureReason::Vanished,
            OpenError::Busy => FailureReason::NotExclusive(error.to_string()),
            _ => FailureReason::Io(error.to_string()),
        })
    })?;
    // A bridge and a card reader say the same of whatever is behind them; the kernel's number of the disk does not.
    let sequence = node.disk_sequence().map_err(|error| fail(FailureReason::Io(error.to_string())))?;
    if found.facts.sequence.as_str() != sequence.to_string() {
        return Err(fail(FailureReason::IdentityChanged));
    }
    let fresh = identify(&node, &found.facts.link, found.facts.removable).map_err(|error| {
        tracing::warn!(drive = %line.drive, %error, "not identified again");
        fail(FailureReason::IdentityChanged)
    })?;
    ArmedDrive::arm(plan, confirmation, line.drive, Box::new(node), &fresh.identity)
        .map_err(|error| Box::new(error.into_result(asked)))
}

/// The method asked of a drive.
pub(crate) fn asked(action: &Action) -> Option<Method> {
    match action {
        Action::Erase(erase) => Some(erase.method),
        Action::Destruct { .. } | Action::ClearThenDestruct(_) => Some(Method::Destruct),
        Action::Leave(_) => None,
    }
}
