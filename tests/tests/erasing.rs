//! Drives that are erased in the booted image, and one that is pulled meanwhile.

use lab::outside::{Expected, check_ledger};
use lab::{BootFrom, Class, Firmware, LabError, Ledger, Report, Rig, pc};
use massho_tests::{Bench, all_held};
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(900);

#[test]
fn a_stick_pulled_while_it_is_erased_fails_and_the_others_finish() -> Result<(), LabError> {
    let bench = Bench::new("stick-pulled");
    let mut spec = bench.office_pc();
    (spec.firmware, spec.boot) = (Firmware::Uefi, BootFrom::Usb);
    spec.drives =
        spec.drives.into_iter().map(|d| if d.name == pc::USB { d.slow(1 << 20) } else { d }).collect();
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    let names = [pc::HDD, pc::SSD, pc::NVME, pc::USB];
    let serials = names.map(|name| format!("LAB-{}", name.to_uppercase()));
    rig.clerk().answer_everything("LAB-RESULTS", Class::Three, &serials, &[])?;
    rig.screen.wait_for("overwriting, pass 1", Duration::from_secs(60))?;
    // Some of it has been written by then.
    std::thread::sleep(Duration::from_secs(5));
    rig.machine.pull(pc::USB)?;
    let results = rig.clerk().wait_results(ERASING)?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let mut report = Report::default();
    let expected = [
        Expected::done(pc::HDD, "clear", "random-overwrite"),
        Expected::done(pc::SSD, "clear", "random-overwrite"),
        Expected::done(pc::NVME, "purge", "nvme-format-user-data"),
        Expected {
            drive: pc::USB,
            outcome: "failed",
            achieved: None,
            technique: Some("random-overwrite"),
            failure: Some("vanished"),
        },
    ];
    report.check("the screen says so", results.contains("FAILED").then_some(()).ok_or(results));
    rig.check_boot_stick(&mut report);
    if let Some((file, log)) = rig.check_log(&mut report, &expected) {
        Rig::check_head(&mut report, &head, &log);
        let stick = rig.drive(pc::RESULTS)?.path.clone();
        check_ledger(&mut report, &Ledger::new(&bench.ledger), &stick, &file, &bench.folder, 20)?;
    }
    all_held(&report);
    Ok(())
}
