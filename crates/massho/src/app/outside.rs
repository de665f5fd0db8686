//! What the program is plugged into.

use crate::care::{self, Care};
use crate::drives::{self, Arm};
use crate::opening::{PcPorts, StickPort};
use crate::scanner::{DriveSource, PcDrives};
use crate::seat;
use crate::sleep::{Sleep, Sleeper};
use crate::terminal;
use std::path::PathBuf;
use std::sync::Arc;

/// What the program is plugged into.
pub(crate) struct Outside {
    /// Where drives are looked for.
    pub(crate) drives: Box<dyn DriveSource>,
    /// Where sticks are mounted.
    pub(crate) ports: Arc<dyn StickPort>,
    /// What arms a drive.
    pub(crate) arm: Arc<Arm>,
    /// Where the consoles' programs meet.
    pub(crate) seat: PathBuf,
    /// Who takes care of drives that are not erased.
    pub(crate) care: Arc<dyn Care>,
    /// What puts the PC to sleep.
    pub(crate) sleeper: Arc<dyn Sleep>,
    /// What is heard from afar.
    pub(crate) bell: Box<dyn Fn()>,
}

impl Outside {
    /// This PC.
    pub(crate) fn pc() -> Self {
        Self {
            drives: Box::new(PcDrives::default()),
            ports: Arc::new(PcPorts::default()),
            arm: Arc::new(drives::arm),
            seat: seat::LOCK.into(),
            care: Arc::new(care::PcDrives),
            sleeper: Arc::new(Sleeper::default()),
            bell: Box::new(terminal::ring),
        }
    }
}
