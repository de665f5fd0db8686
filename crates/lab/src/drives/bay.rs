//! The drives of a PC, each in its process, seen from the lab.

use super::control::{Answer, FileScan, Place, PowerChange, Presence, Request, Status, ask};
use super::definition::{Definition, Definitions, Model, Speaks};
use super::error::DriveError;
use crate::Scan;
use lab_drives::Fault;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to make and fill its drive.
const COMES_UP: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(20);
/// Where the definitions of a bay's drives are written down, and where its processes are reached.
const DEFINITIONS: &str = "drives.toml";
const REACHED: &str = "reached.toml";

/// A drive in its process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabDrive {
    /// Its name in the lab.
    pub name: String,
    /// What it is.
    pub kind: Model,
    /// What it says its serial number is, where no fault spoils it.
    pub serial: String,
    /// Where QEMU finds it.
    pub at: Place,
    /// Where the lab does.
    pub socket: PathBuf,
}

impl LabDrive {
    fn ask(&self, request: &Request) -> Result<Answer, DriveError> {
        ask(&self.name, &self.socket, request)
    }

    fn tell(&self, request: &Request) -> Result<(), DriveError> {
        self.ask(request).map(drop)
    }

    fn unexpected(&self, answer: &Answer) -> DriveError {
        DriveError::Refused { name: self.name.clone(), why: format!("{answer:?}") }
    }

    /// How it is.
    ///
    /// # Errors
    /// [`DriveError::Control`], [`DriveError::Refused`]; so all others here.
    pub fn status(&self) -> Result<Status, DriveError> {
        match self.ask(&Request::Status)? {
            Answer::Status(status) => Ok(status),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Whether it has disappeared.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn is_gone(&self) -> Result<bool, DriveError> {
        self.status().map(|status| status.presence == Presence::Gone)
    }

    /// Switches a fault on.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn set_fault(&self, fault: Fault) -> Result<(), DriveError> {
        self.tell(&Request::SetFault { fault })
    }

    /// Switches a fault off.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn clear_fault(&self, fault: Fault) -> Result<(), DriveError> {
        self.tell(&Request::ClearFault { fault })
    }

    /// Switches all faults off.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn clear_faults(&self) -> Result<(), DriveError> {
        self.tell(&Request::ClearFaults)
    }

    /// Changes its power.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn power(&self, what: PowerChange) -> Result<(), DriveError> {
        self.tell(&Request::Power { what })
    }

    /// Takes a drive out of its adapter, without the PC's doing.
    ///
    /// # Errors
    /// As [`LabDrive::status`]; [`DriveError::Refused`] where the adapter goes with the drive (USB, NVMe).
    pub(crate) fn pull(&self) -> Result<(), DriveError> {
        self.tell(&Request::Pull)
    }

    /// Puts it in again.
    ///
    /// # Errors
    /// As [`LabDrive::pull`].
    pub(crate) fn plug(&self) -> Result<(), DriveError> {
        self.tell(&Request::Plug)
    }

    /// What is physically left of the pattern that it was filled with, file by file.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn scan_files(&self) -> Result<Vec<FileScan>, DriveError> {
        match self.ask(&Request::Scan)? {
            Answer::Scanned { files } => Ok(files),
            other => Err(self.unexpected(&other)),
        }
    }

    /// The same, of a drive with one file; of several, that with the most left.
    ///
    /// # Errors
    /// As [`LabDrive::status`].
    pub fn scan(&self) -> Result<Scan, DriveError> {
        let files = self.scan_files()?;
        Ok(files.into_iter().map(|file| file.scan).max_by_key(|scan| scan.carrying).unwrap_or_default())
    }
}

/// Drives that belong together. Dropped, those that were started for it end.
#[derive(Debug)]
pub struct Bay {
    drives: Vec<LabDrive>,
    plain: Vec<Definition>,
    children: Vec<Child>,
    /// Removed with the bay. A bay that stays up has let go of it.
    _sockets: Option<tempfile::TempDir>,
}

impl Bay {
    /// Starts the drives' processes, which end with this one. Their files lie in the folder and are taken up again if
    /// they are there. `program` is `massho-lab`.
    ///
    /// # Errors
    /// [`DriveError`].
    pub fn start(definitions: &Definitions, folder: &Path, program: &Path) -> Result<Self, DriveError> {
        Self::begin(definitions, folder, program, Life::AsLongAsThis)
    }

    /// Starts processes that stay when this one ends, until [`Bay::quit`].
    ///
    /// # Errors
    /// [`DriveError`].
    pub fn up(definitions: &Definitions, folder: &Path, program: &Path) -> Result<Self, DriveError> {
        let mut bay = Self::begin(definitions, folder, program, Life::UntilQuit)?;
        bay.children.clear();
        let reached = folder.join(REACHED);
        let text = toml::to_string(&Reached { drive: bay.drives.clone() });
        let text = text.map_err(|error| DriveError::Definition(error.to_string()))?;
        std::fs::write(&reached, text).map_err(DriveError::file("write", &reached))?;
        Ok(bay)
    }

    /// The drives that are up in a folder; none if no process of theirs answers.
    ///
    /// # Errors
    /// [`DriveError::Definition`] when the folder holds something else.
    pub fn found(folder: &Path) -> Result<Option<Self>, DriveError> {
        let Ok(text) = std::fs::read_to_string(folder.join(REACHED)) else { return Ok(None) };
        let wrong = |error: toml::de::Error| DriveError::Definition(error.to_string());
        let drives = toml::from_str::<Reached>(&text).map_err(wrong)?.drive;
        if !drives.iter().all(|drive| drive.status().is_ok()) {
            return Ok(None);
        }
        let plain = plain(&Definitions::load(&folder.join(DEFINITIONS))?);
        Ok(Some(Self { drives, plain, children: Vec::new(), _sockets: None }))
    }

    fn begin(
        definitions: &Definitions,
        folder: &Path,
        program: &Path,
        life: Life,
    ) -> Result<Self, DriveError> {
        std::fs::create_dir_all(folder).map_err(DriveError::file("create", folder))?;
        let file = folder.join(DEFINITIONS);
        definitions.save(&file)?;
        // Paths of sockets are at most 107 bytes long, so they do not lie in the folder.
        let sockets = tempfile::tempdir().map_err(DriveError::file("create", &std::env::temp_dir()))?;
        let mut bay =
            Self { drives: Vec::new(), plain: plain(definitions), children: Vec::new(), _sockets: None };
        let own: Vec<&Definition> =
            definitions.drive.iter().filter(|drive| drive.kind.speaks() != Speaks::Nothing).collect();
        for drive in &own {
            let started = Started { program, definitions: &file, folder, sockets: sockets.path() };
            bay.children.push(started.spawn(&drive.name, life)?);
        }
        for (drive, child) in own.iter().zip(&mut bay.children) {
            let socket = sockets.path().join(&drive.name);
            bay.drives.push(wait_up(drive, child, &socket, folder)?);
        }
        match life {
            Life::AsLongAsThis => bay._sockets = Some(sockets),
            Life::UntilQuit => drop(sockets.keep()),
        }
        Ok(bay)
    }

    /// The drives that have a process.
    #[must_use]
    pub fn drives(&self) -> &[LabDrive] {
        &self.drives
    }

    /// The drives that are QEMU's own.
    #[must_use]
    pub fn plain(&self) -> &[Definition] {
        &self.plain
    }

    /// One of the drives that have a process.
    ///
    /// # Errors
    /// [`DriveError::NoSuchDrive`].
    pub fn drive(&self, name: &str) -> Result<&LabDrive, DriveError> {
        let found = self.drives.iter().find(|drive| drive.name == name);
        found.ok_or_else(|| DriveError::NoSuchDrive(name.to_owned()))
    }

    /// Ends all processes, their files up to date.
    ///
    /// # Errors
    /// The first [`DriveError`].
    pub fn quit(mut self) -> Result<(), DriveError> {
        let ended = self.drives.iter().map(|drive| drive.tell(&Request::Quit)).collect::<Vec<_>>();
        for child in &mut self.children {
            let _ = child.wait();
        }
        self.children.clear();
        ended.into_iter().collect()
    }
}

impl Drop for Bay {
    fn drop(&mut self) {
        // Nothing is left to tell when this fails: the process is gone already.
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// How long a drive's process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    AsLongAsThis,
    UntilQuit,
}

#[derive(Debug, Serialize, Deserialize)]
struct Reached {
    #[serde(default)]
    drive: Vec<LabDrive>,
}

fn plain(definitions: &Definitions) -> Vec<Definition> {
    definitions.drive.iter().filter(|drive| drive.kind.speaks() == Speaks::Nothing).cloned().collect()
}

struct Started<'a> {
    program: &'a Path,
    definitions: &'a Path,
    folder: &'a Path,
    sockets: &'a Path,
}

impl Started<'_> {
    fn spawn(&self, name: &str, life: Life) -> Result<Child, DriveError> {
        let log = log(self.folder, name);
        let said = File::create(&log).map_err(DriveError::file("create", &log))?;
        // setpriv and setsid (util-linux, on every Debian): end with this process, or outlive its terminal.
        let mut command = match life {
            Life::AsLongAsThis => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "KILL"]);
                command
            }
            Life::UntilQuit => Command::new("setsid"),
        };
        command.arg(self.program).args(["drive", "--name", name]);
        command.arg("--definition").arg(self.definitions).arg("--folder").arg(self.folder);
        command.arg("--socket").arg(self.sockets.join(name));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        command.spawn().map_err(DriveError::file("start", self.program))
    }
}

fn log(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.log"))
}

fn wait_up(
    definition: &Definition,
    child: &mut Child,
    socket: &Path,
    folder: &Path,
) -> Result<LabDrive, DriveError> {
    let name = definition.name.clone();
    let end = Instant::now() + COMES_UP;
    while Instant::now() < end && child.try_wait().is_ok_and(|ended| ended.is_none()) {
        if let Ok(Answer::Status(status)) = ask(&name, socket, &Request::Status) {
            let (kind, serial, at) = (status.kind, status.serial, status.at);
            return Ok(LabDrive { name, kind, serial, at, socket: socket.to_owned() });
        }
        std::thread::sleep(LOOK);
    }
    let said = std::fs::read_to_string(log(folder, &name)).unwrap_or_default();
    Err(DriveError::NotUp { name, after: COMES_UP, said: said.trim().to_owned() })
}
