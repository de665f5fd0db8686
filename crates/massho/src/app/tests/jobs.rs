//! Unattended by a job list: only what everything speaks for, and nothing that anything speaks against.

use super::*;
use crate::office::tests::{PASSPHRASE, boot, prepare, prepare_for_long, sign_jobs};
use model::Drive;
use record::{JOBS_FILE, JobDrive, JobList, JobPc, JobPurpose, Validity, verify};
use wizard::{JobNews, JobRefusal, Screen};

const SERIAL: &str = "5CG1234ABC";
/// More than the seconds in which any key stops it.
const MINUTE: usize = 70;

fn day(text: &str) -> record::Day {
    text.to_owned().try_into().unwrap()
}

fn list() -> JobList {
    JobList {
        organisation_key: record::RootKey::from_seed(&[0x21; 32]).public(),
        organisation: "架空市".into(),
        issued: day("2020-01-01"),
        valid: Validity { from: day("2020-01-01"), until: day("2099-12-31") },
        operator: "山田 太郎".into(),
        witness: None,
        approver: None,
        pcs: vec![JobPc {
            serial: Some(SERIAL.into()),
            uuid: None,
            asset_number: "R8-00001".into(),
            class: InformationClass::Three,
            purpose: JobPurpose::Erase,
            section: None,
            place: None,
            drives: vec![JobDrive { model: "MODEL".into(), serial: "WX11A0001".into() }],
        }],
    }
}

fn disk(serial: &str) -> Drive {
    let mut disk = drives().remove(0);
    disk.identity.serial = serial.into();
    disk
}

/// A PC with these disks, and the results stick.
fn show(desk: &Desk, disks: &[Drive]) {
    let found = disks.iter().cloned().chain(drives().into_iter().skip(1)).map(found).collect();
    let sight = desk.drives.sight.lock().unwrap().clone().unwrap();
    *desk.drives.sight.lock().unwrap() = Some(Sight { found, ..sight });
}

/// A program whose operator is on the screen of sticks, before the prepared one.
fn desk(files: &[(&str, &[u8])], disks: &[Drive]) -> Desk {
    let mut desk = Desk::new(0);
    *desk.boot.lock().unwrap() = boot();
    show(&desk, disks);
    prepare_for_long(desk.ports.root.path(), files);
    desk.drives.door.let_in(usize::MAX);
    desk.until(|app| app.sights > 0 && app.scan_shown == ScanState::Done);
    desk
}

fn with_list(list: &JobList, disks: &[Drive]) -> Desk {
    let file = sign_jobs(list);
    desk(&[(JOBS_FILE, &file)], disks)
}

fn open(desk: &mut Desk) {
    desk.app.handle(Event::Key(Key::Enter));
    desk.app.handle(Event::Key(Key::Enter));
    desk.until(|app| app.opened.is_some() && !app.scanner.is_busy());
}

fn unseal(desk: &mut Desk) {
    for c in PASSPHRASE.chars() {
        desk.app.handle(Event::Key(Key::Char(c)));
    }
    desk.app.handle(Event::Key(Key::Enter));
    desk.until(|app| app.told.iter().any(|msg| matches!(msg, Msg::Unsealed(_))));
    desk.until(|app| !app.scanner.is_busy());
}

fn tick(desk: &mut Desk, times: usize) {
    for _ in 0..times {
        desk.app.handle(Event::Tick);
    }
}

/// From the opened stick on to whatever comes of a minute without a key.
fn wait(desk: &mut Desk) {
    open(desk);
    unseal(desk);
    tick(desk, MINUTE);
    if desk.app.session.is_some() {
        desk.until(Desk::saved);
        tick(desk, 3);
        desk.until(|app| !app.scanner.is_busy());
    }
}

fn refusal(desk: &Desk) -> Option<JobRefusal> {
    desk.app.told.iter().rev().find_map(|msg| match msg {
        Msg::Jobs(JobNews::Refused(refusal)) => Some(refusal.clone()),
        _ => None,
    })
}

/// The ordinary screens, with why; and nothing was armed, nor a session begun.
fn refused(mut desk: Desk) -> JobRefusal {
    wait(&mut desk);
    assert_eq!(desk.app.model().screen(), Screen::Sticks);
    assert!(desk.app.session.is_none());
    assert_eq!(desk.armed(), []);
    refusal(&desk).expect("a refusal")
}

#[test]
fn a_listed_pc_is_erased_after_a_minute_and_the_log_says_by_whose_word() {
    let mut desk = with_list(&list(), &[disk("WX11A0001")]);
    wait(&mut desk);
    desk.until(|app| app.armed_plan.is_some());
    desk.until(|app| !app.session.as_ref().unwrap().is_working());
    assert_eq!(desk.armed(), [DriveNo(1)]);
    assert_eq!(desk.app.model().screen(), Screen::Results);
    desk.until(Desk::saved);
    let text = desk.stick.text();
    let reference = format!("massho-jobs/1 {}", record::hash_file(&sign_jobs(&list())));
    assert!(text.contains(&format!("\"typed\":\"{reference}\"")), "{text}");
    assert!(text.contains("nobody typed the plan's number"), "{text}");
    let report = verify(&desk.stick.log());
    let choices = report.choices.clone().unwrap();
    assert_eq!((choices.operator.as_str(), choices.asset_number.as_str()), ("山田 太郎", "R8-00001"));
    let opened = report.open.unwrap();
    assert_eq!(opened.clock.confirmed_by_person, record::ClockConfirmation::NotConfirmed);
    // The certificate in the log lists that very list.
    let certificate = opened.credential.unwrap().certificate;
    assert!(certificate.contains(&record::hash_file(&sign_jobs(&list())).to_string()), "{certificate}");
    assert_eq!(desk.app.flow, Flow::Continue, "and the PC stays on");
}

#[test]
fn any_key_in_the_minute_stops_it_before_anything_is_recorded_or_armed() {
    let mut desk = with_list(&list(), &[disk("WX11A0001")]);
    open(&mut desk);
    unseal(&mut desk);
    assert_eq!(desk.app.model().screen(), Screen::Unattended);
    tick(&mut desk, 50);
    desk.app.handle(Event::Key(Key::Char('n')));
    tick(&mut desk, MINUTE);
    assert_eq!(desk.app.model().screen(), Screen::Sticks);
    assert!(desk.app.session.is_none() && desk.armed().is_empty());
}

#[test]
fn a_pc_that_is_not_in_the_list_gets_the_ordinary_screens() {
    let mut other = list();
    other.pcs[0].serial = Some("PF0ABCDE1".into());
    assert_eq!(refused(with_list(&other, &[disk("WX11A0001")])), JobRefusal::PcNotListed);
}

#[test]
fn a_pc_without_a_name_of_its_own_gets_the_ordinary_screens() {
    for serial in ["", "To Be Filled By O.E.M.", "00000000"] {
        let mut desk = with_list(&list(), &[disk("WX11A0001")]);
        desk.app.pc.serial = serial.into();
        assert_eq!(refused(desk), JobRefusal::PcUnnamed, "{serial}");
    }
}

#[test]
fn a_pc_whose_uuid_is_another_than_its_entrys_gets_the_ordinary_screens() {
    let mut both = list();
    both.pcs[0].uuid = Some("4c4c4544-0042-3510-8052-b4c04f4d3332".into());
    assert_eq!(refused(with_list(&both, &[disk("WX11A0001")])), JobRefusal::PcContradicts);
}

#[test]
fn another_drive_in_a_listed_pc_is_not_erased() {
    for serial in ["WX11A0002", "wx11a0001", "", "WX11A00011"] {
        assert_eq!(refused(with_list(&list(), &[disk(serial)])), JobRefusal::NoDrive, "{serial}");
    }
    let mut model = disk("WX11A0001");
    model.identity.model = "ANOTHER".into();
    assert_eq!(refused(with_list(&list(), &[model])), JobRefusal::NoDrive);
}

#[test]
fn without_the_passphrase_no_list_counts() {
    let mut desk = with_list(&list(), &[disk("WX11A0001")]);
    open(&mut desk);
    assert_eq!(desk.app.model().screen(), Screen::Passphrase);
    tick(&mut desk, MINUTE);
    assert_eq!(desk.app.model().screen(), Screen::Passphrase, "it is asked for as long as it takes");
    desk.app.handle(Event::Key(Key::Tab));
    tick(&mut desk, MINUTE);
    assert_eq!(refusal(&desk), Some(JobRefusal::WithoutPassphrase));
    assert!(desk.app.session.is_none() && desk.armed().is_empty());
}

#[test]
fn without_the_organisations_key_on_the_boot_stick_no_list_counts() {
    let desk = with_list(&list(), &[disk("WX11A0001")]);
    *desk.boot.lock().unwrap() = BootDocuments::default();
    assert_eq!(refused(desk), JobRefusal::NoKey);
}

#[test]
fn a_list_out_of_its_days_or_on_a_stick_out_of_its_days_counts_for_nothing() {
    let over = JobList { valid: Validity { from: day("2020-01-01"), until: day("2020-12-31") }, ..list() };
    assert_eq!(refused(with_list(&over, &[disk("WX11A0001")])), JobRefusal::NotToday("2020-12-31".into()));
    let later = JobList { valid: Validity { from: day("2098-01-01"), until: day("2098-12-31") }, ..list() };
    assert_eq!(refused(with_list(&later, &[disk("WX11A0001")])), JobRefusal::NotToday("2098-01-01".into()));
    let desk = with_list(&list(), &[disk("WX11A0001")]);
    let file = sign_jobs(&list());
    let past = Validity { from: day("2020-01-01"), until: day("2020-12-31") };
    prepare(desk.ports.root.path(), &[(JOBS_FILE, &file)], past);
    assert_eq!(refused(desk), JobRefusal::NotToday("2020-12-31".into()));
}

#[test]
fn a_list_that_is_not_the_organisations_or_not_one_counts_for_nothing() {
    let foreign = record::RootKey::from_seed(&[1; 32]);
    let theirs = JobList { organisation_key: foreign.public(), ..list() };
    let theirs = record::Signed::sign(theirs, &foreign).unwrap().bytes();
    let mut twice = list();
    twice.pcs.push(JobPc { asset_number: "R8-2".into(), ..twice.pcs[0].clone() });
    for file in [theirs, b"{}\n".to_vec(), sign_jobs(&twice)] {
        let desk = desk(&[(JOBS_FILE, &file)], &[disk("WX11A0001")]);
        assert!(matches!(refused(desk), JobRefusal::Document(_)));
    }
}

#[test]
fn a_list_that_the_sticks_certificate_does_not_list_is_nobodys() {
    let mut desk = desk(&[], &[disk("WX11A0001")]);
    let folder = desk.ports.root.path().join(record::OFFICE_FOLDER);
    std::fs::write(folder.join(JOBS_FILE), sign_jobs(&list())).unwrap();
    wait(&mut desk);
    assert!(!desk.app.told.iter().any(|msg| matches!(msg, Msg::Jobs(_))));
    assert!(desk.app.session.is_none() && desk.armed().is_empty());
}

#[test]
fn drives_beyond_the_list_stay_and_the_log_says_so() {
    let mut more = list();
    more.pcs[0].drives.push(JobDrive { model: "MODEL".into(), serial: "Z1D000009".into() });
    let mut second = disk("S3YJ00003");
    second.no = DriveNo(3);
    let mut desk = with_list(&more, &[disk("WX11A0001"), second]);
    wait(&mut desk);
    desk.until(|app| app.armed_plan.is_some());
    desk.until(|app| !app.session.as_ref().unwrap().is_working());
    desk.until(Desk::saved);
    assert_eq!(desk.armed(), [DriveNo(1)]);
    let text = desk.stick.text();
    assert!(text.contains("the job list does not name it for this PC"), "{text}");
    assert!(text.contains("names MODEL Z1D000009, which is not in this PC"), "{text}");
}

#[test]
fn a_drive_that_changes_in_the_last_moment_is_not_erased() {
    let mut desk = with_list(&list(), &[disk("WX11A0001")]);
    open(&mut desk);
    unseal(&mut desk);
    assert_eq!(desk.app.model().screen(), Screen::Unattended);
    // Behind the screen's back: what it shows is not there any more.
    show(&desk, &[disk("WX11A0002")]);
    desk.app.sight = desk.drives.sight.lock().unwrap().clone().unwrap();
    tick(&mut desk, MINUTE);
    desk.until(Desk::saved);
    tick(&mut desk, 3);
    assert_eq!(refusal(&desk), Some(JobRefusal::NoDrive));
    assert_eq!((desk.app.model().screen(), desk.armed()), (Screen::Sticks, vec![]));
    assert!(!desk.stick.text().contains("\"type\":\"confirm\""));
}

#[test]
fn another_keyboard_ends_the_program_and_a_session_does_not_end() {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    desk.app.handle(Event::Key(Key::F(4)));
    assert_eq!(desk.app.flow, Flow::Restart);
    assert_eq!(std::fs::read_to_string(desk.ports.root.path().join("keyboard")).unwrap(), "us");
    let mut desk = Desk::new(usize::MAX);
    desk.begin();
    desk.app.carry_out(Effect::UseKeyboard(wizard::Keyboard::Us));
    assert_eq!(desk.app.flow, Flow::Continue);
}

#[test]
fn a_recording_that_is_put_on_the_stick_keeps_no_list_from_its_work() {
    let mut desk = with_list(&list(), &[disk("WX11A0001")]);
    desk.app.recorder.fail("panicked at nowhere");
    desk.app.tell_of_fault();
    wait(&mut desk);
    let armed = desk.armed.clone();
    desk.until(|_| !armed.lock().unwrap().is_empty());
    desk.until(Desk::saved);
    assert_eq!(desk.armed(), [DriveNo(1)]);
    assert!(desk.stick.extra()[0].0.starts_with("MASSHO-FAULT/"));
    assert!(desk.stick.text().contains("internal-fault"), "{}", desk.stick.text());
}

#[test]
fn a_keyboard_that_cannot_be_chosen_is_told_on_the_screen() {
    let mut desk = Desk::new(usize::MAX);
    desk.until(|app| app.sights > 0);
    std::fs::create_dir(desk.ports.root.path().join("keyboard")).unwrap();
    desk.app.handle(Event::Key(Key::F(4)));
    assert_eq!(desk.app.flow, Flow::Continue);
    assert!(desk.app.told.contains(&Msg::KeyboardKept));
}
