//! The last look at a drive before it is erased.

use crate::event::Event;
use crate::session::not_started;
use crossbeam_channel::Sender;
use inventory::{Found, identify};
use model::{DriveNo, DriveResult, FailureReason, Method};
use policy::{Action, Confirmation, DrivePlan, SessionPlan};
use sanitize::ArmedDrive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
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
        Action::Erase(erase) | Action::EraseUnderException(erase) => Some(erase.method),
        Action::Destruct { .. } | Action::ClearThenDestruct(_) => Some(Method::Destruct),
        Action::Leave(_) => None,
    }
}

/// What arms a drive. May block for as long as the drive does not answer.
pub(crate) type Arm = dyn Fn(&SessionPlan, &Confirmation, &DrivePlan, Option<&Found>) -> Result<ArmedDrive, Box<DriveResult>>
    + Send
    + Sync;

/// The end of an arming.
#[derive(Debug)]
pub(crate) struct Armed {
    pub(crate) drive: DriveNo,
    /// The drive, or its result.
    pub(crate) armed: Result<ArmedDrive, Box<DriveResult>>,
}

/// Arms one drive on a thread of its own. An [`Event::Armed`] follows, whatever happens.
pub(crate) fn arm_in_background(
    arm: Arc<Arm>,
    (plan, confirmation): (Arc<SessionPlan>, Confirmation),
    line: DrivePlan,
    found: Option<Found>,
    events: Sender<Event>,
) -> Result<(), Box<DriveResult>> {
    let (drive, asked) = (line.drive, asked(&line.action));
    let internal = move |why: String| Box::new(not_started(FailureReason::Internal(why), asked));
    let work = move || {
        let armed = catch_unwind(AssertUnwindSafe(|| arm(&plan, &confirmation, &line, found.as_ref())));
        let armed = armed.unwrap_or_else(|_| Err(internal(format!("{}: arming", wizard::Cause::Fault))));
        // Unheard, the drive is closed again.
        let _ = events.send(Event::Armed(Armed { drive, armed }));
    };
    let spawned = thread::Builder::new().name(format!("arm-{drive}")).spawn(work);
    spawned.map(drop).map_err(|error| internal(format!("no thread: {error}")))
}
