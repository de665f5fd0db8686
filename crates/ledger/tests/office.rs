//! What people at the office say, and what becomes of the media by it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desk;
mod town;

use desk::Office;
use ledger::office::{Books, Status};
use ledger::store::{KeyTrust, Store, WitnessState};
use model::InformationClass;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;
use town::{DONE, Disk, End, Fate, Pc, Run, Stick};

const CLEARED: Run = Run { class: InformationClass::One, fate: Fate::Cleared, end: End::Closed };
const UNTOUCHED: Run = Run { class: InformationClass::Two, fate: Fate::Untouched, end: End::Closed };

fn pc(number: u32) -> Pc {
    let disks = vec![Disk::hdd(format!("WX11A{number:07}"))];
    Pc { asset: format!("R8-{number:05}"), serial: format!("PF0{number:05}"), disks }
}

fn office(runs: &[Run]) -> (Office, Stick) {
    let office = Office::new();
    let mut stick = Stick::new("4C530001");
    for (number, run) in (1..).zip(runs) {
        stick.run(&pc(number), *run);
    }
    let folder = stick.write(office.path());
    office.run(&["collect"], &[&folder]);
    (office, stick)
}

fn says(office: &Office, arguments: &[&str], what: &str) {
    let (printed, good) = office.run(arguments, &[]);
    assert!(good && printed.contains(what), "{arguments:?}: {printed}");
}

fn refuses(office: &Office, arguments: &[&str], what: &str) {
    let (printed, good) = office.run(arguments, &[]);
    assert!(!good && printed.contains(what), "{arguments:?}: {printed}");
}

fn status(office: &Office, serial: &str) -> Status {
    status_on(office, serial, "2026-12-01")
}

fn status_on(office: &Office, serial: &str, day: &str) -> Status {
    let store = Store::open(&office.ledger()).unwrap();
    let books = Books::read(&store, day.parse().unwrap()).unwrap();
    let media = books.media();
    media.iter().find(|medium| medium.record.serial == serial).unwrap().status
}

#[test]
fn the_characters_of_the_paper_record_are_compared() {
    let (office, stick) = office(&[DONE, DONE]);
    let (one, two) = (stick.logs[0].head.to_string(), stick.logs[1].head.to_string());
    says(&office, &["witness", "R8-00001", &one.to_lowercase()], "is session");
    refuses(&office, &["witness", "R8-00002", &one], "are not those of a closed log of R8-00002");
    refuses(&office, &["witness", "R8-00009", &one], "No session of R8-00009");
    refuses(&office, &["witness", "R8-00001", "XXXX"], "cannot be read");
    assert_eq!(status(&office, "WX11A0000001"), Status::Done);
    assert_eq!(status(&office, "WX11A0000002"), Status::Contradictory);
    // It was misread: by the PC's serial number, and from a list.
    let path = office.path().join("witness.csv");
    fs::write(&path, format!("端末製造番号,照合文字\nPF000002,{two}\n,\n")).unwrap();
    says(&office, &["witness", "--from", path.to_str().unwrap()], "PF000002");
    assert_eq!(status(&office, "WX11A0000002"), Status::Done);
    let sessions = Store::open(&office.ledger()).unwrap().sessions().unwrap();
    assert!(sessions.iter().all(|session| session.witness == WitnessState::Agrees));
}

#[test]
fn the_last_screens_code_says_what_the_characters_say() {
    let (office, stick) = office(&[DONE, DONE]);
    let code = |at: usize| {
        let report = record::verify(&stick.logs[at].bytes);
        record::SessionSummary::of(&report).unwrap().to_string()
    };
    refuses(&office, &["witness", "R8-00002", &code(0)], "are not those of a closed log of R8-00002");
    says(&office, &["witness", "R8-00001", &code(0)], "is session");
    says(&office, &["witness", "R8-00002", &code(1).to_lowercase()], "is session");
    refuses(&office, &["witness", "R8-00001", &code(0).replace("MASSHO1", "MASSHO9")], "cannot be read");
    assert_eq!(status(&office, "WX11A0000002"), Status::Done);
}

#[test]
fn of_two_signed_logs_of_one_session_neither_counts_until_paper_tells() {
    let (office, stick) = office(&[DONE]);
    let good = stick.logs[0].head.to_string();
    // The same session, its key in somebody else's hands: another drive.
    let mut other = Stick::new("4C530001");
    let mut pc = pc(1);
    pc.disks[0].serial = "WX11A9999999".into();
    other.run(&pc, DONE);
    other.serial = "forged".into();
    let (printed, good_news) = office.run(&["collect"], &[&other.write(office.path())]);
    assert!(!good_news && printed.contains("contradict each other"), "{printed}");
    assert_eq!(status(&office, "WX11A0000001"), Status::Contradictory);
    says(&office, &["witness", "R8-00001", &good], "is session");
    assert_eq!(status(&office, "WX11A0000001"), Status::Done);
}

#[test]
fn a_key_that_somebody_compared_is_confirmed() {
    let (office, _) = office(&[DONE]);
    let session = || Store::open(&office.ledger()).unwrap().sessions().unwrap().remove(0);
    assert_eq!(session().trust, KeyTrust::Unregistered);
    says(&office, &["confirm-key", &session().fingerprint.to_uppercase()], "sessions signed by it: 1");
    assert_eq!(session().trust, KeyTrust::Confirmed);
    refuses(&office, &["confirm-key", "1234"], "cannot be read");
}

#[test]
fn a_medium_is_handed_over_waits_is_overdue_and_is_closed_by_its_serial_number() {
    let (office, _) = office(&[CLEARED, CLEARED, UNTOUCHED, DONE]);
    let hand = |more: &[&str]| {
        let begin = ["handover", "--to", "千葉破砕 株式会社", "--deadline", "2026-12-31"];
        [begin.as_slice(), more].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run =
        |arguments: &[String]| office.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let (printed, good) = run(&hand(&["WX11A0000001", "WX11A0000003"]));
    assert!(!good && printed.contains("WX11A0000003 must not leave the building"), "{printed}");
    assert!(printed.contains("Nothing was handed over"), "{printed}");
    assert_eq!(status(&office, "WX11A0000001"), Status::AwaitingDestruction);
    let list = office.path().join("contractor.csv");
    let (printed, good) = run(&hand(&["--all", "--csv", list.to_str().unwrap()]));
    assert!(good && printed.contains("Handover 1: 2 media to 千葉破砕 株式会社"), "{printed}");
    let list = fs::read_to_string(list).unwrap();
    assert!(
        list.starts_with('\u{feff}') && list.contains("WX11A0000002") && list.contains("2026-12-31"),
        "{list}"
    );
    assert_eq!(status(&office, "WX11A0000001"), Status::HandedOver);
    assert_eq!(status_on(&office, "WX11A0000001", "2027-01-01"), Status::Overdue);
    let (printed, good) = run(&hand(&["WX11A0000001"]));
    assert!(!good && printed.contains("handed over before"), "{printed}");

    let file = |name: &str| {
        let path = office.path().join(name);
        fs::write(&path, name.as_bytes()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (certificate, before, after) = (file("certificate.pdf"), file("before.jpg"), file("after.jpg"));
    let attach = |file: &str, kind: &str, serial: &str| {
        office.run(&["attach", file, "--kind", kind, "--serial", serial], &[])
    };
    let (printed, good) = attach(&certificate, "certificate", "WX11A0000004");
    assert!(!good && printed.contains("another medium was destroyed"), "{printed}");
    let (printed, good) = attach(&certificate, "certificate", "wx11a0000001");
    assert!(good && printed.contains("still to come: photo before, photo after"), "{printed}");
    assert_eq!(status(&office, "WX11A0000001"), Status::HandedOver);
    attach(&before, "photo-before", "WX11A0000001");
    let (printed, _) = attach(&after, "photo-after", "WX11A0000001");
    assert!(printed.contains("destruction confirmed"), "{printed}");
    assert_eq!(status_on(&office, "WX11A0000001", "2027-01-01"), Status::DestructionConfirmed);
    assert_eq!(status(&office, "WX11A0000002"), Status::HandedOver);
    says(&office, &["handover"], "1 open, 0 of them overdue");
    let store = Store::open(&office.ledger()).unwrap();
    let kept = store.attachments().unwrap();
    assert_eq!(store.attachment_bytes(&kept[0]).unwrap(), b"certificate.pdf");
    assert_eq!(kept[0].sha256, <[u8; 32]>::from(Sha256::digest(b"certificate.pdf")));
}

#[test]
fn what_must_not_leave_is_destroyed_in_the_building() {
    let (office, _) = office(&[UNTOUCHED]);
    says(
        &office,
        &["handover", "WX11A0000001", "--in-building", "--no-photos", "--deadline", "2026-12-20"],
        "1 media",
    );
    assert_eq!(status(&office, "WX11A0000001"), Status::AwaitingDestruction);
    assert_eq!(status_on(&office, "WX11A0000001", "2026-12-21"), Status::Overdue);
    let record = office.path().join("work-record.pdf");
    fs::write(&record, b"scan").unwrap();
    let record = record.to_str().unwrap();
    says(&office, &["attach", record, "--kind", "certificate", "--serial", "WX11A0000001"], "confirmed");
    assert_eq!(status(&office, "WX11A0000001"), Status::DestructionConfirmed);
}

#[test]
fn an_exception_waits_holds_and_is_overdue() {
    let (office, _) = office(&[CLEARED, UNTOUCHED, DONE]);
    let request = |serial: &str, section: &str| {
        let texts = ["--reason", "除去の手段がない", "--measure", "鍵付き保管庫", "--deadline", "2027-03-31"];
        let begin = ["exceptions", "request", serial, "--section", section];
        office.run(&[begin.as_slice(), &texts].concat(), &[])
    };
    let (printed, good) = request("WX11A0000002", "総務課");
    assert!(!good && printed.contains("not none"), "{printed}");
    let (printed, good) = request("WX11A0000003", "総務課");
    assert!(!good && printed.contains("needs no exception"), "{printed}");
    let (printed, good) = request("WX11A0000001", " ");
    assert!(!good && printed.contains("needs a section"), "{printed}");
    let (printed, good) = request("WX11A0000001", "総務課");
    assert!(good && printed.contains("承認待ち"), "{printed}");
    assert_eq!(status(&office, "WX11A0000001"), Status::AwaitingApproval);
    let (printed, good) = request("WX11A0000001", "総務課");
    assert!(!good && printed.contains("an exception already"), "{printed}");
    // Neither who asked (the login name), nor who carried it out.
    refuses(&office, &["exceptions", "countersign", "1", "--approver", "Tanaka"], "Let somebody else");
    refuses(&office, &["exceptions", "countersign", "1", "--approver", "山田太郎"], "Let somebody else");
    refuses(&office, &["exceptions", "countersign", "7", "--approver", "佐藤"], "no open exception 7");
    says(&office, &["exceptions", "countersign", "1", "--approver", "佐藤 一郎"], "例外付き完了");
    assert_eq!(status(&office, "WX11A0000001"), Status::DoneWithException);
    assert_eq!(status_on(&office, "WX11A0000001", "2027-04-01"), Status::Overdue);
    let (printed, good) = office.run(&["exceptions"], &[]);
    assert!(good && printed.contains("総務課") && printed.contains("2026-12"), "{printed}");
    let (printed, good) = office.run(&["exceptions", "--today", "2027-04-01"], &[]);
    assert!(!good && printed.contains("1 of them overdue"), "{printed}");
    says(&office, &["exceptions", "end", "1", "--how", "破壊した"], "has ended");
    assert_eq!(status(&office, "WX11A0000001"), Status::AwaitingDestruction);
    refuses(&office, &["exceptions", "end", "1", "--how", "再度"], "no open exception 1");
}

#[test]
fn exceptions_stand_the_overdue_first_and_are_counted_by_section_and_month() {
    let (office, _) = office(&[CLEARED, CLEARED, CLEARED, CLEARED]);
    for (number, (section, today, deadline)) in (1..).zip([
        ("総務課", "2026-12-01", "2027-06-30"),
        ("税務課", "2026-12-10", "2027-01-31"),
        ("総務課", "2027-01-05", "2027-03-31"),
        ("総務課", "2027-01-06", "2027-02-28"),
    ]) {
        let serial = format!("WX11A{number:07}");
        let texts = ["--section", section, "--reason", "故障", "--measure", "保管", "--deadline", deadline];
        let begin = ["exceptions", "request", &serial, "--today", today];
        let (printed, good) = office.run(&[begin.as_slice(), &texts].concat(), &[]);
        assert!(good, "{printed}");
    }
    // One that has ended is a habit's trace all the same.
    says(&office, &["exceptions", "end", "4", "--how", "破壊した", "--today", "2027-01-20"], "has ended");
    let (printed, good) = office.run(&["exceptions", "--today", "2027-04-01"], &[]);
    assert!(!good && printed.contains("3 open, 2 of them overdue"), "{printed}");
    let place = |serial: &str| printed.find(serial).unwrap_or_else(|| panic!("{serial}: {printed}"));
    assert!(place("WX11A0000002") < place("WX11A0000003"), "the longest overdue first: {printed}");
    assert!(place("WX11A0000003") < place("WX11A0000001"), "what holds comes last: {printed}");
    assert!(!printed.contains("WX11A0000004"), "{printed}");
    let overdue = printed.lines().filter(|line| line.contains("Overdue")).count();
    assert_eq!(overdue, 2, "{printed}");
    let counts: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [vec!["Section", "2026-12", "2027-01"], vec!["総務課", "1", "2"], vec!["税務課", "1"]] {
        assert!(counts.contains(&row), "{row:?}: {printed}");
    }
}

#[test]
fn an_auditor_gets_the_bytes_and_can_check_them_without_this_program() {
    let (office, stick) = office(&[DONE, CLEARED]);
    fs::write(office.path().join("a.jsonl"), b"=cmd|' /C calc'!A0\n").unwrap();
    office.run(&["collect"], &[&office.path().join("a.jsonl")]);
    says(&office, &["witness", "R8-00001", &stick.logs[0].head.to_string()], "is session");
    let folder = office.path().join("audit");
    says(&office, &["export", folder.to_str().unwrap()], "each read back");
    for log in &stick.logs {
        assert_eq!(fs::read(folder.join("logs").join(&log.name)).unwrap(), log.bytes);
    }
    let mut sums = Command::new("sha256sum");
    let sums = sums.args(["--check", "--quiet", "MANIFEST.sha256"]).current_dir(&folder).output().unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
    let said = fs::read_to_string(folder.join("said/witness_line.csv")).unwrap();
    assert!(said.contains(&stick.logs[0].head.to_string()) && said.contains("tanaka"), "{said}");
    for file in ["FORMAT.md", "verify.py", "README.md", "said/file.csv", "logs/a.jsonl"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    refuses(&office, &["export", folder.to_str().unwrap()], "is there already");
}

#[test]
fn a_backup_is_checked_and_is_a_ledger() {
    let (office, _) = office(&[DONE, CLEARED]);
    let copy = office.path().join("copy.sqlite");
    says(&office, &["backup", copy.to_str().unwrap()], "2 files, each checked");
    let count = |path: &Path| Store::open(path).unwrap().records().unwrap().len();
    assert_eq!(count(&copy), count(&office.ledger()));
    refuses(&office, &["backup", copy.to_str().unwrap()], "is there already");
}

#[test]
fn a_damaged_ledger_makes_no_backup() {
    let (office, stick) = office(&[DONE]);
    let mut bytes = fs::read(office.ledger()).unwrap();
    let mark = &stick.logs[0].bytes[200..240];
    let place = bytes.windows(mark.len()).position(|window| window == mark).unwrap();
    bytes[place] ^= 1;
    fs::write(office.ledger(), bytes).unwrap();
    let copy = office.path().join("copy.sqlite");
    refuses(&office, &["backup", copy.to_str().unwrap()], "is damaged");
}

#[test]
fn without_a_ledger_every_command_says_so() {
    let office = Office::new();
    for arguments in [
        ["handover"].as_slice(),
        &["exceptions"],
        &["witness", "R8-1", "0000-0000-0000"],
        &["backup", "/nonexistent/x"],
    ] {
        refuses(&office, arguments, "There is no ledger");
    }
    assert!(!office.ledger().exists());
}
