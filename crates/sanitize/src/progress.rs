//! Rate and time left.

use crate::event::{Phase, Progress, ProgressSource};
use model::ByteLen;
use std::collections::VecDeque;
use std::time::Duration;

/// The rate is that of the last seconds, because it changes along a disk.
const WINDOW: Duration = Duration::from_secs(8);

/// Too little to tell a rate from.
const SETTLING: Duration = Duration::from_millis(200);

/// Turns counts into [`Progress`].
pub(crate) struct Meter {
    phase: Phase,
    of: u64,
    later: u64,
    samples: VecDeque<(Duration, u64)>,
}

impl Meter {
    /// A phase of `of` bytes, after which the job has `later` bytes to go.
    pub(crate) fn new(phase: Phase, of: u64, later: u64, now: Duration) -> Self {
        Self { phase, of, later, samples: VecDeque::from([(now, 0)]) }
    }

    /// Takes the number of bytes done by now.
    pub(crate) fn sample(&mut self, now: Duration, done: u64) -> Progress {
        while self.samples.len() > 1
            && self.samples.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) > WINDOW)
        {
            self.samples.pop_front();
        }
        let rate = self
            .samples
            .front()
            .map_or(0, |(since, before)| rate(now.saturating_sub(*since), done.saturating_sub(*before)));
        self.samples.push_back((now, done));
        let left = self.of.saturating_sub(done).saturating_add(self.later);
        Progress {
            phase: self.phase,
            done: ByteLen(done),
            of: ByteLen(self.of),
            rate,
            remaining: left.checked_div(rate).map(Duration::from_secs),
            source: ProgressSource::Counted,
        }
    }
}

/// Bytes per second, 0 if it is too early to say.
fn rate(time: Duration, bytes: u64) -> u64 {
    if time < SETTLING {
        return 0;
    }
    let rate = u128::from(bytes) * 1_000_000 / time.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_the_last_seconds() {
        let begin = Duration::from_secs(1_000);
        let mut meter = Meter::new(Phase::Verifying, 10_000, 5_000, begin);
        let first = meter.sample(begin, 0);
        assert_eq!((first.rate, first.remaining), (0, None));
        let second = meter.sample(begin + Duration::from_secs(2), 2_000);
        assert_eq!((second.rate, second.remaining), (1_000, Some(Duration::from_secs(13))));
        let mut last = second;
        for at in 3..30 {
            last = meter.sample(begin + Duration::from_secs(at), 2_000 + (at - 2) * 100);
        }
        assert_eq!(last.rate, 100);
    }

    #[test]
    fn a_stalled_drive_has_no_time_left_to_show() {
        let begin = Duration::from_secs(1_000);
        let mut meter = Meter::new(Phase::Verifying, 10_000, 0, begin);
        let progress = meter.sample(begin + Duration::from_secs(5), 0);
        assert_eq!((progress.rate, progress.remaining), (0, None));
    }
}
