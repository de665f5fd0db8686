//! A drive over its backing file: made and filled the first time, opened afterwards.

use super::definition::{Definition, Speaks};
use super::error::DriveError;
use crate::iscsi::Geometry;
use crate::{Pattern, SECTOR, pc};
use lab_drives::ata::AtaDrive;
use lab_drives::medium::Medium;
use lab_drives::nvme::Controller;
use lab_drives::scsi::ScsiDrive;
use lab_drives::{Clock, RealClock, VirtualDrive, store};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A drive in its process.
pub(crate) enum Made {
    /// One that takes SCSI commands.
    Scsi(Box<dyn VirtualDrive>, Geometry),
    /// One that takes NVMe commands.
    Nvme(Box<Controller>),
}

/// The backing file of a drive.
pub(crate) fn backing(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.raw"))
}

/// All backing files of a drive: an NVMe drive has one for each namespace.
pub(crate) fn files(definition: &Definition, folder: &Path) -> Result<Vec<PathBuf>, DriveError> {
    let first = backing(folder, &definition.name);
    if definition.kind.speaks() != Speaks::Nvme {
        return Ok(vec![first]);
    }
    let spaces = definition.as_nvme()?.namespaces;
    let others = spaces.iter().skip(1).map(|space| store::beside(&first, &format!("ns{}", space.number)));
    Ok(std::iter::once(first.clone()).chain(others).collect())
}

/// The file next to it that names the run by which its pattern is told from others.
fn run_file(backing: &Path) -> PathBuf {
    store::beside(backing, "run")
}

/// The pattern that a drive was filled with.
pub(crate) fn pattern(folder: &Path, name: &str) -> Result<Pattern, DriveError> {
    let path = run_file(&backing(folder, name));
    let run = std::fs::read_to_string(&path).map_err(DriveError::file("read", &path))?;
    Ok(Pattern::new(run.trim(), name))
}

/// A process's own time. It begins a month in, so that what went on before the process did has a beginning too.
struct ProcessClock(RealClock);

impl Clock for ProcessClock {
    fn now(&self) -> Duration {
        const MONTH: Duration = Duration::from_secs(30 * 86_400);
        MONTH + self.0.now()
    }
}

impl Made {
    /// Opens the drive, or makes it.
    pub(crate) fn open(definition: &Definition, folder: &Path) -> Result<Self, DriveError> {
        let path = backing(folder, &definition.name);
        // Written last of all, so that a drive whose making broke off is made again.
        if run_file(&path).exists() {
            return Self::reopened(definition, &path);
        }
        std::fs::create_dir_all(folder).map_err(DriveError::file("create", folder))?;
        let run = pc::run_marker();
        let made = Self::created(definition, &path, &Pattern::new(&run, &definition.name))?;
        let marker = run_file(&path);
        std::fs::write(&marker, run).map_err(DriveError::file("write", &marker))?;
        Ok(made)
    }

    fn created(definition: &Definition, path: &Path, pattern: &Pattern) -> Result<Self, DriveError> {
        let (name, clock) = (definition.name.as_str(), clock());
        match definition.kind.speaks() {
            Speaks::Ata => {
                let mut drive =
                    AtaDrive::create(path, definition.as_ata()?, clock).map_err(DriveError::open(name))?;
                fill(drive.medium(), pattern).map_err(DriveError::open(name))?;
                Ok(Self::ata(drive))
            }
            Speaks::Sas => {
                let mut drive =
                    ScsiDrive::create(definition.as_sas()?, path, clock).map_err(DriveError::open(name))?;
                fill(drive.medium(), pattern).map_err(DriveError::open(name))?;
                Ok(Self::sas(drive))
            }
            Speaks::Nvme => {
                let asked = definition.as_nvme()?;
                let numbers: Vec<u32> = asked.namespaces.iter().map(|space| space.number).collect();
                let mut drive = Controller::create(asked, path, clock).map_err(DriveError::open(name))?;
                for number in numbers {
                    drive
                        .fill(number, |lba, block| sectors(pattern, lba, block))
                        .map_err(DriveError::open(name))?;
                }
                Ok(Self::Nvme(Box::new(drive)))
            }
            Speaks::Nothing => Err(DriveError::NoSuchDrive(name.to_owned())),
        }
    }

    fn reopened(definition: &Definition, path: &Path) -> Result<Self, DriveError> {
        let (name, clock) = (definition.name.as_str(), clock());
        match definition.kind.speaks() {
            Speaks::Ata => {
                let drive =
                    AtaDrive::open(path, definition.as_ata()?, clock).map_err(DriveError::open(name))?;
                Ok(Self::ata(drive))
            }
            Speaks::Sas => {
                let medium = Medium::open(path).map_err(DriveError::open(name))?;
                let drive = ScsiDrive::new(definition.as_sas()?, medium, path, clock)
                    .map_err(DriveError::open(name))?;
                Ok(Self::sas(drive))
            }
            Speaks::Nvme => {
                let drive =
                    Controller::open(definition.as_nvme()?, path, clock).map_err(DriveError::open(name))?;
                Ok(Self::Nvme(Box::new(drive)))
            }
            Speaks::Nothing => Err(DriveError::NoSuchDrive(name.to_owned())),
        }
    }

    fn ata(mut drive: AtaDrive) -> Self {
        let geometry = geometry(drive.medium());
        Self::Scsi(Box::new(drive), geometry)
    }

    fn sas(mut drive: ScsiDrive) -> Self {
        let geometry = geometry(drive.medium());
        Self::Scsi(Box::new(drive), geometry)
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(ProcessClock(RealClock::default()))
}

fn geometry(medium: &Medium) -> Geometry {
    let layout = medium.layout();
    Geometry { blocks: layout.native_blocks, block: layout.block_size }
}

fn fill(medium: &mut Medium, pattern: &Pattern) -> Result<(), lab_drives::medium::MediumError> {
    medium.fill(|lba, block| sectors(pattern, lba, block))
}

/// A block of the pattern, whose sectors are counted in 512 bytes whatever the block's size.
fn sectors(pattern: &Pattern, lba: u64, block: &mut [u8]) {
    let each = (block.len() / SECTOR) as u64;
    for (number, sector) in (lba * each..).zip(block.chunks_exact_mut(SECTOR)) {
        sector.copy_from_slice(&pattern.sector(number));
    }
}
