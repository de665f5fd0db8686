//! What an office prepares, through a PC and back: its key on the boot stick, a results stick of its own, the passphrase on
//! the old PC, the log in the ledger, and the stick, once it is released, erased on another PC.

use lab::outside::Expected;
use lab::{BootFrom, Class, Contents, Drive, Firmware, Key, Kind, LabError, Report, Stick, TextFile, pc};
use massho_tests::{Bench, Office, all_held, fiscal_year, folder_files};
use std::fs;
use std::path::Path;
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(90);
const ROOT: &str = "root key's passphrase";
const STICK: &str = "the stick in the cupboard";
const ASSETS: &str = "資産番号,製造番号,ドライブの製造番号\nPC-0042,LAB-PC-1,LAB-HDD\n";

#[test]
fn a_prepared_stick_is_checked_by_the_boot_stick_and_its_log_is_vouched_for() -> Result<(), LabError> {
    let bench = Bench::new("office");
    let office = Office::new(&bench)?;
    let stick = office.folder.join("stick");
    for (name, text) in [("root.txt", ROOT), ("stick.txt", STICK), ("assets.csv", ASSETS)] {
        office.write(name, text.as_bytes())?;
    }
    office
        .run(&format!("key new --name 架空市 --fiscal-year {} --passphrase-file @root.txt", fiscal_year()))?;
    office.run("stick prepare @stick --assets @assets.csv --passphrase-file @root.txt --stick-passphrase-file @stick.txt")?;
    let image = office.folder.join("massho.iso");
    fs::copy(&bench.image, &image).map_err(LabError::file("copy", &bench.image))?;
    let key = "--org-key @massho-organisation.json";
    office.run(&format!("boot prepare @massho.iso {key}"))?;
    let manifest = bench.image.with_file_name("massho.manifest.json");
    let check = format!("check-boot @massho.iso --manifest {} {key}", manifest.display());
    let checked = office.run(&check)?;

    let mut spec = bench.office_pc();
    (spec.image, spec.firmware, spec.boot) = (image.clone(), Firmware::Uefi, BootFrom::Usb);
    spec.drives.retain(|drive| drive.name == pc::HDD);
    let contents = Contents::Fat(folder_files(&stick, "")?);
    spec.drives.push(Drive::create(&bench.folder, "", pc::RESULTS, Kind::UsbStick, 48, &contents)?);
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    let serial = rig.serial(pc::HDD)?;
    let screen = &rig.screen;
    rig.clerk().choose_english()?;
    rig.clerk().pick_stick("LAB-RESULTS")?;
    screen.wait_for("checked by the key on the boot stick", SOON)?;
    screen.type_text("not this one")?;
    screen.press(Key::Enter)?;
    screen.wait_for("That is not the passphrase.", SOON)?;
    screen.type_text(STICK)?;
    screen.press(Key::Enter)?;
    screen.wait_for("This stick's key vouches for the record", SOON)?;
    screen.press(Key::Enter)?;
    rig.clerk().enter_people()?;
    rig.clerk().choose_class(Class::Three)?;
    rig.clerk().select_drives(&[serial])?;
    rig.clerk().accept_plan(&[])?;
    rig.clerk().confirm()?;
    rig.clerk().wait_results(ERASING)?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;

    let mut report = Report::default();
    let erased = [Expected::done(pc::HDD, "clear", "random-overwrite")];
    let log = rig.check_log(&mut report, &erased);
    rig.check_boot_stick(&mut report);
    let holds = |what: &str, said: &str, wanted: &[&str]| {
        let missing = wanted.iter().find(|wanted| !said.contains(**wanted));
        assert!(missing.is_none(), "{what}: {missing:?} is not in\n{said}");
    };
    holds("check-boot", &checked, &["are as released", "Your organisation's key is on it: 架空市"]);
    let results = rig.drive(pc::RESULTS)?.path.display().to_string();
    let organisation = "--organisation @massho-organisation.json";
    let verified = office.run(&format!("verify {results} {organisation}"))?;
    holds("verify", &verified, &["架空市"]);
    // The boot stick, read after the round, is what it was.
    let after = rig.machine.spec().boot_stick().display().to_string();
    let checked = office.run(&check.replace("@massho.iso", &after))?;
    holds("check-boot after the round", &checked, &["are as released"]);
    let collected = office.run(&format!("collect {results}"))?;
    holds("collect", &collected, &[]);
    assert!(!collected.to_lowercase().contains("contradict"), "{collected}");
    let head = head.replace(' ', "-");
    office.run(&format!("witness PC-0042 {head}"))?;
    if let Some((_, log)) = log {
        let origin = log.of_type("open").next().and_then(|open| open["key_origin"].as_str());
        report.same("the log was signed under the stick's key", &origin, &Some("stick"));
        let doubts: Vec<&str> = log
            .of_type("notice")
            .filter_map(|notice| notice["detail"].as_str())
            .filter(|detail| detail.contains("boot stick"))
            .collect();
        report.same("nothing is said against the boot stick's key", &doubts, &Vec::new());
    }
    all_held(&report);
    let stick = rig.drive(pc::RESULTS)?.clone();
    drop(rig);
    erase_released(&bench, &office, &image, stick)
}

/// The office signs that it has all records of the stick, and another PC offers the stick for erasure and erases it, and
/// not a second stick with the same records that nobody signed for.
fn erase_released(bench: &Bench, office: &Office, image: &Path, collected: Drive) -> Result<(), LabError> {
    let copy = bench.folder.join("unreleased.raw");
    fs::copy(&collected.path, &copy).map_err(LabError::file("copy", &collected.path))?;
    let out = office.folder.join("out");
    let on_stick = Stick::open(&collected.path)?;
    on_stick.copy_out("MASSHO-LOG", &out)?;
    office.run("stick release @out --passphrase-file @root.txt")?;
    let release = out.join("MASSHO-LOG/release.json");
    let bytes = fs::read(&release).map_err(LabError::file("read", &release))?;
    on_stick.put(&TextFile { path: "MASSHO-LOG/release.json".into(), bytes })?;
    drop(on_stick);

    let released = Drive { name: "old".into(), serial: "LAB-RELEASED".into(), ..collected };
    let unreleased = Drive::over(&copy, "unreleased", Kind::UsbStick);
    let contents = Contents::Fat(Vec::new());
    let fresh = Drive::create(&bench.folder, "", "fresh", Kind::UsbStick, 48, &contents)?;
    let mut spec = bench.office_pc();
    (spec.image, spec.firmware, spec.boot) = (image.to_owned(), Firmware::Bios, BootFrom::Cd);
    spec.drives = vec![released.clone(), unreleased.clone(), fresh];
    let before = unreleased.digest()?;
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    rig.clerk().answer_everything("LAB-FRESH", Class::Three, std::slice::from_ref(&released.serial), &[])?;
    rig.clerk().wait_results(ERASING)?;
    rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let bytes = fs::read(&released.path).map_err(LabError::file("read", &released.path))?;
    assert!(!bytes.windows(10).any(|window| window == b"MASSHO-LOG"), "the released stick still has records");
    assert_eq!(unreleased.digest()?, before, "a stick that nobody released was written to");
    Ok(())
}
