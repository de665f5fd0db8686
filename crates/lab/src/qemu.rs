//! QEMU's command line.

use crate::drive::merge;
use crate::drives::{LabDrive, Part, Place};
use crate::{Drive, Kind, LabError};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Which firmware the PC has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmware {
    /// SeaBIOS.
    Bios,
    /// OVMF, without Secure Boot.
    Uefi,
    /// OVMF with Microsoft's keys, and Secure Boot on.
    UefiSecure,
    /// 32-bit OVMF, as on a few PCs with a 64-bit processor; without Secure Boot.
    UefiIa32,
}

impl Firmware {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bios, Self::Uefi, Self::UefiSecure, Self::UefiIa32];

    /// The files that Debian's packages `ovmf` and `ovmf-ia32` have of it: code, and variables as they are at first.
    fn files(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Bios => None,
            Self::Uefi => Some(("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd")),
            Self::UefiSecure => {
                Some(("/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"))
            }
            Self::UefiIa32 => {
                Some(("/usr/share/OVMF/OVMF32_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF32_VARS_4M.fd"))
            }
        }
    }

    /// Whether its code wants system management mode, in which alone its variables can be written.
    fn wants_smm(self) -> bool {
        matches!(self, Self::UefiSecure | Self::UefiIa32)
    }
}

/// What the image is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootFrom {
    /// A CD.
    Cd,
    /// A USB stick.
    Usb,
    /// Nothing: QEMU itself loads `vmlinuz` and `initramfs.zst` from the folder that the image then is.
    Kernel,
}

/// Which graphics card the PC has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Graphics {
    /// A plain VGA card with VESA modes.
    #[default]
    Vga,
    /// A virtio GPU that is also a VGA card until its driver is there.
    Virtio,
}

impl Graphics {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Vga => &["-vga", "std"],
            Self::Virtio => &["-vga", "virtio"],
        }
    }
}

/// A PC.
#[derive(Debug, Clone)]
pub struct MachineSpec {
    /// Its folder: sockets apart, everything that a run leaves lies there.
    pub folder: PathBuf,
    /// Its firmware.
    pub firmware: Firmware,
    /// What it boots from.
    pub boot: BootFrom,
    /// The image.
    pub image: PathBuf,
    /// Its memory in mebibytes.
    pub memory: u32,
    /// Its graphics card.
    pub graphics: Graphics,
    /// Its drives, in the order of their ports.
    pub drives: Vec<Drive>,
    /// Drives whose backing files are ready, but which are plugged in later, if at all.
    pub spare_sticks: Vec<Drive>,
    /// Drives that have a process of their own.
    pub lab_drives: Vec<LabDrive>,
}

/// Sockets that QEMU is to connect to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sockets<'a> {
    /// The serial line.
    pub(crate) serial: &'a Path,
    /// QMP, for whoever drives the machine.
    pub(crate) control: &'a Path,
    /// QMP, for what must happen to the drives when something happens to the PC.
    pub(crate) watch: &'a Path,
    /// The port by which the guest of `just lab run` gets its commands.
    pub(crate) run: &'a Path,
}

/// Ports of q35's own AHCI controller; the last is the CD's.
const CD_PORT: usize = 5;
/// The name of the boot stick among the drives.
pub(crate) const BOOT_STICK: &str = "boot";
/// The port that crates/lab/guest/init listens on.
const RUN_PORT: &str = "massho.run";
/// What the PC says it is.
const SMBIOS: &str = "type=1,manufacturer=MASSHO,product=Lab PC,serial=LAB-PC-1,\
                      uuid=6d617373-686f-4c61-8000-000000000001";

impl MachineSpec {
    /// The memory of a PC that nothing else is asked of, in mebibytes.
    pub const MEMORY: u32 = 1024;

    /// The arguments, with the paths of the sockets that QEMU is to connect to. Copies what must be writable.
    pub(crate) fn arguments(&self, sockets: Sockets<'_>) -> Result<Vec<String>, LabError> {
        let mut arguments = Arguments::default();
        let smm = if self.firmware.wants_smm() { ",smm=on" } else { "" };
        arguments.add("-machine", format!("q35{smm},pcspk-audiodev=speaker"));
        arguments.add("-audiodev", format!("wav,id=speaker,path={}", self.speaker().display()));
        arguments.add("-accel", "tcg,thread=multi");
        arguments.add("-cpu", "max");
        arguments.add("-smp", "2");
        if self.shares_memory() {
            arguments.0.extend(crate::vfio::memory_arguments(self.memory));
        } else {
            arguments.add("-m", self.memory.to_string());
        }
        arguments.add("-nic", "none");
        arguments.add("-display", "none");
        arguments.0.extend(self.graphics.arguments().iter().map(|argument| (*argument).to_owned()));
        arguments.add("-smbios", SMBIOS);
        arguments.add("-rtc", format!("base={}", japanese_time(Timestamp::now())));
        arguments.0.push("-no-reboot".to_owned());
        arguments.add("-chardev", logged_socket("serial0", sockets.serial, &self.serial_log()));
        arguments.add("-serial", "chardev:serial0");
        for (name, path) in [("control0", sockets.control), ("watch0", sockets.watch)] {
            arguments.add("-chardev", format!("socket,id={name},path={}", path.display()));
            arguments.add("-mon", format!("chardev={name},mode=control"));
        }
        arguments.add("-device", json!({ "driver": "qemu-xhci", "id": "xhci" }).to_string());
        self.add_firmware(&mut arguments)?;
        self.add_image(&mut arguments, sockets)?;
        if self.drives.iter().any(|drive| drive.kind == Kind::Scsi) {
            arguments.add("-device", json!({ "driver": "virtio-scsi-pci", "id": "scsi" }).to_string());
        }
        for (port, drive) in self.drives.iter().enumerate() {
            arguments.add_drive(drive);
            arguments.add("-device", drive.device(port).to_string());
        }
        self.spare_sticks.iter().for_each(|stick| arguments.add_drive(stick));
        self.lab_drives.iter().flat_map(LabDrive::parts).for_each(|part| arguments.add_part(&part));
        Ok(arguments.0)
    }

    /// Whether a drive's process must reach the guest's memory.
    fn shares_memory(&self) -> bool {
        self.lab_drives.iter().any(|drive| !matches!(drive.at, Place::Iscsi { .. }))
    }

    fn add_firmware(&self, arguments: &mut Arguments) -> Result<(), LabError> {
        let Some((code, fresh)) = self.firmware.files() else { return Ok(()) };
        let vars = self.folder.join("ovmf-vars.fd");
        std::fs::copy(fresh, &vars).map_err(LabError::file("copy", Path::new(fresh)))?;
        if self.firmware.wants_smm() {
            arguments.add("-global", "driver=cfi.pflash01,property=secure,value=on");
        }
        arguments.add("-drive", format!("if=pflash,unit=0,format=raw,readonly=on,file={code}"));
        arguments.add("-drive", format!("if=pflash,unit=1,format=raw,file={}", vars.display()));
        Ok(())
    }

    fn add_image(&self, arguments: &mut Arguments, sockets: Sockets<'_>) -> Result<(), LabError> {
        match self.boot {
            BootFrom::Kernel => {
                arguments.add("-kernel", self.image.join("vmlinuz").display().to_string());
                arguments.add("-initrd", self.image.join("initramfs.zst").display().to_string());
                arguments.add("-append", "console=ttyS0 quiet");
                arguments.add("-device", "virtio-serial-pci");
                arguments.add("-chardev", format!("socket,id=run0,path={}", sockets.run.display()));
                arguments.add("-device", format!("virtserialport,chardev=run0,name={RUN_PORT}"));
            }
            BootFrom::Cd => {
                let cd = json!({
                    "driver": "raw", "node-name": "node-cd", "read-only": true,
                    "file": { "driver": "file", "filename": self.image, "read-only": true },
                });
                arguments.add("-blockdev", cd.to_string());
                let bus = format!("ide.{CD_PORT}");
                let device = json!({ "driver": "ide-cd", "bus": bus, "drive": "node-cd", "bootindex": 0 });
                arguments.add("-device", device.to_string());
            }
            BootFrom::Usb => {
                let copy = self.boot_stick();
                std::fs::copy(&self.image, &copy).map_err(LabError::file("copy", &self.image))?;
                let stick = Drive::over(&copy, BOOT_STICK, Kind::UsbStick);
                arguments.add_drive(&stick);
                let mut device = stick.device(0);
                merge(&mut device, json!({ "bootindex": 0 }));
                arguments.add("-device", device.to_string());
            }
        }
        Ok(())
    }

    /// The copy of the image that a PC booted from a stick has: it must be the same as the image afterwards.
    #[must_use]
    pub fn boot_stick(&self) -> PathBuf {
        self.folder.join("boot-stick.raw")
    }

    /// What the PC's speaker has sounded since power on, as QEMU writes it: a header of 44 bytes, then samples.
    #[must_use]
    pub fn speaker(&self) -> PathBuf {
        self.folder.join("speaker.wav")
    }

    /// What the guest has sent by the serial line since power on.
    pub(crate) fn serial_log(&self) -> PathBuf {
        self.folder.join("serial.log")
    }

    /// A drive of that name, plugged in or not.
    #[must_use]
    pub fn drive(&self, name: &str) -> Option<&Drive> {
        self.drives.iter().chain(&self.spare_sticks).find(|drive| drive.name == name)
    }
}

/// What a clock shows in Japan, as QEMU takes it. The clocks of office PCs run by local time.
fn japanese_time(now: Timestamp) -> String {
    let japan = TimeZone::fixed(Offset::constant(9));
    now.to_zoned(japan).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The serial line's socket; what the guest sends is also written to a file.
fn logged_socket(id: &str, path: &Path, log: &Path) -> String {
    format!("socket,id={id},path={},logfile={}", path.display(), log.display())
}

#[derive(Debug, Default)]
struct Arguments(Vec<String>);

impl Arguments {
    fn add(&mut self, option: &str, value: impl Into<String>) {
        self.0.extend([option.to_owned(), value.into()]);
    }

    fn add_part(&mut self, part: &Part) {
        match part {
            Part::Node(node) => self.add("-blockdev", node.to_string()),
            Part::Socket { id, path } => {
                self.add("-chardev", format!("socket,id={id},path={}", path.display()))
            }
            Part::Adapter(device) | Part::Device(device) => self.add("-device", device.to_string()),
        }
    }

    fn add_drive(&mut self, drive: &Drive) {
        self.add("-object", drive.object().to_string());
        self.add("-blockdev", drive.blockdev().to_string());
    }
}

impl Kind {
    /// Whether it can be pulled and plugged in while the PC runs.
    pub(crate) fn is_pluggable(self) -> bool {
        self == Self::UsbStick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pcs_clock_shows_japans_time() {
        let at = |seconds| japanese_time(Timestamp::from_second(seconds).unwrap());
        assert_eq!(at(1_709_132_399), "2024-02-28T23:59:59");
        assert_eq!(at(1_798_729_200), "2027-01-01T00:00:00");
    }
}
