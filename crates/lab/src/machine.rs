//! A PC that runs.

use crate::drive::merge;
use crate::qemu::BOOT_STICK;
use crate::{Drive, LabError, MachineSpec, Qmp, Screen, ScreenSize};
use serde_json::json;
use std::fs::File;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long QEMU may take to connect, on a busy host.
const CONNECT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
const UNPLUG: Duration = Duration::from_secs(10);

/// A running PC. Dropped, it is switched off the hard way.
#[derive(Debug)]
pub struct Machine {
    spec: MachineSpec,
    child: Child,
    serial: UnixStream,
    qmp: Qmp,
}

impl Machine {
    /// Switches a PC on. Its serial line carries nothing yet that is lost: QEMU waits for nobody, but connects
    /// first.
    ///
    /// # Errors
    /// [`LabError::Start`], [`LabError::EndedAtOnce`], [`LabError::NotConnected`], [`LabError::File`],
    /// [`LabError::Socket`], [`LabError::Qmp`].
    pub fn start(spec: MachineSpec) -> Result<Self, LabError> {
        std::fs::create_dir_all(&spec.folder).map_err(LabError::file("create", &spec.folder))?;
        // Paths of sockets are at most 107 bytes long, so they do not lie in the run's folder.
        let sockets = tempfile::tempdir().map_err(LabError::file("create", &std::env::temp_dir()))?;
        let (serial_path, control_path) = (sockets.path().join("serial"), sockets.path().join("control"));
        let (serial, control) = (listen(&serial_path)?, listen(&control_path)?);
        let errors = spec.folder.join("qemu.stderr");
        let arguments = spec.arguments(&serial_path, &control_path)?;
        let mut child = spawn(&arguments, &errors)?;
        let connected = accept(&serial, &mut child, &errors)
            .and_then(|serial| Ok((serial, Qmp::new(accept(&control, &mut child, &errors)?)?)));
        match connected {
            Ok((serial, qmp)) => Ok(Self { spec, child, serial, qmp }),
            Err(error) => {
                switch_off(&mut child);
                Err(error)
            }
        }
    }

    /// What the PC is made of.
    #[must_use]
    pub fn spec(&self) -> &MachineSpec {
        &self.spec
    }

    /// The serial line itself.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn serial(&self) -> Result<UnixStream, LabError> {
        self.serial.try_clone().map_err(|source| LabError::Socket { what: "serial line", source })
    }

    /// A terminal on the serial line. There can be one only.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn screen(&self, size: ScreenSize) -> Result<Screen, LabError> {
        Screen::new(self.serial()?, size)
    }

    /// QEMU's control socket, for what has no method here.
    pub fn qmp(&mut self) -> &mut Qmp {
        &mut self.qmp
    }

    /// Pulls a USB stick, the boot stick (`boot`) among them.
    ///
    /// # Errors
    /// [`LabError::NoSuchDrive`], [`LabError::Qmp`], [`LabError::Socket`].
    pub fn pull(&mut self, name: &str) -> Result<(), LabError> {
        let id =
            if name == BOOT_STICK { format!("device-{BOOT_STICK}") } else { self.stick(name)?.device_id() };
        self.qmp.execute("device_del", json!({ "id": id }))?;
        self.qmp.wait_event("DEVICE_DELETED", UNPLUG).map(drop)
    }

    /// Plugs a stick in: one that was pulled, or a spare one.
    ///
    /// # Errors
    /// As [`Machine::pull`].
    pub fn plug(&mut self, name: &str) -> Result<(), LabError> {
        let device = self.stick(name)?.device(0);
        self.qmp.execute("device_add", device).map(drop)
    }

    /// Changes how fast a drive can be written.
    ///
    /// # Errors
    /// As [`Machine::pull`].
    pub fn limit(&mut self, name: &str, bytes_per_second: Option<u64>) -> Result<(), LabError> {
        let drive = self.spec.drive(name).ok_or_else(|| LabError::NoSuchDrive(name.to_owned()))?;
        let mut arguments = json!({ "path": format!("/objects/{}", drive.throttle()) });
        merge(&mut arguments, json!({ "property": "limits", "value": Drive::limits(bytes_per_second) }));
        self.qmp.execute("qom-set", arguments).map(drop)
    }

    /// Writes what the PC's screen shows, not its serial line, to a PNG file.
    ///
    /// # Errors
    /// [`LabError::Qmp`], [`LabError::Socket`].
    pub fn screenshot(&mut self, to: &Path) -> Result<(), LabError> {
        self.qmp.execute("screendump", json!({ "filename": to, "format": "png" })).map(drop)
    }

    /// Waits until the guest has switched the PC off.
    ///
    /// # Errors
    /// [`LabError::StillRunning`].
    pub fn wait_off(&mut self, timeout: Duration) -> Result<ExitStatus, LabError> {
        let end = Instant::now() + timeout;
        while Instant::now() < end {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            std::thread::sleep(POLL);
        }
        Err(LabError::StillRunning(timeout))
    }

    /// QEMU's exit status, if it has ended.
    ///
    /// # Errors
    /// [`LabError::Socket`] when the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, LabError> {
        self.child.try_wait().map_err(|source| LabError::Socket { what: "process", source })
    }

    /// How much of its memory the guest has touched since power on, in mebibytes; the firmware's and the boot
    /// loader's share included. `None` where the host does not tell.
    #[must_use]
    pub fn touched_memory(&self) -> Option<u64> {
        let maps = std::fs::read_to_string(format!("/proc/{}/smaps", self.child.id())).ok()?;
        resident_of(&maps, u64::from(self.spec.memory) << 10).map(|kibibytes| kibibytes >> 10)
    }

    fn stick(&self, name: &str) -> Result<&Drive, LabError> {
        let drive = self.spec.drive(name).filter(|drive| drive.kind.is_pluggable());
        drive.ok_or_else(|| LabError::NoSuchDrive(name.to_owned()))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        switch_off(&mut self.child);
    }
}

/// Nothing is left to tell when this fails: the process is gone already.
fn switch_off(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// The resident part of the mapping of exactly this size, both in kibibytes, by the lines of `/proc/PID/smaps`.
fn resident_of(maps: &str, size: u64) -> Option<u64> {
    let value = |line: &str, name: &str| -> Option<u64> {
        line.strip_prefix(name)?.strip_suffix("kB")?.trim().parse().ok()
    };
    let mut lines = maps.lines().skip_while(|line| value(line, "Size:") != Some(size));
    lines.find_map(|line| value(line, "Rss:"))
}

fn listen(path: &Path) -> Result<UnixListener, LabError> {
    let listener = UnixListener::bind(path).map_err(LabError::file("listen on", path))?;
    listener.set_nonblocking(true).map_err(LabError::file("listen on", path))?;
    Ok(listener)
}

fn spawn(arguments: &[String], errors: &Path) -> Result<Child, LabError> {
    let stderr = File::create(errors).map_err(LabError::file("create", errors))?;
    // setpriv (util-linux, on every Debian) makes QEMU end with this program, however that ends.
    let program = "setpriv";
    Command::new(program)
        .args(["--pdeathsig", "KILL", "qemu-system-x86_64"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|source| LabError::Start { program: program.to_owned(), source })
}

fn accept(listener: &UnixListener, child: &mut Child, errors: &Path) -> Result<UnixStream, LabError> {
    let socket = |source| LabError::Socket { what: "socket", source };
    let end = Instant::now() + CONNECT;
    while Instant::now() < end {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).map_err(socket)?;
                return Ok(stream);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(socket(error)),
        }
        if let Some(status) = child.try_wait().map_err(socket)? {
            let stderr = std::fs::read_to_string(errors).unwrap_or_default();
            return Err(LabError::EndedAtOnce { status: status.to_string(), stderr });
        }
        std::thread::sleep(POLL);
    }
    Err(LabError::NotConnected(CONNECT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guests_memory_is_found_by_its_size() {
        let maps = "7f00-7f10 rw-p 0\nSize:   64 kB\nKernelPageSize: 4 kB\nRss:   8 kB\n\
                    7f20-7f90 rw-p 0\nSize:   1048576 kB\nRss:   204800 kB\nPss: 1 kB\n";
        assert_eq!(resident_of(maps, 1_048_576), Some(204_800));
        assert_eq!(resident_of(maps, 65), None);
    }
}
