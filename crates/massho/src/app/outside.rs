//! What the program is plugged into.

use crate::care::{self, Care};
use crate::drives::{self, Arm};
use crate::office::{AskBoot, BootDocuments};
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
    /// The office's documents on the boot stick.
    pub(crate) boot: Arc<AskBoot>,
    /// What is heard from afar.
    pub(crate) bell: Box<dyn Fn()>,
}

impl Outside {
    /// This PC.
    pub(crate) fn pc() -> Self {
        // Nothing reads the boot stick yet: it has no documents then, and the log says so.
        let boot: Arc<AskBoot> = Arc::new(BootDocuments::default);
        Self {
            drives: Box::new(PcDrives::new(boot.clone())),
            ports: Arc::new(PcPorts::default()),
            arm: Arc::new(drives::arm),
            seat: seat::LOCK.into(),
            care: Arc::new(care::PcDrives),
            sleeper: Arc::new(Sleeper::default()),
            boot,
            bell: Box::new(terminal::ring),
        }
    }
}
