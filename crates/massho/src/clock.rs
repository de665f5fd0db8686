//! The PC's two clocks.

use crate::pc;
use model::Count;
use record::{At, WallTime};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wizard::ClockState;

/// The moment now, by both clocks.
pub(crate) fn now() -> At {
    At { wall: wall(), monotonic_ms: Count(monotonic_ms()) }
}

/// The wall clock. A clock before 1970 reads as 1970.
pub(crate) fn wall() -> WallTime {
    WallTime::from_unix(wall_seconds())
}

fn wall_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Milliseconds since the PC was started, time in suspend included.
fn monotonic_ms() -> u64 {
    u64::try_from(since_start().as_millis()).unwrap_or(u64::MAX)
}

/// The time since the PC was started, time in suspend included.
pub(crate) fn since_start() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)).saturating_add(Duration::from_nanos(part(time.tv_nsec)))
}

/// Notices when the wall clock does not go as the time since the start does: a dead battery after a sleep, a firmware that
/// sets it.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// The wall clock at the PC's start, by the last look.
    start: Option<i64>,
}

/// Less is no jump: both clocks are read one after the other, and tick a little differently.
const JUMP: i64 = 5;

impl Pace {
    /// Looks at both clocks. What to say of it if the wall clock has jumped since the last look.
    pub(crate) fn look(&mut self) -> Option<String> {
        self.compare(wall_seconds(), since_start().as_secs())
    }

    fn compare(&mut self, wall: u64, since_start: u64) -> Option<String> {
        let signed = |seconds| i64::try_from(seconds).unwrap_or(i64::MAX);
        let start = signed(wall).saturating_sub(signed(since_start));
        let before = self.start.replace(start)?;
        let by = start.saturating_sub(before);
        if by.abs() < JUMP {
            return None;
        }
        let expected = u64::try_from(before.saturating_add(signed(since_start))).unwrap_or(0);
        let (now, expected) = (WallTime::from_unix(wall), WallTime::from_unix(expected));
        Some(format!("the PC's clock says {now} where {expected} was due, {by} s off"))
    }
}

/// The date and time for people.
pub(crate) fn for_people() -> String {
    wall().as_str().get(..16).unwrap_or_default().replace('T', " ")
}

/// Whether the wall clock can be right: it cannot be earlier than the image.
pub(crate) fn state() -> ClockState {
    match pc::image_time() {
        None => ClockState::Unknown,
        Some(made) if wall_seconds() < made => ClockState::Implausible,
        Some(_) => ClockState::Plausible,
    }
}

/// The same for the record.
pub(crate) fn is_plausible() -> Option<bool> {
    match state() {
        ClockState::Plausible => Some(true),
        ClockState::Implausible => Some(false),
        ClockState::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_backwards_or_leaps_is_noticed_once() {
        let mut pace = Pace::default();
        assert_eq!(pace.compare(1_795_398_300, 20), None);
        assert_eq!(pace.compare(1_795_398_361, 80), None);
        let said = pace.compare(946_684_800, 81).unwrap();
        assert!(said.contains("2000-01-01T00:00:00 where 2026-11-23T01:46:02 was due"), "{said}");
        assert_eq!(pace.compare(946_684_801, 82), None);
        assert!(pace.compare(1_795_398_300, 83).unwrap().contains(" 848713498 s off"));
    }

    #[test]
    fn a_clock_that_drifts_slowly_is_no_jump() {
        let mut pace = Pace::default();
        assert!((0..100).all(|minute| pace.compare(1_000_000 + minute * 61, minute * 60).is_none()));
    }
}
