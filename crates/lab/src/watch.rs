//! What happens to a PC's drives when something happens to the PC.

use crate::drives::{LabDrive, PowerChange};
use crate::{LabError, Qmp};
use std::time::Duration;

/// How long an event is waited for before the next look.
const LOOK: Duration = Duration::from_secs(3600);

/// A thread that hears of the PC's sleep and reset by a QMP connection of its own.
#[derive(Debug)]
pub(crate) struct Watch;

impl Watch {
    /// Starts it. It ends with QEMU.
    pub(crate) fn start(mut qmp: Qmp, drives: Vec<LabDrive>) -> Self {
        std::thread::spawn(move || {
            loop {
                match qmp.next_event(LOOK) {
                    Ok(Some(event)) => pass_on(&event.name, &drives),
                    Ok(None) => {}
                    // QEMU has ended.
                    Err(LabError::Socket { .. }) => return,
                    Err(_) => {}
                }
            }
        });
        Self
    }
}

/// A drive loses its power with the PC that sleeps (S3), and gets it back when that wakes: for the drive one event.
fn pass_on(event: &str, drives: &[LabDrive]) {
    let change = match event {
        "SUSPEND" => PowerChange::Sleep,
        "RESET" => PowerChange::Reset,
        _ => return,
    };
    for drive in drives {
        // A drive whose process has ended has no power to lose.
        let _ = drive.power(change);
    }
}
