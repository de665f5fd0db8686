//! Results sticks that cannot be used, or that go away: one sentence what, one what to do, and no record lost.

use lab::outside::{Expected, check_ledger};
use lab::{Class, Contents, Drive, Kind, LabError, Ledger, Report, Rig, RigSpec, ScreenSize, TextFile, pc};
use massho_tests::{Bench, all_held};
use std::num::NonZeroU16;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);

fn stick(bench: &Bench, name: &str, contents: &Contents) -> Result<Drive, LabError> {
    Drive::create(&bench.folder, &pc::run_marker(), name, Kind::UsbStick, 48, contents)
}

/// A PC with one hard disk and no stick.
fn bare_pc(bench: &Bench) -> RigSpec {
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| drive.name == pc::HDD);
    spec
}

#[test]
fn a_stick_that_cannot_take_the_results_is_told_what_is_wrong_and_what_to_do() -> Result<(), LabError> {
    let bench = Bench::new("no-usable-stick");
    let policy = TextFile { path: "massho-policy.toml".to_owned(), bytes: b"no_such_key = 1\n".to_vec() };
    let full = stick(&bench, "full", &Contents::FullFat { leave: 0 })?;
    let locked = stick(&bench, "locked", &Contents::Fat(Vec::new()))?.read_only();
    let raw = stick(&bench, "raw", &Contents::Pattern)?;
    let ruled = stick(&bench, "ruled", &Contents::Fat(vec![policy]))?;
    let mut spec = bare_pc(&bench);
    spec.spare_sticks = vec![full, locked, raw, ruled];
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    rig.clerk().choose_english()?;
    says(&rig, &["No results stick was found.", "Plug the results stick into a USB port"])?;

    for (name, sentences) in [
        ("locked", ["cannot be used: write-protected.", "Slide its switch to writable"]),
        ("raw", ["cannot be used: neither FAT32 nor exFAT", "Use another stick."]),
    ] {
        rig.machine.plug(name)?;
        says(&rig, &[&format!("LAB-{}", name.to_uppercase()), sentences[0], sentences[1]])?;
        rig.machine.pull(name)?;
        says(&rig, &["No results stick was found."])?;
    }

    rig.machine.plug("full")?;
    rig.clerk().pick_stick("LAB-FULL")?;
    says(&rig, &["The results stick is full.", "Plug in another stick with free space."])?;
    rig.machine.pull("full")?;
    says(&rig, &["No results stick was found."])?;

    rig.machine.plug("ruled")?;
    rig.clerk().pick_stick("LAB-RULED")?;
    says(&rig, &["rule file has a mistake", "no_such_key", "Switch off and tell the person in charge."])?;
    Ok(())
}

/// Waits for each of these sentences.
fn says(rig: &Rig, sentences: &[&str]) -> Result<(), LabError> {
    sentences.iter().try_for_each(|sentence| rig.screen.wait_for(sentence, SOON).map(drop))
}

#[test]
fn a_terminal_that_is_too_small_is_told_so() -> Result<(), LabError> {
    let bench = Bench::new("small-terminal");
    let mut spec = bare_pc(&bench);
    let size = |value| NonZeroU16::new(value).unwrap();
    spec.size = ScreenSize { rows: size(20), columns: size(60) };
    let rig = spec.power_on()?;
    let is_there = |text: &str| {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.contains("80×24") && words.contains("60×20")
    };
    rig.screen.wait_until("what is needed and what is there", Duration::from_secs(300), is_there)?;
    Ok(())
}

#[test]
fn a_results_stick_that_is_pulled_and_comes_back_holds_the_whole_record() -> Result<(), LabError> {
    let bench = Bench::new("results-stick-pulled");
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| drive.name == pc::SSD || drive.name == pc::RESULTS);
    // Slow enough that the stick can be pulled while it runs.
    spec.drives =
        spec.drives.into_iter().map(|d| if d.name == pc::SSD { d.slow(4 << 20) } else { d }).collect();
    let mut rig = spec.power_on()?;
    rig.wait_first_screen()?;
    let (results, ssd) = (rig.drive(pc::RESULTS)?.serial.clone(), rig.drive(pc::SSD)?.serial.clone());
    rig.clerk().answer_everything(&results, Class::Three, &[ssd], &[])?;
    rig.screen.wait_for("overwriting, pass 1", SOON)?;
    rig.machine.pull(pc::RESULTS)?;
    rig.screen.wait_for("The results stick has been pulled.", Duration::from_secs(180))?;
    rig.screen.wait_for("UNSAVED", SOON)?;
    rig.machine.plug(pc::RESULTS)?;
    rig.machine.limit(pc::SSD, None)?;
    rig.screen.wait_for("Log: saved", SOON)?;
    rig.clerk().wait_results(Duration::from_secs(600))?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let mut report = Report::default();
    let expected = [Expected::done(pc::SSD, "clear", "random-overwrite")];
    if let Some((file, log)) = rig.check_log(&mut report, &expected) {
        Rig::check_head(&mut report, &head, &log);
        let of_sticks: Vec<&str> =
            log.notices().into_iter().filter(|code| code.starts_with("stick-")).collect();
        report.same("loss and return are in the log", &of_sticks, &vec!["stick-lost", "stick-returned"]);
        let stick = rig.drive(pc::RESULTS)?.path.clone();
        let ledger = Ledger::new(&bench.ledger);
        check_ledger(&mut report, &ledger, &stick, &file, &bench.folder, 20)?;
    }
    all_held(&report);
    Ok(())
}
