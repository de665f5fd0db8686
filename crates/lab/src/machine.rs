//! A PC that runs.

use crate::drive::merge;
use crate::drives::{DriveError, LabDrive, Part, Place, PowerChange};
use crate::qemu::{BOOT_STICK, Sockets};
use crate::watch::Watch;
use crate::writes::Recording;
use crate::{Backport, BootFrom, Drive, LabError, MachineSpec, Places, Qmp, Screen, ScreenSize};
use serde_json::json;
use std::fs::File;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long QEMU may take to connect, on a busy host.
const CONNECT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
/// How long QEMU may take to end after the guest has switched the PC off.
const LETTING_GO: Duration = Duration::from_secs(10);
const UNPLUG: Duration = Duration::from_secs(10);

/// What a kernel says when it trips over itself, whether it goes on or gives up. Emulated CPUs do that to it now and
/// then while it patches its own code, which it does whenever a module is loaded.
const TRIPS: [&str; 3] = ["Kernel panic", "Oops: ", "kernel BUG at "];

/// Whether a kernel says so here.
pub(crate) fn tripped(said: &str) -> bool {
    TRIPS.iter().any(|trip| said.contains(trip))
}

/// A running PC. Dropped, it is switched off the hard way.
#[derive(Debug)]
pub struct Machine {
    spec: MachineSpec,
    child: Child,
    serial: UnixStream,
    qmp: Qmp,
    run: Option<UnixStream>,
    /// Ends by itself when QEMU does.
    _watch: Option<Watch>,
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
        let paths = ["serial", "control", "watch", "run"].map(|name| sockets.path().join(name));
        let [serial, control, watch, run] = &paths;
        let listeners = Listeners {
            serial: listen(serial)?,
            control: listen(control)?,
            watch: listen(watch)?,
            run: if spec.boot == BootFrom::Kernel { Some(listen(run)?) } else { None },
        };
        let errors = spec.folder.join("qemu.stderr");
        let arguments = spec.arguments(Sockets { serial, control, watch, run })?;
        let mut recordings =
            spec.drives.iter().chain(&spec.spare_sticks).filter_map(|drive| drive.recording.as_ref());
        recordings.try_for_each(Recording::begin)?;
        switch_on(&spec.lab_drives)?;
        let mut child = spawn(&spec, &arguments, &errors)?;
        let connected = listeners.accept(&spec, &mut child, &errors);
        match connected {
            Ok(Connected { serial, qmp, run, watch }) => {
                Ok(Self { spec, child, serial, qmp, run, _watch: watch })
            }
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

    /// The port by which the lab's guest takes commands, if that is what was booted.
    ///
    /// # Errors
    /// [`LabError::Socket`].
    pub fn run_port(&self) -> Result<Option<UnixStream>, LabError> {
        let clone = |port: &UnixStream| port.try_clone();
        self.run
            .as_ref()
            .map(clone)
            .transpose()
            .map_err(|source| LabError::Socket { what: "run port", source })
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

    /// Pulls a drive that has a process of its own. The drive keeps its power: tell it if it is to lose it.
    ///
    /// # Errors
    /// As [`Machine::pull`].
    pub fn pull_drive(&mut self, name: &str) -> Result<(), LabError> {
        let drive = self.lab_drive(name)?;
        if matches!(drive.at, Place::VhostUser { .. }) {
            return Ok(drive.pull()?);
        }
        let id = drive.device_id();
        self.qmp.execute("device_del", json!({ "id": id }))?;
        self.qmp.wait_event("DEVICE_DELETED", UNPLUG).map(drop)
    }

    /// Plugs a drive in that was pulled. What name the guest gives it is the guest's business.
    ///
    /// # Errors
    /// As [`Machine::pull`].
    pub fn plug_drive(&mut self, name: &str) -> Result<(), LabError> {
        let drive = self.lab_drive(name)?;
        if matches!(drive.at, Place::VhostUser { .. }) {
            return Ok(drive.plug()?);
        }
        let parts = drive.parts();
        for part in parts {
            if let Part::Device(device) = part {
                self.qmp.execute("device_add", device)?;
            }
        }
        Ok(())
    }

    fn lab_drive(&self, name: &str) -> Result<&LabDrive, LabError> {
        let found = self.spec.lab_drives.iter().find(|drive| drive.name == name);
        found.ok_or_else(|| LabError::NoSuchDrive(name.to_owned()))
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
    pub fn wait_off(&mut self, timeout: Duration) -> Result<(), LabError> {
        let end = Instant::now() + timeout;
        while Instant::now() < end {
            if self.ended()?.is_some() {
                return Ok(());
            }
            // With drives that have processes of their own, QEMU may hang in letting go of them: the PC is off all the
            // same, and the drives' files are not QEMU's.
            let news = self.qmp.next_event(POLL);
            if matches!(news, Ok(Some(event)) if event.name == "SHUTDOWN") {
                return self.let_end();
            }
        }
        Err(LabError::StillRunning(timeout))
    }

    fn let_end(&mut self) -> Result<(), LabError> {
        let end = Instant::now() + LETTING_GO;
        while Instant::now() < end && self.ended()?.is_none() {
            std::thread::sleep(POLL);
        }
        switch_off(&mut self.child);
        Ok(())
    }

    /// Pulls the plug.
    pub fn switch_off(&mut self) {
        switch_off(&mut self.child);
    }

    /// QEMU's exit status, if it has ended.
    ///
    /// # Errors
    /// [`LabError::Socket`] when the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, LabError> {
        self.child.try_wait().map_err(|source| LabError::Socket { what: "process", source })
    }

    /// Whether the kernel has said on the serial line since power on that it tripped; a screen drawn over it since does
    /// not matter.
    pub(crate) fn tripped(&self) -> Result<bool, LabError> {
        let said = self.spec.serial_log();
        let said = std::fs::read(&said).map_err(LabError::file("read", &said))?;
        Ok(tripped(&String::from_utf8_lossy(&said)))
    }

    /// Says that the PC is about to be started again, and keeps what it sent by the serial line: an emulated CPU's fault
    /// looks like one of the image's own until somebody has read it.
    pub(crate) fn keep_serial_log(&self) -> Result<(), LabError> {
        let log = self.spec.serial_log();
        let kept = log.with_extension(format!("{}.log", self.child.id()));
        std::fs::rename(&log, &kept).map_err(LabError::file("rename", &log))?;
        eprintln!("the kernel tripped, and the PC is started again; what it said is in {}", kept.display());
        Ok(())
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

/// The PC's power comes back, and that of the drives in it: whatever was before, it was off.
fn switch_on(drives: &[LabDrive]) -> Result<(), DriveError> {
    drives.iter().try_for_each(|drive| drive.power(PowerChange::Cycle))
}

fn spawn(spec: &MachineSpec, arguments: &[String], errors: &Path) -> Result<Child, LabError> {
    let stderr = File::create(errors).map_err(LabError::file("create", errors))?;
    // setpriv (util-linux, on every Debian) makes QEMU end with this program, however that ends.
    let program = "setpriv";
    let mut command = Command::new(program);
    command.args(["--pdeathsig", "KILL"]);
    if spec.lab_drives.is_empty() {
        command.arg("qemu-system-x86_64");
    } else {
        let newer = Backport::get(Places::find().root())?;
        let (name, value) = newer.environment();
        command.args(newer.program()).env(name, value);
    }
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|source| LabError::Start { program: program.to_owned(), source })
}

struct Listeners {
    serial: UnixListener,
    control: UnixListener,
    watch: UnixListener,
    run: Option<UnixListener>,
}

struct Connected {
    serial: UnixStream,
    qmp: Qmp,
    run: Option<UnixStream>,
    watch: Option<Watch>,
}

impl Listeners {
    fn accept(&self, spec: &MachineSpec, child: &mut Child, errors: &Path) -> Result<Connected, LabError> {
        let serial = accept(&self.serial, child, errors)?;
        let qmp = Qmp::new(accept(&self.control, child, errors)?)?;
        let watched = Qmp::new(accept(&self.watch, child, errors)?)?;
        let watch = (!spec.lab_drives.is_empty()).then(|| Watch::start(watched, spec.lab_drives.clone()));
        let run = self.run.as_ref().map(|listener| accept(listener, child, errors)).transpose()?;
        Ok(Connected { serial, qmp, run, watch })
    }
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
    fn a_kernel_that_trips_is_known_by_what_it_says() {
        assert!(tripped("[   14.2] Oops: invalid opcode: 0000 [#1] SMP NOPTI\n"));
        assert!(tripped("[   14.2] kernel BUG at arch/x86/kernel/alternative.c:2531!\n"));
        assert!(tripped("Kernel panic - not syncing: Fatal exception"));
        assert!(!tripped("[    0.0] BUG-free so far\n"));
    }

    #[test]
    fn the_guests_memory_is_found_by_its_size() {
        let maps = "7f00-7f10 rw-p 0\nSize:   64 kB\nKernelPageSize: 4 kB\nRss:   8 kB\n\
                    7f20-7f90 rw-p 0\nSize:   1048576 kB\nRss:   204800 kB\nPss: 1 kB\n";
        assert_eq!(resident_of(maps, 1_048_576), Some(204_800));
        assert_eq!(resident_of(maps, 65), None);
    }
}
