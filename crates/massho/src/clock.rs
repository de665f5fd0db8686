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
