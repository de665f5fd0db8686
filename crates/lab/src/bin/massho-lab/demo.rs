//! The demo: the wizard in this terminal, and then a look at what the results stick holds.

use crate::Needs;
use crate::attach::{AttachError, Ended, attach};
use lab::drives::Bay;
use lab::{Graphics, LabError, Ledger, Machine, MachineSpec, Stick, pc};
use std::path::Path;
use std::time::Duration;

/// Why the demo could not be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// Something in the lab.
    #[error(transparent)]
    Lab(#[from] LabError),
    /// The terminal.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// The folder of the drives could not be made.
    #[error("the folder for the drives cannot be made: {0}")]
    Folder(#[from] std::io::Error),
}

/// Makes the drives, boots the PC in this terminal, and shows what it left.
///
/// # Errors
/// [`DemoError`].
pub(crate) fn run(needs: &Needs) -> Result<(), DemoError> {
    let folder = needs.places.run_folder("demo")?;
    println!("Filling the drives with a pattern ...");
    let (drives, bay) = pc::demo_drives(&folder, pc::Sizes::DEMO, &needs.places.lab_program())?;
    let results = drives.iter().find(|drive| drive.name == pc::RESULTS).map(|drive| drive.path.clone());
    println!("The PC is switched on. Its drives:");
    for drive in &drives {
        println!("  {:<12} {:?}, in {}", drive.serial, drive.kind, drive.path.display());
    }
    for drive in bay.drives() {
        let status = drive.status().map_err(LabError::from)?;
        let files: Vec<String> = status.files.iter().map(|file| file.display().to_string()).collect();
        println!("  {:<12} {:?}, in {}", drive.serial, status.kind, files.join(", "));
    }
    println!("Ctrl-A X pulls its plug. The first screen comes in a quarter of a minute or so.\n");
    let mut machine = Machine::start(MachineSpec {
        folder,
        firmware: needs.firmware,
        boot: needs.boot,
        image: needs.image.clone(),
        memory: needs.memory,
        graphics: Graphics::default(),
        drives,
        spare_sticks: Vec::new(),
        lab_drives: bay.drives().to_vec(),
    })?;
    let ended = attach(&machine.serial()?)?;
    match ended {
        Ended::GuestOff => {
            machine.wait_off(Duration::from_secs(30))?;
            println!("The PC is off.");
        }
        Ended::ByUser => println!("The PC's plug was pulled."),
    }
    // Its files must be nobody else's when they are read.
    drop(machine);
    show_media(&bay)?;
    results.map_or(Ok(()), |results| show(&results, &needs.ledger))?;
    Ok(())
}

/// What no PC can see: the whole medium of the SSDs, their spare area among it.
fn show_media(bay: &Bay) -> Result<(), LabError> {
    println!("\nOf the old data, the SSDs physically hold:");
    for drive in bay.drives() {
        let scan = drive.scan()?;
        println!("  {:<12} {} of {} sectors", drive.serial, scan.carrying, scan.sectors);
    }
    println!("  (消去 may leave what lies in the spare area, where no PC reaches; 除去 does not)");
    Ok(())
}

fn show(stick: &Path, ledger: &Path) -> Result<(), LabError> {
    println!("\nThe results stick ({}) holds:", stick.display());
    let logs = Stick::open(stick)?.logs()?;
    for log in &logs {
        println!(
            "  {}  {} bytes, {} entries",
            log.path,
            log.bytes.len(),
            log.bytes.split(|b| *b == b'\n').count() - 1
        );
    }
    if logs.is_empty() {
        println!("  no log");
        return Ok(());
    }
    println!("\nmassho-ledger verify {}", stick.display());
    let said = Ledger::new(ledger).verify(stick)?;
    print!("{}", said.out);
    eprint!("{}", said.err);
    let code = said.code.map_or("a signal".to_owned(), |code| code.to_string());
    println!("exit status {code}");
    Ok(())
}
