//! A plain Debian guest with other people's tools in it, to try drives with.

use crate::drives::{Bay, LabDrive, Model};
use crate::{
    BootFrom, Contents, Drive, Firmware, Graphics, Kind, LabError, Machine, MachineSpec, Places, machine, pc,
};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The script that makes it, from the repository's root.
const SCRIPT: &str = "crates/lab/guest/build.sh";
/// How long a look at the guest's port lasts.
const LOOK: Duration = Duration::from_millis(200);
/// What a guest is asked first, to know that it has come up.
const FIRST: &str = "true";
/// From power on to the first answer, on a busy host.
const BOOT: Duration = Duration::from_secs(180);
/// How long a look into the kernel's messages takes at most.
const MESSAGES: Duration = Duration::from_secs(30);
/// How often a guest is started again whose kernel tripped.
const RESTARTS: u32 = 2;

/// The guest, running.
#[derive(Debug)]
pub struct Guest {
    /// The PC that it runs on.
    pub machine: Machine,
    port: UnixStream,
    asked: u32,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it printed, errors among it.
    pub output: String,
    /// Its exit status.
    pub status: u8,
}

impl Guest {
    /// Makes the guest's kernel and initramfs where they are not, and returns the folder that holds them. Needs
    /// Debian's archive the first time.
    ///
    /// # Errors
    /// [`LabError::Start`], [`LabError::EndedAtOnce`] with what the script said.
    pub fn build(places: &Places) -> Result<PathBuf, LabError> {
        let script = places.root().join(SCRIPT);
        let start = |source| LabError::Start { program: script.display().to_string(), source };
        let built = Command::new(&script).output().map_err(start)?;
        if built.status.success() {
            return Ok(places.lab().join("guest"));
        }
        let stderr = String::from_utf8_lossy(&built.stderr).into_owned();
        Err(LabError::EndedAtOnce { status: built.status.to_string(), stderr })
    }

    /// Boots it with the drives of a bay.
    ///
    /// # Errors
    /// [`LabError`].
    pub fn boot(places: &Places, folder: &Path, bay: &Bay) -> Result<Self, LabError> {
        Self::boot_with(places, folder, plain_drives(bay, folder)?, bay.drives().to_vec())
    }

    /// Boots it with QEMU's own drives, and with those that have a process of their own.
    ///
    /// # Errors
    /// [`LabError`].
    pub fn boot_with(
        places: &Places,
        folder: &Path,
        drives: Vec<Drive>,
        lab_drives: Vec<LabDrive>,
    ) -> Result<Self, LabError> {
        let spec = MachineSpec {
            folder: folder.to_owned(),
            firmware: Firmware::Bios,
            boot: BootFrom::Kernel,
            image: Self::build(places)?,
            memory: MachineSpec::MEMORY,
            graphics: Graphics::default(),
            drives,
            spare_sticks: Vec::new(),
            lab_drives,
        };
        for _ in 0..RESTARTS {
            let mut guest = Self::on(Machine::start(spec.clone())?)?;
            if !guest.tripped()? {
                return Ok(guest);
            }
            guest.machine.switch_off();
            guest.machine.keep_serial_log()?;
        }
        Self::on(Machine::start(spec)?)
    }

    /// Whether the kernel came up with a fault of its own. Whatever loaded a module then has died with the kernel's
    /// locks in its hands, and the drives that the module is for never appear.
    fn tripped(&mut self) -> Result<bool, LabError> {
        Ok(machine::tripped(&self.run("dmesg", MESSAGES)?.output))
    }

    /// Waits for the guest on a PC that was started with it.
    fn on(machine: Machine) -> Result<Self, LabError> {
        let port = machine.run_port()?.ok_or(LabError::NotConnected(Duration::ZERO))?;
        port.set_read_timeout(Some(LOOK)).map_err(broken)?;
        let mut guest = Self { machine, port, asked: 0 };
        guest.run_within(FIRST, BOOT, |_| {})?;
        Ok(guest)
    }

    /// Runs a command in its shell.
    ///
    /// # Errors
    /// [`LabError::Socket`], [`LabError::Timeout`], [`LabError::GuestEnded`].
    pub fn run(&mut self, command: &str, within: Duration) -> Result<Ran, LabError> {
        self.run_within(command, within, |_| {})
    }

    /// The same; what it prints is passed on as it comes.
    ///
    /// # Errors
    /// As [`Guest::run`].
    pub fn run_within(
        &mut self,
        command: &str,
        within: Duration,
        mut print: impl FnMut(&[u8]),
    ) -> Result<Ran, LabError> {
        self.asked += 1;
        let mark = format!("\n{MARK}{} ", self.asked);
        let line = format!("{MARK}{} {}\n", self.asked, base64(command.as_bytes()));
        self.port.write_all(line.as_bytes()).map_err(broken)?;
        let (mut said, mut printed, end) = (Vec::new(), 0, Instant::now() + within);
        loop {
            if let Some(ran) = ended(&said, &mark) {
                print(ran.output.as_bytes().get(printed..).unwrap_or_default());
                return Ok(ran);
            }
            // What may be the beginning of the mark is held back.
            let sure = said.len().saturating_sub(mark.len() + 4);
            if sure > printed {
                print(said.get(printed..sure).unwrap_or_default());
                printed = sure;
            }
            self.listen(&mut said, command, end, within)?;
        }
    }

    fn listen(
        &mut self,
        said: &mut Vec<u8>,
        command: &str,
        end: Instant,
        within: Duration,
    ) -> Result<(), LabError> {
        let mut buffer = [0; 4096];
        match self.port.read(&mut buffer) {
            Ok(0) => return Err(ended_early(command, said)),
            Ok(length) => said.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(source) => return Err(broken(source)),
        }
        if Instant::now() > end {
            let screen = String::from_utf8_lossy(said).into_owned();
            return Err(LabError::Timeout { what: command.to_owned(), after: within, screen });
        }
        Ok(())
    }
}

/// Begins the line that ends a command's output.
const MARK: &str = "massho-lab-mark-";

fn broken(source: std::io::Error) -> LabError {
    LabError::Socket { what: "run port", source }
}

fn ended_early(command: &str, said: &[u8]) -> LabError {
    LabError::GuestEnded { what: command.to_owned(), screen: String::from_utf8_lossy(said).into_owned() }
}

/// Output and status, once the line with the mark is complete.
fn ended(said: &[u8], mark: &str) -> Option<Ran> {
    let text = String::from_utf8_lossy(said);
    let (output, rest) = text.rsplit_once(mark)?;
    let status = rest.strip_suffix('\n')?.parse().ok()?;
    Some(Ran { output: output.to_owned(), status })
}

/// QEMU's own drives of a bay, each over a file of the pattern.
fn plain_drives(bay: &Bay, folder: &Path) -> Result<Vec<Drive>, LabError> {
    let run = pc::run_marker();
    let make = |plain: &crate::drives::Definition| {
        let kind = match plain.kind {
            Model::PlainScsi => Kind::Scsi,
            Model::PlainNvme => Kind::Nvme,
            Model::UsbStick => Kind::UsbStick,
            _ => Kind::Hdd,
        };
        Drive::create(folder, &run, &plain.name, kind, plain.size_mib, &Contents::Pattern)
    };
    bay.plain().iter().map(make).collect()
}

/// RFC 4648, clause 4.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            (0..3).fold(0usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let sign = SIGNS.get(bits >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            text.push(if at > three.len() { '=' } else { char::from(sign) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_command_ends_with_its_mark_and_not_before() {
        let mark = "\nmassho-lab-mark-2 ";
        assert_eq!(ended(b"hello\nmassho-lab-mark-1 0\n", mark), None);
        assert_eq!(ended(b"hello\nmassho-lab-mark-2 1", mark), None);
        let ran = ended(b"hello\nworld\n\nmassho-lab-mark-2 17\n", mark).unwrap();
        assert_eq!((ran.output.as_str(), ran.status), ("hello\nworld\n", 17));
    }
}
