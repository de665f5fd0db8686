//! What the image shows on PCs whose screen is not an ordinary one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use lab::drives::{Definition, Model};
use lab::outside::Expected;
use lab::{Class, Clerk, Desk, Graphics, Key, LabError, Report, Rig, Terminal, TextConsole, pc};
use lab_drives::Fault;
use massho_tests::{Bench, all_held, image_font, logs, serials};
use std::time::Duration;

const MENU: Duration = Duration::from_secs(120);
const SOON: Duration = Duration::from_secs(90);
const START: Duration = Duration::from_secs(240);
const ERASING: Duration = Duration::from_secs(600);
/// A sleep, the time that somebody has afterwards, and the log's end.
const DARK: Duration = Duration::from_secs(420);

/// Starts as GRUB does where the firmware has no mode for pictures, and without a driver for the screen.
fn start_in_text(rig: &mut Rig) -> Result<(), LabError> {
    rig.screen.wait_for("For technicians", MENU)?;
    rig.screen.press(Key::Char('c'))?;
    rig.screen.wait_for("grub>", SOON)?;
    for line in [
        "set gfxpayload=text",
        "linux /boot/vmlinuz quiet loglevel=1 console=tty0 console=ttyS0,115200 nomodeset module_blacklist=drm",
        "initrd /boot/initramfs.zst",
        "echo Starting massho",
        "boot",
    ] {
        rig.screen.type_text(line)?;
        rig.screen.press(Key::Enter)?;
    }
    rig.wait_first_screen()?;
    Ok(())
}

/// Without a framebuffer it is the kernel's own console, in English, and all of the way can be gone there.
#[test]
fn without_a_framebuffer_everything_can_be_done_on_the_text_screen() -> Result<(), LabError> {
    let bench = Bench::new("text-screen");
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| [pc::HDD, pc::RESULTS].contains(&drive.name.as_str()));
    let mut rig = spec.power_on()?;
    start_in_text(&mut rig)?;
    let serial = rig.serial(pc::HDD)?;
    let console = TextConsole::at(&mut rig.machine);
    let clerk = Clerk::new(&console);
    clerk.wait_first_screen(START)?;
    clerk.answer_everything("LAB-RESULTS", Class::Three, &[serial], &[])?;
    clerk.wait_results(ERASING)?;
    let head = clerk.close_log()?;
    clerk.power_off()?;
    rig.wait_off()?;
    let mut report = Report::default();
    if let Some((_, log)) =
        rig.check_log(&mut report, &[Expected::done(pc::HDD, "clear", "random-overwrite")])
    {
        Rig::check_head(&mut report, &head, &log);
    }
    println!("{report}");
    all_held(&report);
    Ok(())
}

/// Boots and reads the first screen off the picture, by its own keyboard; `entry` is the boot menu's, from 0.
fn shows_the_first_screen(name: &str, graphics: Graphics, entry: usize) -> Result<(), LabError> {
    let bench = Bench::new(name);
    let font = image_font(&bench);
    let mut spec = bench.office_pc();
    spec.drives.retain(|drive| drive.name == pc::RESULTS);
    spec.graphics = graphics;
    let mut rig = spec.power_on()?;
    if entry > 0 {
        rig.screen.wait_for("For technicians", MENU)?;
        (0..entry).try_for_each(|_| rig.screen.press(Key::Down))?;
        rig.screen.press(Key::Enter)?;
    }
    rig.wait_first_screen()?;
    let mut desk = Desk::at(&mut rig.machine, &font)?;
    desk.wait_for("Choose a language and press Enter.", START)?;
    // The first key takes the seat.
    for _ in 0..5 {
        desk.press(Key::Char('2'))?;
        if desk.wait_for("> 2  English", Duration::from_secs(8)).is_ok() {
            break;
        }
    }
    desk.press(Key::Enter)?;
    desk.wait_for("LAB-RESULTS", SOON).map(drop)
}

#[test]
#[ignore = "takes a minute; just test-long runs it"]
fn a_virtio_gpu_shows_the_screens() -> Result<(), LabError> {
    shows_the_first_screen("screen-virtio", Graphics::Virtio, 0)
}

#[test]
#[ignore = "takes a minute; just test-long runs it"]
fn safe_graphics_shows_the_screens() -> Result<(), LabError> {
    shows_the_first_screen("screen-safe", Graphics::Vga, 1)
}

/// Nothing sets a screen up again that has no driver. The PC sleeps to thaw a drive, and then nobody presses a key: the log
/// is closed, and the PC switched off.
#[test]
#[ignore = "waits four minutes in the dark; just test-long runs it"]
fn whoever_sees_nothing_after_a_sleep_waits_until_the_pc_is_off() -> Result<(), LabError> {
    let bench = Bench::new("screen-dark");
    let lines = "encryption = \"plain\"\nsanitize = { operations = [\"block-erase\"] }\n";
    let frozen = Definition::new("FROZEN", Model::AtaSsd).sized(32).with(lines).unwrap();
    let bay = bench.bay(vec![frozen.with_fault(Fault::SanitizeFrozen)])?;
    let before = bay.drive("FROZEN")?.scan()?.carrying;
    let mut rig = bench.pc_with(&bay).power_on()?;
    start_in_text(&mut rig)?;
    let console = TextConsole::at(&mut rig.machine);
    let clerk = Clerk::new(&console);
    clerk.wait_first_screen(START)?;
    clerk.choose_english()?;
    clerk.choose_stick("LAB-RESULTS")?;
    clerk.enter_people()?;
    clerk.choose_class(Class::Two)?;
    clerk.mark_drives(&serials(&bay))?;
    console.press(Key::Enter)?;
    console.wait_for("Dark for more than a minute?", SOON)?;
    console.wait_for("Log: saved", SOON)?;
    console.press(Key::Char('1'))?;
    console.press(Key::Enter)?;
    // QEMU's q35 does not switch off any more after it has slept: the kernel's last word has to do.
    rig.screen.wait_for("reboot: Power down", DARK)?;
    rig.machine.switch_off();
    let mut report = Report::default();
    let found = logs(&rig)?;
    let [(_, log)] = &found[..] else { panic!("{} logs", found.len()) };
    report.check("the log is closed", if log.is_closed() { Ok(()) } else { Err("it is not") });
    let said = log.of_type("notice").any(|notice| {
        notice["detail"].as_str().is_some_and(|detail| detail.contains("the screen may have stayed dark"))
    });
    report.check("the log says why", if said { Ok(()) } else { Err("it does not") });
    let after = bay.drive("FROZEN")?.scan()?.carrying;
    report.same("nothing was written to the drive", &after, &before);
    println!("{report}");
    all_held(&report);
    Ok(())
}
