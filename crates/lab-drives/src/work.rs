//! An erase that takes its time, and the faults that bend it. Shared by all command sets.

use crate::medium::{Erase, EraseJob, Extent, Medium, MediumError, Reach, Technique, WHOLE};
use crate::{Fault, Faults};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An erase under way: what is to be done physically and how long it takes. The physical work keeps pace with the time
/// whenever [`Work::advance`] is called, so that a power cut in the middle leaves a medium that is erased in part.
///
/// Can be kept; [`Work::resume`] goes on with it after a power cut or a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Nothing where a fault makes the drive only pretend.
    job: Option<EraseJob>,
    takes: Duration,
    /// When it began, or would have begun to be this far without the interruptions.
    began: Duration,
    /// The share of [`WHOLE`] that was reached last.
    reached: u32,
}

impl Work {
    /// Begins an erase at `now` that takes so long, bent by [`Fault::ErasesNothing`], [`Fault::ErasesHalf`],
    /// [`Fault::UnmapsOnly`], [`Fault::EraseFails`] (which gives up half-way) and [`Fault::FallsSilent`].
    #[must_use]
    pub fn begin(erase: Erase, takes: Duration, now: Duration, faults: &Faults) -> Self {
        Self { job: bend(erase, faults).map(EraseJob::new), takes, began: now, reached: 0 }
    }

    /// Goes on from the share reached last, the time since then not counted.
    pub fn resume(&mut self, now: Duration) {
        self.began = now.saturating_sub(self.time_of(self.reached));
    }

    /// Does the physical work up to `now` and returns the share of [`WHOLE`] that is done.
    ///
    /// # Errors
    /// What the medium says.
    pub fn advance(&mut self, medium: &mut Medium, now: Duration) -> Result<u32, MediumError> {
        let elapsed = now.saturating_sub(self.began).as_nanos();
        let share = (elapsed * u128::from(WHOLE)).checked_div(self.takes.as_nanos());
        let share = share.and_then(|share| u32::try_from(share).ok()).unwrap_or(WHOLE).min(WHOLE);
        self.reached = self.reached.max(share);
        if let Some(job) = &mut self.job {
            medium.erase_until(job, self.reached)?;
        }
        Ok(self.reached)
    }

    /// The share of [`WHOLE`] reached at the last [`Work::advance`].
    #[must_use]
    pub fn reached(&self) -> u32 {
        self.reached
    }

    /// Whether all is done. With [`Fault::StuckProgress`] it never is, though the medium is worked on to the end.
    #[must_use]
    pub fn is_over(&self, faults: &Faults) -> bool {
        self.reached >= WHOLE && !faults.iter().any(|fault| matches!(fault, Fault::StuckProgress { .. }))
    }

    /// How much longer it takes.
    #[must_use]
    pub fn remaining(&self, now: Duration) -> Duration {
        (self.began + self.takes).saturating_sub(now)
    }

    /// The progress that the drive states, of 65536, bent by [`Fault::StuckProgress`] and [`Fault::ProgressGoesBack`].
    #[must_use]
    pub fn stated(&self, faults: &Faults) -> u16 {
        let honest = u16::try_from(self.reached).unwrap_or(u16::MAX);
        faults.iter().fold(honest, |progress, fault| match fault {
            Fault::StuckProgress { at } => *at,
            // A sixteenth back in every second sixteenth.
            Fault::ProgressGoesBack if progress & 0x1000 != 0 => progress - 0x1000,
            _ => progress,
        })
    }

    fn time_of(&self, share: u32) -> Duration {
        self.takes * share / WHOLE
    }
}

/// What is really done of an erase.
fn bend(erase: Erase, faults: &Faults) -> Option<Erase> {
    if faults.has(&Fault::ErasesNothing) || faults.has(&Fault::FallsSilent) {
        None
    } else if faults.has(&Fault::UnmapsOnly) {
        let extent = match erase.extent {
            Extent::BlocksAndSpare { from, count } => Extent::Blocks { from, count },
            extent => extent,
        };
        Some(Erase { technique: Technique::Unmap, extent, ..erase })
    } else if faults.has(&Fault::ErasesHalf) || faults.has(&Fault::EraseFails) {
        Some(Erase { reach: Reach::FirstHalf, ..erase })
    } else {
        Some(erase)
    }
}

impl Faults {
    /// The share of an erase (of [`WHOLE`]) at which the drive disappears, if it does ([`Fault::DisappearsAt`]).
    #[must_use]
    pub fn disappears_at(&self) -> Option<u32> {
        self.iter().find_map(|fault| match fault {
            Fault::DisappearsAt { percent } => Some(u32::from(*percent) * WHOLE / 100),
            _ => None,
        })
    }
}
