//! The drives' own erase commands, on the booted image: drives that do as they are told, a frozen one, one that lies.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lab::drives::{Bay, Definition, Model};
use lab::outside::check_ledger;
use lab::{Class, Key, LabError, Ledger, Log, Report, Rig, pc};
use lab_drives::Fault;
use massho_tests::{Bench, all_held, logs, serials};
use std::time::{Duration, Instant};

const ERASING: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(90);

/// What the log has to say of a drive, and what its medium.
struct Expected {
    drive: &'static str,
    outcome: &'static str,
    technique: Option<&'static str>,
    failure: Option<&'static str>,
    left: Left,
}

enum Left {
    Nothing,
    Everything,
}

impl Expected {
    const fn purged(drive: &'static str, technique: &'static str) -> Self {
        Self { drive, outcome: "done", technique: Some(technique), failure: None, left: Left::Nothing }
    }

    /// The log says it, and the medium, read physically, does not deny it.
    fn check(&self, report: &mut Report, log: &Log, bay: &Bay) -> Result<(), LabError> {
        let drive = bay.drive(self.drive)?;
        let records = log.drives();
        let Some(record) = records.get(&drive.serial) else {
            report.check(format!("{} is in the log", self.drive), Err("it is not"));
            return Ok(());
        };
        let said = (record.outcome.as_deref(), record.technique.as_deref(), record.failure.as_deref());
        let wanted = (Some(self.outcome), self.technique, self.failure);
        report.same(format!("{}: the log says {}", self.drive, self.outcome), &said, &wanted);
        let scan = drive.scan()?;
        let what = format!(
            "{}: {} of {} physical sectors carry the old pattern",
            self.drive, scan.carrying, scan.sectors
        );
        let holds = match self.left {
            Left::Nothing => scan.carrying == 0,
            // The canaries of an erase that did nothing overwrote some.
            Left::Everything => scan.carrying > scan.sectors / 2,
        };
        report.check(what, if holds { Ok(()) } else { Err("not as it should be") });
        Ok(())
    }
}

fn ata(name: &str, kind: Model, seconds: u64) -> Definition {
    let operations = if kind == Model::AtaSsd { "sanitize = { operations = [\"block-erase\"] }" } else { "" };
    let lines = format!("erase_seconds = {seconds}\nencryption = \"plain\"\n{operations}\n");
    Definition::new(name, kind).sized(32).with(&lines).unwrap()
}

/// Everything that a PC of class (2) can have in it, at once.
#[test]
fn each_of_seven_drives_ends_as_it_should() -> Result<(), LabError> {
    let bench = Bench::new("seven-drives");
    let plain_sas = "layout = { encryption = \"plain\" }\nsanitize = { operations = [\"block-erase\"] }\n";
    let bay = bench.bay(vec![
        ata("HDD", Model::AtaHdd, 4),
        ata("SSD", Model::AtaSsd, 4),
        Definition::new("NVME", Model::Nvme).sized(32),
        Definition::new("SASSSD", Model::SasSsd).sized(32).with(plain_sas).unwrap(),
        ata("FROZEN", Model::AtaSsd, 4).with_fault(Fault::SanitizeFrozen),
        Definition::new("LIAR", Model::Nvme).sized(32).with_fault(Fault::ErasesNothing),
        ata("BRIDGE", Model::UsbSatBridge, 4),
    ])?;
    let mut rig = bench.pc_with(&bay).power_on()?;
    rig.wait_first_screen()?;
    let clerk = rig.clerk();
    clerk.choose_english()?;
    clerk.choose_stick("LAB-RESULTS")?;
    clerk.enter_people()?;
    clerk.choose_class(Class::Two)?;
    clerk.mark_drives(&serials(&bay))?;
    rig.screen.press(Key::Enter)?;
    rig.screen.wait_for("do not accept their erase commands", SOON)?;
    rig.screen.wait_for("Log: saved", SOON)?;
    rig.screen.press(Key::Char('1'))?;
    rig.screen.press(Key::Enter)?;
    rig.screen.wait_for("The PC is awake again", Duration::from_secs(180))?;
    // The screen's first words come before those that say what the sleep did.
    let woke = rig.screen.settled(Duration::from_secs(1), SOON);
    rig.screen.press(Key::Enter)?;
    let clerk = rig.clerk();
    clerk.accept_plan(&[])?;
    clerk.confirm()?;
    let results = clerk.wait_results(ERASING)?;
    let head = clerk.close_log()?;
    clerk.power_off()?;
    // QEMU's q35 does not switch off any more after it has slept: the kernel's last word has to do.
    rig.screen.wait_for("reboot: Power down", SOON)?;
    let mut report = Report::default();
    report.check("the sleep thawed it", woke.contains("accept their commands now").then_some(()).ok_or(woke));
    report.check("the screen says that one failed", results.contains("FAILED").then_some(()).ok_or(results));
    let expected = [
        Expected::purged("HDD", "ata-security-erase-enhanced"),
        Expected::purged("SSD", "ata-sanitize-block-erase"),
        Expected::purged("NVME", "nvme-sanitize-block-erase"),
        Expected::purged("SASSSD", "scsi-sanitize-block-erase"),
        Expected::purged("FROZEN", "ata-sanitize-block-erase"),
        Expected {
            drive: "LIAR",
            outcome: "failed",
            technique: Some("nvme-sanitize-block-erase"),
            failure: Some("medium-unchanged"),
            left: Left::Everything,
        },
        Expected {
            drive: "BRIDGE",
            outcome: "awaiting-destruction",
            technique: None,
            failure: None,
            left: Left::Everything,
        },
    ];
    let stick = rig.drive(pc::RESULTS)?.path.clone();
    if let [(file, log)] = &logs(&rig)?[..] {
        judge(&mut report, log, &head, &bay, &expected)?;
        check_ledger(&mut report, &Ledger::new(&bench.ledger), &stick, file, &bench.folder, 20)?;
    } else {
        report.check("the results stick holds one log", Err("it does not"));
    }
    println!("{report}");
    all_held(&report);
    Ok(())
}

/// The plug pulled in the middle of SECURITY ERASE and of SANITIZE, and the PC started again.
#[test]
fn after_a_power_cut_nothing_is_left_locked_or_unwatched() -> Result<(), LabError> {
    let bench = Bench::new("power-cut");
    // The second one must still be at it when the PC has started again, on a slow host too.
    let bay = bench.bay(vec![ata("HDD", Model::AtaHdd, 45), ata("SSD", Model::AtaSsd, 90)])?;
    let spec = bench.pc_with(&bay);
    let mut rig = spec.clone().power_on()?;
    rig.wait_first_screen()?;
    rig.clerk().answer_everything("LAB-RESULTS", Class::Two, &serials(&bay), &[])?;
    let both_erase = |text: &str| text.matches("drive is erasing").count() >= 2;
    rig.screen.wait_until("both drives at work", SOON, both_erase)?;
    std::thread::sleep(Duration::from_secs(5));
    // QEMU is killed, and the drives lose their power.
    drop(rig);
    let mut report = Report::default();
    let left = bay.drive("HDD")?.scan()?.carrying;
    report.check(
        format!("the cut came in the middle: {left} sectors left"),
        (left > 0).then_some(()).ok_or("too late"),
    );

    rig = spec.power_on()?;
    rig.wait_first_screen()?;
    let clerk = rig.clerk();
    clerk.choose_english()?;
    rig.screen.wait_for("begun before goes on", SOON)?;
    clerk.choose_stick("LAB-RESULTS")?;
    clerk.enter_people()?;
    clerk.choose_class(Class::Two)?;
    // It is offered as any other drive once its own erase has ended.
    rig.screen.wait_for("The erase that was begun before has ended", ERASING)?;
    let settled = |text: &str| {
        text.contains("going on offers to unlock it")
            && text.contains("1 of 2")
            && !text.contains("Looking for")
    };
    rig.screen.wait_until("both drives settled", SOON, settled)?;
    std::thread::sleep(Duration::from_secs(3));
    rig.screen.press(Key::Enter)?;
    rig.screen.wait_for("locked by the password of an erase that was interrupted", SOON)?;
    rig.screen.wait_for("Log: saved", SOON)?;
    rig.screen.press(Key::Char('1'))?;
    rig.screen.press(Key::Enter)?;
    rig.screen.wait_for("Unlocked:", SOON)?;
    // On to the plan and the confirmation; while drives are looked for, Enter only says so.
    let end = Instant::now() + SOON;
    while !rig.screen.text().contains(" 7/10 ") && Instant::now() < end {
        rig.screen.press(Key::Enter)?;
        let _ = rig.screen.wait_for(" 7/10 ", Duration::from_secs(4));
    }
    rig.screen.wait_for("All data on these 2 drive(s)", SOON)?;
    let clerk = rig.clerk();
    clerk.confirm()?;
    let results = clerk.wait_results(ERASING)?;
    report
        .check("the screen says that all is done", results.contains("COMPLETE").then_some(()).ok_or(results));
    let head = clerk.close_log()?;
    clerk.power_off()?;
    rig.wait_off()?;
    let expected = [
        Expected::purged("HDD", "ata-security-erase-enhanced"),
        Expected::purged("SSD", "ata-sanitize-block-erase"),
    ];
    let found = logs(&rig)?;
    let [(torn, first), (_, second)] = &found[..] else {
        report.check("the results stick holds two logs", Err("it does not"));
        all_held(&report);
        return Ok(());
    };
    judge(&mut report, second, &head, &bay, &expected)?;
    report.check("the first session has no end", if first.is_closed() { Err("it has") } else { Ok(()) });
    let said = Ledger::new(&bench.ledger).verify(&rig.drive(pc::RESULTS)?.path)?;
    let password = "masshoerasurepasswordforthisdisk";
    report.check("the password was on the stick", holds(&String::from_utf8_lossy(&torn.bytes), password));
    report.check("the office is told that it is needed", holds(&said.out, password));
    report.check("and that a session has no end", if said.is_refusal() { Ok(()) } else { Err(said.out) });
    println!("{report}");
    all_held(&report);
    Ok(())
}

fn holds(text: &str, part: &str) -> Result<(), String> {
    if text.contains(part) { Ok(()) } else { Err(text.to_owned()) }
}

fn judge(
    report: &mut Report,
    log: &Log,
    head: &str,
    bay: &Bay,
    expected: &[Expected],
) -> Result<(), LabError> {
    report.check("the log is closed", log.is_closed().then_some(()).ok_or("it is not"));
    Rig::check_head(report, head, log);
    expected.iter().try_for_each(|drive| drive.check(report, log, bay))
}
