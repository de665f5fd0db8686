//! Drives of unusual shapes in the booted image: with hidden areas, with several namespaces, with nothing but FORMAT, two
//! that look alike.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lab::drives::{Bay, Definition, Model};
use lab::{Class, LabError, Log, Report, Rig};
use massho_tests::{Bench, all_held, logs, serials};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(600);

/// Ends the session and reads its log.
fn finish(rig: &mut Rig, report: &mut Report) -> Result<Log, LabError> {
    rig.clerk().wait_results(ERASING)?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;
    let mut found = logs(rig)?;
    assert_eq!(found.len(), 1, "logs on the results stick");
    let (_, log) = found.remove(0);
    report.check("the log is closed", if log.is_closed() { Ok(()) } else { Err("it is not") });
    Rig::check_head(report, &head, &log);
    Ok(log)
}

/// 完了 by this technique, and nothing physically left.
fn is_done(report: &mut Report, log: &Log, bay: &Bay, name: &str, technique: &str) -> Result<(), LabError> {
    let drive = bay.drive(name)?;
    let record = log.drives().get(&drive.serial).cloned().unwrap_or_default();
    let said = (record.outcome.as_deref(), record.technique.as_deref(), record.failure.as_deref());
    report.same(format!("{name}: done by {technique}"), &said, &(Some("done"), Some(technique), None));
    nothing_left(report, bay, name)
}

fn nothing_left(report: &mut Report, bay: &Bay, name: &str) -> Result<(), LabError> {
    let scan = bay.drive(name)?.scan()?;
    let what = format!("{name}: {} of {} physical sectors left", scan.carrying, scan.sectors);
    report.check(what, if scan.carrying == 0 { Ok(()) } else { Err("not as it should be") });
    Ok(())
}

/// What the last result of a drive says of its hidden areas, before and after: `hpa`, `dco`, `amax`.
fn hidden(log: &Log, serial: &str) -> [Value; 2] {
    let number = log.drives().get(serial).map(|record| record.number);
    let results = log.of_type("result").filter(|entry| entry["drive"].as_u64() == number);
    let change =
        results.last().map(|entry| entry["result"]["evidence"]["hidden"].clone()).unwrap_or_default();
    [change["before"].clone(), change["after"].clone()]
}

/// An area hid what lies beyond, of a drive that has this many sectors without it, and does not any more.
fn is_opened([before, after]: &[Value; 2], area: &str, sectors: u64) -> bool {
    let native = (sectors * 512).to_string();
    before[area]["is"] == "present" && before[area]["native"] == *native && after[area]["is"] == "none"
}

/// HPA and AMAX are opened, a DCO only when somebody asks; an enhanced erase reaches what stays hidden all the same.
#[test]
fn what_a_disk_hides_is_opened_and_erased() -> Result<(), LabError> {
    let bench = Bench::new("hidden-areas");
    let hiding = |name: &str, kind, hidden: &str| {
        let lines = format!("erase_seconds = 3\nencryption = \"plain\"\nhidden = {{ {hidden} }}\n");
        Definition::new(name, kind).sized(32).with(&lines).unwrap()
    };
    let block_erase = "sanitize = { operations = [\"block-erase\"] }\n";
    let bay = bench.bay(vec![
        hiding("HPA", Model::AtaHdd, "by = \"hpa\", blocks = 4096"),
        hiding("AMAX", Model::AtaHdd, "by = \"amax\", blocks = 4096"),
        hiding("DCO", Model::AtaHdd, "by = \"hpa\", blocks = 2048, dco_blocks = 4096"),
        hiding("KEPT", Model::AtaHdd, "dco_blocks = 4096"),
        hiding("SSDHPA", Model::AtaSsd, "by = \"hpa\", blocks = 4096").with(block_erase).unwrap(),
    ])?;
    let mut rig = bench.pc_with(&bay).power_on()?;
    rig.wait_first_screen()?;
    let clerk = rig.clerk();
    clerk.choose_english()?;
    clerk.choose_stick("LAB-RESULTS")?;
    clerk.enter_people()?;
    clerk.choose_class(Class::Two)?;
    clerk.select_drives(&serials(&bay))?;
    clerk.restore_dco(&[bay.drive("DCO")?.serial.clone()])?;
    clerk.accept_plan(&[])?;
    clerk.confirm()?;
    let mut report = Report::default();
    let log = finish(&mut rig, &mut report)?;
    for name in ["HPA", "AMAX", "DCO", "KEPT"] {
        is_done(&mut report, &log, &bay, name, "ata-security-erase-enhanced")?;
    }
    is_done(&mut report, &log, &bay, "SSDHPA", "ata-sanitize-block-erase")?;
    // Beyond the HPA of a disk with a DCO lies what the DCO leaves of it.
    let whole = 65_536;
    let areas = [
        ("HPA", "hpa", whole),
        ("AMAX", "amax", whole),
        ("DCO", "hpa", whole - 4096),
        ("DCO", "dco", whole),
        ("SSDHPA", "hpa", whole),
    ];
    for (name, area, sectors) in areas {
        let change = hidden(&log, &bay.drive(name)?.serial);
        let opened = is_opened(&change, area, sectors);
        report.check(
            format!("{name}: the {area} was there before and is not after"),
            opened.then_some(()).ok_or(format!("{change:?}")),
        );
    }
    let kept = hidden(&log, &bay.drive("KEPT")?.serial);
    let is_kept = kept.iter().all(|areas| areas["dco"]["is"] == "present");
    report.check("KEPT: the dco is there before and after", is_kept.then_some(()).ok_or(format!("{kept:?}")));
    println!("{report}");
    all_held(&report);
    Ok(())
}

/// Drives that have nothing but FORMAT, among them one with blocks of 4096 bytes and one with two namespaces.
#[test]
#[ignore = "takes minutes: just test-long"]
fn a_format_reaches_every_namespace() -> Result<(), LabError> {
    let bench = Bench::new("formats");
    let nvme = |name: &str, spaces: &str| {
        let lines = format!("namespaces = [{spaces}]\nsanitize = {{ operations = [] }}\n");
        Definition::new(name, Model::Nvme).with(&lines).unwrap()
    };
    let no_sanitize = "sanitize = { operations = [] }\n";
    let bay = bench.bay(vec![
        nvme("PLAIN", "{ blocks = 32768 }"),
        nvme("FOURK", "{ blocks = 4096, format = 1 }"),
        nvme("TWO", "{ number = 1, blocks = 16384 }, { number = 3, blocks = 8192 }"),
        Definition::new("SASHDD", Model::SasHdd).sized(16).with(no_sanitize).unwrap(),
    ])?;
    let mut rig = bench.pc_with(&bay).power_on()?;
    rig.wait_first_screen()?;
    let single = ["PLAIN", "FOURK", "SASHDD"];
    let mut wanted = serials(&bay);
    // The same serial number stands at two lines of the list, one per namespace.
    wanted.push(bay.drive("TWO")?.serial.clone());
    rig.clerk().answer_everything("LAB-RESULTS", Class::Two, &wanted, &[])?;
    let mut report = Report::default();
    let log = finish(&mut rig, &mut report)?;
    for (name, technique) in
        single.into_iter().zip(["nvme-format-user-data", "nvme-format-user-data", "scsi-format-unit"])
    {
        is_done(&mut report, &log, &bay, name, technique)?;
    }
    let two = &bay.drive("TWO")?.serial;
    let ended = outcomes(&log, two);
    report.same("TWO: both namespaces are done", &ended, &vec!["done".to_owned(); 2]);
    nothing_left(&mut report, &bay, "TWO")?;
    println!("{report}");
    all_held(&report);
    Ok(())
}

/// The outcomes of all drives of the log that say this serial number.
fn outcomes(log: &Log, serial: &str) -> Vec<String> {
    let drives = log.of_type("inventory").flat_map(|entry| entry["drives"].as_array().into_iter().flatten());
    let numbers: BTreeSet<u64> = drives
        .filter(|drive| drive["identity"]["serial"] == *serial)
        .filter_map(|drive| drive["no"].as_u64())
        .collect();
    let closed = log.of_type("close").flat_map(|entry| entry["drives"].as_array().into_iter().flatten());
    closed
        .filter(|drive| drive["drive"].as_u64().is_some_and(|no| numbers.contains(&no)))
        .filter_map(|drive| drive["outcome"].as_str().map(str::to_owned))
        .collect()
}

/// Two drives that say the same of themselves cannot be told apart: neither is touched, both have to be destroyed. A third
/// one is erased.
#[test]
#[ignore = "takes minutes: just test-long"]
fn twins_are_left_alone() -> Result<(), LabError> {
    let bench = Bench::new("twins");
    let twin = |name: &str| {
        let drive = Definition::new(name, Model::AtaHdd).sized(16).with("erase_seconds = 3\n").unwrap();
        Definition { serial: Some("LAB-TWIN".to_owned()), ..drive }
    };
    let other = Definition::new("OTHER", Model::AtaHdd).sized(16).with("erase_seconds = 3\n").unwrap();
    let bay = bench.bay(vec![twin("ONE"), twin("TWO"), other])?;
    let mut rig = bench.pc_with(&bay).power_on()?;
    rig.wait_first_screen()?;
    let wanted = [bay.drive("OTHER")?.serial.clone()];
    rig.clerk().answer_everything("LAB-RESULTS", Class::Two, &wanted, &[])?;
    let mut report = Report::default();
    let log = finish(&mut rig, &mut report)?;
    is_done(&mut report, &log, &bay, "OTHER", "ata-security-erase-enhanced")?;
    report.same(
        "both are in the log",
        &outcomes(&log, "LAB-TWIN"),
        &vec!["awaiting-destruction".to_owned(); 2],
    );
    let why = log.drives().get("LAB-TWIN").map(|record| record.eligibility.clone());
    report.same("with the reason", &why.as_deref(), &Some("same-identity"));
    for name in ["ONE", "TWO"] {
        let scan = bay.drive(name)?.scan()?;
        let whole = scan.carrying >= bay.drive("OTHER")?.scan()?.sectors - 64;
        report.check(
            format!("{name}: untouched, {} sectors carry the pattern", scan.carrying),
            whole.then_some(()).ok_or("it is not"),
        );
    }
    println!("{report}");
    all_held(&report);
    Ok(())
}
