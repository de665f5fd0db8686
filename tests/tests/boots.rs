//! The image boots on whatever firmware a PC has, from a CD and from a stick, with little memory and with much, and
//! erases a drive there.

use lab::outside::Expected;
use lab::{BootFrom, Class, Desk, Firmware, LabError, Report, pc};
use massho_tests::{Bench, Catalogue, all_held, image_font};
use std::time::{Duration, Instant};

/// The least memory that the image is made for, and as much as a newer PC has, in mebibytes.
const LITTLE: u32 = 512;
const MUCH: u32 = 4096;
const SOON: Duration = Duration::from_secs(120);
const ERASING: Duration = Duration::from_secs(600);

/// Boots one PC, erases its hard disk, switches it off, and reads everything from outside.
fn boot_and_erase(firmware: Firmware, boot: BootFrom, memory: u32) -> Result<(), LabError> {
    let name = format!("{firmware:?}-{boot:?}-{memory}").to_lowercase();
    let bench = Bench::new(&format!("boots-{name}"));
    let mut spec = bench.office_pc();
    (spec.firmware, spec.boot, spec.memory) = (firmware, boot, memory);
    spec.drives.retain(|drive| [pc::HDD, pc::RESULTS].contains(&drive.name.as_str()));
    let begun = Instant::now();
    let mut rig = spec.power_on()?;
    let first_screen = rig.wait_first_screen()?;
    let serial = rig.serial(pc::HDD)?;
    rig.clerk().choose_english()?;
    if boot == BootFrom::Usb {
        rig.screen.wait_for("The boot stick may be pulled now", SOON)?;
        rig.machine.pull("boot")?;
    }
    // The PC's own screen says that it is operated from elsewhere.
    let mut desk = Desk::at(&mut rig.machine, &image_font(&bench))?;
    for language in ["ja", "en"] {
        desk.wait_for(Catalogue::of(language).text("taken.line"), SOON)?;
    }
    let clerk = rig.clerk();
    clerk.choose_stick("LAB-RESULTS")?;
    clerk.enter_people()?;
    clerk.choose_class(Class::Three)?;
    clerk.select_drives(&[serial])?;
    clerk.accept_plan(&[])?;
    clerk.confirm()?;
    rig.clerk().wait_results(ERASING)?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let mut report = Report::default();
    rig.check_boot_stick(&mut report);
    let erased = [Expected::done(pc::HDD, "clear", "random-overwrite")];
    if let Some((_, log)) = rig.check_log(&mut report, &erased) {
        lab::Rig::check_head(&mut report, &head, &log);
    }
    println!(
        "{name}: first screen {:.1} s after the kernel's start, all {:.0} s",
        first_screen.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    all_held(&report);
    Ok(())
}

/// Debian's signed shim, GRUB and kernel.
#[test]
fn by_secure_boot_from_a_stick_in_512_mib() -> Result<(), LabError> {
    boot_and_erase(Firmware::UefiSecure, BootFrom::Usb, LITTLE)
}

/// A 64-bit kernel under a 32-bit firmware.
#[test]
fn by_32_bit_uefi_from_a_cd_in_512_mib() -> Result<(), LabError> {
    boot_and_erase(Firmware::UefiIa32, BootFrom::Cd, LITTLE)
}

/// Secure Boot is on in that test: a boot loader that nobody signed does not start.
#[test]
#[ignore = "waits two minutes for nothing to happen; just test-long runs it"]
fn secure_boot_refuses_a_boot_loader_that_was_altered() -> Result<(), LabError> {
    let bench = Bench::new("boots-altered");
    let altered = bench.folder.join("altered.iso");
    let mut image = std::fs::read(&bench.image).map_err(LabError::file("read", &bench.image))?;
    let mut found = 0;
    // The file is on the medium twice: on the EFI system partition, and for those who copy the files.
    while let Some(at) = find(&image, b"prohibited by secure boot policy") {
        image.get_mut(at..at + 6).into_iter().for_each(|bytes| bytes.copy_from_slice(b"PROHIB"));
        found += 1;
    }
    assert!(found > 0, "the boot loader's own words were not found in the image");
    std::fs::write(&altered, image).map_err(LabError::file("write", &altered))?;
    let mut spec = bench.office_pc();
    (spec.image, spec.firmware, spec.boot) = (altered, Firmware::UefiSecure, BootFrom::Usb);
    spec.drives.retain(|drive| drive.name == pc::RESULTS);
    let mut rig = spec.power_on()?;
    let started = rig.wait_first_screen();
    assert!(started.is_err(), "it started all the same");
    rig.machine.switch_off();
    Ok(())
}

/// Where these bytes begin.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Every firmware by both media with little memory and with much.
#[test]
#[ignore = "takes twenty minutes; just test-long runs it"]
fn by_every_firmware_from_every_medium() -> Result<(), LabError> {
    for firmware in Firmware::ALL {
        for boot in [BootFrom::Usb, BootFrom::Cd] {
            for memory in [LITTLE, MUCH] {
                boot_and_erase(firmware, boot, memory)?;
            }
        }
    }
    Ok(())
}
