//! What is done to a drive besides erasing it, each on a thread of its own: following an erase that somebody began
//! before, taking away a password that an interrupted session left, asking it everything.

use crate::event::Event;
use crossbeam_channel::Sender;
use inventory::probe::{Probed, probe};
use inventory::{Found, identify};
use model::{DriveNo, RawStatus};
use sanitize::{FollowEnd, Followed, JobEvent, SystemClock, UnlockError, follow, unlock};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use transport::{Access, BlockIo, Node, OpenError};
use wizard::{Cause, UnlockProblem};

/// How often a drive that somebody looks at for an instant is tried again, and how long after.
const BUSY_TRIES: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(250);

/// What came of taking a password away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unlocking {
    /// The drive was given no password: it was not found, is another one, or takes none now.
    NotTried(UnlockProblem),
    /// It was given the password, which counts: five wrong ones, and it takes no more.
    Refused(UnlockProblem),
    /// It has no password any more.
    Unlocked(Vec<RawStatus>),
}

/// Who takes care of drives. Called on threads of their own only: everything here may block.
pub(crate) trait Care: Send + Sync {
    /// Follows a drive that erases itself to the end: hours or days.
    fn follow(&self, found: &Found, tell: &mut dyn FnMut(JobEvent)) -> Followed;

    /// Takes this password away.
    fn unlock(&self, found: &Found, password: &str) -> Unlocking;

    /// Asks everything. The error is why the drive could not be asked.
    fn probe(&self, found: &Found) -> Result<Probed, String>;
}

/// The PC's own drives.
pub(crate) struct PcDrives;

impl Care for PcDrives {
    fn follow(&self, found: &Found, tell: &mut dyn FnMut(JobEvent)) -> Followed {
        // Only its state is asked for; it has no room for anything else now.
        match open(found, Access::Identify) {
            Ok(node) => follow(&node, found.drive.identity.bus, &SystemClock::default(), tell),
            Err(OpenError::Gone) => Followed { end: FollowEnd::Vanished, raw: Vec::new() },
            Err(error) => Followed { end: FollowEnd::Unclear(error.to_string()), raw: Vec::new() },
        }
    }

    fn unlock(&self, found: &Found, password: &str) -> Unlocking {
        let node = match open_to_unlock(found) {
            Ok(node) => node,
            Err(OpenError::Gone) => return Unlocking::NotTried(UnlockProblem::Vanished),
            Err(error) => return Unlocking::NotTried(UnlockProblem::Io(error.to_string())),
        };
        let same = identify(&node, &found.facts.link, found.facts.removable)
            .is_ok_and(|it| it.identity.fingerprint() == found.drive.identity.fingerprint());
        if !same {
            return Unlocking::NotTried(UnlockProblem::Vanished);
        }
        let unlocked = unlock(&node, &found.drive.identity.serial, password);
        if unlocked.is_ok() && node.geometry().len.0 == 0 {
            // The next look asks again; this only saves it a round.
            let _ = node.refresh_geometry();
        }
        unlocked.map_or_else(|error| refused(&error), Unlocking::Unlocked)
    }

    fn probe(&self, found: &Found) -> Result<Probed, String> {
        let node = open(found, Access::Identify).map_err(|error| error.to_string())?;
        Ok(probe(&node, &found.facts.link))
    }
}

/// Opens a drive if it is still the disk that was seen.
fn open(found: &Found, access: Access) -> Result<Node, OpenError> {
    let node = Node::open(&found.facts.whole.node, access)?;
    let sequence = node.disk_sequence().map_err(OpenError::Io)?;
    if found.facts.sequence.as_str() == sequence.to_string() { Ok(node) } else { Err(OpenError::Gone) }
}

/// Opened for writing and alone, so that udev reads the drive anew when it is closed: its partitions could not be read
/// while it was locked.
fn open_to_unlock(found: &Found) -> Result<Node, OpenError> {
    for _ in 0..BUSY_TRIES {
        match open(found, Access::Erase) {
            Err(OpenError::Busy) => thread::sleep(BUSY_PAUSE),
            // A locked drive may hide its capacity, too.
            Err(OpenError::NoMedium) => return open(found, Access::Identify),
            other => return other,
        }
    }
    Err(OpenError::Busy)
}

fn refused(error: &UnlockError) -> Unlocking {
    let io = || UnlockProblem::Io(error.to_string());
    match error {
        UnlockError::AttemptsUsedUp => Unlocking::NotTried(UnlockProblem::AttemptsUsedUp),
        UnlockError::OtherDrive(_) => Unlocking::NotTried(UnlockProblem::Vanished),
        UnlockError::Password(_) | UnlockError::NotLocked | UnlockError::Frozen => Unlocking::NotTried(io()),
        UnlockError::Refused(_) => Unlocking::Refused(UnlockProblem::Refused),
        UnlockError::Gone => Unlocking::Refused(UnlockProblem::Vanished),
        UnlockError::Still(_) | UnlockError::NoAnswer(_) => Unlocking::Refused(io()),
    }
}

/// What comes of taking care of a drive.
#[derive(Debug)]
pub(crate) struct Cared {
    pub(crate) drive: DriveNo,
    pub(crate) news: CareNews,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum CareNews {
    /// An erase that is followed was seen at something.
    Following(Box<JobEvent>),
    /// It was followed to the end.
    Followed(Followed),
    /// A password was taken away, or not.
    Unlocked(Unlocking),
    /// The drive was asked everything, or could not be.
    Probed(Result<Probed, String>),
}

/// Follows a drive on a thread of its own; [`CareNews::Followed`] comes last, whatever happens.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn follow_in_background(
    care: Arc<dyn Care>,
    found: Found,
    events: Sender<Event>,
) -> io::Result<()> {
    let drive = found.drive.no;
    let say = move |news| Event::Care(Cared { drive, news });
    let work = move || {
        let tell = &mut |event: JobEvent| match event {
            // A picture more or less is no loss.
            JobEvent::Progress(_) => drop(events.try_send(say(CareNews::Following(Box::new(event))))),
            _ => drop(events.send(say(CareNews::Following(Box::new(event))))),
        };
        let followed = catch_unwind(AssertUnwindSafe(|| care.follow(&found, tell)));
        let fault = |_| Followed { end: FollowEnd::Unclear(Cause::Fault.to_string()), raw: Vec::new() };
        drop(events.send(say(CareNews::Followed(followed.unwrap_or_else(fault)))));
    };
    thread::Builder::new().name(format!("follow-{drive}")).spawn(work).map(drop)
}

/// Takes a password away on a thread of its own; [`CareNews::Unlocked`] follows.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn unlock_in_background(
    care: Arc<dyn Care>,
    found: Found,
    password: String,
    events: Sender<Event>,
) -> io::Result<()> {
    let drive = found.drive.no;
    let work = move || {
        let unlocked = catch_unwind(AssertUnwindSafe(|| care.unlock(&found, &password)));
        let fault = |_| Unlocking::Refused(UnlockProblem::Io(Cause::Fault.to_string()));
        let news = CareNews::Unlocked(unlocked.unwrap_or_else(fault));
        drop(events.send(Event::Care(Cared { drive, news })));
    };
    thread::Builder::new().name(format!("unlock-{drive}")).spawn(work).map(drop)
}

/// Asks a drive everything on a thread of its own; [`CareNews::Probed`] follows.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn probe_in_background(
    care: Arc<dyn Care>,
    found: Found,
    events: Sender<Event>,
) -> io::Result<()> {
    let drive = found.drive.no;
    let work = move || {
        let probed = catch_unwind(AssertUnwindSafe(|| care.probe(&found)));
        let news = CareNews::Probed(probed.unwrap_or_else(|_| Err(Cause::Fault.to_string())));
        drop(events.send(Event::Care(Cared { drive, news })));
    };
    thread::Builder::new().name(format!("probe-{drive}")).spawn(work).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_drive_was_asked_counts_as_an_attempt() {
        let tried = |error| matches!(refused(&error), Unlocking::Refused(_));
        for error in [
            UnlockError::AttemptsUsedUp,
            UnlockError::Frozen,
            UnlockError::NotLocked,
            UnlockError::OtherDrive("X".into()),
        ] {
            assert!(!tried(error.clone()), "{error}");
        }
        for error in [
            UnlockError::Refused(String::new()),
            UnlockError::NoAnswer(String::new()),
            UnlockError::Still(String::new()),
            UnlockError::Gone,
        ] {
            assert!(tried(error.clone()), "{error}");
        }
    }
}
