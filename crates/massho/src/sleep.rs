//! Putting the PC to sleep for some seconds, which thaws drives that its firmware froze.

use crate::clock;
use crate::event::Event;
use crate::keeper::{NotLetGo, Parting};
use crossbeam_channel::Sender;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Why the PC did not sleep.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SleepError {
    /// Its filesystem could come to harm.
    #[error(transparent)]
    Stick(#[from] NotLetGo),
    /// The firmware offers no S3: drives keep their power in every other kind of sleep.
    #[error("this PC has no deep sleep")]
    NoDeepSleep,
    /// Nothing would wake it.
    #[error("the clock that is to wake the PC cannot be set: {0}")]
    Alarm(io::Error),
    /// The kernel refused.
    #[error("the PC did not sleep: {0}")]
    Refused(io::Error),
}

/// What puts the PC to sleep.
pub(crate) trait Sleep: Send + Sync {
    /// Whether there is a sleep in which drives lose their power (ACPI S3; the kernel calls it "deep").
    fn has_deep_sleep(&self) -> bool;

    /// Sleeps until the clock wakes the PC, or a person does. Returns when it is awake again.
    ///
    /// # Errors
    /// [`SleepError`]: it did not sleep.
    fn sleep(&self, time: Duration) -> Result<(), SleepError>;
}

/// How a sleep ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SleepEnd {
    /// The PC slept for so long.
    Slept(Duration),
    /// It did not; the text says why.
    NotSlept(String),
}

/// Puts the PC to sleep once its stick was let go of; not at all if that cannot be seen. An [`Event::Slept`] follows.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn sleep_in_background(
    sleeper: Arc<dyn Sleep>,
    stick: Option<Parting>,
    time: Duration,
    events: Sender<Event>,
) -> io::Result<()> {
    let work = move || {
        let slept = catch_unwind(AssertUnwindSafe(|| sleep_without_stick(sleeper.as_ref(), stick, time)));
        let end = match slept {
            Ok(Ok(time)) => SleepEnd::Slept(time),
            Ok(Err(error)) => SleepEnd::NotSlept(error.to_string()),
            Err(_) => SleepEnd::NotSlept(wizard::Cause::Fault.to_string()),
        };
        // Without a listener the program is at its end.
        let _ = events.send(Event::Slept(end));
    };
    thread::Builder::new().name("sleep".into()).spawn(work).map(drop)
}

fn sleep_without_stick(
    sleeper: &dyn Sleep,
    stick: Option<Parting>,
    time: Duration,
) -> Result<Duration, SleepError> {
    stick.map_or(Ok(()), Parting::wait_until_let_go)?;
    let before = clock::since_start();
    sleeper.sleep(time)?;
    Ok(clock::since_start().saturating_sub(before))
}

/// The kernel's files.
pub(crate) struct Sleeper {
    power: PathBuf,
    alarm: PathBuf,
}

impl Default for Sleeper {
    fn default() -> Self {
        Self { power: "/sys/power".into(), alarm: "/sys/class/rtc/rtc0/wakealarm".into() }
    }
}

impl Sleep for Sleeper {
    fn has_deep_sleep(&self) -> bool {
        let offered = fs::read_to_string(self.power.join("mem_sleep")).unwrap_or_default();
        offered.split_whitespace().any(|kind| kind.trim_matches(['[', ']']) == "deep")
    }

    fn sleep(&self, time: Duration) -> Result<(), SleepError> {
        if !self.has_deep_sleep() {
            return Err(SleepError::NoDeepSleep);
        }
        // An alarm that is set already has to be cleared before another can be.
        write(&self.alarm, "0").map_err(SleepError::Alarm)?;
        write(&self.alarm, &format!("+{}", time.as_secs())).map_err(SleepError::Alarm)?;
        let slept = write(&self.power.join("mem_sleep"), "deep")
            .and_then(|()| write(&self.power.join("state"), "mem"))
            .map_err(SleepError::Refused);
        // Not before the next sleep that somebody else has set it for.
        let _ = write(&self.alarm, "0");
        slept
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).truncate(true).open(path).and_then(|file| {
        use std::os::unix::fs::FileExt;
        file.write_all_at(text.as_bytes(), 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(folder: &Path, kinds: &str) -> Sleeper {
        for (name, text) in [("mem_sleep", kinds), ("state", "freeze mem"), ("wakealarm", "")] {
            fs::write(folder.join(name), text).unwrap();
        }
        Sleeper { power: folder.into(), alarm: folder.join("wakealarm") }
    }

    #[test]
    fn a_pc_without_deep_sleep_is_not_put_to_sleep() {
        let folder = tempfile::tempdir().unwrap();
        for kinds in ["[s2idle]\n", "", "[s2idle] shallow\n"] {
            let sleeper = sleeper(folder.path(), kinds);
            assert!(matches!(sleeper.sleep(Duration::from_secs(5)), Err(SleepError::NoDeepSleep)));
            assert_eq!(fs::read_to_string(folder.path().join("state")).unwrap(), "freeze mem");
        }
    }

    #[test]
    fn the_alarm_is_set_before_the_pc_sleeps_and_cleared_after() {
        let folder = tempfile::tempdir().unwrap();
        let sleeper = sleeper(folder.path(), "s2idle [deep]\n");
        sleeper.sleep(Duration::from_secs(7)).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("mem_sleep").as_str(), read("state").as_str()), ("deep", "mem"));
        assert_eq!(read("wakealarm"), "0");
    }

    #[test]
    fn without_a_clock_that_wakes_it_the_pc_stays_awake() {
        let folder = tempfile::tempdir().unwrap();
        let sleeper = Sleeper { alarm: folder.path().join("none"), ..sleeper(folder.path(), "[deep]") };
        assert!(matches!(sleeper.sleep(Duration::from_secs(7)), Err(SleepError::Alarm(_))));
        assert_eq!(fs::read_to_string(folder.path().join("state")).unwrap(), "freeze mem");
    }
}
