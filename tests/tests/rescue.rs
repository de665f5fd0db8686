//! The boot menu's entry for technicians, and a program that is ended from outside, again and again: it comes back, what it
//! was doing stands on the stick, and at last its screen says that it cannot go on.

use lab::{Class, Clerk, Desk, Key, LabError, Report, Stick, pc};
use massho_tests::{Bench, Catalogue, all_held, image_font, logs};
use std::time::Duration;

const MENU: Duration = Duration::from_secs(120);
const SOON: Duration = Duration::from_secs(90);
const ERASING: Duration = Duration::from_secs(600);
/// How long a virtual terminal takes to come to the front, and its shell to do a line.
const SHELL: Duration = Duration::from_secs(2);

/// Types a line into the shell on the second virtual terminal, and comes back.
fn in_the_shell(desk: &mut Desk<'_>, line: &str) -> Result<(), LabError> {
    desk.press_together(&["ctrl", "alt", "f2"])?;
    std::thread::sleep(SHELL);
    desk.type_text(line)?;
    desk.press(Key::Enter)?;
    std::thread::sleep(SHELL);
    // For whoever looks into a failure.
    let picture = desk.machine().spec().folder.join("shell.png");
    desk.machine().screenshot(&picture)?;
    desk.press_together(&["ctrl", "alt", "f1"])
}

#[test]
fn a_program_that_is_ended_comes_back_three_times_and_then_says_that_it_cannot() -> Result<(), LabError> {
    let bench = Bench::new("rescue");
    let font = image_font(&bench);
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| [pc::HDD, pc::RESULTS].contains(&drive.name.as_str()));
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
    in_the_shell(&mut desk, "killall -QUIT massho")?;
    let mut report = Report::default();
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
