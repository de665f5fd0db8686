//! The time that jobs live by: the machine's, or a test's.

use std::thread;
use std::time::{Duration, Instant};

/// Tells the time and lets it pass. Everything that polls, waits, times out or stalls goes through it, so that a test
/// can let days go by.
pub trait Clock: Send + Sync {
    /// Time since some beginning; never goes backwards.
    fn now(&self) -> Duration;

    /// Waits.
    fn sleep(&self, time: Duration);
}

/// The machine's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }
}
