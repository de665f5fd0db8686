//! One run: drives made, the PC switched on, the clerk before it, the drives read afterwards.

use crate::drives::LabDrive;
use crate::outside::Before;
use crate::{
    BootFrom, Clerk, Drive, Firmware, Graphics, LabError, Log, Machine, MachineSpec, Report, Screen,
    ScreenSize, TextFile, machine, outside, pc,
};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// From power on to the boot loader's last word, on a busy host.
const FIRMWARE: Duration = Duration::from_secs(120);
/// From there to the first screen.
const BOOT: Duration = Duration::from_secs(180);
/// From the key that switches off to off.
const POWER_OFF: Duration = Duration::from_secs(60);
/// How often a PC is started again that fails to start.
const RESTARTS: u32 = 2;
/// What the boot loader says when it hands over to the kernel.
const KERNEL_STARTS: &str = "Starting massho";

/// What a run begins with.
#[derive(Debug, Clone)]
pub struct RigSpec {
    /// Its folder; everything in it may be overwritten.
    pub folder: PathBuf,
    /// The image.
    pub image: PathBuf,
    /// The PC's firmware.
    pub firmware: Firmware,
    /// What it boots from.
    pub boot: BootFrom,
    /// Its memory in mebibytes.
    pub memory: u32,
    /// Its graphics card.
    pub graphics: Graphics,
    /// The drives that are plugged in at power on.
    pub drives: Vec<Drive>,
    /// Sticks that come later.
    pub spare_sticks: Vec<Drive>,
    /// Drives that have a process of their own.
    pub lab_drives: Vec<LabDrive>,
    /// The size of the terminal on the serial line.
    pub size: ScreenSize,
}

impl RigSpec {
    /// A PC with the used drives and the results stick, by BIOS from a CD.
    ///
    /// # Errors
    /// [`LabError::File`].
    pub fn office_pc(folder: &Path, image: &Path, sizes: pc::Sizes) -> Result<Self, LabError> {
        let mut drives = pc::used_drives(folder, sizes)?;
        drives.push(pc::results_stick(folder, sizes)?);
        Ok(Self::with(folder, image, drives))
    }

    /// A PC with these drives, by BIOS from a CD.
    #[must_use]
    pub fn with(folder: &Path, image: &Path, drives: Vec<Drive>) -> Self {
        Self {
            folder: folder.to_owned(),
            image: image.to_owned(),
            firmware: Firmware::Bios,
            boot: BootFrom::Cd,
            memory: MachineSpec::MEMORY,
            graphics: Graphics::default(),
            drives,
            spare_sticks: Vec::new(),
            lab_drives: Vec::new(),
            size: ScreenSize::default(),
        }
    }

    /// Switches the PC on.
    ///
    /// # Errors
    /// [`LabError`].
    pub fn power_on(self) -> Result<Rig, LabError> {
        let before = Before::of(&self.drives)?;
        let machine = Machine::start(MachineSpec {
            folder: self.folder,
            firmware: self.firmware,
            boot: self.boot,
            image: self.image,
            memory: self.memory,
            graphics: self.graphics,
            drives: self.drives,
            spare_sticks: self.spare_sticks,
            lab_drives: self.lab_drives,
        })?;
        let screen = machine.screen(self.size)?;
        Ok(Rig { machine, screen, before, size: self.size })
    }
}

/// A run.
#[derive(Debug)]
pub struct Rig {
    /// The PC.
    pub machine: Machine,
    /// Its serial terminal.
    pub screen: Screen,
    before: Before,
    size: ScreenSize,
}

/// Whether nothing has followed what the boot loader says last.
fn is_silent(screen: &str) -> bool {
    let said = screen.trim();
    said.starts_with(KERNEL_STARTS) && said.lines().count() == 1
}

impl Rig {
    /// The clerk before the screen.
    #[must_use]
    pub fn clerk(&self) -> Clerk<'_> {
        Clerk::new(&self.screen)
    }

    /// Waits for the first screen; returns the time from the kernel's start to it. Emulated CPUs trip now and then over a
    /// kernel that patches its own code while it starts: a PC whose kernel says so, or never says anything, is switched off
    /// and on, and what its serial line said is kept.
    ///
    /// # Errors
    /// As [`Screen::wait_until`]; [`LabError`] where it cannot be started again.
    pub fn wait_first_screen(&mut self) -> Result<Duration, LabError> {
        for _ in 0..RESTARTS {
            if let Some(time) = self.boot()? {
                return Ok(time);
            }
            self.restart()?;
        }
        let panicked =
            || LabError::GuestEnded { what: "the first screen".to_owned(), screen: self.screen.text() };
        self.boot()?.ok_or_else(panicked)
    }

    /// `None` when the kernel tripped, even if it went on: drives are missing then whose modules it did not load.
    fn boot(&self) -> Result<Option<Duration>, LabError> {
        self.screen.wait_for(KERNEL_STARTS, FIRMWARE)?;
        let started = Instant::now();
        let is_over = |text: &str| Clerk::is_first_screen(text) || machine::tripped(text);
        let text = match self.screen.wait_until("the first screen", BOOT, is_over) {
            Err(LabError::Timeout { screen, .. }) if is_silent(&screen) => return Ok(None),
            text => text?,
        };
        let took = started.elapsed();
        Ok((Clerk::is_first_screen(&text) && !self.machine.tripped()?).then_some(took))
    }

    fn restart(&mut self) -> Result<(), LabError> {
        self.machine.switch_off();
        self.machine.keep_serial_log()?;
        self.machine = Machine::start(self.machine.spec().clone())?;
        self.screen = self.machine.screen(self.size)?;
        Ok(())
    }

    /// Waits until the PC is off.
    ///
    /// # Errors
    /// [`LabError::StillRunning`].
    pub fn wait_off(&mut self) -> Result<(), LabError> {
        self.machine.wait_off(POWER_OFF)
    }

    /// A drive of the PC.
    ///
    /// # Errors
    /// [`LabError::NoSuchDrive`].
    pub fn drive(&self, name: &str) -> Result<&Drive, LabError> {
        self.machine.spec().drive(name).ok_or_else(|| LabError::NoSuchDrive(name.to_owned()))
    }

    /// The serial number of a drive of the PC, whoever plays it.
    ///
    /// # Errors
    /// [`LabError::NoSuchDrive`].
    pub fn serial(&self, name: &str) -> Result<String, LabError> {
        let own = self.machine.spec().lab_drives.iter().find(|drive| drive.name == name);
        own.map_or_else(|| Ok(self.drive(name)?.serial.clone()), |own| Ok(own.serial.clone()))
    }

    /// Compares the log on the results stick with the drives' backing files and with what was expected of the
    /// drives. Returns the log, if there is one.
    pub fn check_log(&self, report: &mut Report, expected: &[outside::Expected]) -> Option<(TextFile, Log)> {
        let path = self.drive(pc::RESULTS).map(|stick| stick.path.clone()).ok()?;
        match outside::only_log(&path) {
            Ok((file, log)) => {
                let closed = if log.is_closed() { Ok(()) } else { Err("it has no close entry") };
                report.check("the log is closed", closed);
                let drives: Vec<Drive> = self
                    .machine
                    .spec()
                    .drives
                    .iter()
                    .filter(|drive| drive.name != pc::RESULTS)
                    .cloned()
                    .collect();
                outside::check_drives(report, &log, &drives, &self.before, expected);
                outside::check_media(report, &log, &self.machine.spec().lab_drives, expected);
                Some((file, log))
            }
            Err(why) => {
                report.check("the results stick holds one whole log", Err(why));
                None
            }
        }
    }

    /// The twelve characters on the screen are the log's, and shown in three groups of four.
    pub fn check_head(report: &mut Report, shown: &str, log: &Log) {
        report.same("the characters to copy are the log's", &shown.replace(' ', "-"), &log.head12());
    }

    /// The boot stick is the image still, byte for byte.
    pub fn check_boot_stick(&self, report: &mut Report) {
        let spec = self.machine.spec();
        if spec.boot == BootFrom::Usb {
            let same =
                std::fs::read(spec.boot_stick()).and_then(|now| Ok(now == std::fs::read(&spec.image)?));
            let same = match same {
                Ok(true) => Ok(()),
                Ok(false) => Err("it was written to".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            report.check("the boot stick is unchanged", same);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_silent;

    #[test]
    fn only_a_kernel_that_never_said_anything_is_silent() {
        assert!(is_silent("\nStarting massho ...\n\n"));
        assert!(!is_silent("Starting massho ...\n[    0.5] something\n"));
        assert!(!is_silent("massho   1/10 Language"));
        assert!(!is_silent(""));
    }
}
