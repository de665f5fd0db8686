//! What happens outside, and the threads that listen for it.

use crate::care::Cared;
use crate::drives::Armed;
use crate::gate::PermitRequest;
use crate::keeper::Kept;
use crate::office::Unsealed;
use crate::opening::{Opened, PutOnOpened};
use crate::scanner::Scanned;
use crate::sleep::SleepEnd;
use crate::terminal::{self, SizeProbe};
use crossbeam_channel::Sender;
use sanitize::DriveEvent;
use std::io;
use std::thread;
use std::time::Duration;
use wizard::Key;

/// One thing that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A key.
    Key(Key),
    /// The terminal has this size now.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Drives came or went.
    Hotplug,
    /// Drives were looked for.
    Scanned(Scanned),
    /// A stick was opened, or could not be.
    Opened(Opened),
    /// A passphrase was tried.
    Unsealed(Unsealed),
    /// The keeper of the log has something to tell.
    Kept(Kept),
    /// A drive was armed, or could not be.
    Armed(Armed),
    /// A job has something to tell.
    Job(DriveEvent),
    /// A job asks before an irreversible step.
    Permit(PermitRequest),
    /// A drive that is taken care of has something to tell.
    Care(Cared),
    /// A file was put on a stick on which no session has begun, or was not.
    Put(PutOnOpened),
    /// The PC is awake again, or did not sleep.
    Slept(SleepEnd),
    /// The PC's power button was pressed.
    PowerButton,
    /// A second has passed.
    Tick,
}

/// How long the thread of keys waits before it looks whether the size is wanted.
const KEY_PATIENCE: Duration = Duration::from_millis(700);

/// Sends keys and sizes.
pub(crate) fn listen_to_keys(events: Sender<Event>, probe: SizeProbe) -> io::Result<()> {
    thread::Builder::new().name("keys".into()).spawn(move || {
        loop {
            let event = match crossterm::event::poll(KEY_PATIENCE) {
                Ok(true) => crossterm::event::read().map(translate),
                Ok(false) if probe.is_wanted() => {
                    Ok(probe.ask().map(|(width, height)| Event::Resized { width, height }))
                }
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            match event {
                Ok(None) => {}
                Ok(Some(event)) => {
                    if events.send(event).is_err() {
                        return;
                    }
                }
                // A line that hung up: nobody types any more, jobs go on.
                Err(error) => {
                    tracing::warn!(%error, "keys cannot be read");
                    thread::sleep(Duration::from_secs(1));
                }
            }
        }
    })?;
    Ok(())
}

fn translate(event: crossterm::event::Event) -> Option<Event> {
    match event {
        crossterm::event::Event::Key(event) => terminal::key(event).map(Event::Key),
        crossterm::event::Event::Resize(width, height) => Some(Event::Resized { width, height }),
        _ => None,
    }
}

/// Sends a word whenever udev has one about block devices. Without udev, one every five seconds.
pub(crate) fn listen_to_udev(events: Sender<Event>) -> io::Result<()> {
    thread::Builder::new().name("udev".into()).spawn(move || {
        let monitor = inventory::Monitor::new();
        if let Err(error) = &monitor {
            tracing::warn!(%error, "no hot-plug events");
        }
        loop {
            let news = match &monitor {
                Ok(monitor) => monitor.wait(Duration::from_secs(60), Duration::from_millis(250)),
                Err(_) => Ok(true),
            };
            match news {
                Ok(true) => {
                    if events.send(Event::Hotplug).is_err() {
                        return;
                    }
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "waiting for udev"),
            }
            if monitor.is_err() {
                thread::sleep(Duration::from_secs(5));
            }
        }
    })?;
    Ok(())
}
