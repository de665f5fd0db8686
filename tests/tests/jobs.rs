//! A job list that the office signed, on the booted image: a person gives the passphrase and leaves, and the PC erases
//! what the list names, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use lab::outside::Expected;
use lab::{BootFrom, Contents, Drive, Firmware, Key, Kind, LabError, Report, pc};
use massho_tests::{Bench, Office, all_held, folder_files};
use std::time::Duration;

const ERASING: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(90);
/// The countdown, and a busy host's time for it.
const COUNTDOWN: Duration = Duration::from_secs(240);
/// After two minutes the sign fills the screen.
const LEFT_ALONE: Duration = Duration::from_secs(300);
const STICK: &str = "the stick in the cupboard";
/// The serial number of the drive that the list names; one without digits would not be taken.
const LISTED: &str = "WX11A23B4567";
/// The PC by the numbers of its firmware, and one of its drives.
const JOBS: &str = "資産管理番号,PC製造番号,UUID,ドライブ型番,ドライブ製造番号,区分,目的,所属,実施場所\r\n\
    PC-0042,LAB-PC-1,6d617373-686f-4c61-8000-000000000001,MASSHO LAB HDD,WX11A23B4567,3,抹消,総務課,倉庫\r\n";

#[test]
fn what_a_job_list_names_is_erased_with_nobody_at_the_screen() -> Result<(), LabError> {
    let bench = Bench::new("jobs");
    let (office, image) = Office::with_job_list(&bench, JOBS, STICK)?;

    let mut spec = bench.office_pc();
    (spec.image, spec.firmware, spec.boot) = (image, Firmware::Bios, BootFrom::Usb);
    spec.drives.retain(|drive| [pc::HDD, pc::SSD].contains(&drive.name.as_str()));
    for drive in spec.drives.iter_mut().filter(|drive| drive.name == pc::HDD) {
        drive.serial = LISTED.to_owned();
    }
    let contents = Contents::Fat(folder_files(&office.folder.join("stick"), "")?);
    spec.drives.push(Drive::create(&bench.folder, "", pc::RESULTS, Kind::UsbStick, 48, &contents)?);
    let mut rig = spec.power_on()?;
    let unlisted = rig.drive(pc::SSD)?.digest()?;
    rig.wait_first_screen()?;
    rig.clerk().choose_english()?;
    rig.clerk().pick_stick("LAB-RESULTS")?;
    rig.screen.wait_for("checked by the key on the boot stick", SOON)?;
    rig.screen.type_text(STICK)?;
    rig.screen.press(Key::Enter)?;
    // From here on nobody touches a key.
    rig.screen.wait_for("the drives below begin to be erased", SOON)?;
    let counting = rig.screen.wait_for("not listed, so it is left alone", SOON)?;
    rig.screen.wait_until("the beginning", COUNTDOWN, |text| text.contains(" 8/10 "))?;
    let results = rig.clerk().wait_results(ERASING)?;
    // Nobody comes for a while, and the sign is to be seen from the door.
    let door = rig.screen.wait_for("Any key leads back", LEFT_ALONE)?;
    rig.screen.press(Key::Char('c'))?;
    let is_back = |text: &str| text.contains(LISTED) && text.contains(" 9/10 ");
    rig.screen.wait_until("the results, and not what the key stands for there", SOON, is_back)?;
    let head = rig.clerk().close_log()?;
    rig.clerk().power_off()?;
    rig.wait_off()?;

    let mut report = Report::default();
    let says = |text: &str, part: &str| if text.contains(part) { Ok(()) } else { Err(text.to_owned()) };
    report.check("the countdown names the drive of the list", says(&counting, LISTED));
    let blocks = door.chars().filter(|cell| "▀▄█".contains(*cell)).count();
    report.check("the sign fills the screen", if blocks > 200 { Ok(()) } else { Err(door) });
    report.check("what was left alone is left to do", says(&results, "ACTION NEEDED"));
    let log = rig.check_log(&mut report, &[Expected::done(pc::HDD, "clear", "random-overwrite")]);
    if let Some((_, log)) = log {
        lab::Rig::check_head(&mut report, &head, &log);
        let confirmed = log.of_type("confirm").next().cloned().unwrap_or_default();
        let typed = confirmed["typed"].as_str().unwrap_or_default().to_owned();
        let named = typed.starts_with("massho-jobs/1 ");
        report.check("the log names the list where digits would be", named.then_some(()).ok_or(typed));
    }
    report.same("the drive that is not listed is as it was", &rig.drive(pc::SSD)?.digest()?, &unlisted);
    println!("{report}");
    all_held(&report);
    Ok(())
}
