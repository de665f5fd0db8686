//! A session on a results stick as large ones come from the shop: with exFAT, by the kernel's own driver.

use lab::{Class, Contents, Drive, Kind, LabError, Ledger, pc};
use massho_tests::Bench;
use std::process::Command;
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(600);

#[test]
fn a_session_on_exfat_is_recorded_and_verified() -> Result<(), LabError> {
    let bench = Bench::new("exfat");
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| drive.name == pc::HDD);
    let stick = Drive::create(&bench.folder, "", pc::RESULTS, Kind::UsbStick, 64, &Contents::Pattern)?;
    let made = Command::new("mkfs.exfat").args(["-n", "RESULTS"]).arg(&stick.path).output();
    let made = made.map_err(|source| LabError::Start { program: "mkfs.exfat".into(), source })?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    spec.drives.push(stick.clone());
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    let serial = rig.serial(pc::HDD)?;
    rig.clerk().answer_everything("LAB-RESULTS", Class::Three, &[serial], &[])?;
    rig.clerk().wait_results(ERASING)?;
    let head = rig.clerk().close_log()?.replace(' ', "-");
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let scan = rig.drive(pc::HDD)?.scan()?;
    assert!(scan.is_gone(), "{} sectors of the old data are left", scan.carrying);
    let said = Ledger::new(&bench.ledger)
        .run(&bench.folder, ["verify", &stick.path.display().to_string(), "--head", &head])?;
    assert!(said.is_sound() && said.out.contains("LAB-HDD"), "{}{}", said.out, said.err);
    // Its two files are there, and agree: an altered one is named.
    let mut bytes = std::fs::read(&stick.path).map_err(LabError::file("read", &stick.path))?;
    let at = bytes.windows(9).rposition(|window| window == b"\"LAB-HDD\"");
    let found = at.and_then(|at| bytes.get_mut(at + 1)).map(|byte| *byte = b'X');
    assert!(found.is_some(), "the log is not on the stick in plain");
    let altered = bench.folder.join("altered.raw");
    std::fs::write(&altered, bytes).map_err(LabError::file("write", &altered))?;
    let said = Ledger::new(&bench.ledger).run(&bench.folder, ["verify", &altered.display().to_string()])?;
    assert!(said.out.contains("copy") || !said.is_sound(), "{}{}", said.out, said.err);
    Ok(())
}
