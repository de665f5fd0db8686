//! The boot menu's entry for technicians, and a program that is ended from outside, again and again: it comes back, what it
//! was doing stands on the stick, and at last its screen says that it cannot go on.

use lab::{Class, Clerk, Desk, Drive, Key, Kind, LabError, Report, Seen, Stick, pc};
use massho_tests::{Bench, Catalogue, all_held, image_font, logs};
use serde_json::json;
use std::time::{Duration, Instant};

const MENU: Duration = Duration::from_secs(120);
const SOON: Duration = Duration::from_secs(90);
const ERASING: Duration = Duration::from_secs(600);
/// How long the PC is left to show another terminal before it is asked again.
const SWITCHES: Duration = Duration::from_secs(5);
/// How long the shell may take for a line.
const SHELL: Duration = Duration::from_secs(2);
/// What stands at the top of each of the program's screens, in letters that only its terminal draws.
const OURS: &str = "massho";

/// Types a line into the shell on the second virtual terminal, and comes back.
fn in_the_shell(desk: &mut Desk<'_>, line: &str) -> Result<(), LabError> {
    let is_ours = |_: &Desk<'_>, seen: &Seen| seen.text.contains(OURS);
    desk.wait_until("the program's terminal", SOON, is_ours)?;
    switch(desk, "f2", "the shell's terminal", |desk, seen| !is_ours(desk, seen))?;
    // Neither a picture that was half drawn nor a program that was just beginning anew.
    std::thread::sleep(SHELL);
    desk.wait_until("the shell's terminal still", SOON, |desk, seen| !is_ours(desk, seen))?;
    desk.type_text(line)?;
    desk.press(Key::Enter)?;
    std::thread::sleep(SHELL);
    // For whoever looks into a failure.
    let picture = desk.machine().spec().folder.join("shell.png");
    desk.machine().screenshot(&picture)?;
    switch(desk, "f1", "the program's terminal again", is_ours)
}

/// Has the PC show another terminal, and waits until it does: the one in front must let go first, which takes a busy PC its
/// time, and what is typed until then is its own. What is pressed on a keyboard that the PC does not know yet is lost.
fn switch(
    desk: &mut Desk<'_>,
    key: &str,
    what: &str,
    is_there: impl Fn(&Desk<'_>, &Seen) -> bool,
) -> Result<(), LabError> {
    let end = Instant::now() + SOON;
    loop {
        desk.press_together(&["ctrl", "alt", key])?;
        match desk.wait_until(what, SWITCHES, &is_there) {
            Err(error) if Instant::now() > end => return Err(error),
            Err(_) => {}
            Ok(_) => return Ok(()),
        }
    }
}

/// What the shell is asked: which filesystems are mounted and how, whether the keyboard reaches the kernel, and which driver
/// each part of a USB device has. It lies at the beginning of a stick without a filesystem and writes its answer behind
/// itself: for both a shell needs no mount. What was plugged in has had its chance of a driver by then.
const ASKS: &str = r#"udevadm settle
{
    cat /proc/mounts
    echo SYSRQ $(cat /proc/sys/kernel/sysrq)
    cd /sys/bus/usb/devices
    for part in *:*; do echo USB $(cat $part/bInterfaceClass) $(basename "$(readlink $part/driver)"); done
    echo END
} | dd of=$0 bs=4096 seek=1 conv=sync,notrunc
sync
exit
"#;
/// Where the answer begins.
const ANSWER: usize = 4096;
/// The stick with the question, and what Linux calls the third disk.
const NOTES: &str = "notes";
const THIRD_DISK: &str = "/dev/sdc";
/// The classes of what is plugged in as a stranger: communication, still images, smart cards.
const STRANGE_CLASSES: [&str; 3] = ["02", "06", "0b"];

/// The stick with the question.
fn notes(bench: &Bench) -> Result<Drive, LabError> {
    let path = bench.folder.join("notes.raw");
    let mut bytes = ASKS.as_bytes().to_vec();
    bytes.resize(1 << 20, 0);
    std::fs::write(&path, bytes).map_err(LabError::file("write", &path))?;
    Ok(Drive::over(&path, NOTES, Kind::UsbStick))
}

/// USB devices that no PC needs for this work, and a keyboard, which from now on is the one that is typed on.
fn plug_in_strangers(desk: &mut Desk<'_>) -> Result<(), LabError> {
    for device in [
        json!({ "driver": "usb-kbd", "bus": "xhci.0", "id": "stranger-keyboard" }),
        json!({ "driver": "usb-net", "bus": "xhci.0", "id": "stranger-network" }),
        json!({ "driver": "usb-ccid", "bus": "xhci.0", "id": "stranger-cards" }),
        json!({ "driver": "usb-mtp", "bus": "xhci.0", "id": "stranger-phone", "rootdir": "/usr/share/doc" }),
    ] {
        desk.machine().qmp().execute("device_add", device)?;
    }
    Ok(())
}

/// Has the shell answer until it has seen all that was plugged in: how long that takes is the PC's affair. Returns the last
/// answer.
fn ask(desk: &mut Desk<'_>, bench: &Bench) -> Result<String, LabError> {
    let notes = bench.folder.join("notes.raw");
    let end = Instant::now() + SOON;
    loop {
        in_the_shell(desk, &format!("sh {THIRD_DISK}"))?;
        let said = std::fs::read(&notes).map_err(LabError::file("read", &notes))?;
        // Each piece that came through the pipe was filled up to a whole block.
        let said: Vec<u8> = said.into_iter().skip(ANSWER).filter(|byte| *byte != 0).collect();
        let said = String::from_utf8_lossy(&said);
        let answer: Vec<&str> = said.lines().take_while(|line| *line != "END").collect();
        let whole = answer.len() < said.lines().count();
        let seen = |class: &&str| answer.iter().any(|line| line.starts_with(&format!("USB {class}")));
        if (whole && STRANGE_CLASSES.iter().all(seen)) || Instant::now() > end {
            return Ok(answer.join("\n"));
        }
    }
}

/// Holds what the shell wrote against what the image promises of itself.
fn check_closed(report: &mut Report, said: &str) {
    println!("{said}");
    let said: Vec<&str> = said.lines().collect();
    let mounts = said.iter().map(|line| line.split(' ').collect::<Vec<_>>());
    let disks: Vec<_> = mounts.filter(|parts| parts.len() == 6 && parts[0].starts_with("/dev/")).collect();
    let only = match &disks[..] {
        [stick]
            if ["nosuid", "nodev", "noexec"]
                .iter()
                .all(|flag| stick[3].split(',').any(|set| set == *flag)) =>
        {
            Ok(())
        }
        other => Err(format!("{other:?}")),
    };
    report.check("only the results stick is mounted, nosuid, nodev, noexec", only);
    let off = said.contains(&"SYSRQ 0").then_some(()).ok_or("it does");
    report.check("no key chord reaches the kernel", off);
    let usb: Vec<_> = said.iter().filter_map(|line| line.strip_prefix("USB ")).collect();
    // Class 3 is keyboards, 8 storage, 9 hubs; a device of any other has no driver.
    let strange = |line: &&&str| {
        let mut parts = line.split(' ');
        match (parts.next(), parts.next().filter(|driver| !driver.is_empty())) {
            (Some("03"), Some("usbhid"))
            | (Some("08"), Some("usb-storage" | "uas"))
            | (Some("09"), Some("hub")) => false,
            (Some("03" | "08" | "09") | None, _) => true,
            (Some(_), driver) => driver.is_some(),
        }
    };
    let strangers: Vec<_> = usb.iter().filter(strange).collect();
    report.check(
        "a USB device that is no storage and no keyboard has no driver",
        match strangers[..] {
            [] if STRANGE_CLASSES.iter().all(|class| usb.iter().any(|line| line.starts_with(class))) => {
                Ok(())
            }
            [] => Err(format!("only {usb:?} was seen")),
            _ => Err(format!("{strangers:?}")),
        },
    );
}

#[test]
fn a_program_that_is_ended_comes_back_three_times_and_then_says_that_it_cannot() -> Result<(), LabError> {
    let bench = Bench::new("rescue");
    let font = image_font(&bench);
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| [pc::HDD, pc::RESULTS].contains(&drive.name.as_str()));
    spec.spare_sticks.push(notes(&bench)?);
    spec.drives =
        spec.drives.into_iter().map(|d| if d.name == pc::HDD { d.slow(2 << 20) } else { d }).collect();
    let mut rig = spec.power_on()?;
    rig.screen.wait_for("For technicians", MENU)?;
    for key in [Key::Down, Key::Down, Key::Enter] {
        rig.screen.press(key)?;
    }
    rig.wait_first_screen()?;
    let serial = rig.serial(pc::HDD)?;
    let clerk = Clerk::new(&rig.screen);
    clerk.answer_everything("LAB-RESULTS", Class::Three, std::slice::from_ref(&serial), &[])?;
    rig.screen.wait_for("overwriting, pass 1", SOON)?;

    // Told to end in the middle of the work, it leaves a recording and says its code.
    let mut desk = Desk::at(&mut rig.machine, &font)?;
    plug_in_strangers(&mut desk)?;
    let mut report = Report::default();
    desk.machine().plug(NOTES)?;
    check_closed(&mut report, &ask(&mut desk, &bench)?);
    in_the_shell(&mut desk, "killall -QUIT massho")?;
    // The program that begins anew knows nothing of the language that was chosen.
    let texts = Catalogue::of("ja");
    let said = rig.screen.wait_for(texts.text("crashed.again"), SOON)?;
    let coded = said.contains(" M-").then_some(()).ok_or(said);
    report.check("the screen says the fault's code", coded);
    // Twice more, with nothing that it could have said.
    for _ in 0..2 {
        clerk.choose_english()?;
        in_the_shell(&mut desk, "killall -KILL massho")?;
        rig.screen.wait_until("the first screen again", SOON, Clerk::is_first_screen)?;
    }
    desk.machine().limit(pc::HDD, None)?;
    clerk.answer_everything("LAB-RESULTS", Class::Three, &[serial], &[])?;
    clerk.wait_results(ERASING)?;
    let head = clerk.close_log()?;

    // A fourth time it is not started again.
    in_the_shell(&mut desk, "killall -QUIT massho")?;
    rig.screen.wait_for("massho could not be started again (code M-", SOON)?;
    desk.wait_for(texts.text("crashed.gave_up_keep"), SOON)?;
    rig.machine.switch_off();

    let stick = rig.drive(pc::RESULTS)?.path.clone();
    let recordings: Vec<_> =
        Stick::open(&stick)?.files()?.into_iter().filter(|file| file.path.contains("MASSHO-FAULT")).collect();
    let whole = recordings.iter().any(|file| {
        let text = String::from_utf8_lossy(&file.bytes);
        text.contains("massho-recording/1") && text.contains("SIGQUIT") && text.ends_with('\n')
    });
    report.check("the recording is on the stick", whole.then_some(()).ok_or(format!("{recordings:?}")));
    let found = logs(&rig)?;
    if let [(_, torn), (_, whole)] = &found[..] {
        report.check("the first session has no end", if torn.is_closed() { Err("it has") } else { Ok(()) });
        report.check("the second has", if whole.is_closed() { Ok(()) } else { Err("it has not") });
        lab::Rig::check_head(&mut report, &head, whole);
        for (what, words) in [
            ("the log says that there was a shell", "entry for technicians"),
            ("the log says that the program had stopped", "stopped before this session by a fault"),
        ] {
            let details = |log: &lab::Log| {
                log.of_type("notice")
                    .any(|notice| notice["detail"].as_str().is_some_and(|d| d.contains(words)))
            };
            report.check(what, if details(whole) { Ok(()) } else { Err("it does not") });
        }
    } else {
        report.check("the stick holds two logs", Err(format!("{} of them", found.len())));
    }
    let left = rig.drive(pc::HDD)?.scan()?;
    report.check("nothing is left on the disk", if left.is_gone() { Ok(()) } else { Err("something is") });
    println!("{report}");
    all_held(&report);
    Ok(())
}
