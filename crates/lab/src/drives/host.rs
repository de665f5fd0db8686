//! What a drive's process does for those outside it: shows the drive to QEMU, and obeys the lab.

use super::control::{Answer, FileScan, Place, Presence, Request, Status};
use super::definition::{Definition, Model};
use super::engine::{Engine, Forget};
use super::error::DriveError;
use super::made::{self, Made};
use crate::iscsi::{Geometry, serve};
use crate::vfio::NvmeServer;
use crate::vhost::{Plug, VhostServer};
use lab_drives::{Faults, Power, Turn, VirtualDrive};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// A drive that QEMU can find.
pub(crate) struct Host {
    definition: Definition,
    folder: PathBuf,
    shown: Shown,
}

/// How it is shown.
enum Shown {
    Iscsi { engine: Engine, port: u16, target: String },
    VhostUser { engine: Engine, server: VhostServer },
    VfioUser(NvmeServer),
}

impl Host {
    /// Opens a drive, or makes it, and shows it. A socket that this takes lies next to the control socket.
    pub(crate) fn open(definition: Definition, folder: &Path, control: &Path) -> Result<Self, DriveError> {
        let shown = match Made::open(&definition, folder)? {
            Made::Scsi(drive, geometry) if definition.kind == Model::UsbSatBridge => {
                Shown::over_iscsi(&definition.name, Engine::start(drive), geometry)?
            }
            Made::Scsi(drive, _) => {
                let engine = Engine::start(drive);
                let socket = control.with_extension("vhost");
                let server =
                    VhostServer::start(&socket, &engine).map_err(DriveError::open(&definition.name))?;
                Shown::VhostUser { engine, server }
            }
            Made::Nvme(drive) => {
                let socket = control.with_extension("vfio");
                let server =
                    NvmeServer::start(&socket, *drive).map_err(DriveError::open(&definition.name))?;
                Shown::VfioUser(server)
            }
        };
        Ok(Self { definition, folder: folder.to_owned(), shown })
    }

    /// Does what it is asked; `Quit` is the caller's.
    pub(crate) fn obey(&self, request: Request) -> Answer {
        match request {
            Request::Status => return self.status().map_or_else(refused, Answer::Status),
            Request::SetFault { fault } => self.shown.faults(move |faults| faults.set(fault)),
            Request::ClearFault { fault } => self.shown.faults(move |faults| faults.clear(&fault)),
            Request::ClearFaults => self.shown.faults(|faults| *faults = Faults::default()),
            Request::Power { what } => self.shown.power(what.into()),
            Request::Settle | Request::Quit => self.shown.settle(),
            Request::Pull => return self.shown.plug(Plug::Out),
            Request::Plug => return self.shown.plug(Plug::In),
            Request::Scan => return self.scan().map_or_else(refused, |files| Answer::Scanned { files }),
        }
        Answer::Done
    }

    fn status(&self) -> Result<Status, DriveError> {
        Ok(Status {
            name: self.definition.name.clone(),
            kind: self.definition.kind,
            serial: self.definition.serial(),
            at: self.shown.place(),
            presence: self.shown.presence(),
            faults: self.shown.list_faults(),
            files: made::files(&self.definition, &self.folder)?,
            process: std::process::id(),
        })
    }

    fn scan(&self) -> Result<Vec<FileScan>, DriveError> {
        self.shown.settle();
        let pattern = made::pattern(&self.folder, &self.definition.name)?;
        let look = |path: PathBuf| match pattern.scan(&path) {
            Ok(scan) => Ok(FileScan { path, scan }),
            Err(error) => Err(DriveError::Definition(error.to_string())),
        };
        made::files(&self.definition, &self.folder)?.into_iter().map(look).collect()
    }
}

fn refused(error: DriveError) -> Answer {
    Answer::Refused { why: error.to_string() }
}

impl Shown {
    fn over_iscsi(name: &str, engine: Engine, geometry: Geometry) -> Result<Self, DriveError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(DriveError::open(name))?;
        let port = listener.local_addr().map_err(DriveError::open(name))?.port();
        let served = engine.clone();
        std::thread::spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming().flatten()) {
                let engine = served.clone();
                // A connection that breaks is the initiator's to open again.
                std::thread::spawn(move || serve(stream, number, &engine, geometry));
            }
        });
        Ok(Self::Iscsi { engine, port, target: format!("iqn.2025-01.lab.massho:{name}") })
    }

    fn faults(&self, change: impl FnOnce(&mut Faults) + Send + 'static) {
        match self {
            Self::Iscsi { engine, .. } | Self::VhostUser { engine, .. } => {
                engine.with(|drive| change(drive.faults()));
            }
            Self::VfioUser(server) => server.with(|drive| change(drive.faults())),
        }
    }

    fn list_faults(&self) -> Vec<lab_drives::Fault> {
        match self {
            Self::Iscsi { engine, .. } | Self::VhostUser { engine, .. } => {
                engine.with(|drive| drive.faults().iter().cloned().collect()).unwrap_or_default()
            }
            Self::VfioUser(server) => server.with(|drive| drive.faults().iter().cloned().collect()),
        }
    }

    fn power(&self, what: Power) {
        match self {
            Self::Iscsi { engine, .. } | Self::VhostUser { engine, .. } => {
                engine.forget(Forget::All);
                engine.with(move |drive| drive.power(what));
            }
            Self::VfioUser(server) => server.with(|drive| drive.power(what)),
        }
    }

    fn plug(&self, plug: Plug) -> Answer {
        match self {
            Self::VhostUser { server, .. } => {
                server.plug(plug);
                Answer::Done
            }
            _ => Answer::Refused { why: "it goes with its adapter, which is QEMU's to pull".to_owned() },
        }
    }

    fn settle(&self) {
        match self {
            Self::Iscsi { engine, .. } | Self::VhostUser { engine, .. } => {
                engine.with(|drive| drive.settle());
            }
            Self::VfioUser(server) => server.with(VirtualDrive::settle),
        }
    }

    fn presence(&self) -> Presence {
        let gone = match self {
            Self::Iscsi { engine, .. } | Self::VhostUser { engine, .. } => engine.is_gone(),
            Self::VfioUser(server) => server.with(|drive| drive.poll() == Turn::Gone),
        };
        if gone { Presence::Gone } else { Presence::There }
    }

    fn place(&self) -> Place {
        match self {
            Self::Iscsi { port, target, .. } => Place::Iscsi { port: *port, target: target.clone() },
            Self::VhostUser { server, .. } => Place::VhostUser { socket: server.socket().to_owned() },
            Self::VfioUser(server) => Place::VfioUser { socket: server.socket().to_owned() },
        }
    }
}
