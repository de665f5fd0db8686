//! Watches a drive that works by itself until it is seen in an end state, and never takes silence for one.

use crate::clock::Clock;
use crate::context::Tell;
use crate::event::{Phase, Progress, ProgressSource};
use crate::patience::{Change, Patience};
use model::{ByteLen, FailureReason, RawStatus, StepKind};
use std::time::Duration;

/// The first wait between two looks; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A drive that gives no clear answer for so long, asked again and again, has given none.
const UNCLEAR_AT_MOST: Duration = Duration::from_secs(600);

/// What one look at the drive showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It is at work; how far in 65,536ths, if it says.
    Running(Option<u16>),
    /// It says that the operation ended well.
    Ended,
    /// It says that the operation failed.
    Failed(String),
    /// It cannot be told.
    Unclear(String),
    /// It is not there any more.
    Gone,
}

/// A look with the drive's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) sight: Sight,
    pub(crate) raw: Vec<RawStatus>,
}

impl Sighting {
    /// A look without any words of the drive's.
    pub(crate) fn silent(sight: Sight) -> Self {
        Self { sight, raw: Vec::new() }
    }
}

/// How the operation began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// The drive accepted our command: it completed it without an error. A fast drive may be ready before the first
    /// look, so that its end state is believed without having been seen at work; whether anything happened is for the
    /// canaries to say.
    Accepted,
    /// The answer to our command was lost. The end state is believed only after the drive was seen at work, since an
    /// idle drive says of itself that its last operation ended well.
    Unanswered,
}

/// Whether the drive was seen at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtWork {
    /// It was.
    Seen,
    /// Not yet.
    NotSeen,
}

/// How watching ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    /// What the drive said last.
    pub(crate) raw: Vec<RawStatus>,
    /// Whether it was seen in its end state, or why not.
    pub(crate) ended: Result<(), FailureReason>,
}

/// What is needed to watch.
pub(crate) struct Watch<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) tell: &'a dyn Tell,
    /// The medium, to tell progress in bytes.
    pub(crate) len: ByteLen,
    /// How long the whole operation should take.
    pub(crate) estimate: Duration,
}

impl Watch<'_> {
    /// Looks until the end.
    pub(crate) fn to_end(&self, begun: Begun, mut look: impl FnMut(AtWork) -> Sighting) -> Ending {
        let began = self.clock.now();
        let mut patience = Patience::new(began, self.estimate);
        let (mut at_work, mut clear, mut wait) = (AtWork::NotSeen, began, FIRST_WAIT);
        loop {
            let Sighting { sight, raw } = look(at_work);
            let now = self.clock.now();
            let ended = match sight {
                Sight::Running(progress) => {
                    (at_work, clear) = (AtWork::Seen, now);
                    self.advance(&mut patience, began, progress, &raw)
                }
                Sight::Ended if begun == Begun::Accepted || at_work == AtWork::Seen => Some(Ok(())),
                Sight::Ended => self.unclear(clear, "it was never seen at work"),
                Sight::Unclear(why) => self.unclear(clear, &why),
                Sight::Failed(why) => Some(Err(FailureReason::DriveFailed(why))),
                Sight::Gone => Some(Err(FailureReason::Vanished)),
            };
            if let Some(ended) = ended {
                return Ending { raw, ended };
            }
            self.clock.sleep(wait);
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn unclear(&self, clear: Duration, why: &str) -> Option<Result<(), FailureReason>> {
        let long = self.clock.now().saturating_sub(clear) >= UNCLEAR_AT_MOST;
        long.then(|| Err(FailureReason::Indeterminate(why.to_owned())))
    }

    fn advance(
        &self,
        patience: &mut Patience,
        began: Duration,
        progress: Option<u16>,
        raw: &[RawStatus],
    ) -> Option<Result<(), FailureReason>> {
        self.tell.progress(self.progress(began, progress));
        let told = match patience.observe(self.clock.now(), progress) {
            Change::None => Ok(()),
            Change::Stalled => self.tell.step(StepKind::Stalled, raw),
            Change::Recovered => self.tell.step(StepKind::Recovered, raw),
            Change::GivenUp { still } => {
                let text = format!("no progress for {} hours", still.as_secs() / 3600);
                Err(FailureReason::Stalled(text))
            }
        };
        told.err().map(Err)
    }

    fn progress(&self, began: Duration, progress: Option<u16>) -> Progress {
        let phase = Phase::Formatting;
        let elapsed = self.clock.now().saturating_sub(began);
        let Some(number) = progress else {
            let remaining = Some(self.estimate.saturating_sub(elapsed));
            let source = ProgressSource::Silent;
            return Progress { phase, done: ByteLen(0), of: self.len, rate: 0, remaining, source };
        };
        let done = (u128::from(self.len.0) * u128::from(number)) >> 16;
        let left = elapsed.as_secs().saturating_mul(u64::from(u16::MAX - number));
        Progress {
            phase,
            done: ByteLen(u64::try_from(done).unwrap_or(self.len.0)),
            of: self.len,
            rate: 0,
            remaining: left.checked_div(number.into()).map(Duration::from_secs),
            source: ProgressSource::Drive,
        }
    }
}
