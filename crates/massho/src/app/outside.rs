//! What the program is plugged into.

use crate::care::{self, Care};
use crate::console::Console;
use crate::display;
use crate::drives::{self, Arm};
use crate::keyboard;
use crate::office::{AskBoot, BootStick};
use crate::opening::{PcPorts, StickPort};
use crate::pc;
use crate::recorder::Recorder;
use crate::scanner::{DriveSource, PcDrives};
use crate::seat;
use crate::sleep::{Sleep, Sleeper};
use crate::supply;
use crate::terminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wizard::Display;

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
    /// What writes down what happens.
    pub(crate) recorder: Recorder,
    /// What is heard from afar.
    pub(crate) bell: Box<dyn Fn()>,
    /// Whether the PC lives on its battery.
    pub(crate) on_battery: Box<dyn Fn() -> bool>,
    /// What draws on this console's screen.
    pub(crate) display: Box<dyn Fn() -> Display>,
    /// The PC by its DMI tables.
    pub(crate) pc: record::Pc,
    /// Where the choice of a keyboard is left for whoever starts the screen.
    pub(crate) keyboard: PathBuf,
    /// What every log of this start says first.
    pub(crate) said: Vec<record::Notice>,
}

impl Outside {
    /// This PC, by one of its consoles.
    pub(crate) fn pc(console: Console, recorder: Recorder) -> Self {
        let stick = BootStick::of_this_image();
        let read = stick.clone();
        let boot: Arc<AskBoot> = Arc::new(move || read.documents());
        Self {
            drives: Box::new(PcDrives::new(stick)),
            ports: Arc::new(PcPorts::default()),
            arm: Arc::new(drives::arm),
            seat: seat::LOCK.into(),
            care: Arc::new(care::PcDrives),
            sleeper: Arc::new(Sleeper::default()),
            boot,
            recorder,
            bell: Box::new(terminal::ring),
            on_battery: Box::new(|| supply::is_on_battery(Path::new(supply::SUPPLIES))),
            display: Box::new(move || display::of(console, Path::new(display::CARDS))),
            pc: pc::identity(),
            keyboard: keyboard::CHOSEN.into(),
            said: of_this_start(pc::is_rescue(), pc::is_unlocked()),
        }
    }
}

/// What every log of this start says beforehand.
fn of_this_start(is_rescue: bool, is_unlocked: bool) -> Vec<record::Notice> {
    let rescue = "started by the boot menu's entry for technicians: there is a shell on this PC";
    let unlocked =
        "the image says that it is unlocked: not all of its Debian packages are those of the release's lock";
    let said = [(is_rescue, rescue), (is_unlocked, unlocked)];
    let notice =
        |detail: &str| record::Notice { code: record::NoticeCode::Other, drive: None, detail: detail.into() };
    said.into_iter().filter(|(holds, _)| *holds).map(|(_, detail)| notice(detail)).collect()
}

#[cfg(test)]
mod tests {
    use super::of_this_start;

    #[test]
    fn a_start_with_a_shell_and_an_unlocked_image_stand_in_every_log() {
        let said = |is_rescue, is_unlocked| -> Vec<String> {
            of_this_start(is_rescue, is_unlocked).into_iter().map(|notice| notice.detail).collect()
        };
        assert!(said(false, false).is_empty());
        assert!(said(true, false).concat().contains("shell"));
        assert!(said(false, true).concat().contains("unlocked"));
        assert_eq!(said(true, true).len(), 2);
    }
}
