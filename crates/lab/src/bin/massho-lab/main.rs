//! Boots the image with virtual drives: for a person, or for a script that checks everything afterwards.

mod attach;
mod auto;
mod demo;
mod drives;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lab::{BootFrom, Firmware, MachineSpec, Places};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(about = "Boots the massho image in QEMU with virtual drives")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the wizard in this terminal, or lets a script go through it.
    Demo {
        /// `auto`: keys are typed by a script, and everything is checked afterwards.
        mode: Option<Mode>,
        #[command(flatten)]
        options: Options,
    },
    /// Is one virtual drive, until it is told to quit.
    Drive(drives::DriveOptions),
    /// Starts the virtual drives of a file; they stay.
    Up {
        /// The file: a [[drive]] table for each, of which name and kind are needed.
        definitions: PathBuf,
    },
    /// Ends them.
    Down,
    /// Boots a plain Debian with those drives (or one of each kind), runs a command in it, and prints what it prints.
    Run {
        /// The command.
        command: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Auto,
}

/// What a run can be told.
#[derive(Debug, Args)]
struct Options {
    /// The PC's firmware.
    #[arg(long, value_enum, default_value = "bios")]
    firmware: FirmwareArgument,
    /// What the PC boots from.
    #[arg(long, value_enum, default_value = "cd")]
    boot: BootArgument,
    /// The PC's memory in mebibytes.
    #[arg(long, default_value_t = MachineSpec::MEMORY)]
    memory: u32,
    /// The image, if it is not the one that image/build.sh makes.
    #[arg(long)]
    image: Option<PathBuf>,
    /// The ledger, if it is not the one that cargo builds.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FirmwareArgument {
    Bios,
    Uefi,
    UefiSecure,
    UefiIa32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BootArgument {
    Cd,
    Usb,
}

/// What a run needs.
#[derive(Debug)]
struct Needs {
    places: Places,
    image: PathBuf,
    ledger: PathBuf,
    firmware: Firmware,
    boot: BootFrom,
    memory: u32,
}

impl Needs {
    fn of(options: Options) -> Result<Self, String> {
        let places = Places::find();
        let image = options.image.unwrap_or_else(|| places.image());
        let ledger = options.ledger.unwrap_or_else(|| places.ledger());
        let missing = Places::missing(&image, &ledger);
        let firmware = match options.firmware {
            FirmwareArgument::Bios => Firmware::Bios,
            FirmwareArgument::Uefi => Firmware::Uefi,
            FirmwareArgument::UefiSecure => Firmware::UefiSecure,
            FirmwareArgument::UefiIa32 => Firmware::UefiIa32,
        };
        let boot = match options.boot {
            BootArgument::Cd => BootFrom::Cd,
            BootArgument::Usb => BootFrom::Usb,
        };
        let memory = options.memory;
        if missing.is_empty() {
            Ok(Self { places, image, ledger, firmware, boot, memory })
        } else {
            Err(missing.join("\n"))
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Demo { mode, options } => {
            attach::hold_signals();
            status(Needs::of(options).and_then(|needs| match mode {
                None => demo::run(&needs).map_err(|error| error.to_string()),
                Some(Mode::Auto) => auto::run(&needs),
            }))
        }
        Command::Drive(options) => status(drives::drive(&options)),
        Command::Up { definitions } => status(drives::up(&definitions)),
        Command::Down => status(drives::down()),
        Command::Run { command } => match drives::command(&command) {
            Ok(code) => ExitCode::from(code),
            Err(error) => status(Err(error)),
        },
    }
}

fn status(done: Result<(), impl std::fmt::Display>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("massho-lab: {error}");
            ExitCode::FAILURE
        }
    }
}
