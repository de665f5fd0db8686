//! How long a drive may work without getting anywhere.
//!
//! A drive that moves is never given up, however slow it is. One that stands still for longer than its own estimate
//! allows is *stalled*: that is said, and it is watched on, because such drives exist that stood at 655 of 65,536 for
//! days and went on. In the end it is given up as 未完了, still powered; never as success.

use model::ByteLen;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// However short the estimate is, standing still for less than this is no stall.
const SHORTEST: Duration = Duration::from_secs(600);

/// However long the estimate is, standing still for longer than this is one.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// A drive that stands still is watched for at least so long.
const WATCHED: Duration = Duration::from_secs(24 * 3600);

/// And for at most so long.
const WATCHED_AT_MOST: Duration = Duration::from_secs(14 * 24 * 3600);

/// A drive that gives no estimate is taken to write so many bytes per second, and to need an hour beyond that.
const ASSUMED_RATE: u64 = 50_000_000;

/// Overwrites of several passes may begin at zero again, at most so often (OVERWRITE COUNT, SBC-4 table 99).
const LAPS: u8 = 31;

/// What a look at the drive's progress means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing to tell.
    None,
    /// It has stood still for too long.
    Stalled,
    /// It moves again.
    Recovered,
    /// It has stood still for as long as anybody would wait.
    GivenUp {
        /// How long.
        still: Duration,
    },
}

/// Watches the progress of one operation.
#[derive(Debug)]
pub(crate) struct Patience {
    quiet: Duration,
    last: Duration,
    best: Option<u16>,
    laps: u8,
    moved: Duration,
    stalled: bool,
}

impl Patience {
    /// Begins now, with the drive's own estimate of the whole operation.
    pub(crate) fn new(now: Duration, estimate: Duration) -> Self {
        let quiet = estimate.saturating_mul(3) / 2;
        let last = estimate.saturating_mul(4);
        Self {
            quiet: quiet.clamp(SHORTEST, LONGEST),
            last: last.clamp(WATCHED, WATCHED_AT_MOST),
            best: None,
            laps: 0,
            moved: now,
            stalled: false,
        }
    }

    /// Takes the drive's number, if it gives one.
    pub(crate) fn observe(&mut self, now: Duration, progress: Option<u16>) -> Change {
        if self.has_moved(progress) {
            self.moved = now;
            return if std::mem::take(&mut self.stalled) { Change::Recovered } else { Change::None };
        }
        let still = now.saturating_sub(self.moved);
        match () {
            () if still >= self.last => Change::GivenUp { still },
            () if still >= self.quiet && !self.stalled => {
                self.stalled = true;
                Change::Stalled
            }
            () => Change::None,
        }
    }

    /// Only a number that was never reached before counts as movement, or the beginning of another lap: a number that
    /// goes to and fro would else keep a drive alive that gets nowhere.
    fn has_moved(&mut self, progress: Option<u16>) -> bool {
        let Some(progress) = progress else { return false };
        let lap = self.best.is_some_and(|best| progress < best / 2) && self.laps < LAPS;
        if lap {
            self.laps += 1;
        }
        let moved = lap || self.best.is_none_or(|best| progress > best);
        if moved {
            self.best = Some(progress);
        }
        moved
    }
}

/// What is assumed of a drive that gives no estimate.
pub(crate) fn assumed(len: ByteLen) -> Duration {
    HOUR + Duration::from_secs(len.0 / ASSUMED_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }

    #[test]
    fn a_drive_at_655_for_hours_is_stalled_recovers_and_is_given_up_in_the_end() {
        let mut patience = Patience::new(minutes(0), minutes(40));
        assert_eq!(patience.observe(minutes(1), Some(655)), Change::None);
        assert_eq!(patience.observe(minutes(60), Some(655)), Change::None);
        assert_eq!(patience.observe(minutes(61), Some(655)), Change::Stalled);
        assert_eq!(patience.observe(minutes(90), Some(655)), Change::None, "said once");
        assert_eq!(patience.observe(minutes(600), Some(656)), Change::Recovered);
        assert_eq!(patience.observe(minutes(601), Some(656)), Change::None);
        assert_eq!(patience.observe(minutes(661), Some(656)), Change::Stalled);
        let day = 24 * 60;
        assert_eq!(patience.observe(minutes(600 + day), Some(656)), Change::GivenUp { still: minutes(day) });
    }

    #[test]
    fn progress_that_goes_to_and_fro_is_no_movement() {
        let mut patience = Patience::new(minutes(0), minutes(10));
        let mut stalled = 0;
        for minute in 1..=120 {
            let number = if minute % 2 == 0 { 655 } else { 600 };
            stalled += u32::from(patience.observe(minutes(minute), Some(number)) == Change::Stalled);
        }
        assert_eq!(stalled, 1);
    }

    #[test]
    fn a_pass_that_begins_again_is_movement_but_not_for_ever() {
        let mut patience = Patience::new(minutes(0), minutes(10));
        assert_eq!(patience.observe(minutes(1), Some(60_000)), Change::None);
        assert_eq!(patience.observe(minutes(15), Some(10)), Change::None);
        assert_eq!(patience.observe(minutes(29), Some(60_000)), Change::None);
        let swings = (0..20_000u64).map(|at| {
            let number = if at % 2 == 0 { 0 } else { 65_535 };
            patience.observe(minutes(30 + at), Some(number))
        });
        assert!(swings.into_iter().any(|change| matches!(change, Change::GivenUp { .. })));
    }

    #[test]
    fn a_drive_that_tells_no_number_is_stalled_after_its_estimate() {
        let mut patience = Patience::new(minutes(0), assumed(ByteLen(0)));
        assert_eq!(patience.observe(minutes(89), None), Change::None);
        assert_eq!(patience.observe(minutes(90), None), Change::Stalled);
    }

    proptest! {
        #[test]
        fn a_drive_that_moves_is_never_given_up(steps in prop::collection::vec(1u64..599, 1..300)) {
            let (mut patience, mut now) = (Patience::new(Duration::ZERO, Duration::ZERO), 0);
            for (number, step) in (0u16..).zip(steps) {
                now += step;
                prop_assert_eq!(patience.observe(Duration::from_secs(now), Some(number)), Change::None);
            }
        }

        #[test]
        fn a_drive_that_stands_still_is_always_given_up(numbers in prop::collection::vec(prop::option::of(any::<u16>()), 1..6)) {
            let mut patience = Patience::new(Duration::ZERO, minutes(10));
            let mut given_up = false;
            for (hour, number) in (0..24 * 200).zip(numbers.iter().cycle()) {
                given_up |= matches!(patience.observe(minutes(60 * hour), *number), Change::GivenUp { .. });
            }
            prop_assert!(given_up);
        }
    }
}
