//! Virtual drives for anyone's tools: one in its process, all of a file, and a guest to try them in.

use clap::Args;
use lab::drives::{Bay, Definition, Definitions, DriveError, LabDrive, Model, run};
use lab::{Guest, LabError, Places};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the drives that are up, and those of a run without any, have their files.
const UP: &str = "up";
const RUN: &str = "run";
/// A command may erase a drive at 30 kB/s.
const COMMAND: Duration = Duration::from_secs(24 * 3600);

/// One drive's process.
#[derive(Debug, Args)]
pub(crate) struct DriveOptions {
    /// The file that defines it.
    #[arg(long)]
    definition: PathBuf,
    /// Which of that file.
    #[arg(long)]
    name: String,
    /// Where its files lie, or are made.
    #[arg(long)]
    folder: PathBuf,
    /// The Unix socket by which it is told what to do: JSON lines, `{"do":"status"}` for one.
    #[arg(long)]
    socket: PathBuf,
}

pub(crate) fn drive(options: &DriveOptions) -> Result<(), DriveError> {
    run(&options.definition, &options.name, &options.folder, &options.socket)
}

/// Starts the drives of a file; they stay until `down`.
pub(crate) fn up(definitions: &Path) -> Result<(), DriveError> {
    let places = Places::find();
    down()?;
    let bay = Bay::up(&Definitions::load(definitions)?, &places.lab().join(UP), &this_program()?)?;
    for drive in bay.drives() {
        println!("{}", line(drive)?);
    }
    Ok(())
}

/// Drives' processes run the program that starts them.
fn this_program() -> Result<PathBuf, DriveError> {
    let whom = Path::new("/proc/self/exe");
    std::env::current_exe().map_err(|source| DriveError::File {
        doing: "find",
        path: whom.to_owned(),
        source,
    })
}

fn line(drive: &LabDrive) -> Result<String, DriveError> {
    let status = drive.status()?;
    let files: Vec<String> = status.files.iter().map(|file| file.display().to_string()).collect();
    Ok(format!(
        "{:<12} {:<16} process {:<8} told by {}  in {}",
        drive.name,
        drive.serial,
        status.process,
        drive.socket.display(),
        files.join(" ")
    ))
}

/// Ends the drives that are up.
pub(crate) fn down() -> Result<(), DriveError> {
    match Bay::found(&Places::find().lab().join(UP))? {
        Some(bay) => bay.quit(),
        None => Ok(()),
    }
}

/// Boots the guest with the drives that are up, or else with new ones of the usual kinds, and runs a command in it.
pub(crate) fn command(command: &str) -> Result<u8, LabError> {
    let places = Places::find();
    let folder = places.run_folder(RUN).map_err(|source| DriveError::File {
        doing: "empty",
        path: places.lab().join(RUN),
        source,
    })?;
    let bay = match Bay::found(&places.lab().join(UP))? {
        Some(bay) => bay,
        None => Bay::start(&usual(), &folder, &this_program()?)?,
    };
    let mut guest = Guest::boot(&places, &folder, &bay)?;
    let ran = guest.run_within(command, COMMAND, |said| {
        let mut out = std::io::stdout().lock();
        // Nobody listens any more, but the command runs on.
        let _ = out.write_all(said).and_then(|()| out.flush());
    })?;
    Ok(ran.status)
}

/// One drive of each kind.
fn usual() -> Definitions {
    let kinds = [
        ("ata-hdd", Model::AtaHdd),
        ("ata-ssd", Model::AtaSsd),
        ("sas-hdd", Model::SasHdd),
        ("sas-ssd", Model::SasSsd),
        ("nvme", Model::Nvme),
        ("usb", Model::UsbSatBridge),
        ("ide", Model::PlainIde),
        ("stick", Model::UsbStick),
    ];
    Definitions { drive: kinds.map(|(name, kind)| Definition::new(name, kind)).to_vec() }
}
