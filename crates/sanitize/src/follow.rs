//! A drive that was found erasing itself: somebody began it before this session, and it cannot be stopped.

use crate::clock::Clock;
use crate::context::Tell;
use crate::event::{JobEvent, Progress};
use crate::firmware::{AskError, sanitize_log, sanitize_sighting, scsi_sighting};
use crate::patience::assumed;
use crate::watch::{Begun, Ending, Sight, Sighting, Watch};
use model::{Bus, FailureReason, RawStatus, StepKind};
use protocol::nvme::SanitizeState;
use std::cell::RefCell;
use std::time::Duration;
use transport::Device;

/// How an erase ended that was begun before. Whatever it is, it says nothing about the data: nobody planted canaries,
/// and nobody knows what command it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// How it ended.
    pub end: FollowEnd,
    /// What the drive said last.
    pub raw: Vec<RawStatus>,
}

/// How an erase ended that was begun before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowEnd {
    /// The drive was seen at work, and then in its end state. It can be planned for anew now.
    Ended,
    /// Nothing was under way.
    Idle,
    /// The drive says that it failed; the text is its status.
    Failed(String),
    /// No progress for as long as anybody would wait. It must keep its power.
    Stalled(String),
    /// The drive went away.
    Vanished,
    /// It cannot be told.
    Unclear(String),
}

/// Follows an erase that was begun before to its end. Blocks until then: hours or days.
///
/// Steps ([`StepKind::Following`], [`StepKind::Stalled`], [`StepKind::Recovered`]) and progress go to `tell`.
pub fn follow(device: &dyn Device, bus: Bus, clock: &dyn Clock, tell: &mut dyn FnMut(JobEvent)) -> Followed {
    let teller = Teller(RefCell::new(tell));
    let first = look(device, bus);
    let (raw, end) = (
        first.raw.clone(),
        match first.sight {
            Sight::Running(_) => return watch(device, bus, clock, &teller, &first.raw),
            Sight::Ended => FollowEnd::Idle,
            Sight::Failed(why) => FollowEnd::Failed(why),
            Sight::Unclear(why) => FollowEnd::Unclear(why),
            Sight::Gone => FollowEnd::Vanished,
        },
    );
    Followed { end, raw }
}

fn watch(
    device: &dyn Device,
    bus: Bus,
    clock: &dyn Clock,
    teller: &Teller<'_>,
    first: &[RawStatus],
) -> Followed {
    // A teller of this kind always hears.
    let _ = teller.step(StepKind::Following, first);
    let len = device.geometry().len;
    let watch = Watch { clock, tell: teller, len, estimate: estimate(device, bus) };
    let Ending { raw, ended } = watch.to_end(Begun::Unanswered, |_| look(device, bus));
    let end = match ended {
        Ok(()) => FollowEnd::Ended,
        Err(FailureReason::DriveFailed(why)) => FollowEnd::Failed(why),
        Err(FailureReason::Stalled(why)) => FollowEnd::Stalled(why),
        Err(FailureReason::Vanished) => FollowEnd::Vanished,
        Err(FailureReason::Indeterminate(why)) => FollowEnd::Unclear(why),
        Err(other) => FollowEnd::Unclear(format!("{other:?}")),
    };
    Followed { end, raw }
}

fn look(device: &dyn Device, bus: Bus) -> Sighting {
    match bus {
        Bus::Ata => sanitize_sighting(device),
        Bus::Scsi => scsi_sighting(device),
        Bus::Nvme => nvme_sighting(device),
        Bus::Usb | Bus::Mmc | Bus::Other => {
            Sighting::silent(Sight::Unclear("such a drive is not asked how far it is".to_owned()))
        }
    }
}

fn nvme_sighting(device: &dyn Device) -> Sighting {
    let (log, raw) = match sanitize_log(device) {
        Ok(read) => read,
        Err(AskError::Gone) => return Sighting::silent(Sight::Gone),
        Err(AskError::NoAnswer(why)) => return Sighting::silent(Sight::Unclear(why)),
    };
    let sight = match log.state() {
        _ if log.is_blank() => Sight::Unclear("the sanitize log is empty".to_owned()),
        SanitizeState::InProgress => Sight::Running(Some(log.progress)),
        SanitizeState::Failed => Sight::Failed(format!("SSTAT {:04X}h", log.raw_status)),
        SanitizeState::Reserved(_) => Sight::Unclear(format!("SSTAT {:04X}h", log.raw_status)),
        SanitizeState::Completed | SanitizeState::CompletedDeallocated | SanitizeState::Never => Sight::Ended,
    };
    Sighting { sight, raw: vec![raw] }
}

/// The drive's longest estimate, since it is not known which command it carries out.
fn estimate(device: &dyn Device, bus: Bus) -> Duration {
    let told = match (bus, sanitize_log(device)) {
        (Bus::Nvme, Ok((log, _))) => [log.overwrite_time(), log.block_erase_time(), log.crypto_erase_time()]
            .into_iter()
            .flatten()
            .max(),
        _ => None,
    };
    told.unwrap_or_else(|| assumed(device.geometry().len))
}

/// Passes on what is seen.
struct Teller<'a>(RefCell<&'a mut dyn FnMut(JobEvent)>);

impl Tell for Teller<'_> {
    fn step(&self, what: StepKind, raw: &[RawStatus]) -> Result<(), FailureReason> {
        (self.0.borrow_mut())(JobEvent::Step { what, raw: raw.to_vec() });
        Ok(())
    }

    fn progress(&self, progress: Progress) {
        (self.0.borrow_mut())(JobEvent::Progress(progress));
    }
}
